"""信用承诺: a business commits itself on line; whom it was made to says it was kept, or its term ends it.

What is signed is the text as it was read: a form that was changed meanwhile is read again.
"""

from datetime import datetime, timedelta

from django.db import connection, transaction

from xinqiao import work
from xinqiao.authorisation import queries as authorisation
from xinqiao.authorisation.capacities import May
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import PersonId, SubjectId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of
from xinqiao.parties import queries as parties
from xinqiao.parties.rules import Role
from xinqiao.rights import commitments
from xinqiao.rights.commitments import CommitmentView
from xinqiao.rights.errors import NotParty, PromiseChanged, SignerNotAuthorised, UnknownCommitment, WrongState
from xinqiao.rights.models import Breach, Commitment
from xinqiao.rights.promises import Promise, promises
from xinqiao.rights.queries import LARGEST
from xinqiao.rights.rules.commitments import STATE_TITLES, Claim, State, term_ends


@transaction.atomic
def sign(*, subject_id: SubjectId, promise: str, version: str, by: PersonId, now: datetime) -> CommitmentView:
    """Commit the business. The same form while it is in force is the same commitment.

    `version` is that of the text that was read. Raises `UnknownCommitment`, `SignerNotAuthorised`, `PromiseChanged`.
    """
    form = promises().get(promise)
    if form is None:
        raise UnknownCommitment
    if not authorisation.acts_for(by, subject_id, now, May.SPEAK):
        raise SignerNotAuthorised
    if form.version != version:
        raise PromiseChanged
    with connection.cursor() as cursor:  # a button pressed twice is one commitment
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"rights:commit:{subject_id}"])
    if (earlier := commitments.in_force(subject_id, promise)) is not None:
        return earlier
    row = _signed(form, subject_id, by, now)
    written(row, Kind.COMMITMENT_SIGNED, now)
    return commitments.commitment(row.pk)


def _signed(form: Promise, subject_id: SubjectId, by: PersonId, now: datetime) -> Commitment:
    today = day_of(now)
    return Commitment(
        subject_id=subject_id,
        promise=form.commitment,
        version=form.version,
        kind=form.kind,
        title=form.title,
        text=form.text,
        made_to=form.to or "",
        published=form.published,
        signed_by_id=by,
        signed_at=now,
        due_on=None if form.due_days is None else today + timedelta(days=form.due_days),
        until=term_ends(today, form.months),
        state=State.IN_FORCE,
    )


@transaction.atomic
def keep(number: int, *, by: PersonId, now: datetime) -> CommitmentView:
    """Whom it was made to has looked: what was due was done. Raises `UnknownCommitment`, `NotParty`, `WrongState`."""
    row = locked(number)
    capacity(row, by, now)
    if row.due_on is None:
        raise WrongState(Saying("这件承诺有效期内一直要履行，期满自然结束"))
    refuse_unless_in_force(row)
    _end(row, State.KEPT, now, by)
    written(row, Kind.COMMITMENT_KEPT, now)
    return commitments.commitment(number)


def end_due(now: datetime) -> int:
    """End every commitment whose term is over; returns how many. Outside transactions; run nightly.

    One that somebody says was broken waits for that to be decided.
    """
    over = Commitment.objects.filter(state=State.IN_FORCE, until__lt=day_of(now)).order_by("id")
    return sum(_ended(number, now) for number in over.values_list("id", flat=True))


@transaction.atomic
def _ended(number: int, now: datetime) -> bool:
    row = locked(number)
    if row.state != State.IN_FORCE or claimed(row):
        return False
    _end(row, State.ENDED, now, None)
    written(row, Kind.COMMITMENT_ENDED, now)
    return True


def _end(row: Commitment, state: State, now: datetime, by: PersonId | None) -> None:
    row.state, row.ended_at, row.ended_by_id, row.unwritten = state, now, by, True


def claimed(row: Commitment) -> bool:
    return Breach.objects.filter(commitment=row, state=Claim.PROPOSED).exists()


def refuse_unless_in_force(row: Commitment) -> None:
    """Raises `WrongState` where it has ended, or somebody says it was broken."""
    if row.state != State.IN_FORCE:
        raise WrongState(Saying("它现在是“{state}”", state=STATE_TITLES[State(row.state)]))
    if claimed(row):
        raise WrongState(Saying("已经有人提出违诺，先办完那一件"))


def locked(number: int) -> Commitment:
    """The commitment, for this transaction alone. Raises `UnknownCommitment`."""
    rows = Commitment.objects.select_for_update(of=("self",))
    row = rows.filter(pk=number).first() if 0 < number <= LARGEST else None
    if row is None:
        raise UnknownCommitment
    return row


def capacity(row: Commitment, by: PersonId, now: datetime) -> str:
    """In whose name the person acts on it: the source it was made to, else "" for the platform. Raises `NotParty`."""
    if row.made_to and parties.acting(by, Role.PROVIDER, row.made_to, now) is not None:
        return row.made_to
    if parties.acting(by, Role.OPERATOR, "", now) is None:
        raise NotParty
    return ""


def written(row: Commitment, kind: Kind, now: datetime) -> None:
    """Save it as it stands, say so in the log, and have the file say so too."""
    row.save()
    log.append(kind, now=now, about={"commitment": row.pk, "subject": row.subject_id}, rows=[state_of(row)])
    have_it_written()


def have_it_written() -> None:
    """With this commit; many at once are one file."""
    work.defer("rights.write_down", once="all")
