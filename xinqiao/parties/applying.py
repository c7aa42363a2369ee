"""入驻申请: an organisation asks to be let in; one operator proposes to admit it, another admits it.

Admitted, it is an institution, and whoever it named is asked, by real name, to be its first administrator. It follows
its application by the number and a code told once.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.db import transaction

from xinqiao import catalogue
from xinqiao.kernel.ids import PersonId
from xinqiao.kernel.sayings import Saying
from xinqiao.kernel.uscc import Uscc
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of
from xinqiao.parties import application_queries, appointing, institutions, operators
from xinqiao.parties.models import Application
from xinqiao.parties.purposes import purpose
from xinqiao.parties.rules import UNGRANTED, ApplicationState, InstitutionKind
from xinqiao.parties.signing_errors import ApplicationInvalid, ApplicationMoved, ProposedByYou

if TYPE_CHECKING:
    from xinqiao.ledger.canonical import JsonValue

ALPHABET: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # nothing that looks like something else
CODE_LENGTH: Final = 12  # sixty bits: beyond trying, at thirty tries a minute
LONGEST: Final = {"name": 200, "contact": 200, "administrator": 60, "licence": 60, "why": 2000}
WANTED: Final = {
    "name": Saying("单位名称"),
    "contact": Saying("联系方式"),
    "administrator": Saying("谁来签字、管人"),
    "why": Saying("为什么"),
}
LONGEST_REASON: Final = 500


@dataclass(frozen=True, slots=True)
class Applied:
    """What an organisation says of itself, and what it wants. `licence`: the financial licence, where it needs one."""

    name: str
    uscc: str
    kind: str
    licence: str
    contact: str
    county: str
    items: frozenset[str]
    purposes: frozenset[str]
    why: str
    administrator: str


def checked(said: Applied) -> Applied:
    """The same, tidied. Raises `ApplicationInvalid`, `NotAUscc`, `UnknownItem`, `PurposeUnknown`."""
    code = Uscc.parse(said.uscc)
    if said.kind not in set(InstitutionKind):
        raise ApplicationInvalid(Saying("请选择是哪类单位"))
    kind = InstitutionKind(said.kind)
    for name, title in WANTED.items():
        if not 0 < len(str(getattr(said, name)).strip()) <= (most := LONGEST[name]):
            raise ApplicationInvalid(Saying("请填写“{title}”，不超过 {most} 个字", title=title, most=most))
    if kind not in UNGRANTED and not 0 < len(said.licence.strip()) <= LONGEST["licence"]:
        raise ApplicationInvalid(Saying("请填写金融许可证或者业务许可证的号码"))
    if said.county not in catalogue.city().divisions:
        raise ApplicationInvalid(Saying("请选择在哪个县（市、区）"))
    _scope(kind, said.items, said.purposes)
    return Applied(
        said.name.strip(), str(code), said.kind, said.licence.strip(), said.contact.strip(), said.county,
        said.items, said.purposes, said.why.strip(), said.administrator.strip(),
    )  # fmt: skip


def _scope(kind: InstitutionKind, items: Iterable[str], purposes: Iterable[str]) -> None:
    """Whoever asks about nobody under an agreement names no items."""
    for name in items:
        catalogue.city().item(name)
    for name in purposes:
        if kind not in purpose(name).institutions:
            raise ApplicationInvalid(Saying("“{title}”不是这类机构可以用的用途", title=Saying(purpose(name).title)))
    wants = bool(set(items)) and bool(set(purposes))
    if wants == (kind in UNGRANTED):
        raise ApplicationInvalid(Saying("接入机构要选数据项和用途；政府部门、行业协会商会不选"))


@transaction.atomic
def apply(said: Applied, *, now: datetime) -> tuple[int, str]:
    """The application's number, and the code by which it is followed, told this once. The caller limits how often."""
    told, code = checked(said), "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
    row = Application.objects.create(
        mark=application_queries.mark_of(code),
        name=told.name,
        uscc=told.uscc,
        kind=told.kind,
        licence=told.licence,
        contact=told.contact,
        county=told.county,
        items=sorted(told.items),
        purposes=sorted(told.purposes),
        why=told.why,
        administrator=told.administrator,
        state=ApplicationState.MADE,
        applied_at=now,
    )
    _say(Kind.APPLICATION_MADE, row, None, now)
    return row.pk, code


@transaction.atomic
def complete(number: int, code: str, *, text: str, now: datetime) -> None:
    """What was asked for, by whoever has the code; the platform's clock begins anew. Raises `UnknownApplication`,
    `ApplicationMoved`, `ApplicationInvalid`."""
    application_queries.by_code(number, code)
    row = _locked(number, ApplicationState.ASKED)
    row.added, row.state, row.applied_at = _words(text), ApplicationState.MADE, now
    row.save(update_fields=["added", "state", "applied_at"])
    _say(Kind.APPLICATION_COMPLETED, row, None, now)


@transaction.atomic
def ask_more(number: int, *, text: str, by: PersonId, now: datetime) -> None:
    """Raises `NotAnOperator`, `UnknownApplication`, `ApplicationMoved`, `ApplicationInvalid`."""
    operators.required(by, now)
    row = _locked(number, ApplicationState.MADE)
    row.asked, row.state = _words(text), ApplicationState.ASKED
    row.save(update_fields=["asked", "state"])
    _say(Kind.APPLICATION_ASKED, row, by, now)


@transaction.atomic
def propose(number: int, *, id: str, by: PersonId, now: datetime) -> None:  # noqa: A002
    """Propose to admit it under this id. Raises as `ask_more`, and `ScopeInvalid` for an id that is none."""
    operators.required(by, now)
    row = _locked(number, ApplicationState.MADE)
    institutions.check_id(id, InstitutionKind(row.kind))
    row.id_proposed, row.proposed_by_id, row.state = id, by, ApplicationState.PROPOSED
    row.save(update_fields=["id_proposed", "proposed_by", "state"])
    _say(Kind.APPLICATION_PROPOSED, row, by, now)


@transaction.atomic
def turn_back(number: int, *, by: PersonId, now: datetime) -> None:
    """Not as it was proposed: it waits with the operators again."""
    operators.required(by, now)
    row = _locked(number, ApplicationState.PROPOSED)
    row.id_proposed, row.proposed_by_id, row.state = "", None, ApplicationState.MADE
    row.save(update_fields=["id_proposed", "proposed_by", "state"])
    _say(Kind.APPLICATION_TURNED_BACK, row, by, now)


@transaction.atomic
def admit(number: int, *, by: PersonId, now: datetime) -> None:
    """Admit it, and ask whom it named to be its first administrator. Raises as `propose`, and `ProposedByYou`,
    `AlreadyThere`."""
    operators.required(by, now)
    row = _locked(number, ApplicationState.PROPOSED)
    if row.proposed_by_id is None or row.proposed_by_id == by:
        raise ProposedByYou
    first = PersonId(row.proposed_by_id)
    kind = InstitutionKind(row.kind)
    row.institution_id = institutions.admit(id=row.id_proposed, name=row.name, kind=kind, contact=row.contact, now=now)
    paper = application_queries.view(row).reference
    asked = appointing.propose(organisation=row.id_proposed, name=row.administrator, document=paper, by=first, now=now)
    appointing.confirm(asked.number, by=by, now=now)
    row.appointment_id = asked.number
    _decided(row, ApplicationState.ADMITTED, by, now)
    _say(Kind.APPLICATION_ADMITTED, row, by, now)


@transaction.atomic
def refuse(number: int, *, ground: str, by: PersonId, now: datetime) -> None:
    """Raises `NotAnOperator`, `UnknownApplication`, `ApplicationMoved`, `ApplicationInvalid`."""
    operators.required(by, now)
    row = _locked(number, ApplicationState.MADE)
    row.ground = _words(ground)[:LONGEST_REASON]
    _decided(row, ApplicationState.REFUSED, by, now)
    _say(Kind.APPLICATION_REFUSED, row, by, now)


def _decided(row: Application, state: ApplicationState, by: PersonId, now: datetime) -> None:
    row.state, row.decided_by_id, row.decided_at = state, by, now
    row.save()


def _locked(number: int, state: ApplicationState) -> Application:
    application_queries.application(number)
    row = Application.objects.select_for_update(of=("self",)).get(pk=number)
    if row.state != state:
        raise ApplicationMoved
    return row


def _words(text: str) -> str:
    if not 0 < len(text.strip()) <= LONGEST_REASON:
        raise ApplicationInvalid(Saying("请写清楚，不超过 {most} 个字", most=LONGEST_REASON))
    return text.strip()


def _say(kind: Kind, row: Application, by: PersonId | None, now: datetime) -> None:
    about: dict[str, JsonValue] = {"application": row.pk, "institution": row.institution_id, "by": by}
    log.append(kind, now=now, about=about, rows=[state_of(row)])
