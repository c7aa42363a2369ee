"""网点: an organisation opens and closes its own branches, a few levels below its head office."""

from datetime import datetime
from typing import TYPE_CHECKING, Final

from xinqiao import catalogue
from xinqiao.kernel.ids import BranchId, PersonId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger import log, recording
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of
from xinqiao.parties import branch_queries, charges, keeping_people, staff_queries
from xinqiao.parties.branch_queries import BranchView
from xinqiao.parties.errors import AlreadyThere, ScopeInvalid
from xinqiao.parties.models import Branch
from xinqiao.parties.people_errors import BranchClosed, BranchInUse, CeilingExceeded

if TYPE_CHECKING:
    from xinqiao.ledger.canonical import JsonValue

DEEPEST: Final = 3  # 分行、支行、网点
MOST: Final = 500  # a city's largest bank has some two hundred
LONGEST_NAME: Final = 60


def open_(
    organisation: str, *, name: str, under: BranchId | None = None, division: str = "", by: PersonId, now: datetime
) -> BranchView:
    """Open a branch below another, or below the head office; `division`: the county it is in, where it is in one.

    By an administrator who has that place. Raises `NotAnAdministrator`, `UnknownBranch`, `BranchClosed`,
    `ScopeInvalid`, `CeilingExceeded`, `AlreadyThere`.
    """

    def act() -> BranchView:
        keeping_people.over(organisation, under, by=by, now=now)
        _check(organisation, name.strip(), under, division)
        row = Branch(organisation=organisation, name=name.strip(), parent_id=under, division=division, opened_at=now)
        _written(row, Kind.BRANCH_OPENED, by, now)
        return branch_queries.branch(row.pk, of=organisation)

    return recording.on_the_record(act, Kind.PEOPLE_REFUSED, by=by, now=now, organisation=organisation)


def close(number: BranchId, *, of: str, by: PersonId, now: datetime) -> BranchView:
    """Close a branch that nobody is at any more: nobody can be put there from this commit on.

    Raises `UnknownBranch`, `NotAnAdministrator`, `BranchClosed`, `BranchInUse`, which says by whom and what.
    """

    def act() -> BranchView:
        keeping_people.over(of, number, by=by, now=now)
        one = branch_queries.branch(number, of=of)
        if one.closed_at is not None:
            raise BranchClosed
        _refuse_used(one, now)
        row = Branch.objects.get(pk=number)
        row.closed_at = now
        _written(row, Kind.BRANCH_CLOSED, by, now)
        return branch_queries.branch(number, of=of)

    return recording.on_the_record(act, Kind.PEOPLE_REFUSED, by=by, now=now, organisation=of)


def _check(organisation: str, name: str, under: BranchId | None, division: str) -> None:
    if not 0 < len(name) <= LONGEST_NAME:
        raise ScopeInvalid(Saying("网点名称要写，最多 {most} 个字", most=LONGEST_NAME))
    if division and division not in catalogue.city().divisions:
        raise ScopeInvalid(Saying("没有这个行政区划"))
    here = branch_queries.branches(organisation)
    parent = None if under is None else branch_queries.branch(under, of=organisation)
    if parent is not None and parent.closed_at is not None:
        raise BranchClosed
    if parent is not None and parent.level >= DEEPEST:
        raise CeilingExceeded(Saying("总部以下最多 {most} 级", most=DEEPEST))
    if len(here) >= MOST:
        raise CeilingExceeded(Saying("一家单位最多 {most} 个网点", most=MOST))
    if any(one.name == name for one in here):
        raise AlreadyThere(Saying("已经有同名的网点"))


def _refuse_used(one: BranchView, now: datetime) -> None:
    """What stands in the way, each by name: first the people, then the branches below, then what is not done yet."""
    within = branch_queries.within(one.organisation, one.id)
    people = [who.name for who in staff_queries.staff(one.organisation, one.id, now)]
    below = [other.name for other in branch_queries.branches(one.organisation, one.id) if other.id != one.id]
    if people or below:
        raise BranchInUse(Saying("还有：{who}", who="、".join([*people, *below])))
    if left := len(charges.open_at(one.organisation, within, now)):
        raise BranchInUse(Saying("还有 {n} 件没有办完的，请先交给别的网点", n=left))


def _written(row: Branch, kind: Kind, by: PersonId, now: datetime) -> None:
    row.save()
    about: dict[str, JsonValue] = {"branch": row.pk, "organisation": row.organisation, "under": row.parent_id, "by": by}
    log.append(kind, now=now, about=about, rows=[state_of(row)])
