"""What the facts on one business come to, for a claim of the catalogue: yes, no, a band, or that it is not known. Pure.

Presence counts whatever else is silent; absence counts only where the source has spoken and in time. Where it has not,
the answer is *unknown* and says why: nothing is denied by silence.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Final, assert_never

from xinqiao.catalogue.claims import Band, Bands, Claim, Condition, EveryMonth, Match, NoneOf, Rows, Some
from xinqiao.catalogue.meaning import Values, holds, months_after
from xinqiao.catalogue.schema import DeliveryMode, Item

YES: Final = "yes"
NO: Final = "no"
UNKNOWN: Final = "unknown"
SIGNS: Final = str.maketrans(
    {**dict.fromkeys("•‧∙・･⋅", "·"), **dict.fromkeys("〔[【", "("), **dict.fromkeys("〕]】", ")")}
    | dict.fromkeys("‐‑‒–—―−－", "-")
)


class Heard(StrEnum):
    """How the sources of an item have answered for it."""

    ANSWERED = "answered"
    STALE = "stale"
    SILENT = "silent"


class Because(StrEnum):
    """Why it is not known."""

    NOT_APPLICABLE = "not-applicable"  # the item is not about businesses of this kind
    PERSON = "person-consent-missing"  # a natural person has to consent separately (条例 §46)
    SILENT = "source-silent"
    STALE = "source-stale"
    MONTHS = "months-missing"
    NO_DATA = "no-data"


@dataclass(frozen=True, slots=True)
class Row:
    """One fact as a claim reads it: its values as they are kept, and from when until when it holds in the world."""

    values: Values
    since: date | None = None
    until: date | None = None
    disputed: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """All that is known beside the facts: the day, how the item was heard of, for which months, what is compared."""

    on: date
    heard: Heard = Heard.ANSWERED
    months: frozenset[str] = frozenset()
    value: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`answer`: yes, no, unknown or a band's name. `made_by`: the rows by their places that made it so."""

    answer: str
    because: Because | None = None
    made_by: tuple[int, ...] = ()


def verdict(claim: Claim, item: Item, rows: Sequence[Row], asked: Asked) -> Verdict:
    """What the claim comes to."""
    match claim.asks:
        case Some(rows=wanted):
            return _present(_among(wanted, rows, asked.on), asked, yes=YES, no=NO)
        case NoneOf(rows=wanted):
            return _present(_among(wanted, rows, asked.on), asked, yes=NO, no=YES)
        case Match() as compared:
            return _compared(compared, rows, asked)
        case EveryMonth() | Bands() as monthly:
            return _by_month(monthly, item, rows, asked)
        case _:
            assert_never(claim.asks)


def without_disputed(claim: Claim, item: Item, rows: Sequence[Row], asked: Asked) -> Verdict:
    """The same without what is disputed."""
    return verdict(claim, item, [row for row in rows if not row.disputed], asked)


def needs_since(claim: Claim, on: date) -> date | None:
    """The first day it has to look at; None where it looks at what holds now, or at everything there is.

    The newest month delivered is the one before last at the earliest, so two more are looked at than are counted.
    """
    match claim.asks:
        case EveryMonth(months=count) | Bands(months=count):
            return months_after(on.replace(day=1), -(count + 1))
        case Some(rows=wanted) | NoneOf(rows=wanted) | Match(rows=wanted):
            return None if wanted.last_months is None else months_after(on, -wanted.last_months)
        case _:
            assert_never(claim.asks)


def normal(text: str, normalised: str) -> str:
    """One spelling for what is written in several: full and half width, spaces, dots, brackets, dashes.

    Taking spaces out may bring signs together that are one: so again, until it stays as it is.
    """
    plain = "".join(unicodedata.normalize("NFKC", text.translate(SIGNS)).translate(SIGNS).split())
    plain = plain.upper() if normalised == "code" else plain.casefold()
    return plain if plain == text else normal(plain, normalised)


# ── is there such a fact? ────────────────────────────────────────────────────────────────────────────────────────────


def _present(found: tuple[int, ...], asked: Asked, *, yes: str, no: str) -> Verdict:
    if found:
        return Verdict(yes, None, found)
    return _silence(asked) or Verdict(no)


def _silence(asked: Asked) -> Verdict | None:
    match asked.heard:
        case Heard.SILENT:
            return Verdict(UNKNOWN, Because.SILENT)
        case Heard.STALE:
            return Verdict(UNKNOWN, Because.STALE)
        case Heard.ANSWERED:
            return None


def _among(wanted: Rows, rows: Sequence[Row], on: date) -> tuple[int, ...]:
    return tuple(place for place, row in enumerate(rows) if counts(wanted, row, on))


def counts(wanted: Rows, row: Row, on: date) -> bool:
    """Whether a fact is one of those a claim speaks of."""
    if wanted.in_force and not ((row.since is None or row.since <= on) and (row.until is None or on <= row.until)):
        return False
    if wanted.last_months is not None:
        first = months_after(on, -wanted.last_months)
        if row.since is None or not first <= row.since <= on:
            return False
    return all(_meets(condition, row.values) for condition in wanted.all)


def _meets(condition: Condition, values: Values) -> bool:
    if not holds(condition, values):
        return False
    if condition.at_least is None and condition.at_most is None:
        return True
    value = _number(values.get(condition.field))
    if value is None:
        return False
    above = condition.at_least is None or value >= condition.at_least
    return above and (condition.at_most is None or value <= condition.at_most)


def _number(value: object) -> Decimal | None:
    return None if value is None or value == "" else Decimal(str(value))


def _compared(asks: Match, rows: Sequence[Row], asked: Asked) -> Verdict:
    """A value that is found is found; that it is not is said only by a source that has spoken in time, of facts that
    are there to be compared."""
    places = [p for p in _among(asks.rows, rows, asked.on) if rows[p].values.get(asks.field) not in {None, ""}]
    wanted = normal(asked.value, asks.normalised)
    same = tuple(p for p in places if normal(str(rows[p].values[asks.field]), asks.normalised) == wanted)
    if same:
        return Verdict(YES, None, same)
    if (silence := _silence(asked)) is not None:
        return silence
    return Verdict(NO, None, tuple(places)) if places else Verdict(UNKNOWN, Because.NO_DATA)


# ── month by month ───────────────────────────────────────────────────────────────────────────────────────────────────


def _by_month(asks: EveryMonth | Bands, item: Item, rows: Sequence[Row], asked: Asked) -> Verdict:
    if (silence := _silence(asked)) is not None:
        return silence
    months = _newest(asks.months, asked)
    wanted = asks.rows if isinstance(asks, EveryMonth) else Rows()
    places = _among(wanted, rows, asked.on)
    found = {month: [p for p in places if str(rows[p].values.get(asks.month)) == month] for month in months}
    made_by = tuple(sorted(place for of_month in found.values() for place in of_month))
    missing = [month for month in months if not found[month]]
    said_so = [month for month in missing if month in asked.months and _whole_lists(item)]
    if isinstance(asks, EveryMonth) and said_so:
        return Verdict(NO, None, made_by)
    if len(said_so) < len(missing) or not rows:
        return Verdict(UNKNOWN, Because.MONTHS if rows else Because.NO_DATA)
    if isinstance(asks, EveryMonth):
        return Verdict(YES, None, made_by)
    return Verdict(band_of(asks.bands, _sum(rows, made_by, asks.field)), None, made_by)


def _whole_lists(item: Item) -> bool:
    """Whoever is not in a full list of a month has nothing there; of changes that does not follow."""
    return item.delivery.modes == (DeliveryMode.FULL,)


def _newest(count: int, asked: Asked) -> list[str]:
    """So many months up to the newest that was delivered, none in the future; the one before this where none was."""
    current = asked.on.strftime("%Y-%m")
    last = max((month for month in asked.months if month <= current), default=None)
    first_day = months_after(asked.on.replace(day=1), -1) if last is None else date.fromisoformat(f"{last}-01")
    return [months_after(first_day, -back).strftime("%Y-%m") for back in range(count)]


def _sum(rows: Sequence[Row], places: Iterable[int], field: str) -> Decimal:
    return sum((_number(rows[place].values.get(field)) or Decimal(0) for place in places), Decimal(0))


def band_of(bands: Sequence[Band], value: Decimal) -> str:
    """The band a value lies in: its lower end belongs to it, its upper end to the next."""
    return next(band.band for band in bands if band.below is None or value < band.below)
