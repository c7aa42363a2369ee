"""What became of commitments is written into the file, by the door every delivery comes in by: one file a day.

The day's file holds whatever was signed or moved on since its row was last written; a row that moves on again lies in
the newer day's file, and its fact there is the next version.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Q

from xinqiao import catalogue
from xinqiao.authorisation.rules import day_of
from xinqiao.kernel.ids import DeliveryNumber, SubjectId
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of
from xinqiao.rights import commitments
from xinqiao.rights.commitments import CommitmentView
from xinqiao.rights.handing_in import hand_in
from xinqiao.rights.models import Commitment
from xinqiao.rights.rules.commitments import State
from xinqiao.subjects import queries as subjects
from xinqiao.subjects.queries import SubjectView

SOURCE: Final = "financing_platform"
ITEM: Final = "credit_commitment"
_FULFILLED: Final = {State.IN_FORCE: "1", State.KEPT: "2", State.BROKEN: "3", State.ENDED: "4"}  # list `fulfilment`


def write(now: datetime) -> DeliveryNumber | None:
    """Hand in what is not in the file as it stands; None where nothing is. Outside transactions, one at a time."""
    today = day_of(now)
    found = Commitment.objects.filter(Q(unwritten=True) | Q(written_on=today)).order_by("id")
    views = [commitments.commitment(number) for number in found.values_list("id", flat=True)]
    if not found.filter(unwritten=True).exists():
        return None
    delivery = hand_in(source=SOURCE, item=ITEM, day=today, rows=_rows(views), now=now)
    _written({view.number: view.state for view in views}, delivery, now)
    return delivery


@transaction.atomic
def _written(states: dict[int, State], delivery: DeliveryNumber, now: datetime) -> None:
    """A row that moved on while the file was made stays unwritten, and lies in the next one."""
    lying = Commitment.objects.select_for_update().filter(pk__in=states).order_by("id")
    rows = [row for row in lying if row.state == states[row.pk]]
    for row in rows:
        row.written_on, row.unwritten = day_of(now), False
        row.save(update_fields=["written_on", "unwritten"])
    about = {"delivery": delivery, "count": len(rows)}
    log.append(Kind.COMMITMENT_WRITTEN, now=now, about=about, rows=[state_of(row) for row in rows])


def _rows(views: Iterable[CommitmentView]) -> list[dict[str, str]]:
    every = list(views)
    known = {one.id: one for one in subjects.views(sorted({view.subject_id for view in every}))}
    return [_row(view, known[SubjectId(view.subject_id)]) for view in every]


def _row(view: CommitmentView, subject: SubjectView) -> dict[str, str]:
    city, said = catalogue.city(), view.breach if view.state is State.BROKEN else None
    return {
        "subject_name": subject.name,
        "uscc": str(subject.uscc),
        "commitment_no": view.reference,
        "kind": view.kind,
        "content": view.text,
        "made_on": day_of(view.signed_at).isoformat(),
        "accepted_by": city.sources[view.made_to or SOURCE].names[-1].title,
        "valid_to": view.until.isoformat(),
        "fulfilled": _FULFILLED[view.state],
        "breach_facts": "" if said is None else said.facts,
        "breach_found_on": "" if said is None or said.decided_at is None else day_of(said.decided_at).isoformat(),
        "published": "是" if view.published else "否",
    }
