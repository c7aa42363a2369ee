"""Reading commitments: a business its own, a department those made to it, operators all, and what somebody must do."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db.models import Q, QuerySet

from xinqiao import catalogue
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import PersonId, SubjectId
from xinqiao.parties.rules import Role, Scope
from xinqiao.rights.errors import UnknownCommitment
from xinqiao.rights.models import Breach, Commitment
from xinqiao.rights.queries import LARGEST
from xinqiao.rights.rules.commitments import OPEN, Claim, State, answer_clock, may_establish, mend_from
from xinqiao.rights.rules.objections import Clock

PAGE: Final = 50
_ALL: Final = frozenset({Role.OPERATOR, Role.INSPECTOR})


@dataclass(frozen=True, slots=True)
class BreachView:
    """`proposed_for` and `decided_for` are sources, "" for the platform."""

    number: int
    state: Claim
    facts: str
    evidence: str
    proposed_for: str
    proposed_by: PersonId
    proposed_at: datetime
    answer: str
    answered_at: datetime | None
    because: str
    decided_for: str
    decided_at: datetime | None
    mend_text: str
    mend_because: str
    mend_agreed_by: PersonId | None
    mended_at: datetime | None

    def clock(self) -> Clock:
        """Until when the business may answer."""
        city, answered = catalogue.city(), None if self.answered_at is None else day_of(self.answered_at)
        return answer_clock(day_of(self.proposed_at), answered, city.clocks, city.calendar)

    def may_be_established(self, today: date) -> bool:
        answered = self.answered_at is not None
        return may_establish(day_of(self.proposed_at), today, answered=answered, clock=self.clock())

    @property
    def mend_from(self) -> date | None:
        """From when repair may be asked for; None before it was established."""
        return None if self.decided_at is None else mend_from(day_of(self.decided_at), catalogue.city().clocks)


@dataclass(frozen=True, slots=True)
class CommitmentView:
    """`made_to` is a source, "" for the platform; `breach` what is said of it, unless dismissed."""

    number: int
    subject_id: SubjectId
    promise: str
    kind: str
    title: str
    text: str
    made_to: str
    published: bool
    signed_by: PersonId
    signed_at: datetime
    due_on: date | None
    until: date
    state: State
    ended_at: datetime | None
    breach: BreachView | None

    @property
    def reference(self) -> str:
        """P-20261123-000007: the day it was signed in the city, and its number; in the file it is the 承诺编号."""
        return f"P-{day_of(self.signed_at):%Y%m%d}-{self.number:06d}"

    @property
    def takes_papers(self) -> bool:
        """While there is something to show: against a claim, or for a repair."""
        return self.breach is not None and self.breach.state in {Claim.PROPOSED, Claim.ESTABLISHED, Claim.MENDING}

    def waits(self, today: date) -> bool:
        """Whether whom it was made to has to do something: look whether it was kept, decide, repair."""
        due = self.state is State.IN_FORCE and self.due_on is not None and self.due_on < today
        return due or (self.breach is not None and self.breach.state in OPEN)


def commitment(number: int, *, of: SubjectId | Scope | None = None) -> CommitmentView:
    """One commitment; `of` limits it as above. Raises `UnknownCommitment`."""
    rows = Commitment.objects.filter(pk=number) if 0 < number <= LARGEST else Commitment.objects.none()
    found = _views(_within(rows, of))
    if not found:
        raise UnknownCommitment
    return found[0]


def commitments_of(subject_id: SubjectId) -> list[CommitmentView]:
    """The newest first."""
    return _views(Commitment.objects.filter(subject_id=subject_id).order_by("-id"))


def in_force(subject_id: SubjectId, promise: str) -> CommitmentView | None:
    rows = Commitment.objects.filter(subject_id=subject_id, promise=promise, state=State.IN_FORCE)
    return next(iter(_views(rows)), None)


def waiting(scope: Scope, today: date) -> list[CommitmentView]:
    """Those a department or an operator has to do something about, the oldest first."""
    claimed = Breach.objects.filter(state__in=sorted(map(str, OPEN))).values("commitment_id")
    due = Q(state=State.IN_FORCE, due_on__lt=today) | Q(pk__in=claimed)
    return _views(_within(Commitment.objects.filter(due), scope).order_by("id")[:PAGE])


def newest(scope: Scope, page: int = 1) -> list[CommitmentView]:
    start = (max(page, 1) - 1) * PAGE
    return _views(_within(Commitment.objects.all(), scope).order_by("-id")[start : start + PAGE])


def _within(rows: QuerySet[Commitment], of: SubjectId | Scope | None) -> QuerySet[Commitment]:
    match of:
        case None:
            return rows
        case Scope():
            if of.role in _ALL:
                return rows
            return rows.filter(made_to=of.source) if of.source else rows.none()
        case subject_id:
            return rows.filter(subject_id=subject_id)


def _views(rows: Iterable[Commitment]) -> list[CommitmentView]:
    found = list(rows)
    claims = Breach.objects.filter(commitment_id__in=[row.pk for row in found]).exclude(state=Claim.DISMISSED)
    breaches = {row.commitment_id: breach_view(row) for row in claims}
    return [_view(row, breaches.get(row.pk)) for row in found]


def _view(row: Commitment, breach: BreachView | None) -> CommitmentView:
    return CommitmentView(
        number=row.pk,
        subject_id=SubjectId(row.subject_id),
        promise=row.promise,
        kind=row.kind,
        title=row.title,
        text=row.text,
        made_to=row.made_to,
        published=row.published,
        signed_by=PersonId(row.signed_by_id),
        signed_at=row.signed_at,
        due_on=row.due_on,
        until=row.until,
        state=State(row.state),
        ended_at=row.ended_at,
        breach=breach,
    )


def breach_view(row: Breach) -> BreachView:
    return BreachView(
        number=row.pk,
        state=Claim(row.state),
        facts=row.facts,
        evidence=row.evidence,
        proposed_for=row.proposed_for,
        proposed_by=PersonId(row.proposed_by_id),
        proposed_at=row.proposed_at,
        answer=row.answer,
        answered_at=row.answered_at,
        because=row.because,
        decided_for=row.decided_for,
        decided_at=row.decided_at,
        mend_text=row.mend_text,
        mend_because=row.mend_because,
        mend_agreed_by=None if row.mend_agreed_by_id is None else PersonId(row.mend_agreed_by_id),
        mended_at=row.mended_at,
    )
