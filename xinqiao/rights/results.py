"""修复结果: what Credit China decided arrives as a delivery, and is carried out: hidden, shared no more, graded anew,
and everybody who was told it told so.

Nobody here decides. A result whose line is not here yet waits for it; a line sent anew, with something changed in it,
stays repaired.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from django.db import transaction

from xinqiao import work
from xinqiao.creditfile import queries as creditfile
from xinqiao.creditfile import standing
from xinqiao.creditfile.queries import Fact
from xinqiao.creditfile.rules import Standing
from xinqiao.disclosure import corrections
from xinqiao.disclosure.corrections import Outcome, Wrong
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import EventId, FactId, ReceiptNumber, SubjectId
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of
from xinqiao.rights import ways
from xinqiao.rights.models import Repair, RepairResult
from xinqiao.rights.rules.repairs import OPEN, State, plain

if TYPE_CHECKING:
    from xinqiao.ledger.canonical import JsonValue

ITEM: Final = "credit_repair"
GRANTED: Final = "1"  # of the list `repair_decision`
GROUND: Final = "信用修复管理办法（国家发展改革委令第36号）"
BECAUSE: Final = "信用修复"
BY: Final = "credit_china"
_ENDED: Final = {True: (State.GRANTED, Kind.REPAIR_GRANTED), False: (State.REFUSED, Kind.REPAIR_REFUSED)}


def take_up(event: EventId, now: datetime) -> None:
    """The results this event filed, each once. In the transaction of whoever follows the log."""
    for fact, _ in creditfile.stored_by(event):
        if not RepairResult.objects.filter(said_by=fact).exists():
            carry_out(_received(creditfile.fact(fact), now), now)


def look_again(event: EventId, now: datetime) -> None:
    """Lines filed just now of subjects a result speaks of: those it waits for, or repaired before."""
    known = RepairResult.objects.filter(granted=True)
    subjects = [SubjectId(one) for one in known.values_list("subject_id", flat=True).distinct()]
    touched = {subject for _, subject in creditfile.stored_by(event, of=subjects)} if subjects else set()
    for row in known.filter(subject_id__in=touched).order_by("id"):
        carry_out(row, now)


def carry_out_due(now: datetime) -> int:
    """Every result that waited for its day or its line; returns how many were carried out. Outside transactions."""
    waiting = RepairResult.objects.filter(granted=True, carried_at__isnull=True).order_by("id")
    return sum(_carried(row.pk, now) for row in waiting)


@transaction.atomic
def _carried(number: int, now: datetime) -> bool:
    row = RepairResult.objects.select_for_update().get(pk=number)
    carry_out(row, now)
    return row.carried_at is not None


def carry_out(row: RepairResult, now: datetime) -> None:
    """Take the lines it speaks of out of every answer from now on, and have whoever was told them told.

    Again, it takes up only what came since. A refusal, or one whose day has not come, changes no line.
    """
    lines = _lines(row)
    if not row.granted or row.effective_on is None or row.effective_on > day_of(now) or not lines:
        return
    for fact in lines:
        if standing.of(fact.id) in {Standing.GOOD, Standing.DISPUTED}:
            standing.mark(fact.id, Standing.REPAIRED, because=BECAUSE, by=BY, now=now)
    fresh = sorted({*row.facts, *(fact.id for fact in lines)})
    if row.carried_at is not None and fresh == row.facts:
        return
    row.facts, row.carried_at = fresh, row.carried_at or now
    _written(row, Kind.RESULT_CARRIED_OUT, now)
    work.defer("rights.tell_repaired", result=row.pk)


@transaction.atomic
def tell_recipients(number: int, *, now: datetime) -> list[ReceiptNumber]:
    """Tell whoever was told the line and has not heard yet. Called again it tells nobody twice."""
    row = RepairResult.objects.select_for_update().get(pk=number)
    every = tuple(sorted({version for fact in row.facts for version in creditfile.versions(FactId(fact))}))
    said = Wrong(SubjectId(row.subject_id), every, Outcome.REPAIRED, "repair", GROUND)
    return corrections.tell_recipients(said, now=now)


def _received(said: Fact, now: datetime) -> RepairResult:
    """The result written down, and the application it answers, if it was made here."""
    values = said.values
    row = RepairResult(subject_id=said.subject_id, said_by=said.id, target=values["target_kind"], received_at=now)
    row.document, row.granted = plain(values["target_doc_no"]), values["decision"] == GRANTED
    row.effective_on = date.fromisoformat(values["effective_on"]) if values.get("effective_on") else None
    _written(row, Kind.RESULT_RECEIVED, now)
    for application in _applications(row):
        application.state, kind = _ENDED[row.granted]
        application.result, application.ended_at = row, now
        application.save()
        about = {"repair": application.pk, "subject": row.subject_id, "fact": application.fact, "result": row.pk}
        log.append(kind, now=now, about=about, rows=[state_of(application)])
    return row


def _applications(row: RepairResult) -> Iterable[Repair]:
    rows = Repair.objects.select_for_update().filter(subject_id=row.subject_id, state__in=OPEN)
    return list(rows.filter(target=row.target, document=row.document).order_by("id"))


def _lines(row: RepairResult) -> list[Fact]:
    """The current lines it speaks of: by subject, kind of target and number of the document, and by nothing else."""
    asked = ways.of_target(row.target)
    found = creditfile.facts_of(SubjectId(row.subject_id), items=asked)
    return [one for one in found if plain(one.values.get(asked[one.item].document or "")) == row.document]


def _written(row: RepairResult, kind: Kind, now: datetime) -> None:
    row.save()
    facts: list[JsonValue] = [*row.facts]
    about: dict[str, JsonValue] = {"result": row.pk, "subject": row.subject_id, "fact": row.said_by, "facts": facts}
    log.append(kind, now=now, about=about, rows=[state_of(row)])
