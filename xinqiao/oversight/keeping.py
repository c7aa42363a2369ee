"""What every act of oversight has in common: who may act, words that must say something, one row with its event."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final, TypeVar

from django.db.models import Model

from xinqiao.kernel.ids import PersonId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind
from xinqiao.ledger.log import RowState
from xinqiao.ledger.model_rows import state_of
from xinqiao.oversight.errors import NotFound, NotParty, WordsInvalid
from xinqiao.parties import queries as parties
from xinqiao.parties.rules import Role

TEXT_MIN, TEXT_MAX = 4, 2_000  # characters: a page
LARGEST: Final = 2**63 - 1
Row = TypeVar("Row", bound=Model)


def locked(model: type[Row], number: int) -> Row:
    """The row, for this transaction alone. Raises `NotFound`."""
    rows = model._default_manager.select_for_update(of=("self",))  # noqa: SLF001 - the framework's name for it
    row = rows.filter(pk=number).first() if 0 < number <= LARGEST else None
    if row is None:
        raise NotFound
    return row


def acting(by: PersonId, roles: Collection[Role], now: datetime, organisation: str = "") -> Role:
    """In which of these roles the person acts. Raises `NotParty`."""
    for role in roles:
        if parties.acts_as(by, role, organisation, now):
            return role
    raise NotParty


def words(text: str, least: int = TEXT_MIN, most: int = TEXT_MAX) -> str:
    """What somebody has to say in their own words. Raises `WordsInvalid`."""
    said = text.strip()
    if not least <= len(said) <= most:
        raise WordsInvalid(Saying("请写 {least} 到 {most} 个字", least=least, most=most))
    return said


def written(
    row: Model,
    kind: Kind,
    about: Mapping[str, int | str],
    *,
    by: PersonId | None,
    now: datetime,
    beside: Collection[RowState] = (),
) -> None:
    """Save it as it stands, and say so in the log; `beside` are rows that changed with it."""
    row.save()
    named = {row._meta.model_name or "": row.pk, **about}  # noqa: SLF001 - the framework's name for it
    if by is not None:
        named["by"] = by
    log.append(kind, now=now, about=named, rows=[state_of(row), *beside])
