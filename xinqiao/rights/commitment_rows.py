"""What the file says of a commitment: one row, written anew when it moves on."""

from datetime import datetime
from typing import Final

from xinqiao import catalogue
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import DeliveryNumber, SubjectId
from xinqiao.ledger.events import Kind
from xinqiao.rights import commitments, writing_down
from xinqiao.rights.commitments import CommitmentView
from xinqiao.rights.models import Commitment
from xinqiao.rights.rules.commitments import State
from xinqiao.subjects import queries as subjects
from xinqiao.subjects.queries import SubjectView

SOURCE: Final = "financing_platform"
ITEM: Final = "credit_commitment"
_FULFILLED: Final = {State.IN_FORCE: "1", State.KEPT: "2", State.BROKEN: "3", State.ENDED: "4"}  # list `fulfilment`


def write(now: datetime) -> DeliveryNumber | None:
    return writing_down.write(BOOK, now)


def _rows(numbers: list[int]) -> list[dict[str, str]]:
    every = [commitments.commitment(number) for number in numbers]
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


BOOK: Final = writing_down.Book(Commitment.objects.all(), SOURCE, ITEM, Kind.COMMITMENT_WRITTEN, _rows)
