"""查处侵权: a case is opened, the institution heard, its access suspended where harm goes on, the case decided by two,
and referred to the regulator or closed with reasons."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction

from xinqiao.disclosure import queries as disclosure
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import PersonId, ReceiptNumber, SubjectId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of
from xinqiao.oversight import infringements, keeping
from xinqiao.oversight.errors import EvidenceMismatch, SecondPerson, TooEarly, WordsInvalid, WrongState
from xinqiao.oversight.infringements import InfringementView
from xinqiao.oversight.models import Concerned, Infringement
from xinqiao.oversight.rules.infringements import (
    STATE_TITLES,
    Act,
    Finding,
    Origin,
    State,
    after,
    confirmed,
)
from xinqiao.parties import queries as parties
from xinqiao.parties import suspending
from xinqiao.parties.rules import Role

MOST_RECEIPTS = 200  # of one case: more belong into its words
NAME_MAX = 100


@transaction.atomic
def open_(
    *,
    institution: str,
    origin: Origin,
    facts: str,
    receipts: Collection[ReceiptNumber] = (),
    concerned: Collection[SubjectId] = (),
    by: PersonId,
    now: datetime,
) -> InfringementView:
    """Open a case against an institution; its clocks run from here, and it reads the facts.

    `receipts` are the looks it is about, `concerned` businesses it is about besides. An inspector's own finding is
    opened by an inspector, all else by an operator. Raises `NotParty`, `UnknownInstitution`, `WordsInvalid`,
    `EvidenceMismatch` for a receipt of nothing that this institution asked.
    """
    keeping.acting(by, {Role.INSPECTOR if origin is Origin.INSPECTOR else Role.OPERATOR}, now)
    named = parties.institution(institution).id
    if len(receipts) > MOST_RECEIPTS:
        raise EvidenceMismatch(Saying("一件最多列 {most} 份回执", most=MOST_RECEIPTS))
    looks = disclosure.looks_under(sorted(set(receipts)))
    if {look.number for look in looks if look.institution == named} != set(receipts):
        raise EvidenceMismatch(Saying("其中有回执不是这家机构的"))
    row = Infringement(institution_id=named, origin=origin, facts=keeping.words(facts), state=State.OPENED)
    row.opened_by_id, row.opened_at = by, now
    row.save()
    whose: list[tuple[SubjectId, int | None]] = [(look.subject_id, look.number) for look in reversed(looks)]
    whose += [(subject, None) for subject in concerned if subject not in {known for known, _ in whose}]
    beside = [Concerned.objects.create(infringement=row, subject_id=one, receipt=receipt) for one, receipt in whose]
    keeping.written(row, Kind.INFRINGEMENT_OPENED, _about(row), by=by, now=now, beside=list(map(state_of, beside)))
    return infringements.infringement(row.pk)


@transaction.atomic
def answer(number: int, *, text: str, by: PersonId, now: datetime) -> InfringementView:
    """What the institution says of it, once. Raises `NotFound`, `NotParty`, `WrongState`, `WordsInvalid`."""
    row = keeping.locked(Infringement, number)
    keeping.acting(by, {Role.OFFICER}, now, row.institution_id)
    if row.answered_at is not None:
        raise WrongState(Saying("机构已经说明过"))
    _move(row, Act.ANSWER)
    row.answer, row.answered_by_id, row.answered_at = keeping.words(text), by, now
    return _written(row, Kind.INFRINGEMENT_ANSWERED, by, now)


@transaction.atomic
def suspend(number: int, *, until: date | None = None, by: PersonId, now: datetime) -> InfringementView:
    """Stop the institution's access in this case, with this commit; taken up again as any suspension is.

    Raises `NotFound`, `NotParty`, `WrongState`, `AlreadySuspended`, `ScopeInvalid`.
    """
    row = keeping.locked(Infringement, number)
    keeping.acting(by, {Role.OPERATOR}, now)
    _move(row, Act.SUSPEND)
    ground = f"{infringements.infringement(number).reference}：{row.facts}"[: suspending.REASON_MAX]
    row.suspension_id = suspending.suspend(
        row.institution_id, ground=ground, until=until, by=by, today=day_of(now), now=now
    ).id
    return _written(row, Kind.INFRINGEMENT_SUSPENDED, by, now)


@transaction.atomic
def propose(number: int, *, finding: str, because: str, by: PersonId, now: datetime) -> InfringementView:
    """Say what it comes to; it holds once another operator has confirmed it.

    Raises `NotFound`, `NotParty`, `WrongState`, `WordsInvalid`, and `TooEarly` for a finding against an institution
    that may still answer and has not.
    """
    row = keeping.locked(Infringement, number)
    keeping.acting(by, {Role.OPERATOR}, now)
    if finding not in set(Finding):
        raise WordsInvalid(Saying("请选择是不是侵权"))
    view = infringements.infringement(number)
    _move(row, Act.PROPOSE)
    if Finding(finding) is Finding.INFRINGED and not view.heard(day_of(now)):
        raise TooEarly(Saying("机构还没有说明；{day}过后才能认定", day=str(view.answer_clock().due)))
    row.finding, row.because, row.turned_back = Finding(finding), keeping.words(because), ""
    row.proposed_by_id, row.proposed_at = by, now
    return _written(row, Kind.INFRINGEMENT_PROPOSED, by, now)


@transaction.atomic
def turn_back(number: int, *, because: str, by: PersonId, now: datetime) -> InfringementView:
    """The proposal does not hold: the case is open again. Who proposed may do it too. Raises as `confirm`."""
    row = keeping.locked(Infringement, number)
    keeping.acting(by, {Role.OPERATOR}, now)
    _move(row, Act.TURN_BACK)
    row.finding, row.turned_back = "", keeping.words(because)
    return _written(row, Kind.INFRINGEMENT_TURNED_BACK, by, now)


@transaction.atomic
def confirm(number: int, *, by: PersonId, now: datetime) -> InfringementView:
    """The second person agrees: the finding holds. Where there was no infringement, the suspension of this case ends.

    Raises `NotFound`, `NotParty`, `SecondPerson`, `WrongState`, `WordsInvalid`.
    """
    row = keeping.locked(Infringement, number)
    keeping.acting(by, {Role.OPERATOR}, now)
    if row.proposed_by_id == by:
        raise SecondPerson(Saying("提出意见的人不能自己复核"))
    if row.state != State.PROPOSED:
        raise WrongState(Saying("它现在是“{state}”", state=STATE_TITLES[State(row.state)]))
    act = confirmed(Finding(row.finding))
    _move(row, act)
    row.decided_by_id, row.decided_at = by, now
    if act is Act.ESTABLISH:
        return _written(row, Kind.INFRINGEMENT_ESTABLISHED, by, now)
    row.ended_by_id, row.ended_at = by, now
    _lift(row, by, now)
    return _written(row, Kind.INFRINGEMENT_DISMISSED, by, now)


@transaction.atomic
def refer(
    number: int, *, regulator: str, reference: str, outcome: str, by: PersonId, now: datetime
) -> InfringementView:
    """移送: the regulator has it under a reference; the suspension stands. Raises as `confirm`, but `SecondPerson`."""
    row = keeping.locked(Infringement, number)
    keeping.acting(by, {Role.OPERATOR}, now)
    _move(row, Act.REFER)
    row.regulator, row.reference = keeping.words(regulator, 2, NAME_MAX), keeping.words(reference, 2, NAME_MAX)
    return _ended(row, Kind.INFRINGEMENT_REFERRED, outcome, by, now)


@transaction.atomic
def close(number: int, *, outcome: str, by: PersonId, now: datetime) -> InfringementView:
    """Ended here, with reasons: what the institution has mended, what it still has to. Raises as `refer`."""
    row = keeping.locked(Infringement, number)
    keeping.acting(by, {Role.OPERATOR}, now)
    _move(row, Act.CLOSE)
    return _ended(row, Kind.INFRINGEMENT_CLOSED, outcome, by, now)


def _move(row: Infringement, act: Act) -> None:
    led = after(State(row.state), act)
    if led is None:
        raise WrongState(Saying("它现在是“{state}”", state=STATE_TITLES[State(row.state)]))
    row.state = led


def _lift(row: Infringement, by: PersonId, now: datetime) -> None:
    """Two have decided; of the two, one who did not suspend takes access up again."""
    today = day_of(now)
    standing = parties.suspension_of(row.institution_id, today)
    if standing is None or standing.id != row.suspension_id:
        return
    two = (one for one in (by, row.proposed_by_id) if one is not None and one != standing.suspended_by)
    other = next((PersonId(one) for one in two if parties.acts_as(PersonId(one), Role.OPERATOR, "", now)), None)
    if other is not None:  # else a colleague does, on the institution's page
        because = row.because[: suspending.REASON_MAX]
        suspending.resume(row.institution_id, because=because, by=other, today=today, now=now)


def _ended(row: Infringement, kind: Kind, outcome: str, by: PersonId, now: datetime) -> InfringementView:
    row.outcome, row.ended_by_id, row.ended_at = keeping.words(outcome), by, now
    return _written(row, kind, by, now)


def _written(row: Infringement, kind: Kind, by: PersonId, now: datetime) -> InfringementView:
    keeping.written(row, kind, _about(row), by=by, now=now)
    return infringements.infringement(row.pk)


def _about(row: Infringement) -> dict[str, int | str]:
    return {"institution": row.institution_id}
