"""/api/v1/feedback: what became of businesses you looked at, and what your own models came to."""

from decimal import Decimal
from typing import Annotated, Any

from django.utils import timezone
from ninja import Header, Path, Query, Router, Schema
from pydantic import ConfigDict, Field, Strict

from xinqiao.api import pace
from xinqiao.api.callers import ClientRequest
from xinqiao.api.parsing import Day
from xinqiao.api.problems import wrong
from xinqiao.api.v1.asking import VISIBLE
from xinqiao.api.v1.refusing import OWN, answers
from xinqiao.disclosure import fed_back, feeding_back
from xinqiao.disclosure.fed_back import FeedbackView
from xinqiao.disclosure.feedback import (
    LONGEST_NAME,
    MOST_DAYS,
    Amount,
    Became,
    Content,
    Decision,
    ModelResult,
    Outcome,
    Said,
)
from xinqiao.disclosure.feeding_back import LONGEST_REASON, Teller
from xinqiao.kernel.ids import ReceiptNumber
from xinqiao.kernel.sayings import Saying
from xinqiao.kernel.uscc import Uscc
from xinqiao.notices.queries import instant
from xinqiao.parties import tokens

router = Router(tags=["结果反馈 Feedback"])
MOST_IN_A_CALL = 40  # what a body of the interface has room for
Number = Annotated[int, Path(ge=1, le=2**53 - 1)]
Words = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME, pattern=VISIBLE)]
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[!-~]{1,128}$",
        description="可选：每批不同的键，一直有效。没收到回答时用同一个键重发，得到的是同一批；同一个键、不同的内容：422。"
        " Repeat with the same key when the answer was lost: the same batch. The key stands for it for good.",
    ),
]


class OutcomeSaid(Schema):
    """What became of it. `became` is bad where it is `default`, or `overdue` for long enough."""

    model_config = ConfigDict(extra="forbid", strict=True)

    became: Annotated[Became, Strict(False)]
    since: Annotated[Day, Field(description="观察起，不早于查询那天")]
    until: Annotated[Day, Field(description="观察止")]
    known_on: Annotated[Day, Field(description="贵机构得知的日子")]
    overdue_days: Annotated[int | None, Field(ge=1, le=MOST_DAYS, description="只在 overdue 时写")] = None
    notified_on: Annotated[Day | None, Field(description="逾期、违约：事先告知企业的日子")] = None

    def content(self) -> Outcome:
        return Outcome(self.became, self.since, self.until, self.known_on, self.overdue_days, self.notified_on)


class ResultSaid(Schema):
    """What your own model and decision came to. A band of the amount, never the sum."""

    model_config = ConfigDict(extra="forbid", strict=True)

    model: Words
    version: Words
    decision: Annotated[Decision, Strict(False)]
    decided_on: Day
    score: Annotated[str | None, Field(pattern=r"^-?\d{1,6}(\.\d{1,4})?$", description="写成文本")] = None
    grade: Annotated[str | None, Field(max_length=LONGEST_NAME, pattern=VISIBLE)] = None
    amount: Annotated[Amount | None, Strict(False), Field(description="额度档，只在通过时写")] = None

    def content(self) -> ModelResult:
        score = None if self.score is None else Decimal(self.score)
        named = (self.model.strip(), self.version.strip())
        return ModelResult(*named, self.decision, self.decided_on, score, self.grade or "", self.amount)


class Entry(Schema):
    """Exactly one of `outcome` and `result`."""

    model_config = ConfigDict(extra="forbid", strict=True)

    uscc: Annotated[str, Field(min_length=1, max_length=40)]
    receipt: Annotated[int, Field(ge=1, le=2**53 - 1, description="贵机构按授权查询这家企业的哪一份回执")]
    outcome: OutcomeSaid | None = None
    result: ResultSaid | None = None


class Batch(Schema):
    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={
            "examples": [
                {
                    "entries": [
                        {
                            "uscc": "91410402MA40TE5TXF",
                            "receipt": 1,
                            "outcome": {
                                "became": "repaid",
                                "since": "2026-06-01",
                                "until": "2027-05-31",
                                "known_on": "2027-06-01",
                            },
                        }
                    ]
                }
            ]
        },
    )

    entries: Annotated[list[Entry], Field(min_length=1, max_length=MOST_IN_A_CALL)]


class Withdrawal(Schema):
    model_config = ConfigDict(extra="forbid", strict=True)

    because: Annotated[str, Field(min_length=1, max_length=LONGEST_REASON, pattern=VISIBLE)]


class EntryTold(Schema):
    """`ended_at`: a newer one took its place, or (with `withdrawn_because`) it was taken back."""

    feedback: int
    uscc: str
    receipt: int
    outcome: dict[str, Any] | None
    result: dict[str, Any] | None
    by: str
    told_at: str
    ended_at: str | None
    withdrawn_because: str | None


class Taken(Schema):
    entries: Annotated[list[EntryTold], Field(description="这一批里新的；与已有的完全相同的不再列出")]


class FeedbackTold(Schema):
    entries: list[EntryTold]


@router.post("/feedback", response=answers(Taken, 403, 409, 413, 422, *OWN), summary="反馈结果 Feed results back")
def take_in(request: ClientRequest, batch: Batch, key: Key = None) -> dict[str, Any]:
    """Under an agreement that says so, about businesses you looked at under a grant. All of the batch or none: `errors`
    names the entries by their place. Of one receipt, model and day the newest entry stands. The business sees all of
    it; no other institution ever does."""
    by = _teller(request, key or "")
    entries = [_said(place, one) for place, one in enumerate(batch.entries)]
    return {"entries": [_told(one) for one in feeding_back.take_in(entries, by=by, now=timezone.now())]}


@router.get("/feedback", response=answers(FeedbackTold, 403, *OWN), summary="反馈过的 What you fed back")
def list_feedback(
    request: ClientRequest, before: Annotated[int | None, Query(ge=1, le=2**53 - 1)] = None
) -> dict[str, Any]:
    """The newest 200, or those before a number."""
    by = _teller(request)
    return {"entries": [_told(one) for one in fed_back.of_institution(by.institution, before=before)]}


@router.get("/feedback/{feedback}", response=answers(EntryTold, 403, *OWN), summary="一条反馈 One entry")
def fetch(request: ClientRequest, feedback: Number) -> dict[str, Any]:
    return _told(fed_back.one(feedback, of=_teller(request).institution))


@router.post(
    "/feedback/{feedback}/withdrawal",
    response=answers(EntryTold, 403, 409, 413, *OWN),
    summary="撤回一条 Take an entry back",
)
def withdraw(request: ClientRequest, feedback: Number, said: Withdrawal) -> dict[str, Any]:
    """It was wrong; the business sees why. It counts no more."""
    return _told(feeding_back.withdraw(feedback, because=said.because, by=_teller(request), now=timezone.now()))


def _teller(request: ClientRequest, key: str = "") -> Teller:
    pace.of_client(pace.OWN, request.auth.id)
    tokens.hold_to_whole(request.auth, now=timezone.now())
    return Teller(request.auth.institution, client=request.auth.id, key=key)


def _said(place: int, one: Entry) -> Said:
    """Raises `Malformed`, `NotAUscc`."""
    return Said(Uscc.parse(one.uscc), ReceiptNumber(one.receipt), _content(place, one))


def _content(place: int, one: Entry) -> Content:
    match one.outcome, one.result:
        case OutcomeSaid() as outcome, None:
            return outcome.content()
        case None, ResultSaid() as result:
            return result.content()
    raise wrong(f"entries.{place}", Saying("outcome 和 result 写一个，只写一个"))


def _told(one: FeedbackView) -> dict[str, Any]:
    told = one.content.as_json()
    return {
        "feedback": one.number,
        "uscc": one.uscc,
        "receipt": one.receipt,
        "outcome": told if isinstance(one.content, Outcome) else None,
        "result": told if isinstance(one.content, ModelResult) else None,
        "by": one.teller,
        "told_at": instant(one.told_at),
        "ended_at": one.ended_at and instant(one.ended_at),
        "withdrawn_because": one.withdrawn_because or None,
    }
