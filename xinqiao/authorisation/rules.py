"""May this institution see it? Pure, total and fast: grants are rows, and this is the whole policy over them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from xinqiao.kernel.ids import GrantId, InstitutionId, SubjectId

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")


class State(StrEnum):
    """Where a grant stands at a moment. Revoked and expired are final: a new grant has a new number."""

    NOT_STARTED = "not_started"
    GIVEN = "given"
    REVOKED = "revoked"
    EXPIRED = "expired"


STATE_TITLES: Final = {
    State.NOT_STARTED: "未生效",
    State.GIVEN: "有效",
    State.REVOKED: "已撤回",
    State.EXPIRED: "已到期",
}


class Reason(StrEnum):
    """Why an institution may not see; the names are on the one list of refusals."""

    AGREEMENT_NOT_IN_FORCE = "agreement-not-in-force"
    NO_GRANT = "no-grant"
    PURPOSE_MISMATCH = "purpose-mismatch"
    GRANT_NOT_STARTED = "grant-not-started"
    GRANT_REVOKED = "grant-revoked"
    GRANT_EXPIRED = "grant-expired"
    SCOPE_EXCEEDED = "scope-exceeded"


_BECAUSE: Final = {
    State.NOT_STARTED: Reason.GRANT_NOT_STARTED,
    State.REVOKED: Reason.GRANT_REVOKED,
    State.EXPIRED: Reason.GRANT_EXPIRED,
}


@dataclass(frozen=True, slots=True)
class GrantTerms:
    """What the decision needs to know of one grant. It holds from `starts_at` (included) to `ends_at` (excluded)."""

    id: GrantId
    subject_id: SubjectId
    institution: InstitutionId
    items: frozenset[str]
    purpose: str
    starts_at: datetime
    ends_at: datetime
    revoked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AgreementTerms:
    """The scope of the agreement in force: it bounds every grant."""

    items: frozenset[str]
    purposes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Ask:
    """Who wants to see whom, what for, at which moment.

    `items` None asks for whatever is allowed; `grant` names one grant to be used and no other.
    """

    subject_id: SubjectId
    institution: InstitutionId
    purpose: str
    now: datetime
    items: frozenset[str] | None = None
    grant: GrantId | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What may be seen beyond what is public, and on the strength of which grants."""

    items: frozenset[str]
    grants: tuple[GrantId, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """`grant` is the one that blocked, where there is one the asker is a party to."""

    reason: Reason
    grant: GrantId | None = None


def state(grant: GrantTerms, now: datetime) -> State:
    """A revocation stands whatever the clock says; a grant does not come back to life when a clock is set back."""
    if grant.revoked_at is not None:
        return State.REVOKED
    if now >= grant.ends_at:
        return State.EXPIRED
    return State.GIVEN if now >= grant.starts_at else State.NOT_STARTED


def may_see(ask: Ask, agreement: AgreementTerms | None, grants: Iterable[GrantTerms]) -> Seen | Refused:
    """Whether and what an institution may see, given its agreement in force and the grants there are.

    Several live grants for one purpose add up; nothing goes beyond the agreement. Without any grant of this subject to
    this institution the answer is `NO_GRANT`, exactly as for a subject that does not exist.
    """
    if agreement is None:
        return Refused(Reason.AGREEMENT_NOT_IN_FORCE)
    if ask.purpose not in agreement.purposes:
        return Refused(Reason.PURPOSE_MISMATCH)
    mine = [g for g in grants if _between(g, ask)]
    if not mine:
        return Refused(Reason.NO_GRANT)
    fitting = [g for g in mine if g.purpose == ask.purpose]
    if not fitting:
        return Refused(Reason.PURPOSE_MISMATCH, _newest(mine).id)
    live = [g for g in fitting if state(g, ask.now) is State.GIVEN]
    if not live:
        newest = _newest(fitting)
        return Refused(_BECAUSE[state(newest, ask.now)], newest.id)
    return _within(ask, agreement, live)


def _between(grant: GrantTerms, ask: Ask) -> bool:
    """A grant opens one subject to one institution (个人信息保护法 §23), whoever else knows its number."""
    return (
        grant.subject_id == ask.subject_id
        and grant.institution == ask.institution
        and (ask.grant is None or grant.id == ask.grant)
    )


def _newest(grants: list[GrantTerms]) -> GrantTerms:
    return max(grants, key=lambda g: g.id)


def _within(ask: Ask, agreement: AgreementTerms, live: list[GrantTerms]) -> Seen | Refused:
    items = frozenset[str]().union(*(g.items for g in live)) & agreement.items
    if ask.items is not None and not ask.items <= items:
        return Refused(Reason.SCOPE_EXCEEDED, _newest(live).id)  # refused, never trimmed in silence
    return Seen(items if ask.items is None else ask.items, tuple(sorted(g.id for g in live)))


# ── time ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def day_of(now: datetime) -> date:
    """The business day of an instant."""
    return now.astimezone(SHANGHAI).date()


def end_of(until: date) -> datetime:
    """The first instant a grant until this day no longer holds: the whole day belongs to it."""
    return datetime.combine(until + timedelta(days=1), time(), SHANGHAI)


def last_day(since: date, longest_days: int) -> date:
    """The latest day a grant made on `since` may name, both days counted."""
    return since + timedelta(days=longest_days - 1)
