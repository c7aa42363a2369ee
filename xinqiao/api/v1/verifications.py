"""POST /api/v1/verifications: one question of the catalogue about one business. GET /api/v1/claims: which there are."""

from typing import Annotated, Any

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from xinqiao import catalogue
from xinqiao.api import pace
from xinqiao.api.callers import ClientRequest
from xinqiao.api.parsing import ItemName
from xinqiao.api.v1.asking import VISIBLE, Ask, Key, told
from xinqiao.api.v1.narrow_shapes import PromisedVerification
from xinqiao.api.v1.refusing import ASKING_OPENLY, OWN, answers
from xinqiao.catalogue import City
from xinqiao.catalogue.claims import Bands, Claim, Match
from xinqiao.catalogue.schema import SharingClass
from xinqiao.disclosure.verification import LONGEST_VALUE, known, verify_claim
from xinqiao.kernel.uscc import Uscc
from xinqiao.parties import tokens
from xinqiao.parties.reach import Detail, Service

router = Router(tags=["核验 Verifications"])


class VerificationAsk(Ask):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"uscc": "91410402MA40TE5TXF", "purpose": "loan_review", "claim": "no_tax_arrears"}]
        },
    )

    claim: Annotated[ItemName, Field(description="核验的名字，见 GET /api/v1/claims；条件和档位由清单定")]
    value: Annotated[
        str | None,
        Field(
            min_length=1,
            max_length=LONGEST_VALUE,
            pattern=VISIBLE,
            description="要比对的值，只在 compares 为真的核验里给。换着值试，几次之后即拒绝",
        ),
    ] = None


class Answered(Schema):
    answer: str
    title: str


class ClaimShown(Schema):
    """`needs_grant`: the business has to have granted `item`. `compares`: a `value` has to be given."""

    claim: str
    version: str
    title: str
    title_en: str
    question: str
    item: str
    needs_grant: bool
    compares: bool
    answers: Annotated[list[Answered], Field(description="此外还可能是 unknown：不知道，并说明为什么")]


class Claims(Schema):
    claims: list[ClaimShown]


@router.post(
    "/verifications",
    by_alias=True,
    response=answers(PromisedVerification, *ASKING_OPENLY),
    summary="核验一个主体的一个问题 Verify one claim",
)
def request_verification(request: ClientRequest, ask: VerificationAsk, key: Key = None) -> HttpResponse:
    """Yes, no, a fixed band, or `unknown` with its reason: nothing is denied because a source was silent."""
    pace.of_client(pace.VERIFICATIONS, request.auth.id)
    now, uscc, item = timezone.now(), Uscc.parse(ask.uscc), known(ask.claim).item
    reach = Detail(Service.VERIFICATION, ask.purpose, uscc, frozenset({item}), ask.grant)
    tokens.hold_to(request.auth, reach, now=now)
    return told(
        verify_claim(
            asker=request.auth.institution,
            officer=None,
            client=request.auth.id,
            on_behalf=ask.on_behalf or "",
            uscc=uscc,
            purpose=ask.purpose,
            claim=ask.claim,
            value=ask.value or "",
            grant=ask.granted,
            key=key or "",
            now=now,
        )
    )


@router.get("/claims", response=answers(Claims, *OWN), summary="可以核验的问题 The claims that can be verified")
def list_claims(request: ClientRequest) -> dict[str, Any]:
    """The catalogue's own: their conditions and bands are the same for everybody."""
    pace.of_client(pace.OWN, request.auth.id)
    city = catalogue.city()
    return {"claims": [_shown(claim, city) for claim in city.claims.values()]}


def _shown(claim: Claim, city: City) -> dict[str, Any]:
    return {
        **claim.model_dump(include={"claim", "version", "title", "title_en", "question", "item"}),
        "needs_grant": city.item(claim.item).sharing.classed is not SharingClass.OPEN,
        "compares": isinstance(claim.asks, Match),
        "answers": [{"answer": answer, "title": title} for answer, title in _answers(claim)],
    }


def _answers(claim: Claim) -> list[tuple[str, str]]:
    if isinstance(claim.asks, Bands):
        return [(band.band, band.title) for band in claim.asks.bands]
    return [("yes", claim.yes or ""), ("no", claim.no or "")]
