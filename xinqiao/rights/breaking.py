"""违诺: one person says a commitment was broken, the business answers, a second person decides.

The business may answer while nobody has decided; nobody decides for the breach before it has, or its days are over.
"""

from datetime import datetime

from django.db import transaction

from xinqiao.authorisation import queries as authorisation
from xinqiao.authorisation.capacities import May
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import PersonId, SubjectId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind
from xinqiao.ledger.log import RowState
from xinqiao.ledger.model_rows import state_of
from xinqiao.rights import commitments, committing, keeping
from xinqiao.rights.commitments import CommitmentView
from xinqiao.rights.errors import SecondPerson, SignerNotAuthorised, TooEarly, WordsInvalid, WrongState
from xinqiao.rights.models import Breach, Commitment
from xinqiao.rights.rules.commitments import CLAIM_TITLES, Act, Claim, State, after

_EVIDENCE = range(2, 201)  # characters: a document's number, what it is called, where it lies


@transaction.atomic
def propose(number: int, *, facts: str, evidence: str, by: PersonId, now: datetime) -> CommitmentView:
    """Say that it was broken, by which facts, and where the evidence lies. Nothing changes for others yet.

    Raises `UnknownCommitment`, `NotParty`, `WordsInvalid`, `WrongState`.
    """
    row = committing.locked(number)
    name = committing.capacity(row, by, now)
    committing.refuse_unless_in_force(row)
    if len(evidence.strip()) not in _EVIDENCE:
        raise WordsInvalid(Saying("请写明证据的名称或者文书号"))
    said = Breach(commitment=row, state=Claim.PROPOSED, facts=keeping.words(facts), evidence=evidence.strip())
    said.proposed_for, said.proposed_by_id, said.proposed_at = name, by, now
    written(said, row, Kind.BREACH_PROPOSED, now)
    return commitments.commitment(number)


@transaction.atomic
def answer(number: int, *, text: str, by: PersonId, now: datetime) -> CommitmentView:
    """What the business says of it. Raises `UnknownCommitment`, `SignerNotAuthorised`, `WrongState`, `WordsInvalid`."""
    row = own(number, by, now)
    said = moved(row, Act.ANSWER)
    said.answer, said.answered_by_id, said.answered_at = keeping.words(text), by, now
    written(said, row, Kind.BREACH_ANSWERED, now)
    return commitments.commitment(number)


@transaction.atomic
def dismiss(number: int, *, because: str, by: PersonId, now: datetime) -> CommitmentView:
    """It was not broken: it goes on as if nobody had said so. Raises as `establish`, but no `TooEarly`."""
    row, said = _decided(number, Act.DISMISS, because, by, now)
    written(said, row, Kind.BREACH_DISMISSED, now)
    return commitments.commitment(number)


@transaction.atomic
def establish(number: int, *, because: str, by: PersonId, now: datetime) -> CommitmentView:
    """It was broken; the file says so from now on. By somebody else than who proposed it.

    Raises `UnknownCommitment`, `NotParty`, `SecondPerson`, `WrongState`, `WordsInvalid`, and `TooEarly` while the
    business may still answer and has not.
    """
    row, said = _decided(number, Act.ESTABLISH, because, by, now)
    claim = commitments.breach_view(said)
    if not claim.may_be_established(day_of(now)):
        raise TooEarly(Saying("企业还没有说明；{day}过后才能认定", day=str(claim.clock().due)))
    row.state, row.ended_by_id, row.ended_at, row.unwritten = State.BROKEN, by, now, True
    row.save()
    written(said, row, Kind.BREACH_ESTABLISHED, now, state_of(row))
    committing.have_it_written()
    return commitments.commitment(number)


def _decided(number: int, act: Act, because: str, by: PersonId, now: datetime) -> tuple[Commitment, Breach]:
    row = committing.locked(number)
    name = committing.capacity(row, by, now)
    said = moved(row, act)
    if said.proposed_by_id == by:
        raise SecondPerson(Saying("提出违诺的人不能自己认定"))
    said.because, said.decided_for, said.decided_by_id, said.decided_at = keeping.words(because), name, by, now
    return row, said


def own(number: int, by: PersonId, now: datetime) -> Commitment:
    """The business's own, locked. Raises `UnknownCommitment`, `SignerNotAuthorised`."""
    row = committing.locked(number)
    if not authorisation.acts_for(by, SubjectId(row.subject_id), now, May.SPEAK):
        raise SignerNotAuthorised
    return row


def moved(row: Commitment, act: Act) -> Breach:
    """The claim on a locked commitment, moved on. Raises `WrongState` where there is none or it does not lead there."""
    said = Breach.objects.select_for_update().filter(commitment=row).exclude(state=Claim.DISMISSED).first()
    if said is None:
        raise WrongState(Saying("没有人提出违诺"))
    led = after(Claim(said.state), act)
    if led is None:
        raise WrongState(Saying("它现在是“{state}”", state=CLAIM_TITLES[Claim(said.state)]))
    said.state = led
    return said


def written(said: Breach, row: Commitment, kind: Kind, now: datetime, *beside: RowState) -> None:
    said.save()
    about = {"breach": said.pk, "commitment": row.pk, "subject": row.subject_id}
    log.append(kind, now=now, about=about, rows=[state_of(said), *beside])
