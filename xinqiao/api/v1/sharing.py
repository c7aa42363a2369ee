"""/api/v1/sharings: what the law lets a department be told, for its duty; /api/v1/sharing-bases: by which law."""

from datetime import date
from typing import Annotated, Any, Literal

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router, Schema
from pydantic import ConfigDict, Field

from xinqiao.api import pace
from xinqiao.api.callers import ClientRequest
from xinqiao.api.parsing import ItemsBesideGrade
from xinqiao.api.v1.asking import VISIBLE, Key
from xinqiao.api.v1.narrow_shapes import ItemAnswered
from xinqiao.api.v1.receipt_shapes import PromisedReceipt
from xinqiao.api.v1.refusing import ASKING_OPENLY, OWN, answers
from xinqiao.api.v1.shapes import (
    Day,
    Digest,
    Headed,
    IndicatorTold,
    Instant,
    ItemNamed,
    LimitTold,
    Missing,
    Shape,
    SourceTold,
    SubjectTold,
    WithoutDisputed,
)
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
    grade: Annotated[
        bool | None, Field(description="要不要评价等级。不写：没写 items 的，按依据；写了 items 的，不要")
    ] = None
    items: Annotated[
        ItemsBesideGrade,
        Field(description="不写就是依据里的全部；只查评价等级的写空列表，grade 写 true"),
    ] = None
    matter: Annotated[
        str, Field(min_length=1, max_length=LONGEST_MATTER, pattern=VISIBLE, description="办理的事项；企业会看到")
    ]
    on_behalf: Annotated[
        str | None, Field(max_length=40, pattern=VISIBLE, description="贵单位哪位经办人要看；企业会看到")
    ] = None
    deferred: Annotated[bool, Field(description="依据里写明可以暂缓告知的，这一次暂缓")] = False


class OverrideShared(Shape):
    """What two operators say for a time beside the model's own grade; never in its place."""

    grade: str
    title: str
    reason: Annotated[str | None, Field(description="模型用到的数据项不是都在这次提供之列的，不提供")]
    since: Day
    until: Day


class GradeShared(Shape):
    """仅供参考. The result, and of its reasons those that rest on items told in the same answer. `score` is null where
    no grade was given: too little is known (thin), or the business has ended."""

    state: Literal["rated", "thin", "ended"]
    grade: str
    title: str
    score: int | None
    scale: int
    indicators: Annotated[list[IndicatorTold], Field(description="只依据同时提供的数据项的指标")]
    limits: list[LimitTold]
    reasons: list[str]
    missing: Annotated[list[Missing], Field(description="没有数据的指标；不因此减分")]
    not_told: Annotated[
        list[ItemNamed], Field(description="模型还用到、这次没有提供的数据项；说的是模型，与这个主体有没有记录无关")
    ]
    without_disputed: Annotated[WithoutDisputed | None, Field(description="剔除有异议的信息之后的等级")]
    model: str
    model_title: str
    version: str
    sql_sha256: Digest
    position: int
    on: Day
    given_at: Instant
    event: int
    note: str
    override: Annotated[OverrideShared | None, Field(description="人工调整，两人批准；与模型的等级并列，不代替它")]
    caution: Annotated[str | None, Field(description="主体是自然人的：不能只凭等级作决定（个人信息保护法第二十四条）")]


class SharingTold(Headed):
    """The items that were asked for, line by line; the public credit grade beside them where it was asked for, and else
    neither `grade` nor `grade_state`."""

    format: Literal["xinqiao-sharing/1"]
    matter: Annotated[str, Field(description="办理的事项")]
    subject: SubjectTold
    items: list[ItemAnswered]
    not_about: Annotated[list[ItemNamed], Field(description="与这类主体无关的数据项")]
    wants_consent: Annotated[list[ItemNamed], Field(description="主体是自然人，须本人单独书面同意，不共享的数据项")]
    sources: list[SourceTold]
    grade: GradeShared | None = None
    grade_state: Annotated[
        Literal["given", "renewing", "none"] | None,
        Field(description="renewing：评价所依据的信息刚有变化，正在重新评价，稍后再查；none：还没有评价"),
    ] = None


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
    grade: Annotated[bool, Field(description="可以查公共信用评价等级")]
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
    """For departments: what is open or shared, of the items the basis names, and the public credit grade where it names
    that. All codes or, refused, none; a code nobody
    has is said beside the others. Repeated under its key, each business has the answer it had. Save each `answer` byte
    for byte, by its canonical JSON: it is a receipt file."""
    pace.of_client(pace.QUERIES, request.auth.id)
    now = timezone.now()
    items = None if ask.items is None else frozenset(ask.items)
    for uscc in ask.usccs:
        tokens.hold_to(request.auth, _call(ask, uscc, items), now=now)
    asked = ByDuty(
        request.auth.institution,
        ask.basis,
        ask.matter,
        now,
        client=request.auth.id,
        on_behalf=ask.on_behalf or "",
        items=items,
        deferred=ask.deferred,
        grade=ask.grade,
    )
    text = ",".join(_one(found) for found in share(asked, ask.usccs, key=key or ""))
    response = HttpResponse(f'{{"answers":[{text}]}}', content_type="application/json; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response


def _call(ask: SharingAsk, uscc: str, items: frozenset[str] | None) -> Detail:
    return Detail(Service.SHARING, uscc=str(Uscc.parse(uscc)), items=items, grade=bool(ask.grade))


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
        "grade": one.grade,
        "since": one.since.isoformat(),
        "until": one.until.isoformat(),
        "state": one.state(on).value,
        "deferral_law": one.deferral_law,
    }
