"""Reads of organisations and their branches. The head office is no row: it is where no branch is named."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from xinqiao import catalogue
from xinqiao.kernel.ids import BranchId
from xinqiao.kernel.sayings import Saying
from xinqiao.parties.errors import UnknownInstitution
from xinqiao.parties.models import Branch, Institution
from xinqiao.parties.people_errors import UnknownBranch
from xinqiao.parties.rules import InstitutionKind, Role, levels, reaches

HEAD_OFFICE: Final = Saying("总部")
_ROLES: Final = {InstitutionKind.DEPARTMENT: (), InstitutionKind.ASSOCIATION: (Role.ASSOCIATE,)}


@dataclass(frozen=True, slots=True)
class OrganisationView:
    """Somebody who has people here: an access institution, an association, a source. `roles`: those its people have."""

    id: str
    name: str
    roles: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class BranchView:
    """`level`: how many levels below the head office; `path`: the names from there down to it."""

    id: BranchId
    organisation: str
    name: str
    parent: BranchId | None
    division: str
    opened_at: datetime
    closed_at: datetime | None
    level: int
    path: tuple[str, ...]


def organisation(name: str, *, on: date) -> OrganisationView:
    """By its name as a source, or as admitted: one office is one party. Raises `UnknownInstitution`."""
    row, source = Institution.objects.filter(pk=name).first(), catalogue.city().sources.get(name)
    if row is None and source is None:
        raise UnknownInstitution
    roles = _ROLES.get(InstitutionKind(row.kind), (Role.OFFICER,)) if row is not None else ()
    reporting = () if source is None else (Role.PROVIDER,)
    title = row.name if row is not None else source.named(on) if source is not None else name
    return OrganisationView(name, title, (*roles, *reporting, Role.ADMINISTRATOR))


def branches(of: str, at: BranchId | None = None, *, closed: bool = False) -> list[BranchView]:
    """An organisation's branches that are open (or all), `at` and what hangs below it, each below its parent."""
    rows = {BranchId(row.pk): row for row in Branch.objects.filter(organisation=of).order_by("id")}
    above = _parents(rows)
    found = [_view(number, rows, above) for number in rows if reaches(at, number, above)]
    return sorted((one for one in found if closed or one.closed_at is None), key=lambda one: one.path)


def branch(number: int, *, of: str) -> BranchView:
    """Raises `UnknownBranch`, also for another organisation's."""
    found = next((one for one in branches(of, closed=True) if one.id == number), None)
    if found is None:
        raise UnknownBranch
    return found


def parents(of: str) -> dict[BranchId, BranchId | None]:
    """The branch above each, closed ones too; None is the head office."""
    return _parents({BranchId(row.pk): row for row in Branch.objects.filter(organisation=of)})


def within(of: str, at: BranchId) -> frozenset[BranchId]:
    """A branch and all that hang below it, closed ones too."""
    above = parents(of)
    return frozenset(one for one in above if reaches(at, one, above))


def names() -> dict[BranchId, str]:
    """What every branch is called, by its number."""
    return {BranchId(number): name for number, name in Branch.objects.values_list("pk", "name")}


def _parents(rows: dict[BranchId, Branch]) -> dict[BranchId, BranchId | None]:
    return {number: None if row.parent_id is None else BranchId(row.parent_id) for number, row in rows.items()}


def _view(number: BranchId, rows: dict[BranchId, Branch], above: dict[BranchId, BranchId | None]) -> BranchView:
    row, path, place = rows[number], list[str](), above[number]
    while place is not None:
        path.insert(0, rows[place].name)
        place = above[place]
    return BranchView(
        id=number,
        organisation=row.organisation,
        name=row.name,
        parent=above[number],
        division=row.division,
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        level=levels(number, above),
        path=(*path, row.name),
    )
