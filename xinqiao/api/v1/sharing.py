"""/api/v1/sharings: what the law lets a department be told, for its duty; /api/v1/sharing-bases: by which law."""

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from xinqiao.api import pace
from xinqiao.api.callers import ClientRequest
from xinqiao.api.parsing import ItemName
from xinqiao.api.v1.asking import VISIBLE, Key
from xinqiao.api.v1.narrow_shapes import ItemAnswered
from xinqiao.api.v1.receipt_shapes import PromisedReceipt
from xinqiao.api.v1.refusing import ASKING_OPENLY, OWN, answers
from xinqiao.api.v1.shapes import Headed, ItemNamed, Shape, SourceTold, SubjectTold
from xinqiao.disclosure.canonical import canonical
from xinqiao.disclosure.sharing import LONGEST_MATTER, MOST_AT_ONCE, ByDuty, Shared, share
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.uscc import Uscc
from xinqiao.language import said
from xinqiao.parties import sharing_queries, tokens
from xinqiao.parties.reach import Detail, Service
from xinqiao.parties.sharing_queries import BasisView

router = Router(tags=["政务共享 Government sharing"])


class SharingAsk(Schema):
    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={"examples": [{"basis": 1, "usccs": ["91410402MA40TE5TXF"], "matter": "平许〔2026〕17号"}]},
    )

    basis: Annotated[int, Field(ge=1, le=2**53 - 1, description="按哪一份共享依据")]
    usccs: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=40)]],
        Field(min_length=1, max_length=MOST_AT_ONCE, description="统一社会信用代码，一次最多二十个"),
    ]
    items: Annotated[list[ItemName] | None, Field(min_length=1, max_length=200, description="不写就是依据里的全部")] = (
        None
    )
    matter: Annotated[
        str, Field(min_length=1, max_length=LONGEST_MATTER, pattern=VISIBLE, description="办理的事项；企业会看到")
    ]
    on_behalf: Annotated[
        str | None, Field(max_length=40, pattern=VISIBLE, description="贵单位哪位经办人要看；企业会看到")
    ] = None
    deferred: Annotated[bool, Field(description="依据里写明可以暂缓告知的，这一次暂缓")] = False


class SharingTold(Headed):
    """The items that were asked for, line by line, without grade or summary."""

    format: Literal["xinqiao-sharing/1"]
    matter: Annotated[str, Field(description="办理的事项")]
    subject: SubjectTold
    items: list[ItemAnswered]
    not_about: Annotated[list[ItemNamed], Field(description="与这类主体无关的数据项")]
    wants_consent: Annotated[list[ItemNamed], Field(description="主体是自然人，须本人单独书面同意，不共享的数据项")]
    sources: list[SourceTold]


class PromisedSharing(PromisedReceipt):
    report: SharingTold


class NotShared(Shape):
    type: str
    title: str


class OneShared(Shape):
    """Of one code: the receipt file with what was told, or why there is none."""

    uscc: str
    answer: PromisedSharing | None
    refused: NotShared | None


class SharingsTold(Shape):
    answers: list[OneShared]


class SharingBasisTold(Schema):
    basis: int
    law: str
    duty: str
    items: list[str]
    since: str
    until: str
    state: Literal["waiting", "turned_down", "not_started", "in_force", "over", "ended"]
    deferral_law: str


class SharingBasesTold(Schema):
    bases: list[SharingBasisTold]


@router.post(
    "/sharings",
    by_alias=True,
    response=answers(SharingsTold, *ASKING_OPENLY),
    summary="按法定依据查询 Ask by law",
)
def ask_by_law(request: ClientRequest, ask: SharingAsk, key: Key = None) -> HttpResponse:
    """For departments: what is open or shared, of the items the basis names. All codes or, refused, none; a code nobody
    has is said beside the others. Repeated under its key, each business has the answer it had. Save each `answer` byte
    for byte, by its canonical JSON: it is a receipt file."""
    pace.of_client(pace.QUERIES, request.auth.id)
    now = timezone.now()
    items = None if ask.items is None else frozenset(ask.items)
    for uscc in ask.usccs:
        tokens.hold_to(request.auth, Detail(Service.SHARING, uscc=str(Uscc.parse(uscc)), items=items), now=now)
    asked = ByDuty(
        request.auth.institution,
        ask.basis,
        ask.matter,
        now,
        client=request.auth.id,
        on_behalf=ask.on_behalf or "",
        items=items,
        deferred=ask.deferred,
    )
    text = ",".join(_one(found) for found in share(asked, ask.usccs, key=key or ""))
    response = HttpResponse(f'{{"answers":[{text}]}}', content_type="application/json; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response


def _one(found: Shared) -> str:
    """Finished text: what was told is never touched."""
    problem, answer = found.problem, found.answer
    refused = canonical(None if problem is None else {"type": problem.type, "title": said(problem.title)})
    told = "null" if answer is None else answer.text
    return f'{{"answer":{told},"refused":{refused},"uscc":{canonical(str(found.uscc))}}}'


@router.get(
    "/sharing-bases", response=answers(SharingBasesTold, 403, *OWN), summary="本部门的共享依据 Your sharing bases"
)
def list_bases(request: ClientRequest) -> dict[str, Any]:
    """The newest first. Only those in force open anything, to the programs they name."""
    pace.of_client(pace.OWN, request.auth.id)
    now = timezone.now()
    tokens.hold_to_whole(request.auth, now=now)
    return {"bases": [_basis(one, day_of(now)) for one in sharing_queries.bases_of(request.auth.institution)]}


def _basis(one: BasisView, on: date) -> dict[str, Any]:
    return {
        "basis": one.id,
        "law": one.law,
        "duty": one.duty,
        "items": sorted(one.items),
        "since": one.since.isoformat(),
        "until": one.until.isoformat(),
        "state": one.state(on).value,
        "deferral_law": one.deferral_law,
    }
