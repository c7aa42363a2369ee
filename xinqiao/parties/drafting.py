"""起草: an operator drafts the agreement of an institution from the city's text. Until somebody signs it can change.

Every change is a new edition beside the old one, so that both sides see the difference; an edition never changes.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from django.db import transaction

from xinqiao import catalogue
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import PersonId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of
from xinqiao.parties import agreements, assessing, draft_queries, operators, purposes, queries, texts
from xinqiao.parties.errors import ScopeInvalid, WordsMissing
from xinqiao.parties.models import Draft, Institution
from xinqiao.parties.queries import InstitutionView
from xinqiao.parties.rules import KIND_TITLES, DraftState, InstitutionKind, Role
from xinqiao.parties.signing_errors import DraftMoved, NotTheSignatory

if TYPE_CHECKING:
    from xinqiao.ledger.canonical import JsonValue

LONGEST_REASON: Final = 200
KINDS_IN_ENGLISH: Final = {
    InstitutionKind.BANK: "bank",
    InstitutionKind.INSURER: "insurer",
    InstitutionKind.GUARANTOR: "financing guarantor",
    InstitutionKind.SMALL_LENDER: "micro-lender",
    InstitutionKind.CREDIT_AGENCY: "credit agency",
}


@dataclass(frozen=True, slots=True)
class Terms:
    """What an agreement would say. `signatory`: who signs for the institution."""

    institution: str
    items: frozenset[str]
    purposes: frozenset[str]
    since: date
    until: date
    signatory: PersonId
    feedback: bool = False


@transaction.atomic
def draft(terms: Terms, *, by: PersonId, now: datetime) -> int:
    """Draft an agreement; returns its number. It rests on an impact assessment that covers it (个人信息保护法 §55).

    Raises `NotAnOperator`, `UnknownInstitution`, `ScopeInvalid`, `UnknownItem`, `PurposeUnknown`, `NotAssessed`,
    `NotTheSignatory`, `DraftMoved` where another draft of this institution waits.
    """
    operators.required(by, now)
    Institution.objects.select_for_update(no_key=True).filter(pk=terms.institution).first()
    if any(one.state in {DraftState.OPEN, DraftState.SIGNED} for one in draft_queries.of(terms.institution, now)):
        raise DraftMoved(Saying("这家机构已有一份草稿等签字，请改那一份，或者先收回"))
    return _write(terms, None, Kind.AGREEMENT_DRAFTED, by, now)


@transaction.atomic
def change(number: int, terms: Terms, *, by: PersonId, now: datetime) -> int:
    """A new edition in the place of this one; returns its number. Raises as `draft`, and `UnknownDraft`, `DraftMoved`
    once somebody has signed."""
    operators.required(by, now)
    row, state = locked(number, now)
    if state is not DraftState.OPEN or row.institution_id != terms.institution:
        raise DraftMoved(Saying("有人签过字的、收回的、过期的，都不能再改"))
    return _write(terms, row, Kind.AGREEMENT_REDRAFTED, by, now)


def locked(number: int, now: datetime) -> tuple[Draft, DraftState]:
    """An edition, locked, and how it stands. Raises `UnknownDraft`."""
    draft_queries.draft(number, now)
    row = Draft.objects.select_for_update(of=("self",)).get(pk=number)
    return row, draft_queries.draft(number, now).state


def _write(terms: Terms, before: Draft | None, kind: Kind, by: PersonId, now: datetime) -> int:
    named = queries.institution(terms.institution)
    _check(named, terms, now)
    assessment = assessing.resting_on(named.id, terms.items, terms.purposes, on=terms.since)
    shown = wording(named, terms)
    row = Draft.objects.create(
        institution_id=named.id,
        follows=before,
        text=shown.text,
        version=shown.version,
        wording=shown.wording,
        english=shown.english,
        items=sorted(terms.items),
        purposes=sorted(terms.purposes),
        since=terms.since,
        until=terms.until,
        feedback=terms.feedback,
        signatory_id=terms.signatory,
        drafted_by_id=by,
        drafted_at=now,
    )
    about: dict[str, JsonValue] = {"draft": row.pk, "institution": named.id, "assessment": assessment, "by": by}
    if before is not None:
        about["follows"] = before.pk
    log.append(kind, now=now, about=about, rows=[state_of(row)])
    return row.pk


def _check(named: InstitutionView, terms: Terms, now: datetime) -> None:
    agreements.check(named.kind, sorted(terms.items), sorted(terms.purposes), terms.since, terms.until)
    if not terms.items:
        raise ScopeInvalid(Saying("协议应至少写明一个数据项"))
    if terms.since < day_of(now):
        raise ScopeInvalid(Saying("起期不能早于今天"))
    if not may_sign(terms.signatory, named.id, now):
        raise NotTheSignatory(Saying("签字人应是这家机构的管理员"))


def may_sign(person: PersonId, institution: str, now: datetime) -> bool:
    """Who may sign for an institution: an administrator at its head office."""
    held = [one for one in queries.scopes_of(person, now) if one.role is Role.ADMINISTRATOR and one.branch is None]
    return institution in {one.organisation for one in held}


def wording(named: InstitutionView, terms: Terms) -> texts.Shown:
    """The agreement's text as both would sign it."""
    city, file = catalogue.city(), texts.current(texts.AGREEMENT)
    titles = [city.item(name).title for name in sorted(terms.items)]
    why = [purposes.purpose(name).title for name in sorted(terms.purposes)]
    facts = {
        "institution": named.name,
        "contact": named.contact,
        "since": terms.since.isoformat(),
        "until": terms.until.isoformat(),
        "notice_days": str(file.notice_days),
    }
    said = {
        "kind": str(KIND_TITLES[named.kind]),
        "items": "、".join(titles),
        "purposes": "、".join(why),
        "of_kind": file.of_kind[named.kind],
        "feedback": file.on_feedback(agreed=terms.feedback),
    }
    english = {
        "kind": KINDS_IN_ENGLISH[named.kind],
        "items": ", ".join(city.english.get(title, title) for title in titles),
        "purposes": ", ".join(city.english.get(title, title) for title in why),
        "of_kind": file.english.of_kind[named.kind],
        "feedback": file.english.on_feedback(agreed=terms.feedback),
    }
    return texts.shown(texts.AGREEMENT, facts | said, facts | english)


@transaction.atomic
def withdraw(number: int, *, because: str, by: PersonId, now: datetime) -> None:
    """Take a draft back before it is in force: an operator, or the one who was to sign it. What was signed stays
    readable. Raises `UnknownDraft`, `DraftMoved`, `NotTheSignatory`, `WordsMissing`."""
    row, state = locked(number, now)
    if not queries.acts_as(by, Role.OPERATOR, "", now) and not signs_for(row, by, now):
        raise NotTheSignatory
    if state not in {DraftState.OPEN, DraftState.SIGNED}:
        raise DraftMoved
    row.withdrawn_by_id, row.withdrawn_at, row.withdrawn_because = by, now, reason(because)
    row.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_because"])
    about: dict[str, JsonValue] = {"draft": row.pk, "institution": row.institution_id, "by": by}
    log.append(Kind.AGREEMENT_WITHDRAWN, now=now, about=about, rows=[state_of(row)])


def signs_for(row: Draft, person: PersonId, now: datetime) -> bool:
    """Whether this person is the one named to sign, and still acts for the institution."""
    return person == row.signatory_id and may_sign(person, row.institution_id, now)


def reason(because: str) -> str:
    """Raises `WordsMissing`."""
    if not 0 < len(because.strip()) <= LONGEST_REASON:
        raise WordsMissing(Saying("请写明原因，不超过 {most} 个字", most=LONGEST_REASON))
    return because.strip()
