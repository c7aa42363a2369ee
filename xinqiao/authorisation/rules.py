"""May this institution see it? Pure, total and fast: grants are rows, and this is the whole policy over them.

A grant has four clocks of its own: how long it holds, from which days its data may be, how long what was told may be
kept, and how often it may be used. Another bounds none of the others.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from xinqiao.kernel.ids import CaseId, ConsentId, GrantId, InstitutionId, SubjectId


class State(StrEnum):
    """Where a grant stands at a moment. What is `FINAL` never comes back: a new grant has a new number."""

    ASKED = "asked"
    PREPARED = "prepared"
    NOT_STARTED = "not_started"
    GIVEN = "given"
    PAUSED = "paused"
    RESUMED = "resumed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"  # a question that its asker took back
    REVOKED = "revoked"
    EXPIRED = "expired"
    EXHAUSTED = "exhausted"


LIVE: Final = frozenset({State.GIVEN, State.RESUMED})
FINAL: Final = frozenset({State.DECLINED, State.WITHDRAWN, State.REVOKED, State.EXPIRED, State.EXHAUSTED})
STATE_TITLES: Final = {
    State.ASKED: "待答复",
    State.PREPARED: "待第二人确认",
    State.NOT_STARTED: "未生效",
    State.GIVEN: "有效",
    State.PAUSED: "已暂停",
    State.RESUMED: "已恢复",
    State.DECLINED: "没有同意",
    State.WITHDRAWN: "不再询问",
    State.REVOKED: "已撤回",
    State.EXPIRED: "已到期",
    State.EXHAUSTED: "已用完",
}


class Fetch(StrEnum):
    """调取方式: once; again and again; or to keep an eye on (持续关注), for as long as the grant holds."""

    ONCE = "once"
    PERIODIC = "periodic"
    MONITORING = "monitoring"


class Reason(StrEnum):
    """Why an institution may not see; the names are on the one list of refusals."""

    AGREEMENT_NOT_IN_FORCE = "agreement-not-in-force"
    NO_GRANT = "no-grant"
    PURPOSE_MISMATCH = "purpose-mismatch"
    GRANT_NOT_STARTED = "grant-not-started"
    GRANT_PAUSED = "grant-paused"
    GRANT_REVOKED = "grant-revoked"
    GRANT_EXPIRED = "grant-expired"
    GRANT_EXHAUSTED = "grant-exhausted"
    CASE_CLOSED = "case-closed"
    SCOPE_EXCEEDED = "scope-exceeded"
    RANGE_EXCEEDED = "range-exceeded"
    FREQUENCY_EXHAUSTED = "frequency-exhausted"


_BECAUSE: Final = {
    State.NOT_STARTED: Reason.GRANT_NOT_STARTED,
    State.PAUSED: Reason.GRANT_PAUSED,
    State.REVOKED: Reason.GRANT_REVOKED,
    State.EXPIRED: Reason.GRANT_EXPIRED,
    State.EXHAUSTED: Reason.GRANT_EXHAUSTED,
}


@dataclass(frozen=True, slots=True)
class Range:
    """数据时间范围: business days, both included; None is without end on that side."""

    since: date | None = None
    until: date | None = None

    def exceeds(self, other: "Range") -> bool:
        """Whether a day is named here that lies outside the other, on whichever side."""
        named = [day for day in (self.since, self.until) if day is not None]
        return any(
            (other.since is not None and day < other.since) or (other.until is not None and day > other.until)
            for day in named
        )

    def inside(self, other: "Range") -> "Range":
        """The same days, with the other's bound on a side where none is named."""
        return Range(self.since or other.since, self.until or other.until)

    def touches(self, since: date | None, until: date | None) -> bool:
        """Whether something that lasted from one day to another, both included, was going on inside the range."""
        begins_in_time = since is None or self.until is None or since <= self.until
        return begins_in_time and (until is None or self.since is None or until >= self.since)


EVER: Final = Range()


@dataclass(frozen=True, slots=True)
class Frequency:
    """At most `most` uses in any `days` times 24 hours."""

    most: int
    days: int


@dataclass(frozen=True, slots=True)
class Used:
    """How often a grant was used: altogether, and within its frequency's window up to now."""

    total: int = 0
    lately: int = 0


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
    fetch: Fetch = Fetch.PERIODIC
    range: Range = EVER
    keep_days: int | None = None
    frequency: Frequency | None = None
    most_uses: int | None = None
    asked: bool = False  # by the institution, or drawn up by one person of two, and not given yet
    prepared: bool = False  # by one person; another has to confirm
    declined: bool = False
    paused: bool = False
    resumed: bool = False
    revoked_at: datetime | None = None
    case: CaseId | None = None
    case_closed: bool = False
    used: Used = Used()
    written: frozenset[str] = frozenset()  # items that a natural person has consented to separately (条例 §46)


@dataclass(frozen=True, slots=True)
class ConsentTerms:
    """What the decision needs to know of one natural person's consent. It opens hers within one grant, by clocks of its
    own; `mark` is the keyed mark of her document's number."""

    id: ConsentId
    grant: GrantId
    items: frozenset[str]
    mark: bytes
    starts_at: datetime
    ends_at: datetime
    range: Range = EVER
    keep_days: int | None = None
    frequency: Frequency | None = None
    most_uses: int | None = None
    asked: bool = False
    declined: bool = False
    withdrawn: bool = False
    revoked_at: datetime | None = None
    used: Used = Used()


@dataclass(frozen=True, slots=True)
class AgreementTerms:
    """The scope of the agreement in force: it bounds every grant."""

    items: frozenset[str]
    purposes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Ask:
    """Who wants to see whom, what for, at which moment.

    `items` None asks for whatever is allowed; a side of `range` that names no day is the grant's own; `grant` names one
    grant to be used and no other; `watch` asks to be told of changes from now on. `written` are the items that this
    subject, being a natural person, opens by a separate consent only.
    """

    subject_id: SubjectId
    institution: InstitutionId
    purpose: str
    now: datetime
    items: frozenset[str] | None = None
    grant: GrantId | None = None
    range: Range = EVER
    watch: bool = False
    written: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Seen:
    """What may be seen beyond what is public, from which days, on the strength of which grants, and kept how long.

    `withheld` are items a grant names that need a natural person's separate consent and have none; `consents` are those
    of the persons who stand in the file.
    """

    items: frozenset[str]
    grants: tuple[GrantId, ...]
    ranges: Mapping[str, Range] = field(default_factory=dict)
    keep_days: int | None = None
    withheld: frozenset[str] = frozenset()
    consents: tuple[ConsentTerms, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """`grant` is the one that blocked, where there is one the asker is a party to."""

    reason: Reason
    grant: GrantId | None = None


def state(grant: GrantTerms, now: datetime) -> State:
    """A revocation stands whatever the clock says; a grant does not come back to life when a clock is set back."""
    if (ended := _ended(grant, now)) is not None:
        return ended
    if grant.asked:
        return State.PREPARED if grant.prepared else State.ASKED
    if grant.paused:
        return State.PAUSED
    if now < grant.starts_at:
        return State.NOT_STARTED
    return State.RESUMED if grant.resumed else State.GIVEN


def consent_state(consent: ConsentTerms, now: datetime) -> State:
    """Where a person's consent stands: as a grant does, but that it is not paused; what is asked before her answer."""
    if consent.withdrawn:
        return State.WITHDRAWN
    if (ended := _ended(consent, now)) is not None:
        return ended
    if consent.asked:
        return State.ASKED
    return State.NOT_STARTED if now < consent.starts_at else State.GIVEN


def opening(consents: Iterable[ConsentTerms], ask: Ask, seen: Seen) -> Seen:
    """What is seen, with the consents that open a person's particulars in it: each within the grant it was given for.

    The strictest term of keeping holds for the whole answer, the days asked about for hers as well.
    """
    using = [one for one in consents if one.grant in seen.grants and _opens(one, ask)]
    kept = [days for days in (seen.keep_days, *(one.keep_days for one in using)) if days is not None]
    return replace(seen, consents=tuple(using), keep_days=min(kept, default=None))


def _opens(consent: ConsentTerms, ask: Ask) -> bool:
    often = consent.frequency
    return consent_state(consent, ask.now) in LIVE and (often is None or consent.used.lately < often.most)


def _ended(grant: GrantTerms | ConsentTerms, now: datetime) -> State | None:
    if grant.revoked_at is not None:
        return State.REVOKED
    if grant.declined:
        return State.DECLINED
    if grant.most_uses is not None and grant.used.total >= grant.most_uses:
        return State.EXHAUSTED  # before its end as well: what was used up does not turn into something else later
    return State.EXPIRED if now >= grant.ends_at else None


def may_see(ask: Ask, agreement: AgreementTerms | None, grants: Iterable[GrantTerms]) -> Seen | Refused:
    """Whether and what an institution may see, given its agreement in force and the grants there are.

    Several live grants for one purpose add up; nothing goes beyond the agreement. Without any grant of this subject to
    this institution the answer is `NO_GRANT`, exactly as for a subject that does not exist.
    """
    if agreement is None or ask.purpose not in agreement.purposes:
        return _outside(agreement)
    mine = [g for g in grants if _between(g, ask)]
    if not mine:
        return Refused(Reason.NO_GRANT)
    fitting = [g for g in mine if g.purpose == ask.purpose]
    if not fitting:
        return Refused(Reason.PURPOSE_MISMATCH, _newest(mine).id)
    open_now = [g for g in fitting if closed_by(g, ask) is None]
    if not open_now:
        return _blocked(_newest(fitting), ask)
    return _within(ask, agreement, open_now, fitting)


def may_see_open(ask: Ask, agreement: AgreementTerms | None) -> Seen | Refused:
    """What is open to everybody needs no grant (条例 §18: 公开公示); an institution still asks under its agreement, and
    for the purposes agreed. Nothing beyond what is open is seen."""
    if agreement is None or ask.purpose not in agreement.purposes:
        return _outside(agreement)
    return Seen(frozenset(), ())


def _outside(agreement: AgreementTerms | None) -> Refused:
    return Refused(Reason.AGREEMENT_NOT_IN_FORCE if agreement is None else Reason.PURPOSE_MISMATCH)


def _between(grant: GrantTerms, ask: Ask) -> bool:
    """A grant opens one subject to one institution (个人信息保护法 §23), whoever else knows its number; what was only
    asked for is no grant."""
    return (
        grant.subject_id == ask.subject_id
        and grant.institution == ask.institution
        and not grant.asked
        and not grant.declined
        and (ask.grant is None or grant.id == ask.grant)
    )


def _newest(grants: list[GrantTerms]) -> GrantTerms:
    return max(grants, key=lambda g: g.id)


def _freest(grants: list[GrantTerms]) -> GrantTerms:
    """The one whose use costs the business's word least: uncounted before counted, else the newest."""
    return max(grants, key=lambda g: (g.most_uses is None, g.frequency is None, g.id))


def closed_by(grant: GrantTerms, ask: Ask) -> Reason | None:
    """What keeps this grant from being used for this question now; None when nothing does."""
    if (now := state(grant, ask.now)) not in LIVE:
        return _BECAUSE[now]
    if grant.case_closed:
        return Reason.CASE_CLOSED
    if ask.watch and grant.fetch is not Fetch.MONITORING:
        return Reason.SCOPE_EXCEEDED
    if ask.range.exceeds(grant.range):
        return Reason.RANGE_EXCEEDED  # refused, never trimmed in silence
    if grant.frequency is not None and grant.used.lately >= grant.frequency.most:
        return Reason.FREQUENCY_EXHAUSTED
    return None


def _blocked(grant: GrantTerms, ask: Ask) -> Refused:
    reason = closed_by(grant, ask)
    assert reason is not None  # noqa: S101 — only closed grants come here
    return Refused(reason, grant.id)


def _within(
    ask: Ask, agreement: AgreementTerms, open_now: list[GrantTerms], fitting: list[GrantTerms]
) -> Seen | Refused:
    allowed = frozenset[str]().union(*(g.items for g in open_now)) & agreement.items
    items = allowed if ask.items is None else ask.items
    if beyond := items - allowed:
        closed = [g for g in fitting if g not in open_now and g.items & beyond & agreement.items]
        if closed:
            return _blocked(_newest(closed), ask)
        return Refused(Reason.SCOPE_EXCEEDED, _newest(open_now).id)  # refused, never trimmed in silence
    withheld = frozenset(item for item in items & ask.written if not any(item in g.written for g in open_now))
    items -= withheld
    opener = {item: _freest([g for g in open_now if _opened(g, item, ask)]) for item in items}
    using = {g.id: g for g in opener.values()} or {_newest(open_now).id: _newest(open_now)}
    kept = [g.keep_days for g in using.values() if g.keep_days is not None]
    return Seen(
        items=items,
        grants=tuple(sorted(using)),
        ranges={item: ask.range.inside(g.range) for item, g in opener.items()},
        keep_days=min(kept, default=None),  # the strictest holds for the whole answer
        withheld=withheld,
    )


def _opened(grant: GrantTerms, item: str, ask: Ask) -> bool:
    return item in grant.items and (item not in ask.written or item in grant.written)


# ── time ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def last_day(since: date, longest_days: int) -> date:
    """The latest day a grant made on `since` may name, both days counted."""
    return since + timedelta(days=longest_days - 1)
