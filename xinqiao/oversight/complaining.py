"""投诉: made by a business or by anybody, answered by the operator, taken above it by who is not content."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from xinqiao import catalogue
from xinqiao.authorisation import queries as authorisation
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import PersonId, SubjectId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger.events import Kind
from xinqiao.oversight import complaints, infringing, keeping
from xinqiao.oversight.complaints import ComplaintView
from xinqiao.oversight.errors import NotFound, NotParty, TooEarly, WordsInvalid, WrongState
from xinqiao.oversight.models import Complaint
from xinqiao.oversight.rules.complaints import STATE_TITLES, About, Act, State, after
from xinqiao.oversight.rules.infringements import Origin
from xinqiao.parties import queries as parties
from xinqiao.parties.rules import Role, Scope

ALPHABET: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # nothing that looks like something else
CODE_LENGTH: Final = 12  # sixty bits: beyond trying, at thirty tries a minute
CONTACT_MAX: Final = 200
OPERATOR: Final = Scope(None, Role.OPERATOR)


@dataclass(frozen=True, slots=True)
class Target:
    """Whom a complaint is about; `name` is an institution's id or a source's name, "" for the platform."""

    about: str
    name: str = ""


@transaction.atomic
def by_business(subject_id: SubjectId, target: Target, *, text: str, by: PersonId, now: datetime) -> ComplaintView:
    """A business complains; the clock runs from here. Raises `NotParty`, `WordsInvalid`, `UnknownInstitution`."""
    if not authorisation.acts_for(by, subject_id, now):
        raise NotParty
    row = Complaint(subject_id=subject_id, made_by_id=by)
    _make(row, target, text, now)
    return _written(row, Kind.COMPLAINT_MADE, by, now)


@transaction.atomic
def by_anybody(target: Target, *, text: str, contact: str = "", now: datetime) -> tuple[ComplaintView, str]:
    """Somebody complains without signing in; with the code by which they read the answer, told this once.

    The caller limits how often. Raises `WordsInvalid`, `UnknownInstitution`.
    """
    code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    row = Complaint(mark=complaints.mark_of(code), contact=contact.strip()[:CONTACT_MAX])
    _make(row, target, text, now)
    return _written(row, Kind.COMPLAINT_MADE, None, now), code


def _make(row: Complaint, target: Target, text: str, now: datetime) -> None:
    if target.about not in set(About):
        raise WordsInvalid(Saying("请选择投诉谁"))
    row.about = About(target.about)
    if row.about == About.INSTITUTION:
        row.institution_id = parties.institution(target.name).id
    if row.about == About.SOURCE:
        if target.name not in catalogue.city().sources:
            raise WordsInvalid(Saying("请选择是哪个单位"))
        row.source = target.name
    row.text, row.state, row.made_at = keeping.words(text), State.MADE, now


@transaction.atomic
def answer(number: int, *, text: str, by: PersonId, now: datetime) -> ComplaintView:
    """The operator's answer. Raises `NotFound`, `NotParty`, `WrongState`, `WordsInvalid`."""
    row = keeping.locked(Complaint, number)
    keeping.acting(by, {Role.OPERATOR}, now)
    _move(row, Act.ANSWER)
    row.answer, row.answered_by_id, row.answered_at = keeping.words(text), by, now
    return _written(row, Kind.COMPLAINT_ANSWERED, by, now)


@transaction.atomic
def open_case(number: int, *, facts: str, by: PersonId, now: datetime) -> int:
    """What is complained of becomes a case against the institution; its number. Raises as `infringing.open_`, and
    `WrongState` where the complaint is about no institution, or has a case."""
    row = keeping.locked(Complaint, number)
    if row.institution_id is None or row.infringement_id is not None:
        raise WrongState(Saying("这件投诉不是对接入机构的，或者已经立案"))
    concerned = () if row.subject_id is None else (SubjectId(row.subject_id),)
    opened = infringing.open_(
        institution=row.institution_id, origin=Origin.COMPLAINT, facts=facts, concerned=concerned, by=by, now=now
    )
    row.infringement_id = opened.number
    _written(row, Kind.COMPLAINT_TAKEN_UP, by, now)
    return opened.number


def escalate_own(number: int, subject_id: SubjectId, *, why: str, by: PersonId, now: datetime) -> ComplaintView:
    """The business is not content with the answer, or got none in time: it goes to those above the operator.

    Raises `NotFound`, `NotParty`, `TooEarly`, `WrongState`, `WordsInvalid`.
    """
    if not authorisation.acts_for(by, subject_id, now):
        raise NotParty
    complaints.complaint(number, of=subject_id)
    return _escalate(number, why, by, now)


def escalate_by_code(number: int, code: str, *, why: str, now: datetime) -> ComplaintView:
    """The same for whoever has the code."""
    complaints.by_code(number, code)
    return _escalate(number, why, None, now)


@transaction.atomic
def _escalate(number: int, why: str, by: PersonId | None, now: datetime) -> ComplaintView:
    row = keeping.locked(Complaint, number)
    view = complaints.complaint(number, of=OPERATOR)
    if view.state is State.MADE and not view.may_escalate(day_of(now)):
        raise TooEarly(
            Saying("平台的答复期限到 {day}；过了还没有答复，就可以提交检查人员", day=str(view.answer_clock().due))
        )
    _move(row, Act.ESCALATE)
    row.more, row.escalated_at = keeping.words(why), now
    return _written(row, Kind.COMPLAINT_ESCALATED, by, now)


@transaction.atomic
def settle(number: int, *, text: str, by: PersonId, now: datetime) -> ComplaintView:
    """Those above the operator answer. Raises `NotFound`, `NotParty`, `WrongState`, `WordsInvalid`."""
    row = _above(number, by, now)
    _move(row, Act.SETTLE)
    return _ended(row, Kind.COMPLAINT_SETTLED, text, by, now)


@transaction.atomic
def refer(number: int, *, regulator: str, reference: str, text: str, by: PersonId, now: datetime) -> ComplaintView:
    """Those above pass it on to the regulator, under a reference. Raises as `settle`."""
    row = _above(number, by, now)
    _move(row, Act.REFER)
    most = infringing.NAME_MAX
    row.regulator, row.reference = keeping.words(regulator, 2, most), keeping.words(reference, 2, most)
    return _ended(row, Kind.COMPLAINT_REFERRED, text, by, now)


def _above(number: int, by: PersonId, now: datetime) -> Complaint:
    row = keeping.locked(Complaint, number)
    keeping.acting(by, {Role.INSPECTOR}, now)
    if row.escalated_at is None:
        raise NotFound
    return row


def _move(row: Complaint, act: Act) -> None:
    led = after(State(row.state), act)
    if led is None:
        raise WrongState(Saying("它现在是“{state}”", state=STATE_TITLES[State(row.state)]))
    row.state = led


def _ended(row: Complaint, kind: Kind, text: str, by: PersonId, now: datetime) -> ComplaintView:
    row.above, row.ended_by_id, row.ended_at = keeping.words(text), by, now
    return _written(row, kind, by, now)


def _written(row: Complaint, kind: Kind, by: PersonId | None, now: datetime) -> ComplaintView:
    row.save()
    about: dict[str, int | str] = {"about": row.about}
    if row.subject_id is not None:
        about["subject"] = row.subject_id
    keeping.written(row, kind, about, by=by, now=now)
    return complaints.complaint(row.pk, of=OPERATOR)
