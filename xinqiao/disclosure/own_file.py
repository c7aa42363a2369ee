"""我的信用档案: everything held on a business, told to it free and as often as it likes (条例 §40)."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from django.db import transaction

from xinqiao import catalogue
from xinqiao.authorisation import queries as authorisation
from xinqiao.disclosure import queries, reading
from xinqiao.disclosure.answering import Answer, handed_out
from xinqiao.disclosure.composing import Json
from xinqiao.disclosure.errors import NotParty
from xinqiao.disclosure.papers import Check, Form, Paper, issue
from xinqiao.disclosure.reading import A_YEAR
from xinqiao.disclosure.rules import Reader
from xinqiao.disclosure.telling import Basis, Recipient, RecipientKind, Told, instant, tell
from xinqiao.disclosure.writing import Frame, write
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import PersonId, SubjectId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger.events import Kind
from xinqiao.parties import purposes
from xinqiao.parties import queries as parties
from xinqiao.subjects import queries as subjects

PURPOSE: Final = "own_file"
TITLE: Final = "本人查询"
MOST_LOOKS: Final = 200
OTHER_PURPOSES: Final = {Kind.GRADE_SHOWN: Saying("运营核对"), Kind.CORRECTION_TOLD: Saying("告诉它看过的信息有错")}
GROUND: Final = "河南省社会信用条例第四十条"


def own_file(*, subject_id: SubjectId, person: PersonId, now: datetime) -> Answer:
    """Tell a business, through a person with a mandate for it, all that is held on it.

    Nothing is left out: what has expired or been repaired is there and says so, sealed values are opened; only document
    and account numbers are covered. Raises `NotParty`. Not inside another transaction.
    """
    with transaction.atomic(durable=True):
        told = _allowed(subject_id, person, now)
    return handed_out(told)


def hand_out_own_file(*, subject_id: SubjectId, person: PersonId, form: Form, check: Check, now: datetime) -> Paper:
    """The same, as a file. Raises `NotParty`, `NoFont`. Not inside another transaction."""
    with transaction.atomic(durable=True):
        return issue(_allowed(subject_id, person, now), form, check=check, now=now)


def _allowed(subject_id: SubjectId, person: PersonId, now: datetime) -> Told:
    if not authorisation.acts_for(person, subject_id, now):
        raise NotParty
    return _told(subject_id, person, now)


def _looks(subject_id: SubjectId, now: datetime) -> list[Json]:
    """Who was told anything within the year, the newest first; of very many the newest."""
    page = queries.who_looked(subject_id, own=False, size=MOST_LOOKS)
    return [
        {
            "receipt": look.number,
            "at": instant(look.told_at),
            "kind": str(look.kind),
            "name": " · ".join(part for part in (look.institution_name, look.branch_name) if part),
            "officer": look.officer or look.client,
            "purpose": look.purpose,
            "purpose_title": _purpose(look),
        }
        for look in page.looks
        if look.told_at >= now - A_YEAR
    ]


def _purpose(look: queries.Look) -> str:
    """Why, in the city's words; what is no purpose of the city's has words of its own."""
    if look.kind in OTHER_PURPOSES:
        return str(OTHER_PURPOSES[look.kind])
    if look.shared is not None:  # in the department's own words, and by which law
        return f"{look.purpose}（{look.shared.ground}）"
    return purposes.purpose(look.purpose).title


def _told(subject_id: SubjectId, person: PersonId, now: datetime) -> Told:
    city = catalogue.city()
    [subject] = subjects.views([subject_id])
    reader = parties.person(person)
    to = Recipient(RecipientKind.SUBJECT, reader.name if reader else "", name=subject.name, person=person)
    basis = Basis(PURPOSE, GROUND)
    uses = queries.asked_since(subject_id, now - A_YEAR)
    material = replace(
        reading.material(subject, Reader(own=True), uses=uses, city=city, now=now),
        looks=_looks(subject_id, now),
    )
    frame = Frame(to, basis, TITLE, day_of(now), now)
    return tell(
        to=to,
        about=subject,
        basis=basis,
        kind=Kind.OWN_FILE_TOLD,
        compose=lambda number: write(number, material, frame, city),
        now=now,
    )
