"""保存期限: what an institution has still to delete, and its signed word that it has."""

from typing import Annotated, Any

from django.utils import timezone
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from xinqiao.api import pace
from xinqiao.api.callers import ClientRequest
from xinqiao.api.v1.refusing import OWN, answers
from xinqiao.api.v1.shapes import Day, Shape
from xinqiao.disclosure import keeping, kept
from xinqiao.kernel.city_time import day_of
from xinqiao.parties import tokens

router = Router(tags=["保存期限 Keeping"])
SHOWN = 500


class Term(Shape):
    receipt: int
    until: Annotated[Day, Field(description="最多保存到这一天")]
    overdue: bool


class Terms(Shape):
    terms: list[Term]


class Attestation(Schema):
    model_config = ConfigDict(extra="forbid", strict=True)

    attestation: Annotated[
        str,
        Field(
            max_length=16_000,
            description="JWS，用登记的密钥签名：iss（接口账号）、iat、receipts（回执编号）、"
            "how（deleted 或 retained）、law（依法继续保存的，写明条款）",
        ),
    ]


class Attested(Shape):
    attested: int


@router.get("/keeping", response=answers(Terms, 403, *OWN), summary="还要删除的 What you have still to delete")
def terms(request: ClientRequest) -> dict[str, Any]:
    """The most urgent 500. What was attested is gone from here."""
    pace.of_client(pace.OWN, request.auth.id)
    now = timezone.now()
    tokens.hold_to_whole(request.auth, now=now)
    found = kept.outstanding(request.auth.institution, size=SHOWN)
    today = day_of(now)
    return {"terms": [{"receipt": k.receipt, "until": k.until.isoformat(), "overdue": k.until < today} for k in found]}


@router.post(
    "/keeping",
    response=answers(Attested, 403, 409, 413, *OWN),
    summary="证明已删除 Attest that it is deleted, or kept by law",
)
def attest(request: ClientRequest, said: Attestation) -> dict[str, Any]:
    """All of the receipts named or none. `retained` says that the law named makes you keep it and that you use it no
    more."""
    pace.of_client(pace.OWN, request.auth.id)
    now = timezone.now()
    tokens.hold_to_whole(request.auth, now=now)
    of, client = request.auth.institution, request.auth.id
    return {"attested": keeping.attest_signed(said.attestation, of=of, client=client, now=now)}
