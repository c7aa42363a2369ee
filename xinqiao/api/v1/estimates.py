"""POST /api/v1/estimates: what your own rules come to for one business. GET /api/v1/rules: your rules in force."""

from typing import Annotated, Any, Literal

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from xinqiao import catalogue
from xinqiao.api import pace
from xinqiao.api.callers import ClientRequest
from xinqiao.api.parsing import ItemName
from xinqiao.api.v1.asking import VISIBLE, Key, told
from xinqiao.api.v1.narrow_shapes import PromisedEstimate
from xinqiao.api.v1.refusing import ASKING_OPENLY, OWN, answers
from xinqiao.disclosure.pre_credit import estimate, items_of
from xinqiao.evaluation import indicator_files, rule_sets
from xinqiao.evaluation.rule_sets import RuleSetView
from xinqiao.kernel.ids import GrantId
from xinqiao.kernel.uscc import Uscc
from xinqiao.notices.queries import instant
from xinqiao.parties import tokens
from xinqiao.parties.reach import Detail, Service

router = Router(tags=["预授信测算 Estimates"])


class EstimateAsk(Schema):
    """The purpose is the rules' own."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={"examples": [{"uscc": "91410402MA40TE5TXF", "rules": "quick_loan"}]},
    )

    uscc: Annotated[str, Field(min_length=1, max_length=40, description="统一社会信用代码")]
    rules: Annotated[ItemName, Field(description="贵机构两人批准、生效的规则，见 GET /api/v1/rules")]
    grant: Annotated[int | None, Field(ge=1, le=2**53 - 1, description="指定使用哪一份授权书")] = None
    on_behalf: Annotated[
        str | None, Field(max_length=40, pattern=VISIBLE, description="贵机构哪位经办人要看；企业会看到")
    ] = None


class RulesShown(Schema):
    rules: str
    title: str
    version: str
    sha256: str
    purpose: str
    stage: Literal["proposed", "in_force", "superseded", "turned_down", "retired"]
    proposed_by: str
    proposed_at: str
    decided_by: str | None
    decided_at: str | None


class RulesListed(Schema):
    rules: list[RulesShown]


@router.post(
    "/estimates",
    by_alias=True,
    response=answers(PromisedEstimate, *ASKING_OPENLY),
    summary="按自己的规则测算预授信 Estimate by your own rules",
)
def request_estimate(request: ClientRequest, ask: EstimateAsk, key: Key = None) -> HttpResponse:
    """Under a live grant that opens every item the rules read, and a use of it. Your estimate: neither the platform's
    grade nor an offer."""
    pace.of_client(pace.ESTIMATES, request.auth.id)
    now, uscc, mine = timezone.now(), Uscc.parse(ask.uscc), rule_sets.in_force(ask.rules, of=request.auth.institution)
    items = items_of(mine, indicator_files.load(catalogue.city()))
    tokens.hold_to(request.auth, Detail(Service.ESTIMATE, mine.rules.purpose, uscc, items, ask.grant), now=now)
    return told(
        estimate(
            asker=request.auth.institution,
            officer=None,
            client=request.auth.id,
            on_behalf=ask.on_behalf or "",
            uscc=uscc,
            rules=ask.rules,
            grant=None if ask.grant is None else GrantId(ask.grant),
            key=key or "",
            now=now,
        )
    )


@router.get("/rules", response=answers(RulesListed, 403, *OWN), summary="本机构的规则 Your rules")
def list_rules(request: ClientRequest) -> dict[str, Any]:
    """Every version, the newest first. They are proposed and approved at the pages, by two people: one key would stand
    for both."""
    pace.of_client(pace.OWN, request.auth.id)
    tokens.hold_to_whole(request.auth, now=timezone.now())
    return {"rules": [_shown(one) for one in rule_sets.every(request.auth.institution)]}


def _shown(one: RuleSetView) -> dict[str, Any]:
    return {
        "rules": one.rules.rules,
        "title": one.rules.title,
        "version": one.rules.version,
        "sha256": one.sha256,
        "purpose": one.rules.purpose,
        "stage": one.stage,
        "proposed_by": one.proposed_by_name,
        "proposed_at": instant(one.proposed_at),
        "decided_by": one.decided_by_name or None,
        "decided_at": one.decided_at and instant(one.decided_at),
    }
