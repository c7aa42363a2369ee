"""One objection at a time: locked, moved on by the rules, written with its event."""

from datetime import datetime
from typing import Final

from xinqiao.kernel.sayings import Saying
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind
from xinqiao.ledger.log import RowState
from xinqiao.ledger.model_rows import state_of
from xinqiao.rights.errors import NotFound, WordsInvalid, WrongState
from xinqiao.rights.models import Objection, Stop
from xinqiao.rights.queries import LARGEST
from xinqiao.rights.rules.objections import STATE_TITLES, Act, State, after

TEXT_MAX: Final = 2_000  # characters: a page, and what may be written beside a line


def locked(number: int) -> Objection:
    """The objection, for this transaction alone. Raises `NotFound`."""
    rows = Objection.objects.select_for_update(of=("self",))
    row = rows.filter(pk=number).first() if 0 < number <= LARGEST else None
    if row is None:
        raise NotFound
    return row


def move(row: Objection, act: Act) -> None:
    """To the state the act leads to. Raises `WrongState` where the present one does not allow it."""
    led = after(State(row.state), act)
    if led is None:
        raise WrongState(Saying("它现在是“{state}”", state=STATE_TITLES[State(row.state)]))
    row.state = led


def written(row: Objection, kind: Kind, *, now: datetime, beside: tuple[RowState, ...] = ()) -> None:
    """Save it as it stands, and say so in the log; `beside` are rows that changed with it."""
    row.save()
    about: dict[str, int | str] = {"objection": row.pk, "subject": row.subject_id, "fact": row.fact}
    log.append(kind, now=now, about=about, rows=[state_of(row), *beside])


def end_stop(row: Objection, now: datetime) -> tuple[RowState, ...]:
    """Let the clocks of an objection run again, where they stand still."""
    stop = Stop.objects.filter(objection=row, until__isnull=True).first()
    if stop is None:
        return ()
    stop.until = now
    stop.save(update_fields=["until"])
    return (state_of(stop),)


def words(text: str, least: int = 2) -> str:
    """What somebody has to say in their own words. Raises `WordsInvalid`."""
    said = text.strip()
    if not least <= len(said) <= TEXT_MAX:
        raise WordsInvalid(Saying("请写 {least} 到 {most} 个字", least=least, most=TEXT_MAX))
    return said
