"""An operator looks at a grade: the grade and its reasons, nothing of the facts behind them, and on the record."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Final

from django.db import transaction

from xinqiao import catalogue
from xinqiao.disclosure import reading
from xinqiao.disclosure.answering import Answer, handed_out
from xinqiao.disclosure.errors import NotParty
from xinqiao.disclosure.telling import Basis, Content, Recipient, RecipientKind, Told, instant, report_number, tell
from xinqiao.disclosure.writing import DISCLAIMER, Graded, facts_behind, subject_json
from xinqiao.evaluation import changing, imagining
from xinqiao.evaluation.prospects import Asked
from xinqiao.evaluation.views import plain
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import PersonId, Position, ReceiptNumber, SubjectId
from xinqiao.kernel.uscc import Uscc
from xinqiao.ledger.events import Kind
from xinqiao.parties import queries as parties
from xinqiao.parties.rules import Role
from xinqiao.subjects import queries as subjects
from xinqiao.subjects.queries import SubjectView

PURPOSE: Final = "operation"
GROUND: Final = "平台运营"
FORMAT: Final = "xinqiao-grade/1"

More = Callable[[SubjectId], dict[str, Any]]


def show_grade(
    uscc: str, *, operator: PersonId | None, name: str = "", at: Position | None = None, now: datetime
) -> Answer:
    """Tell an operator a business's grade in force, or the one given `at` a place in the log, reckoned again first.

    Without `operator` it is the machine's own operator at the command line, by the `name` given. Raises `NotAUscc`,
    `UnknownSubject`, `NotParty`, and what `evaluation.repeating` does. Not inside another transaction.
    """
    return _shown(uscc, operator, name, now, lambda _: {}, at)


def show_changes(uscc: str, *, operator: PersonId | None, name: str = "", now: datetime) -> Answer:
    """The same, and what would change it, each by itself. Raises also `NoModelInForce`."""
    return _shown(uscc, operator, name, now, lambda of: {"changes": asdict(changing.changes(of, now=now))})


def show_what_if(uscc: str, asked: Asked, *, operator: PersonId | None, name: str = "", now: datetime) -> Answer:
    """The same, and what it would be under what is asked. Raises also `NoModelInForce`, `SuppositionInvalid`."""

    def supposed(of: SubjectId) -> dict[str, Any]:
        reckoned, then = imagining.what_if(of, asked, now=now)
        return {"what_if": {"asked": asked.as_dict(), "now": asdict(reckoned), "then": asdict(then)}}

    return _shown(uscc, operator, name, now, supposed)


def show_signals(uscc: str, *, operator: PersonId | None, name: str = "", now: datetime) -> Answer:
    """The same, and the risk signals of the last year."""

    def of(subject: SubjectId) -> dict[str, Any]:
        return {"signals": [asdict(one) for one in reading.signals(subject, on=day_of(now))]}

    return _shown(uscc, operator, name, now, of)


def _shown(
    uscc: str, operator: PersonId | None, name: str, now: datetime, more: More, at: Position | None = None
) -> Answer:
    code = Uscc.parse(uscc)
    with transaction.atomic(durable=True):
        to = _recipient(operator, name, now)
        subject = subjects.known_as(code)
        told = _told(subject, to, _graded(subject.id, at, day_of(now)), now, more(subject.id))
    return handed_out(told)


def _recipient(operator: PersonId | None, name: str, now: datetime) -> Recipient:
    if operator is None:
        return Recipient(RecipientKind.OPERATOR, name or "命令行")
    person = parties.acting(operator, Role.OPERATOR, "", now)
    if person is None:
        raise NotParty
    return Recipient(RecipientKind.OPERATOR, person.name, person=operator)


def _graded(subject_id: SubjectId, at: Position | None, on: date) -> Graded:
    return reading.graded(subject_id, on=on) if at is None else reading.repeated(subject_id, at=at, on=on)


def _told(subject: SubjectView, to: Recipient, graded: Graded, now: datetime, more: dict[str, Any]) -> Told:
    city = catalogue.city()

    def compose(number: ReceiptNumber) -> Content:
        report: dict[str, Any] = {
            "format": FORMAT,
            "number": report_number(number, now),
            "generated_at": instant(now),
            "disclaimer": DISCLAIMER,
            "subject": subject_json(subject, city),
            "grade": graded.grade,
            "grade_state": graded.state,
            **plain(more),
        }
        return Content(report, facts_behind(graded.grade), ())

    return tell(to=to, about=subject, basis=Basis(PURPOSE, GROUND), kind=Kind.GRADE_SHOWN, compose=compose, now=now)
