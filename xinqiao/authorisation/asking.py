"""An institution asks a business for a grant: the business finds it on its home page, and agrees or does not."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db import connection

from xinqiao.authorisation import handing_on, notices, queries, steps, terms
from xinqiao.authorisation.clocks import NOTHING_SPECIAL, Wish
from xinqiao.authorisation.errors import AlreadyAsked, NotParty
from xinqiao.authorisation.models import Grant
from xinqiao.authorisation.queries import GrantView
from xinqiao.authorisation.rules import Fetch, State
from xinqiao.kernel.city_time import day_of, end_of
from xinqiao.kernel.ids import CaseId, GrantId, PersonId, SubjectId
from xinqiao.ledger.events import Kind
from xinqiao.parties import queries as parties
from xinqiao.parties.charges import Work
from xinqiao.parties.rules import Role

ANSWERED_WITHIN: Final = timedelta(days=30)  # a question that old is no longer about the loan that was talked about
_ONE_AT_A_TIME: Final = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


def ask(
    *,
    institution: str,
    subject_id: SubjectId,
    items: Iterable[str],
    purpose: str,
    until: date,
    fetch: Fetch | None = None,
    wish: Wish = NOTHING_SPECIAL,
    case: CaseId | None = None,
    officer: PersonId | None = None,
    client: str = "",
    now: datetime,
) -> GrantView:
    """Ask for a grant in an institution's name, by one of its people or programs; it waits for its answer 30 days.

    Raises `NotParty`, `UnknownInstitution`, `AlreadyAsked`, `AgreementNotInForce`, `PurposeUnknown`, `PurposeMismatch`,
    `UnknownItem`, `ScopeInvalid`, `ScopeExceeded`, `RangeInvalid`, `CeilingExceeded`, `CaseUnknown`, `CaseClosed`.
    """
    named = tuple(sorted(set(items)))
    asked = _Asked(institution, subject_id, named, purpose, until, fetch, wish, case, officer, client, now)
    by: PersonId | str = client if officer is None else officer
    return steps.on_the_record(lambda: _ask(asked), subject_id, by=by, now=now)


@dataclass(frozen=True, slots=True)
class _Asked:
    institution: str
    subject_id: SubjectId
    items: tuple[str, ...]
    purpose: str
    until: date
    fetch: Fetch | None
    wish: Wish
    case: CaseId | None
    officer: PersonId | None
    client: str
    now: datetime


def _ask(asked: _Asked) -> GrantView:
    to, now = parties.institution(asked.institution), asked.now
    by = _asker(asked.institution, asked.officer, asked.client, now)
    with connection.cursor() as cursor:
        cursor.execute(_ONE_AT_A_TIME, [f"authorisation:asking:{asked.subject_id}:{asked.institution}"])
    waiting = queries.grants_to(to.id, subject_id=asked.subject_id)
    if any(one.purpose == asked.purpose and one.state(now) in {State.ASKED, State.PREPARED} for one in waiting):
        raise AlreadyAsked
    agreement = parties.agreement_held(asked.institution, day_of(now))
    settled = terms.judged(
        agreement,
        items=asked.items,
        purpose=asked.purpose,
        until=asked.until,
        fetch=asked.fetch,
        wish=asked.wish,
        today=day_of(now),
    )
    assert agreement is not None  # noqa: S101 — refused just above
    row = Grant(subject_id=asked.subject_id, institution_id=to.id, method=notices.METHOD, contact=to.contact)
    bound = terms.case_for(asked.case, to.id, asked.subject_id)
    terms.put(row, settled, items=asked.items, purpose=asked.purpose, until=asked.until, case=bound)
    row.agreement_id, row.asked_by, row.asked_at = agreement.id, by, now
    row.starts_at, row.ends_at = now, min(end_of(asked.until), now + ANSWERED_WITHIN)
    row.save()
    steps.take(Kind.GRANT_ASKED, row, by=by, now=now)
    if asked.officer is not None:
        handing_on.take(Work.ASK, row.pk, to.id, asked.officer, now)
    return queries.known(GrantId(row.pk))


def _asker(institution: str, officer: PersonId | None, client: str, now: datetime) -> str:
    """By what name the business will read who asks."""
    if officer is None:
        return client
    person = parties.acting(officer, Role.OFFICER, institution, now)
    if person is None:
        raise NotParty
    return person.name
