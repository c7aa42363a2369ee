"""异议: a business objects to a line of its own file, and may take that back; marked at once, for everybody."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from xinqiao.authorisation import queries as authorisation
from xinqiao.authorisation.capacities import May
from xinqiao.creditfile import queries as creditfile
from xinqiao.creditfile import standing
from xinqiao.creditfile.queries import Place
from xinqiao.creditfile.rules import Standing
from xinqiao.kernel.ids import FactId, PersonId, SubjectId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger.events import Kind
from xinqiao.rights import carrying, keeping, queries, sources
from xinqiao.rights.errors import AlreadyObjected, NotFound, SignerNotAuthorised, UnknownLine, WordsInvalid, WrongState
from xinqiao.rights.models import Objection
from xinqiao.rights.queries import ObjectionView
from xinqiao.rights.refusing import on_the_record
from xinqiao.rights.rules.objections import OWN_MATTER, Act, Reason, State

BECAUSE_OPENED = "主体提出异议"
BECAUSE_TAKEN_BACK = "主体撤回异议"


@dataclass(frozen=True, slots=True)
class _Said:
    subject_id: SubjectId
    fact: FactId
    reason: Reason
    text: str
    by: PersonId
    now: datetime


@on_the_record
def open_(*, subject_id: SubjectId, fact: FactId, reason: str, text: str, by: PersonId, now: datetime) -> ObjectionView:
    """Object to a current line of the business's own file. It is disputed with this commit, in reports and grades.

    What only its source can know is asked of it at once. The same words about the same line again are the same
    objection. Raises `SignerNotAuthorised`, `UnknownLine`, `WordsInvalid`, `AlreadyObjected`, `WrongState`, and
    `WrongStanding` for a line that is told to nobody any more.
    """
    if not authorisation.acts_for(by, subject_id, now, May.SPEAK):
        raise SignerNotAuthorised
    if reason not in set(Reason):
        raise WordsInvalid(Saying("请选择一个理由"))
    said = _Said(subject_id, fact, Reason(reason), keeping.words(text), by, now)
    _alone_with(fact)
    place = _line(fact, subject_id)
    if (earlier := queries.open_on(fact)) is not None:
        return _same(said, earlier)
    standing.mark(fact, Standing.DISPUTED, because=BECAUSE_OPENED, by=f"person:{by}", now=now)
    return _opened(said, place)


def _alone_with(fact: FactId) -> None:
    """A button pressed twice is two requests at once: one after the other, the second finds the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"rights:fact:{fact}"])


def _line(fact: FactId, subject_id: SubjectId) -> Place:
    found = [place for place in creditfile.places([fact]) if place.subject_id == subject_id]
    if not found:
        raise UnknownLine
    [place] = found
    if place.closed_event is not None:
        raise WrongState(Saying("这条信息已经被来源单位的新内容替换，请对档案里现在的那一条提出"))
    return place


def _same(said: _Said, earlier: ObjectionView) -> ObjectionView:
    if (said.reason, said.text) != (earlier.reason, earlier.text):
        raise AlreadyObjected(Saying("它的编号是 {reference}；要改写，请先撤回", reference=earlier.reference))
    return earlier


def _opened(said: _Said, place: Place) -> ObjectionView:
    row = Objection(
        subject_id=said.subject_id,
        fact=said.fact,
        stands_on=said.fact,
        item=place.item,
        source=place.source,
        delivery=place.delivery,
        line=place.line,
        reason=said.reason,
        text=said.text,
        opened_by_id=said.by,
        opened_at=said.now,
        state=State.OPENED,
    )
    keeping.written(row, Kind.OBJECTION_OPENED, now=said.now)
    if said.reason not in OWN_MATTER:
        sources.pass_on(row, now=said.now)
    return queries.objection(row.pk)


@on_the_record
def withdraw(number: int, *, by: PersonId, now: datetime) -> ObjectionView:
    """The business takes its objection back: the line is as it was. Raises `NotFound`, `SignerNotAuthorised`,
    `WrongState`."""
    row = keeping.locked(number)
    if not authorisation.acts_for(by, SubjectId(row.subject_id), now):
        raise NotFound
    if not authorisation.acts_for(by, SubjectId(row.subject_id), now, May.SPEAK):
        raise SignerNotAuthorised
    carrying.bring_up(row, now)
    keeping.move(row, Act.WITHDRAW)
    row.ended_by_id, row.ended_at = by, now
    settle(row, Standing.GOOD, because=BECAUSE_TAKEN_BACK, by=by, now=now)
    keeping.written(row, Kind.OBJECTION_WITHDRAWN, now=now, beside=keeping.end_stop(row, now))
    return queries.objection(number)


def settle(row: Objection, outcome: Standing, *, because: str, by: PersonId, now: datetime) -> None:
    """End the dispute of the line. One that has run out or been replaced meanwhile stays as it is."""
    fact = FactId(row.stands_on)
    [place] = creditfile.places([fact])
    if place.closed_event is None and standing.of(fact) is Standing.DISPUTED:
        standing.mark(fact, outcome, because=because, by=f"person:{by}", now=now)
