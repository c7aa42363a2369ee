"""授权书: a business lets one institution see, for one purpose, until a day; and takes it back whenever it likes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from xinqiao import catalogue, keys
from xinqiao.authorisation import notices, queries
from xinqiao.authorisation.errors import (
    AgreementNotInForce,
    AlreadyEnded,
    CeilingExceeded,
    NotFound,
    NoticeChanged,
    PurposeMismatch,
    RangeInvalid,
    ScopeExceeded,
    ScopeInvalid,
    SignerNotAuthorised,
)
from xinqiao.authorisation.models import Grant, Mandate, ShownText
from xinqiao.authorisation.notices import Notice, NoticeVersion, Statement
from xinqiao.authorisation.queries import GrantView
from xinqiao.authorisation.rules import State, day_of, end_of, last_day, state
from xinqiao.kernel.ids import GrantId, PersonId, SubjectId
from xinqiao.kernel.problems import Problem
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind
from xinqiao.ledger.log import RowState
from xinqiao.ledger.model_rows import state_of
from xinqiao.parties import purposes
from xinqiao.parties import queries as parties
from xinqiao.parties.queries import AgreementView, InstitutionView
from xinqiao.subjects import queries as subjects

MOST_ITEMS = 200  # more than the whole catalogue; a longer list is a mistake


@dataclass(frozen=True, slots=True)
class _Asked:
    subject_id: SubjectId
    to: str
    items: tuple[str, ...]
    purpose: str
    until: date
    notice: NoticeVersion
    statement: str | None
    translation: str | None
    by: PersonId
    now: datetime


def give(
    *,
    subject_id: SubjectId,
    to: str,
    items: Iterable[str],
    purpose: str,
    until: date,
    notice: NoticeVersion,
    statement: str | None = None,
    translation: str | None = None,
    by: PersonId,
    now: datetime,
) -> GrantView:
    """Grant in the business's name, from now to the end of `until`.

    `notice` is the risk notice the person read, `statement` the digest of the filled-in words where they were shown,
    `translation` that of the English shown beside both, which is kept with the grant. The same words of the same day
    again are the same grant.
    Raises `SignerNotAuthorised`, `UnknownInstitution`, `AgreementNotInForce`, `PurposeUnknown`, `PurposeMismatch`,
    `UnknownItem`, `ScopeInvalid`, `ScopeExceeded`, `RangeInvalid`, `CeilingExceeded`, `NoticeChanged`; each refusal is
    in the log.
    """
    asked = _Asked(subject_id, to, tuple(sorted(set(items))), purpose, until, notice, statement, translation, by, now)
    with transaction.atomic():
        try:
            return _give(asked)
        except Problem as problem:
            refusal = problem
        log.append(
            Kind.GRANT_REFUSED,
            now=now,
            about={"reason": refusal.type, "by": by, "subject": _subject_mark(subject_id)},
        )
    raise refusal


def _subject_mark(subject_id: SubjectId) -> str:
    """Keyed, so that the log does not tell for whom somebody without a mandate tried to sign."""
    return keys.mark("subject", str(subject_id).encode()).hex()


def _give(asked: _Asked) -> GrantView:
    mandate = _mandate(asked.by, asked.subject_id, asked.now)
    to = parties.institution(asked.to)
    agreement = parties.agreement_held(asked.to, day_of(asked.now))
    if agreement is None:
        raise AgreementNotInForce
    _check_scope(asked, agreement)
    _check_term(asked, agreement)
    shown = _texts(asked, to)
    if (same := _same(asked, shown[1])) is not None:
        return same
    row = _row(asked, mandate, to, agreement, shown)
    texts = [state for text in shown if text is not None and (state := _kept(text, asked.now)) is not None]
    row.save(force_insert=True)
    log.append(
        Kind.GRANT_GIVEN,
        now=asked.now,
        about={"grant": row.pk, "subject": asked.subject_id, "institution": asked.to, "purpose": asked.purpose},
        rows=[state_of(row), *texts],
    )
    given = queries.grant(GrantId(row.pk))
    assert given is not None  # noqa: S101 — written two lines above
    return given


def _mandate(by: PersonId, subject_id: SubjectId, now: datetime) -> Mandate:
    """The mandate the person acts under, held until the transaction ends: leaving waits, or has happened."""
    rows = Mandate.objects.select_for_update(no_key=True).filter(person_id=by, subject_id=subject_id, since__lte=now)
    mandate = rows.filter(until__isnull=True).first()
    if mandate is None:
        raise SignerNotAuthorised
    return mandate


def _check_scope(asked: _Asked, agreement: AgreementView) -> None:
    if purposes.purpose(asked.purpose).purpose not in agreement.purposes:
        raise PurposeMismatch
    if not 0 < len(asked.items) <= MOST_ITEMS:
        raise ScopeInvalid(Saying("请至少选择一类信息"))
    titles = {name: catalogue.city().item(name).title for name in asked.items}
    if beyond := [Saying(title) for name, title in titles.items() if name not in agreement.items]:
        raise ScopeExceeded(Saying("协议没有约定：{beyond}", beyond=beyond))


def _check_term(asked: _Asked, agreement: AgreementView) -> None:
    today, named = day_of(asked.now), purposes.purpose(asked.purpose)
    if asked.until < today:
        raise RangeInvalid(Saying("止期早于今天"))
    latest = last_day(today, named.longest_days)
    if asked.until > latest:
        raise CeilingExceeded(
            Saying(
                "“{title}”的授权最长 {days} 天，止期最晚为 {latest}",
                title=Saying(named.title),
                days=named.longest_days,
                latest=latest.isoformat(),
            )
        )
    if asked.until > agreement.until:
        raise CeilingExceeded(Saying("机构的协议到 {until} 为止，授权不能更长", until=agreement.until.isoformat()))


def _texts(asked: _Asked, to: InstitutionView) -> tuple[ShownText, ShownText, ShownText | None]:
    """The two texts the person was shown, and their English; refuses when any is not what would be recorded."""
    current = notices.current(asked.purpose)
    if (asked.notice.version, asked.notice.digest) != (current.version, current.digest):
        raise NoticeChanged
    [subject] = subjects.views([asked.subject_id])
    terms = notices.Terms(subject, to, asked.items, asked.purpose, day_of(asked.now), asked.until)
    words, english = notices.statement(terms), notices.translation(terms)
    if asked.statement not in {None, words.digest} or asked.translation not in {None, english.digest}:
        raise NoticeChanged
    shown = _shown(current, asked.now), _shown(words, asked.now)
    return *shown, None if asked.translation is None else _shown(english, asked.now)


def _shown(text: Notice | Statement, now: datetime) -> ShownText:
    return ShownText(digest=text.digest, name=text.name, version=text.version, text=text.text, first_shown_at=now)


def _same(asked: _Asked, statement: ShownText) -> GrantView | None:
    """The same words signed twice, as by a button pressed twice, are one grant while it holds.

    The mandate is locked, so that the second press finds what the first one wrote.
    """
    rows = Grant.objects.filter(subject_id=asked.subject_id, statement_id=statement.digest, given_by_id=asked.by)
    held = rows.filter(revoked_at__isnull=True, ends_at__gt=asked.now).values_list("pk", flat=True).first()
    return None if held is None else queries.grant(GrantId(held))


def _kept(text: ShownText, now: datetime) -> RowState | None:
    """Keep a text the first time it is shown; None when it is there already."""
    row, fresh = ShownText.objects.get_or_create(
        pk=text.digest,
        defaults={"name": text.name, "version": text.version, "text": text.text, "first_shown_at": now},
    )
    return state_of(row) if fresh else None


def _row(
    asked: _Asked,
    mandate: Mandate,
    to: InstitutionView,
    agreement: AgreementView,
    shown: tuple[ShownText, ShownText, ShownText | None],
) -> Grant:
    return Grant(
        subject_id=asked.subject_id,
        institution_id=asked.to,
        items=list(asked.items),
        purpose=asked.purpose,
        method=notices.METHOD,
        contact=to.contact,
        agreement_id=agreement.id,
        notice_id=shown[0].digest,
        statement_id=shown[1].digest,
        translation_id=shown[2].digest if shown[2] else None,
        mandate=mandate,
        given_by_id=asked.by,
        given_at=asked.now,
        starts_at=asked.now,
        until=asked.until,
        ends_at=end_of(asked.until),
    )


def revoke(grant_id: GrantId, *, by: PersonId, now: datetime) -> GrantView:
    """Take a grant back; from this commit on nothing more is told under it.

    Raises `NotFound` (also for another business's grant) and `AlreadyEnded`.
    """
    with transaction.atomic():
        row = Grant.objects.select_for_update(no_key=True, of=("self",)).filter(pk=grant_id).first()
        if row is None or not queries.acts_for(by, SubjectId(row.subject_id), now):
            raise NotFound
        view = queries.grant(grant_id)
        if view is None or state(view.terms, now) in {State.REVOKED, State.EXPIRED}:
            raise AlreadyEnded
        row.revoked_at, row.revoked_by_id = now, by
        row.save(update_fields=["revoked_at", "revoked_by"])
        log.append(
            Kind.GRANT_REVOKED,
            now=now,
            about={"grant": grant_id, "subject": row.subject_id, "institution": row.institution_id},
            rows=[state_of(row)],
        )
    revoked = queries.grant(grant_id)
    assert revoked is not None  # noqa: S101 — updated above
    return revoked
