"""我的信用档案: everything held on a business, told to it free and as often as it likes (条例 §40)."""

from datetime import datetime
from typing import Final

from django.db import transaction

from xinqiao import catalogue
from xinqiao.authorisation import queries as authorisation
from xinqiao.authorisation.rules import day_of
from xinqiao.disclosure import queries, reading
from xinqiao.disclosure.answering import Answer, handed_out
from xinqiao.disclosure.errors import NotParty
from xinqiao.disclosure.reports import A_YEAR
from xinqiao.disclosure.rules import Reader
from xinqiao.disclosure.telling import Basis, Recipient, RecipientKind, Told, tell
from xinqiao.disclosure.writing import Frame, write
from xinqiao.kernel.ids import PersonId, SubjectId
from xinqiao.ledger.events import Kind
from xinqiao.parties import queries as parties
from xinqiao.subjects import queries as subjects

PURPOSE: Final = "own_file"
TITLE: Final = "本人查询"
GROUND: Final = "河南省社会信用条例第四十条"


def own_file(*, subject_id: SubjectId, person: PersonId, now: datetime) -> Answer:
    """Tell a business, through a person with a mandate for it, all that is held on it.

    Nothing is left out: what has expired or been repaired is there and says so, sealed values are opened; only document
    and account numbers are covered. Raises `NotParty`. Not inside another transaction.
    """
    with transaction.atomic(durable=True):
        if not authorisation.acts_for(person, subject_id, now):
            raise NotParty
        told = _told(subject_id, person, now)
    return handed_out(told)


def _told(subject_id: SubjectId, person: PersonId, now: datetime) -> Told:
    city = catalogue.city()
    [subject] = subjects.views([subject_id])
    reader = parties.person(person)
    to = Recipient(RecipientKind.SUBJECT, reader.name if reader else "", name=subject.name, person=person)
    basis = Basis(PURPOSE, GROUND)
    uses = queries.asked_since(subject_id, now - A_YEAR)
    material = reading.material(subject, Reader(own=True), uses=uses, city=city, on=day_of(now))
    frame = Frame(to, basis, TITLE, day_of(now), now)
    return tell(
        to=to,
        about=subject,
        basis=basis,
        kind=Kind.OWN_FILE_TOLD,
        compose=lambda number: write(number, material, frame, city),
        now=now,
    )
