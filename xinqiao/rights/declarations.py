"""Reading what businesses declared of themselves: each its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import SubjectId
from xinqiao.parties.rules import Role, Scope
from xinqiao.rights.errors import UnknownDeclaration
from xinqiao.rights.models import Declaration
from xinqiao.rights.queries import LARGEST
from xinqiao.rights.rules.declarations import State


@dataclass(frozen=True, slots=True)
class DeclarationView:
    number: int
    subject_id: SubjectId
    item: str
    key: str
    values: Mapping[str, str]
    commitment: int
    declared_at: datetime
    state: State
    ended_at: datetime | None
    written_on: date | None

    @property
    def reference(self) -> str:
        """D-20261123-000007: the day it was declared in the city, and its number; in the file its 申报编号."""
        return f"D-{day_of(self.declared_at):%Y%m%d}-{self.number:06d}"

    @property
    def standing(self) -> bool:
        return self.state is State.STANDING


def declaration(number: int, *, of: SubjectId | Scope | None = None) -> DeclarationView:
    """One; `of` limits it to a business's own, or to operators. Raises `UnknownDeclaration`."""
    row = Declaration.objects.filter(pk=number).first() if 0 < number <= LARGEST else None
    if row is None or not _may_see(row, of):
        raise UnknownDeclaration
    return _view(row)


def declarations_of(subject_id: SubjectId) -> list[DeclarationView]:
    """The newest first."""
    return [_view(row) for row in Declaration.objects.filter(subject_id=subject_id).order_by("-id")]


def _may_see(row: Declaration, of: SubjectId | Scope | None) -> bool:
    match of:
        case None | Scope(role=Role.OPERATOR | Role.INSPECTOR):
            return True
        case Scope():
            return False
        case subject_id:
            return row.subject_id == subject_id


def _view(row: Declaration) -> DeclarationView:
    return DeclarationView(
        number=row.pk,
        subject_id=SubjectId(row.subject_id),
        item=row.item,
        key=row.key,
        values=row.values,
        commitment=row.commitment_id,
        declared_at=row.declared_at,
        state=State(row.state),
        ended_at=row.ended_at,
        written_on=row.written_on,
    )
