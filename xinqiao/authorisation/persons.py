"""个人同意: an institution asks a natural person who stands in a business's file; she alone answers, and takes back.

She is asked by an invitation: a code that the institution hands her. Signed in, she shows with her document's number
that it is she who is asked; from then on the question is on her own page and on nobody else's.
"""

import hmac
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from xinqiao import catalogue, keys
from xinqiao.authorisation import clocks, handing_on, person_notices, person_queries, queries, templates, texts
from xinqiao.authorisation.clocks import Clocks
from xinqiao.authorisation.errors import (
    AgreementNotInForce,
    AlreadyAsked,
    AlreadyEnded,
    CeilingExceeded,
    ConsentUnknown,
    KeyOfAnother,
    NotFound,
    NotHerNumber,
    NoticeChanged,
    NotLive,
    ScopeInvalid,
)
from xinqiao.authorisation.models import Consent, Grant
from xinqiao.authorisation.person_queries import ConsentView
from xinqiao.authorisation.rules import FINAL, State
from xinqiao.kernel.city_time import day_of, end_of
from xinqiao.kernel.ids import ConsentId, GrantId, InstitutionId, PersonId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger import log, recording
from xinqiao.ledger.events import Kind
from xinqiao.ledger.log import RowState
from xinqiao.ledger.model_rows import state_of
from xinqiao.parties import invitations, limits
from xinqiao.parties import queries as parties
from xinqiao.parties.charges import Work
from xinqiao.parties.identities import mark_of
from xinqiao.parties.limits import Limit
from xinqiao.parties.rules import Role
from xinqiao.subjects import queries as subjects

if TYPE_CHECKING:
    from xinqiao.ledger.canonical import JsonValue

MOST_PERSONS: Final = 10
CODES: Final = "consent-invitation"
LONGEST_NUMBER: Final = 40
# Whoever holds the code has to know the number too; nobody mistypes her own ten times a day.
TRIES: Final = Limit("consent-invitations", 10, timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Named:
    """Whom an institution asks: her name and document's number, and as what she stands in the file."""

    name: str
    number: str
    capacity: str


@dataclass(frozen=True, slots=True)
class Program:
    """An institution's program, the officer it says it asks for, and the key it asks under, where it has one."""

    institution: InstitutionId
    client: str
    on_behalf: str = ""
    key: str = ""

    @property
    def mark(self) -> bytes | None:
        return keys.mark("consent-asked", f"{self.client}\n{self.key}".encode()) if self.key else None


By = PersonId | Program


def ask(grant_id: GrantId, person: Named, *, by: By, now: datetime) -> ConsentView:
    """Ask one person, by an officer or a program of the grant's institution; she has as long to answer as the grant
    lasts. Asked again under the key of a question, that question.

    Raises `NotFound` (also for another institution's grant), `KeyOfAnother`, `AlreadyEnded`, `AlreadyAsked`,
    `AgreementNotInForce`, `ScopeInvalid`.
    """
    return _on_the_record(lambda: _ask(grant_id, person, by, now), by, now)


def _ask(grant_id: GrantId, person: Named, by: By, now: datetime) -> ConsentView:
    row = _grant(grant_id, of=by.institution if isinstance(by, Program) else None)
    asker, mark = _asker(row, by, now), by.mark if isinstance(by, Program) else None
    if mark is not None and (before_it := Consent.objects.filter(asked_key=mark).first()) is not None:
        return _again(before_it, grant_id, person)
    if queries.known(grant_id).state(now) in FINAL:
        raise AlreadyEnded
    _check(person)
    before = person_queries.of_grant(grant_id)
    if len(before) >= MOST_PERSONS:
        raise ScopeInvalid(Saying("一份授权最多问 {most} 个人", most=MOST_PERSONS))
    if any(one.terms.mark == mark_of(person.number) and one.state(now) not in FINAL for one in before):
        raise AlreadyAsked(Saying("已经问过这个人"))
    consent = Consent.objects.create(
        grant=row,
        name=person.name.strip(),
        capacity=person.capacity,
        mark=mark_of(person.number),
        items=_items(row, now),
        asked_by=asker,
        asked_at=now,
        asked_key=mark,
        starts_at=now,
        until=row.until,
        ends_at=end_of(row.until),
    )
    _logged(Kind.CONSENT_ASKED, consent, by=by, now=now)
    if not isinstance(by, Program):
        handing_on.take(Work.CONSENT, consent.pk, row.institution_id, by, now)
    return person_queries.known(ConsentId(consent.pk))


def _asker(grant: Grant, by: By, now: datetime) -> str:
    """By what name she will read who asks."""
    if isinstance(by, Program):
        return by.on_behalf or by.client
    person = parties.acting(by, Role.OFFICER, grant.institution_id, now)
    if person is None:
        raise NotFound
    return person.name


def _again(asked: Consent, grant_id: GrantId, person: Named) -> ConsentView:
    """The question that was asked under this key, if it is this one."""
    same = (asked.grant_id, asked.name, asked.capacity) == (grant_id, person.name.strip(), person.capacity)
    if not same or bytes(asked.mark) != mark_of(person.number):
        raise KeyOfAnother
    return person_queries.known(ConsentId(asked.pk))


def withdraw(consent: ConsentId, *, by: By, now: datetime) -> ConsentView:
    """Take a question back that she has not answered; her page says so. By its institution.

    Raises `ConsentUnknown` (also for another institution's), `NotLive`.
    """
    return _on_the_record(lambda: _withdraw(consent, by, now), by, now)


def _withdraw(consent: ConsentId, by: By, now: datetime) -> ConsentView:
    grant = _asked_under(consent, of=by.institution if isinstance(by, Program) else None)
    try:
        _asker(grant, by, now)
    except NotFound:
        raise ConsentUnknown from None
    row = Consent.objects.select_for_update(no_key=True, of=("self",)).get(pk=consent)
    if person_queries.known(consent).state(now) is not State.ASKED:
        raise NotLive
    row.withdrawn_at = now
    row.save(update_fields=["withdrawn_at"])
    _logged(Kind.CONSENT_WITHDRAWN, row, by=by, now=now)
    return person_queries.known(consent)


def _asked_under(consent: ConsentId, *, of: InstitutionId | None) -> Grant:
    """The grant a question belongs to, held; `of` its institution alone."""
    found = Consent.objects.filter(pk=consent)
    found = found if of is None else found.filter(grant__institution_id=of)
    grant = found.values_list("grant_id", flat=True).first()
    if grant is None:
        raise ConsentUnknown
    return _grant(GrantId(grant))


def _check(person: Named) -> None:
    if person.capacity not in person_notices.CAPACITIES:
        raise ScopeInvalid(Saying("请选择这个人是法定代表人、实际控制人、配偶还是担保人"))
    if not person.name.strip() or not 0 < len(person.number.strip()) <= LONGEST_NUMBER:
        raise ScopeInvalid(Saying("请写明姓名和证件号码"))


def _items(grant: Grant, now: datetime) -> list[str]:
    """What has particulars of persons, of what the institution sees under the grant: granted, or open to everybody."""
    agreement = parties.agreement_in_force(grant.institution_id, day_of(now))
    if agreement is None:
        raise AgreementNotInForce
    open_to_it = agreement.items & {*grant.items, *_open()}
    if not (named := sorted(name for name in open_to_it if catalogue.city().item(name).persons)):
        raise ScopeInvalid(Saying("这份授权里没有要本人同意的信息"))
    return named


def _open() -> Iterable[str]:
    return (item.item for item in catalogue.city().whole_items() if item.sharing.classed == "open")


# ── she ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def invitation(consent: ConsentId) -> str:
    """The code that leads to the question; nobody else can make it up."""
    return invitations.code_of(CODES, consent)


def page(consent: ConsentId) -> str:
    """Where she answers, at the platform's own address."""
    return f"/account/consents/asked/{invitation(consent)}/"


def invited(code: str) -> ConsentId:
    """The question behind a code. Raises `ConsentUnknown`."""
    number = invitations.number_of(CODES, code)
    if number is None:
        raise ConsentUnknown
    return ConsentId(number)


def take_up(code: str, *, number: str, by: PersonId, now: datetime) -> ConsentView:
    """She opens her invitation: her name and her document's number are those that were asked for.

    Raises `ConsentUnknown`, `NotHerNumber`, `TooOften`; also where somebody else has taken it up.
    """
    consent = invited(code)
    limits.count(TRIES, f"{consent}\n{by}", now=now)
    return _on_the_record(lambda: _take_up(consent, number, by, now), by, now)


def _take_up(consent: ConsentId, number: str, by: PersonId, now: datetime) -> ConsentView:
    row = Consent.objects.select_for_update(no_key=True, of=("self",)).filter(pk=consent).first()
    person = parties.person(by)
    if row is None or person is None:
        raise ConsentUnknown
    same = hmac.compare_digest(bytes(row.mark), mark_of(number)) and person.name == row.name
    if not same or row.person_id not in {None, by}:
        raise NotHerNumber
    if row.person_id is None:
        row.person_id = by
        row.save(update_fields=["person"])
        _logged(Kind.CONSENT_TAKEN_UP, row, by=by, now=now)
    return person_queries.known(consent)


def give(consent: ConsentId, *, until: date, text: str, by: PersonId, now: datetime) -> ConsentView:
    """She consents until a day, after reading the text of this digest.

    Raises `ConsentUnknown` (also for another's), `NotLive`, `NoticeChanged`, `CeilingExceeded`, `RangeInvalid`.
    """
    return _on_the_record(lambda: _give(consent, until, text, by, now), by, now)


def _give(consent: ConsentId, until: date, text: str, by: PersonId, now: datetime) -> ConsentView:
    row = _hers(consent, by)
    if person_queries.known(consent).state(now) is not State.ASKED:
        raise NotLive
    read = next(
        (one for one in (offered(consent, until, english=e, now=now) for e in (False, True)) if one[0].digest == text),
        None,
    )
    if read is None:
        raise NoticeChanged
    shown, settled = read
    row.text_id, row.given_at, row.starts_at, row.until, row.ends_at = shown.digest, now, now, until, end_of(until)
    row.data_since, row.keep_days, row.most_uses = settled.range.since, settled.keep_days, settled.most_uses
    often = settled.frequency
    row.frequency_most, row.frequency_days = (None, None) if often is None else (often.most, often.days)
    kept = texts.keep([texts.shown(shown, now)], now)
    row.save()
    _logged(Kind.CONSENT_GIVEN, row, by=by, now=now, rows=kept)
    return person_queries.known(consent)


def offered(consent: ConsentId, until: date, *, english: bool, now: datetime) -> tuple[person_notices.Shown, Clocks]:
    """What she would sign, and its clocks: those the institution's own question has, and never beyond the template's.

    Raises `CeilingExceeded` for a day beyond what was asked, `RangeInvalid`.
    """
    asked = person_queries.known(consent)
    grant = queries.known(asked.grant)
    if until > asked.asked_until:
        raise CeilingExceeded(Saying("最晚到 {latest}", latest=asked.asked_until.isoformat()))
    template = templates.template(grant.purpose, grant.fetch)
    wish = clocks.carried_over(template, grant.wish, asked.items, day_of(now))
    settled = clocks.settled(template, wish, asked.items, day_of(now), until)
    [subject], to = subjects.views([grant.subject_id]), parties.institution(grant.institution)
    said = person_notices.Consent(
        asked.name, asked.capacity, grant.id, subject, to, asked.items, grant.purpose, day_of(now), until, settled
    )
    return person_notices.personal(said, english=english), settled


def decline(consent: ConsentId, *, by: PersonId, now: datetime) -> ConsentView:
    """She says no. Raises `ConsentUnknown`, `NotLive`."""
    return _changed(consent, State.ASKED, Kind.CONSENT_DECLINED, by, now)


def revoke(consent: ConsentId, *, by: PersonId, now: datetime) -> ConsentView:
    """She takes it back; from this commit on nothing of hers is told under it. Raises `ConsentUnknown`, `NotLive`."""
    return _changed(consent, State.GIVEN, Kind.CONSENT_REVOKED, by, now)


def _changed(consent: ConsentId, wanted: State, kind: Kind, by: PersonId, now: datetime) -> ConsentView:
    def change() -> ConsentView:
        row = _hers(consent, by)
        if person_queries.known(consent).state(now) is not wanted:
            raise NotLive
        if kind is Kind.CONSENT_REVOKED:
            row.revoked_at = now
        else:
            row.declined_at = now
        row.save(update_fields=["revoked_at", "declined_at"])
        _logged(kind, row, by=by, now=now)
        return person_queries.known(consent)

    return _on_the_record(change, by, now)


def _hers(consent: ConsentId, by: PersonId) -> Consent:
    """Her own, held with the grant it belongs to: whoever tells under that grant has finished, or waits for us."""
    grant = Consent.objects.filter(pk=consent, person_id=by).values_list("grant_id", flat=True).first()
    if grant is None:
        raise ConsentUnknown
    _grant(GrantId(grant))
    return Consent.objects.select_for_update(no_key=True, of=("self",)).get(pk=consent)


def _grant(grant_id: GrantId, *, of: InstitutionId | None = None) -> Grant:
    known = Grant.objects.select_for_update(no_key=True, of=("self",)).filter(pk=grant_id)
    row = (known if of is None else known.filter(institution_id=of)).first()
    if row is None:
        raise NotFound
    return row


def _logged(kind: Kind, row: Consent, *, by: By, now: datetime, rows: Iterable[RowState] = ()) -> None:
    about: dict[str, JsonValue] = {"consent": row.pk, "grant": row.grant_id, "by": _named(by)}
    log.append(kind, now=now, about=about, rows=[state_of(row), *rows])


def _on_the_record(act: Callable[[], ConsentView], by: By, now: datetime) -> ConsentView:
    return recording.on_the_record(act, Kind.CONSENT_REFUSED, by=_named(by), now=now)


def _named(by: By) -> PersonId | str:
    return by.client if isinstance(by, Program) else by
