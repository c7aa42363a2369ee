"""/api/v1/consents: persons who stand in a business's file are asked, one by one, and each answers for herself."""

from datetime import datetime
from typing import Annotated, Any

from django.utils import timezone
from ninja import Header, Path, Router, Schema
from pydantic import ConfigDict, Field

from xinqiao.api import pace
from xinqiao.api.callers import ClientRequest
from xinqiao.api.v1.asking import VISIBLE
from xinqiao.api.v1.refusing import OWN, answers
from xinqiao.authorisation import person_queries, persons
from xinqiao.authorisation.person_notices import CAPACITIES
from xinqiao.authorisation.person_queries import ConsentView
from xinqiao.authorisation.persons import LONGEST_NUMBER, Named, Program
from xinqiao.authorisation.rules import State
from xinqiao.kernel.ids import ConsentId, GrantId
from xinqiao.notices.queries import instant
from xinqiao.parties import tokens

router = Router(tags=["个人同意 Consents of persons"])
CHANGING = (403, 409, 413, 422, *OWN)
SHOWN = 500
Number = Annotated[int, Path(ge=1, le=2**53 - 1)]
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[!-~]{1,128}$",
        description="可选：每次询问不同的键。没收到回答时用同一个键重发，得到的是同一次询问；同一个键、问的是别人：422。"
        " Repeat with the same key when the answer was lost: the same question. The key stands for it for good; with"
        " another question it is a 422.",
    ),
]


class ConsentAsk(Schema):
    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={
            "examples": [
                {
                    "grant": 1,
                    "name": "王小明",
                    "document_number": "410402199001011234",
                    "capacity": "legal_representative",
                }
            ]
        },
    )

    grant: Annotated[int, Field(ge=1, le=2**53 - 1, description="企业的哪一份授权书")]
    name: Annotated[str, Field(min_length=1, max_length=100, pattern=VISIBLE)]
    document_number: Annotated[
        str,
        Field(
            min_length=1,
            max_length=LONGEST_NUMBER,
            pattern=VISIBLE,
            description="证件号码，只用来认出本人；平台只留不能还原的标记",
        ),
    ]
    capacity: Annotated[str, Field(json_schema_extra={"enum": list(CAPACITIES)}, max_length=30)]
    on_behalf: Annotated[
        str | None, Field(max_length=40, pattern=VISIBLE, description="贵机构哪位经办人在问；本人会看到")
    ] = None


class ConsentTold(Schema):
    """`invitation` is there while she has not answered: hand her the page, she answers it signed in. `until` is the
    last day she can answer, once given the last day it holds."""

    consent: int
    grant: int
    name: str
    capacity: str
    items: list[str]
    asked_by: str
    asked_at: str
    state: Annotated[str, Field(json_schema_extra={"enum": [str(one) for one in State]})]
    given_at: str | None
    until: str
    invitation: Annotated[str | None, Field(description="本人答复的页面")]


class ConsentsTold(Schema):
    consents: list[ConsentTold]


@router.post("/consents", response=answers(ConsentTold, *CHANGING), summary="请个人同意 Ask a person")
def ask(request: ClientRequest, asked: ConsentAsk, key: Key = None) -> dict[str, Any]:
    """A business's grant opens nothing of the persons in its file. Each is asked within a grant you have, and only her
    own consent opens hers. At most ten within one grant."""
    now = _paced(request)
    named = Named(asked.name, asked.document_number, asked.capacity)
    by = _program(request, asked.on_behalf or "", key or "")
    return _told(request, persons.ask(GrantId(asked.grant), named, by=by, now=now))


@router.get("/consents", response=answers(ConsentsTold, 403, *OWN), summary="问过的人 Whom you asked")
def list_consents(request: ClientRequest) -> dict[str, Any]:
    """The newest 500, asked by a program or at the pages."""
    _paced(request)
    found = person_queries.asked_by(request.auth.institution, size=SHOWN)
    return {"consents": [_told(request, one) for one in found]}


@router.get("/consents/{consent}", response=answers(ConsentTold, 403, *OWN), summary="一次询问 One question")
def fetch(request: ClientRequest, consent: Number) -> dict[str, Any]:
    _paced(request)
    return _told(request, person_queries.known_to(ConsentId(consent), request.auth.institution))


@router.delete(
    "/consents/{consent}", response=answers(ConsentTold, 403, 409, 413, *OWN), summary="不再询问 Take a question back"
)
def withdraw(request: ClientRequest, consent: Number) -> dict[str, Any]:
    """While she has not answered. What she gave is hers to take back, not yours."""
    now = _paced(request)
    return _told(request, persons.withdraw(ConsentId(consent), by=_program(request), now=now))


def _paced(request: ClientRequest) -> datetime:
    pace.of_client(pace.OWN, request.auth.id)
    now = timezone.now()
    tokens.hold_to_whole(request.auth, now=now)
    return now


def _program(request: ClientRequest, on_behalf: str = "", key: str = "") -> Program:
    return Program(request.auth.institution, request.auth.id, on_behalf, key)


def _told(request: ClientRequest, one: ConsentView) -> dict[str, Any]:
    state = one.state(timezone.now())
    return {
        "consent": one.id,
        "grant": one.grant,
        "name": one.name,
        "capacity": one.capacity,
        "items": list(one.items),
        "asked_by": one.asked_by,
        "asked_at": instant(one.asked_at),
        "state": str(state),
        "given_at": one.given_at and instant(one.given_at),
        "until": one.until.isoformat(),
        "invitation": request.build_absolute_uri(persons.page(one.id)) if state is State.ASKED else None,
    }
