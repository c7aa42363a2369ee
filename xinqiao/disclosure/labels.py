"""标签: outcomes fed back become what a model learns from or is held against: who was looked at, when, what came of it.

The place in the log is that of the look, so that whatever is reckoned of the business is what was known then. Drawing
labels is on the record; they go to the operator, who fits and monitors models, and to nobody else.
"""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from io import StringIO
from itertools import groupby
from typing import Final

from django.db import transaction

from xinqiao.disclosure import fed_back
from xinqiao.disclosure.fed_back import Standing
from xinqiao.disclosure.feedback import Became, Outcome
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import EventId, Position
from xinqiao.kernel.uscc import Uscc
from xinqiao.ledger import log
from xinqiao.ledger import queries as ledger
from xinqiao.ledger.events import Kind

HEADS: Final = ("uscc", "observed", "outcome", "position")


@dataclass(frozen=True, slots=True)
class Rule:
    """Bad: a default, or overdue for at least so many days, within so many days of the look. Good: none of these, and
    observed for as long, or repaid."""

    overdue: int = 90
    within: int = 365


@dataclass(frozen=True, slots=True)
class Label:
    """What became of a business after the day it was looked at; facts are read as known at `position`."""

    uscc: Uscc
    observed: date
    bad: bool
    position: Position


@dataclass(frozen=True, slots=True)
class Drawn:
    """`left_out`: looks whose outcome does not say yet, or whose place in the log is not known yet."""

    labels: list[Label]
    left_out: dict[str, int]
    sha256: str

    @property
    def text(self) -> str:
        return _text(self.labels)


@transaction.atomic
def draw(rule: Rule, *, now: datetime) -> Drawn:
    """The labels there are. How many, of what digest and by which rule is in the log."""
    labels, left_out = _labelled(rule)
    digest = sha256(_text(labels).encode()).hexdigest()
    about: dict[str, str | int] = {"labels": digest, "rows": len(labels)}
    log.append(Kind.LABELS_DRAWN, now=now, about=about | {"overdue": rule.overdue, "within": rule.within})
    return Drawn(labels, dict(left_out), digest)


def _labelled(rule: Rule) -> tuple[list[Label], Counter[str]]:
    left_out: Counter[str] = Counter()
    judged = []
    for _, of_look in groupby(fed_back.outcomes(), key=lambda one: one.receipt):
        look = list(of_look)
        bad = verdict(
            [one.content for one in look if isinstance(one.content, Outcome)], day_of(look[0].looked_at), rule
        )
        if bad is None:
            left_out["观察还不够久"] += 1
        else:
            judged.append((look[0], bad))
    places = ledger.positions_of({look.event for look, _ in judged})
    left_out["还没有排进日志"] += sum(look.event not in places for look, _ in judged)
    return list(_by_day(judged, places)), +left_out


def verdict(outcomes: Sequence[Outcome], looked_on: date, rule: Rule) -> bool | None:
    """Whether it went bad within the time the rule gives; None where that cannot be said."""
    until = looked_on + timedelta(days=rule.within)
    if any(_bad(one, rule) and one.known_on <= until for one in outcomes):
        return True
    seen = any(one.until >= until or one.became is Became.REPAID for one in outcomes)
    return False if seen else None


def _bad(one: Outcome, rule: Rule) -> bool:
    return one.became is Became.DEFAULT or (one.overdue_days or 0) >= rule.overdue


def _by_day(judged: Iterable[tuple[Standing, bool]], places: dict[EventId, Position]) -> Iterator[Label]:
    """One label a business and day, whoever looked: bad where anybody's went bad, placed at the day's first look."""
    found: dict[tuple[Uscc, date], Label] = {}
    for look, bad in judged:
        if look.event not in places:
            continue
        key, at = (look.uscc, day_of(look.looked_at)), places[look.event]
        before = found.get(key)
        found[key] = (
            Label(*key, bad, at) if before is None else Label(*key, bad or before.bad, min(at, before.position))
        )
    yield from (found[key] for key in sorted(found))


def _text(labels: Sequence[Label]) -> str:
    """The file `xinqiao model fit SPEC --labels FILE` reads."""
    text = StringIO()
    rows = [(one.uscc, one.observed.isoformat(), "bad" if one.bad else "good", one.position) for one in labels]
    csv.writer(text, lineterminator="\n").writerows([HEADS, *rows])
    return text.getvalue()


def latest(labels: Sequence[Label]) -> list[Label]:
    """The last of each business: to hold grades against, of which each has one."""
    return list({one.uscc: one for one in sorted(labels, key=lambda one: one.observed)}.values())
