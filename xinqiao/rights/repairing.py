"""信用修复: a business applies for the repair of a line, with its papers; complete, it goes to Credit China.

The platform says what is missing and hands over. It decides nothing: who made the finding does.
"""

from datetime import datetime
from typing import Final

from django.db import connection, transaction

from xinqiao import catalogue, store, work
from xinqiao.authorisation import capacities
from xinqiao.authorisation import queries as authorisation
from xinqiao.creditfile import queries as creditfile
from xinqiao.creditfile.errors import UnknownFact
from xinqiao.creditfile.queries import Fact
from xinqiao.creditfile.rules import Standing
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import FactId, PersonId, SubjectId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of
from xinqiao.rights import credit_china, papers, repairs, ways
from xinqiao.rights.cases import About
from xinqiao.rights.credit_china import Application
from xinqiao.rights.errors import (
    PapersMissing,
    RepairNotOpen,
    SignerNotAuthorised,
    UnknownLine,
    UnknownRepair,
    WrongState,
)
from xinqiao.rights.models import Repair
from xinqiao.rights.queries import LARGEST
from xinqiao.rights.repairs import RepairView
from xinqiao.rights.rules.repairs import STATE_TITLES, Act, May, State, after, guidance, plain
from xinqiao.rights.ways import PaperAsked, Way
from xinqiao.subjects import queries as subjects

_USABLE: Final = frozenset({Standing.GOOD, Standing.DISPUTED})


@transaction.atomic
def begin(*, subject_id: SubjectId, fact: FactId, by: PersonId, now: datetime) -> RepairView:
    """Begin to prepare an application. One that is under way is returned as it stands.

    Raises `SignerNotAuthorised`, `UnknownLine`, and `RepairNotOpen` where the line may not be repaired, or not yet.
    """
    if not authorisation.acts_for(by, subject_id, now, capacities.May.SPEAK):
        raise SignerNotAuthorised
    _alone_with(fact)
    line = _line(subject_id, fact)
    if (under_way := repairs.open_on(fact)) is not None:
        return under_way
    way = _open_way(line, now)
    row = Repair(subject_id=subject_id, fact=fact, item=line.item, source=line.provider, state=State.PREPARING)
    row.target, row.document = way.target or "", plain(line.values.get(way.document or ""))
    row.opened_by_id, row.opened_at = by, now
    _written(row, Kind.REPAIR_OPENED, now)
    return repairs.repair(row.pk)


def missing(number: int) -> list[PaperAsked]:
    """The papers an application still lacks, as the city names them."""
    view = repairs.repair(number)
    there = {one.paper for one in papers.of_case(About.REPAIR, number)}
    way = ways.ways().get(view.item)
    return [one for one in way.papers if one.paper not in there] if way is not None else []


def submit(number: int, *, by: PersonId, now: datetime) -> RepairView:
    """Everything is there: to Credit China with it. What it does not take now is handed over as soon as it does.

    Not inside another transaction. Raises `UnknownRepair`, `SignerNotAuthorised`, `WrongState`, `RepairNotOpen`, and
    `PapersMissing`, which names them.
    """
    credit_china.window()  # refuses before anything is promised
    with transaction.atomic():
        row = _own(number, by, now)
        _move(row, Act.SUBMIT)
        _open_way(_line(SubjectId(row.subject_id), FactId(row.fact)), now)
        if lacking := missing(number):
            raise PapersMissing(Saying("还缺：{papers}", papers=[Saying(one.title) for one in lacking]))
        row.submitted_at = now
        _written(row, Kind.REPAIR_SUBMITTED, now)
        work.defer("rights.hand_over", repair=number)  # should we not come to it ourselves
    return hand_over(number, now=now)


def hand_over(number: int, *, now: datetime) -> RepairView:
    """Give it to Credit China and keep the number it is followed by. Again, nothing happens twice, here or there."""
    view = repairs.repair(number)
    if view.state is not State.SUBMITTED:
        return view
    tracking = credit_china.window().hand_over(*_package(view))
    with transaction.atomic():
        row = _locked(number)
        if row.state == State.SUBMITTED:
            _move(row, Act.HAND_OVER)
            row.tracking = tracking
            _written(row, Kind.REPAIR_HANDED_OVER, now)
    return repairs.repair(number)


@transaction.atomic
def drop(number: int, *, by: PersonId, now: datetime) -> RepairView:
    """Leave off before it was submitted. Raises `UnknownRepair`, `SignerNotAuthorised`, `WrongState`."""
    row = _own(number, by, now)
    _move(row, Act.DROP)
    row.ended_at = now
    _written(row, Kind.REPAIR_DROPPED, now)
    return repairs.repair(number)


def _package(view: RepairView) -> tuple[Application, dict[str, bytes]]:
    """The newest file of each paper asked for goes along, and its digest with the application."""
    kept = {one.paper: one.digest for one in papers.of_case(About.REPAIR, view.number) if one.paper}
    [subject] = subjects.views([view.subject_id])
    told = Application(
        reference=view.reference,
        uscc=str(subject.uscc),
        name=subject.name,
        target=view.target,
        document=view.document,
        submitted_on=day_of(view.submitted_at or view.opened_at).isoformat(),
        papers=kept,
    )
    return told, {paper: store.read_bytes(digest) for paper, digest in kept.items()}


def _line(subject_id: SubjectId, fact: FactId) -> Fact:
    """A current line of the business's own file; another's is as unknown as none."""
    try:
        line = creditfile.fact(fact)
    except UnknownFact:
        raise UnknownLine from None
    if line.subject_id != subject_id or line.known_to is not None:
        raise UnknownLine
    return line


def _open_way(line: Fact, now: datetime) -> Way:
    """How this line is repaired through us, now."""
    way, item = ways.ways().get(line.item), catalogue.city().item(line.item)
    told = guidance(item, line.values, day_of(now), has_way=way is not None)
    if line.standing not in _USABLE or told.may in {May.NOT_NEEDED, May.NO_WAY} or way is None:
        raise RepairNotOpen(Saying("这一条现在不需要、也不能申请修复"))
    if not way.applied_for_here:
        raise RepairNotOpen(Saying(way.how))
    if told.may is May.LATER:
        raise RepairNotOpen(Saying("最短公示期还没有满，{day}起可以申请", day=str(told.since)))
    return way


def _alone_with(fact: FactId) -> None:
    """A button pressed twice is one application."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"rights:repair:{fact}"])


def _locked(number: int) -> Repair:
    rows = Repair.objects.select_for_update(of=("self",))
    row = rows.filter(pk=number).first() if 0 < number <= LARGEST else None
    if row is None:
        raise UnknownRepair
    return row


def _own(number: int, by: PersonId, now: datetime) -> Repair:
    row = _locked(number)
    if not authorisation.acts_for(by, SubjectId(row.subject_id), now, capacities.May.SPEAK):
        raise SignerNotAuthorised
    return row


def _move(row: Repair, act: Act) -> None:
    led = after(State(row.state), act)
    if led is None:
        raise WrongState(Saying("它现在是“{state}”", state=STATE_TITLES[State(row.state)]))
    row.state = led


def _written(row: Repair, kind: Kind, now: datetime) -> None:
    row.save()
    about = {"repair": row.pk, "subject": row.subject_id, "fact": row.fact}
    log.append(kind, now=now, about=about, rows=[state_of(row)])
