"""违诺的修复: what was found here is repaired here, by two people of whoever found it (信用修复管理办法, Order 36).

Nothing else is: a finding that came with a delivery is repaired by whoever made it (`repairing`).
"""

from datetime import datetime
from typing import Final

from django.db import transaction

from xinqiao import work
from xinqiao.creditfile import queries as creditfile
from xinqiao.creditfile import standing
from xinqiao.creditfile.queries import Fact
from xinqiao.creditfile.rules import Standing
from xinqiao.disclosure import corrections
from xinqiao.disclosure.corrections import Outcome, Wrong
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import FactId, PersonId, ReceiptNumber, SubjectId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger.events import Kind
from xinqiao.parties import queries as parties
from xinqiao.parties.rules import Role
from xinqiao.rights import breaking, commitment_rows, commitments, committing, keeping
from xinqiao.rights.commitments import CommitmentView
from xinqiao.rights.errors import NotParty, SecondPerson, TooEarly, WrongState
from xinqiao.rights.models import Breach, Commitment
from xinqiao.rights.results import BECAUSE, GROUND
from xinqiao.rights.rules.commitments import Act, Claim

_USABLE: Final = frozenset({Standing.GOOD, Standing.DISPUTED})


@transaction.atomic
def ask(number: int, *, text: str, by: PersonId, now: datetime) -> CommitmentView:
    """The business says what it has put right. Raises as `breaking.answer`, and `TooEarly`."""
    row = breaking.own(number, by, now)
    said = breaking.moved(row, Act.ASK)
    since = commitments.breach_view(said).mend_from
    if since is not None and day_of(now) < since:
        raise TooEarly(Saying("最短展示期还没有满，{day}起可以申请", day=str(since)))
    said.mend_text, said.mend_asked_by_id, said.mend_asked_at = keeping.words(text), by, now
    said.mend_because = ""
    breaking.written(said, row, Kind.BREACH_MEND_ASKED, now)
    return commitments.commitment(number)


def agree(number: int, *, by: PersonId, now: datetime) -> tuple[CommitmentView, list[ReceiptNumber]]:
    """The first of two agrees; with the second the line is repaired, and whoever was told it hears: their receipts.

    Not inside another transaction. Raises `UnknownCommitment`, `NotParty`, `SecondPerson`, `WrongState`.
    """
    with transaction.atomic():
        row = committing.locked(number)
        said = _agreed(row, by, now)
        mended = said.state == Claim.MENDED
        if mended:
            _take_out(row, now)
            work.defer("rights.tell_mended", commitment=number)  # should we not come to it ourselves
        breaking.written(said, row, Kind.BREACH_MENDED if mended else Kind.BREACH_MEND_AGREED, now)
    return commitments.commitment(number), tell_recipients(number, now=now) if mended else []


@transaction.atomic
def refuse(number: int, *, because: str, by: PersonId, now: datetime) -> CommitmentView:
    """It stays as it was found; the business may ask anew. Raises as `agree`, and `WordsInvalid`."""
    row = committing.locked(number)
    said = breaking.moved(row, Act.REFUSE)
    _refuse_strangers(said, by, now)
    said.mend_because, said.mend_agreed_by_id = keeping.words(because), None
    breaking.written(said, row, Kind.BREACH_MEND_REFUSED, now)
    return commitments.commitment(number)


@transaction.atomic
def tell_recipients(number: int, *, now: datetime) -> list[ReceiptNumber]:
    """Tell whoever was told the broken line and has not heard yet; called again it tells nobody twice."""
    view = commitments.commitment(number)
    if view.breach is None or view.breach.state is not Claim.MENDED:
        raise WrongState(Saying("修复以后才通知"))
    line = _line(view)
    if line is None:
        return []
    said = Wrong(SubjectId(view.subject_id), (line.id,), Outcome.REPAIRED, "repair", GROUND)
    return corrections.tell_recipients(said, now=now)


def _agreed(row: Commitment, by: PersonId, now: datetime) -> Breach:
    first = Breach.objects.filter(commitment=row, state=Claim.AGREED).exists()
    said = breaking.moved(row, Act.CONFIRM if first else Act.AGREE)
    _refuse_strangers(said, by, now)
    if not first:
        said.mend_agreed_by_id = by
    elif said.mend_agreed_by_id == by:
        raise SecondPerson(Saying("同意修复的要是两个人"))
    else:
        said.mended_by_id, said.mended_at = by, now
    return said


def _refuse_strangers(said: Breach, by: PersonId, now: datetime) -> None:
    """Who found it decides on its repair: people of that department, or operators."""
    role, organisation = (Role.PROVIDER, said.decided_for) if said.decided_for else (Role.OPERATOR, "")
    if parties.acting(by, role, organisation, now) is None:
        raise NotParty


def _take_out(row: Commitment, now: datetime) -> None:
    line = _line(commitments.commitment(row.pk))
    if line is None or row.unwritten:
        raise WrongState(Saying("认定还没有写进档案，过一会儿再办"))
    if line.standing in _USABLE:
        standing.mark(FactId(line.id), Standing.REPAIRED, because=BECAUSE, by="platform", now=now)


def _line(view: CommitmentView) -> Fact | None:
    """Its line in the file: the one we wrote ourselves, under its reference."""
    found = creditfile.facts_of(view.subject_id, items=(commitment_rows.ITEM,))
    ours = (one for one in found if one.provider == commitment_rows.SOURCE)
    return next((one for one in ours if one.values.get("commitment_no") == view.reference), None)
