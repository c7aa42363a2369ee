"""授权书: a business lets one institution see, for one purpose, until a day: of its own accord, or asked by it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q

from xinqiao.authorisation import (
    clocks,
    mandates,
    notices,
    queries,
    safeguards,
    steps,
    templates,
    terms,
    texts,
    two_people,
    written,
)
from xinqiao.authorisation.capacities import May
from xinqiao.authorisation.clocks import NOTHING_SPECIAL, Clocks, Wish
from xinqiao.authorisation.errors import FourEyes, NotFound, NoticeChanged, NotLive
from xinqiao.authorisation.models import Grant, Mandate, ShownText
from xinqiao.authorisation.notices import NoticeVersion
from xinqiao.authorisation.queries import GrantView
from xinqiao.authorisation.rules import Fetch, State
from xinqiao.authorisation.written import Apart
from xinqiao.kernel.city_time import day_of, end_of
from xinqiao.kernel.ids import CaseId, GrantId, PersonId, SubjectId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger.canonical import JsonValue
from xinqiao.ledger.events import Kind
from xinqiao.parties import queries as parties
from xinqiao.parties.queries import AgreementView, InstitutionView
from xinqiao.parties.rules import Shown
from xinqiao.subjects import queries as subjects


@dataclass(frozen=True, slots=True)
class _Asked:
    subject_id: SubjectId
    to: str
    items: tuple[str, ...]
    purpose: str
    until: date
    fetch: Fetch | None
    wish: Wish
    case: CaseId | None
    notice: NoticeVersion
    statement: str | None
    translation: str | None
    written: str | None
    by: PersonId
    confirmed: Shown | None
    now: datetime


def give(
    *,
    subject_id: SubjectId,
    to: str,
    items: Iterable[str],
    purpose: str,
    until: date,
    fetch: Fetch | None = None,
    wish: Wish = NOTHING_SPECIAL,
    case: CaseId | None = None,
    notice: NoticeVersion,
    statement: str | None = None,
    translation: str | None = None,
    written: str | None = None,
    by: PersonId,
    confirmed: Shown | None = None,
    now: datetime,
) -> GrantView:
    """Grant in the business's name, from now to the end of `until`.

    `fetch` is the way it may be fetched (the purpose's usual one unless told), `wish` how far it should stay below the
    template's ceilings. `notice` is the risk notice the person read, `statement` the digest of the filled-in words
    where they were shown, `translation` that of the English shown beside both, which is kept with the grant. `written`
    is the digest of the separate consent that a natural person read and agreed to (条例 §46): without it the items that
    need one stay closed. `confirmed` is how the person showed just before who they are, which stands in the event. The
    same words of the same day again are the same grant. Where the business takes two people (`two_people`), this is the
    first of them: the grant is prepared, and holds once the other has confirmed it.
    Raises `SignerNotAuthorised`, `UnknownInstitution`, `AgreementNotInForce`, `PurposeUnknown`, `PurposeMismatch`,
    `UnknownItem`, `ScopeInvalid`, `ScopeExceeded`, `RangeInvalid`, `CeilingExceeded`, `CaseUnknown`, `CaseClosed`,
    `NoticeChanged`; each refusal is in the log.
    """
    asked = _Asked(
        subject_id=subject_id,
        to=to,
        items=tuple(sorted(set(items))),
        purpose=purpose,
        until=until,
        fetch=fetch,
        wish=wish,
        case=case,
        notice=notice,
        statement=statement,
        translation=translation,
        written=written,
        by=by,
        confirmed=confirmed,
        now=now,
    )
    return steps.on_the_record(lambda: _give(asked), subject_id, by=by, now=now)


def agree(
    grant_id: GrantId,
    *,
    notice: NoticeVersion,
    statement: str | None = None,
    translation: str | None = None,
    written: str | None = None,
    by: PersonId,
    confirmed: Shown | None = None,
    now: datetime,
) -> GrantView:
    """Give what an institution asked for, as it asked for it. Raises `NotFound`, `NotLive`, and what `give` raises."""

    def act() -> GrantView:
        row, asked_for = _waiting(grant_id, State.ASKED, by, now)
        return _give(_as_asked(asked_for, notice, statement, translation, written, by, confirmed, now), row)

    return steps.on_the_record(act, _whose(grant_id), by=by, now=now)


def confirm(
    grant_id: GrantId,
    *,
    notice: NoticeVersion,
    statement: str | None = None,
    translation: str | None = None,
    written: str | None = None,
    by: PersonId,
    confirmed: Shown | None = None,
    now: datetime,
) -> GrantView:
    """Give what another person of the business prepared (双人办理), having read the same; it holds from now on.

    Raises `NotFound`, `NotLive`, `FourEyes`, `SignerNotAuthorised` also where the other has left, and what `give`
    raises.
    """

    def act() -> GrantView:
        row, prepared = _waiting(grant_id, State.PREPARED, by, now)
        assert prepared.prepared_by is not None  # noqa: S101 — that is what the state says
        if prepared.prepared_by == by:
            raise FourEyes(Saying("这份授权是您准备的，要由另一个人确认"))
        _mandate(prepared.prepared_by, prepared.subject_id, now)
        return _give(_as_asked(prepared, notice, statement, translation, written, by, confirmed, now), row)

    return steps.on_the_record(act, _whose(grant_id), by=by, now=now)


def _whose(grant_id: GrantId) -> SubjectId:
    subject_id = queries.subject_of(grant_id)
    if subject_id is None:
        raise NotFound
    return subject_id


def _waiting(grant_id: GrantId, state: State, by: PersonId, now: datetime) -> tuple[Grant, GrantView]:
    """What waits in this state for an answer, locked; for people of its business only."""
    row = Grant.objects.select_for_update(no_key=True, of=("self",)).get(pk=grant_id)
    view = queries.known(grant_id)
    if not queries.acts_for(by, view.subject_id, now):
        raise NotFound
    if view.state(now) is not state:
        raise NotLive
    return row, view


def _as_asked(
    asked_for: GrantView,
    notice: NoticeVersion,
    statement: str | None,
    translation: str | None,
    written: str | None,
    by: PersonId,
    confirmed: Shown | None,
    now: datetime,
) -> _Asked:
    return _Asked(
        subject_id=asked_for.subject_id,
        to=asked_for.institution,
        items=asked_for.items,
        purpose=asked_for.purpose,
        until=asked_for.until,
        fetch=asked_for.fetch,
        wish=wish_of(asked_for, day_of(now)),
        case=asked_for.case,
        notice=notice,
        statement=statement,
        translation=translation,
        written=written,
        by=by,
        confirmed=confirmed,
        now=now,
    )


def wish_of(asked_for: GrantView, today: date) -> Wish:
    """What an institution asked for, or one person prepared, as it is today. Raises `PurposeUnknown`."""
    template = templates.template(asked_for.purpose, asked_for.fetch)
    return clocks.carried_over(template, asked_for.wish, asked_for.items, today)


def decline(grant_id: GrantId, *, by: PersonId, now: datetime) -> GrantView:
    """Say no to what an institution asked for, or to what was prepared; one person is enough for that.

    Raises `NotFound`, `NotLive`.
    """
    subject_id = queries.subject_of(grant_id)
    return steps.on_the_record(lambda: _decline(grant_id, by, now), subject_id, by=by, now=now)


def _decline(grant_id: GrantId, by: PersonId, now: datetime) -> GrantView:
    row = Grant.objects.select_for_update(no_key=True, of=("self",)).filter(pk=grant_id).first()
    if row is None or not queries.acts_for(by, SubjectId(row.subject_id), now):
        raise NotFound
    _mandate(by, SubjectId(row.subject_id), now)
    if queries.known(grant_id).state(now) not in {State.ASKED, State.PREPARED}:
        raise NotLive
    row.declined_at = now
    row.save(update_fields=["declined_at"])
    steps.take(Kind.GRANT_DECLINED, row, by=_name(by), now=now)
    return queries.known(grant_id)


def _give(asked: _Asked, row: Grant | None = None) -> GrantView:
    mandate = _mandate(asked.by, asked.subject_id, asked.now)
    to = parties.institution(asked.to)
    agreement = parties.agreement_held(asked.to, day_of(asked.now))
    settled = terms.judged(
        agreement,
        items=asked.items,
        purpose=asked.purpose,
        until=asked.until,
        fetch=asked.fetch,
        wish=asked.wish,
        today=day_of(asked.now),
    )
    assert agreement is not None  # noqa: S101 — refused just above
    case = terms.case_for(asked.case, to.id, asked.subject_id)
    said = _terms(asked, to, settled)
    apart = written.judged(said, mandate, asked.written, asked.now)
    shown = _texts(asked, said)
    if row is None and (same := _same(asked, shown[1], apart)) is not None:
        return same
    row = row or Grant(subject_id=asked.subject_id, institution_id=asked.to)
    terms.put(row, settled, items=asked.items, purpose=asked.purpose, until=asked.until, case=case)
    first_of_two = row.prepared_by_id is None and two_people.needed(asked.subject_id)
    _put_words(row, to, agreement, shown)
    if first_of_two:
        _prepare(row, asked)
    else:
        _sign(row, asked, mandate)
    row.written, row.written_text_id = sorted(apart.items), apart.text.digest if apart.text else None
    kept = texts.keep((*shown, apart.text), asked.now)
    row.save()
    kind = Kind.GRANT_PREPARED if first_of_two else Kind.GRANT_GIVEN
    steps.take(kind, row, by=_name(asked.by), now=asked.now, rows=kept, also=_how(asked.confirmed))
    return queries.known(GrantId(row.pk))


def _how(confirmed: Shown | None) -> dict[str, JsonValue]:
    """By what the person showed who they are, and when; nothing where nobody asked (a command of the sample city)."""
    return {} if confirmed is None else {"confirmed": confirmed.method, "confirmed_at": confirmed.at.isoformat()}


def _mandate(by: PersonId, subject_id: SubjectId, now: datetime) -> Mandate:
    return mandates.held_for(by, subject_id, May.GRANT, now)


def _terms(asked: _Asked, to: InstitutionView, settled: Clocks) -> notices.Terms:
    [subject] = subjects.views([asked.subject_id])
    return notices.Terms(subject, to, asked.items, asked.purpose, day_of(asked.now), asked.until, settled)


def _texts(asked: _Asked, said: notices.Terms) -> tuple[ShownText, ShownText, ShownText | None]:
    """The two texts the person was shown, and their English; refuses when any is not what would be recorded."""
    current = notices.current(asked.purpose)
    if (asked.notice.version, asked.notice.digest) != (current.version, current.digest):
        raise NoticeChanged
    words, english = notices.statement(said), notices.translation(said)
    if asked.statement not in {None, words.digest} or asked.translation not in {None, english.digest}:
        raise NoticeChanged
    shown = texts.shown(current, asked.now), texts.shown(words, asked.now)
    return *shown, None if asked.translation is None else texts.shown(english, asked.now)


def _same(asked: _Asked, statement: ShownText, apart: Apart) -> GrantView | None:
    """The same words signed twice, as by a button pressed twice, are one grant while it holds.

    The mandate is locked, so that the second press finds what the first one wrote.
    """
    mine = Q(given_by_id=asked.by) | Q(prepared_by_id=asked.by, given_at__isnull=True)
    rows = Grant.objects.filter(mine, subject_id=asked.subject_id, statement_id=statement.digest)
    rows = rows.filter(revoked_at__isnull=True, declined_at__isnull=True, ends_at__gt=asked.now)
    given = [queries.known(GrantId(number)) for number in rows.order_by("-id").values_list("pk", flat=True)]
    return next((one for one in given if _again(one, asked, apart)), None)


def _again(one: GrantView, asked: _Asked, apart: Apart) -> bool:
    holds = one.live(asked.now) or one.state(asked.now) is State.PREPARED
    return holds and one.case == asked.case and one.terms.written == set(apart.items)


def _put_words(
    row: Grant, to: InstitutionView, agreement: AgreementView, shown: tuple[ShownText, ShownText, ShownText | None]
) -> None:
    row.method, row.contact, row.agreement_id = notices.METHOD, to.contact, agreement.id
    row.notice_id, row.statement_id = shown[0].digest, shown[1].digest
    row.translation_id = shown[2].digest if shown[2] else None


def _sign(row: Grant, asked: _Asked, mandate: Mandate) -> None:
    row.mandate, row.given_by_id, row.given_at = mandate, asked.by, asked.now
    row.starts_at, row.ends_at = asked.now, end_of(asked.until)


def _prepare(row: Grant, asked: _Asked) -> None:
    """It waits for the second person so many days, and opens nothing meanwhile."""
    days = safeguards.safeguards().two_people.prepared_days
    row.prepared_by_id, row.prepared_at = asked.by, asked.now
    row.starts_at, row.ends_at = asked.now, min(end_of(asked.until), asked.now + timedelta(days=days))


def _name(person: PersonId) -> str:
    known = parties.person(person)
    return known.name if known else ""
