"""POST /api/v1/indicators/ask: named indicators of one business. GET /api/v1/indicators: which there are."""

from typing import Annotated, Any

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from xinqiao import catalogue
from xinqiao.api import pace
from xinqiao.api.callers import ClientRequest
from xinqiao.api.parsing import ItemName
from xinqiao.api.v1.asking import Ask, Key, told
from xinqiao.api.v1.narrow_shapes import IndicatorType, Polarity, PromisedIndicators
from xinqiao.api.v1.refusing import ASKING_OPENLY, OWN, answers
from xinqiao.catalogue.schema import SharingClass
from xinqiao.disclosure.indicating import MOST, ask_indicators, items_of, known
from xinqiao.evaluation import indicator_files
from xinqiao.evaluation.indicator_files import Indicators
from xinqiao.kernel.uscc import Uscc
from xinqiao.parties import tokens
from xinqiao.parties.reach import Detail, Service

router = Router(tags=["指标 Indicators"])


class IndicatorsAsk(Ask):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"uscc": "91410402MA40TE5TXF", "purpose": "loan_review", "indicators": ["abnormal_now"]}]
        },
    )

    indicators: Annotated[
        list[ItemName],
        Field(min_length=1, max_length=MOST, description="指标的名字，见 GET /api/v1/indicators；窗口和分档由目录定"),
    ]


class GroupShown(Schema):
    group: str
    title: str
    title_en: str
    version: str


class IndicatorShown(Schema):
    """`needs_grant`: the business has to have granted `item`. `width`: the smallest band a value is told in."""

    indicator: str
    code: str
    group: str
    title: str
    title_en: str
    item: str
    needs_grant: bool
    type: IndicatorType
    unit: str | None
    polarity: Polarity
    width: str | None


class Catalogued(Schema):
    groups: list[GroupShown]
    indicators: list[IndicatorShown]


@router.post(
    "/indicators/ask",
    by_alias=True,
    response=answers(PromisedIndicators, *ASKING_OPENLY),
    summary="查询一个主体的一组指标 Ask for indicators",
)
def request_indicators(request: ClientRequest, ask: IndicatorsAsk, key: Key = None) -> HttpResponse:
    """Each by its band, or not known and why: a silent source is never nought. Those over open items need no grant."""
    pace.of_client(pace.INDICATORS, request.auth.id)
    now, uscc, names = timezone.now(), Uscc.parse(ask.uscc), frozenset(ask.indicators)
    items = items_of(names, known(names, catalogue.city()))
    tokens.hold_to(request.auth, Detail(Service.INDICATORS, ask.purpose, uscc, items, ask.grant), now=now)
    return told(
        ask_indicators(
            asker=request.auth.institution,
            officer=None,
            client=request.auth.id,
            on_behalf=ask.on_behalf or "",
            uscc=uscc,
            purpose=ask.purpose,
            names=names,
            grant=ask.granted,
            key=key or "",
            now=now,
        )
    )


@router.get("/indicators", response=answers(Catalogued, *OWN), summary="指标目录 The catalogue of indicators")
def list_indicators(request: ClientRequest) -> dict[str, Any]:
    """The city's own: their windows and bands are the same for everybody."""
    pace.of_client(pace.OWN, request.auth.id)
    found = indicator_files.load(catalogue.city())
    groups = [one.model_dump(include={"group", "title", "title_en", "version"}) for one in found.groups.values()]
    return {"groups": groups, "indicators": [_shown(name, found) for name in found.catalogue.indicators]}


def _shown(name: str, found: Indicators) -> dict[str, Any]:
    one = found.catalogue.indicators[name]
    return {
        **one.model_dump(mode="json", include={"code", "title", "title_en", "type", "unit", "polarity"}),
        "indicator": name,
        "group": found.group_of[name],
        "item": one.reads,
        "needs_grant": catalogue.city().item(one.reads).sharing.classed is not SharingClass.OPEN,
        "width": None if one.width is None else str(one.width),
    }
