"""An organisation's people, places and open work in words."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from xinqiao.kernel.ids import BranchId
from xinqiao.language import said
from xinqiao.parties import appointing, branch_queries, charges, staff_queries
from xinqiao.parties.appointing import Appointed
from xinqiao.parties.branch_queries import HEAD_OFFICE, BranchView
from xinqiao.parties.charges import Contact, Piece
from xinqiao.parties.rules import ROLE_TITLES
from xinqiao.parties.staff_queries import Member
from xinqiao.portal import naming, wording


@dataclass(frozen=True, slots=True)
class ShownMember:
    number: int
    name: str
    role: str
    place: str
    since: str
    open: int  # pieces of work not done


@dataclass(frozen=True, slots=True)
class ShownBranch:
    number: int
    name: str
    under: str
    county: str
    people: int


@dataclass(frozen=True, slots=True)
class ShownInvitation:
    number: int
    name: str
    role: str
    place: str
    until: str
    by: str
    document: str
    link: str  # empty while it waits for a second operator


@dataclass(frozen=True, slots=True)
class ShownPiece:
    """`key` names it in a form; `able`: who may take it."""

    key: str
    title: str
    words: str
    place: str
    since: str
    able: tuple[Member, ...] = ()


def place(branch_name: str) -> str:
    return branch_name or said(HEAD_OFFICE)


def member(one: Member, now: datetime) -> ShownMember:
    count = len(charges.open_with(one.person, one.organisation, now))
    when, role = wording.instant(one.since), said(ROLE_TITLES[one.acts_as])
    return ShownMember(one.role, one.name, role, place(one.branch_name), when, count)


def branches(organisation: str, at: BranchId | None, now: datetime) -> list[ShownBranch]:
    there = [who.branch for who in staff_queries.staff(organisation, at, now)]
    return [_branch(one, there.count(one.id)) for one in branch_queries.branches(organisation, at)]


def _branch(one: BranchView, people: int) -> ShownBranch:
    county = naming.division(one.division) if one.division else ""
    return ShownBranch(one.id, one.name, place(one.path[-2] if len(one.path) > 1 else ""), county, people)


def places(organisation: str, at: BranchId | None) -> list[tuple[str, str]]:
    """What may be chosen as a place, the head office first for whoever keeps it."""
    named = [(str(one.id), " · ".join(one.path)) for one in branch_queries.branches(organisation, at)]
    return [("", said(HEAD_OFFICE)), *named] if at is None else named


def invitation(request: HttpRequest, one: Appointed) -> ShownInvitation:
    link = "" if one.waits else reverse("portal:appointed", args=[appointing.code_of(one.number)])
    return ShownInvitation(
        number=one.number,
        name=one.name,
        role=said(ROLE_TITLES[one.role]),
        place=place(one.branch_name),
        until=one.until.isoformat(),
        by=one.invited_by_name,
        document=one.document,
        link=request.build_absolute_uri(link) if link else "",
    )


def piece(one: Piece, able: list[Member]) -> ShownPiece:
    name = branch_queries.names().get(one.branch, "") if one.branch else ""
    key, when = f"{one.work}/{one.number}", wording.instant(one.since)
    return ShownPiece(key, said(one.title), said(one.words), place(name), when, tuple(able))


def contact(held: Contact | None) -> str:
    """With whom a piece of work is, the branch named."""
    return "" if held is None else " · ".join(part for part in (held.branch, held.name) if part)


def reference(role: int) -> str:
    """By what number a change of somebody's place is asked about."""
    return _("人员变动 %(n)06d") % {"n": role}
