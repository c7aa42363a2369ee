"""Reading risk signals as they were raised. Only evaluation itself and the door may, as with grades."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from xinqiao import catalogue
from xinqiao.evaluation import adopting, outcomes, signal_files
from xinqiao.evaluation.explaining import day_of, filled, shown_as, value_of
from xinqiao.evaluation.models import RaisedSignal
from xinqiao.kernel.ids import EventId, FactId, Position, SubjectId
from xinqiao.kernel.sayings import Saying

MOST: Final = 200


@dataclass(frozen=True, slots=True)
class SignalView:
    """One signal, explained by the rules that raised it. `facts` is empty where a grade fell: `grade_event` gave it."""

    signal: str
    title: Saying
    level: str
    reason: Saying
    on: date
    facts: tuple[FactId, ...]
    grade_event: EventId | None
    rules: str
    version: str
    position: Position
    raised_at: datetime


def of(subject_id: SubjectId, *, since: date) -> Sequence[SignalView]:
    """A subject's signals from a day on, the newest first; of very many the newest."""
    rows = RaisedSignal.objects.filter(subject_id=subject_id, on__gte=since).order_by("-on", "-id")[:MOST]
    return [_view(row) for row in rows]


def _view(row: RaisedSignal) -> SignalView:
    bound = adopting.recall(row.rules_id).bound
    title, reason = _words(row)
    return SignalView(
        signal=row.signal,
        title=title,
        level=row.level,
        reason=reason,
        on=row.on,
        facts=tuple(map(FactId, row.facts)),
        grade_event=None if row.grade_event is None else EventId(row.grade_event),
        rules=bound.model.model,
        version=bound.model.version,
        position=Position(row.position),
        raised_at=row.raised_at,
    )


def _words(row: RaisedSignal) -> tuple[Saying, Saying]:
    """Of a measure from its frozen rules; of a fall from the city's words for it now."""
    bound = adopting.recall(row.rules_id).bound
    told = json.loads(row.counted)
    if (indicator := bound.model.indicators.get(row.signal)) is not None:
        counted = outcomes.counted_again(told)
        shown = shown_as(bound, indicator, value_of(bound, indicator, counted))
        return Saying(indicator.title), filled(indicator.steps[counted.bin].reason, day_of(counted.day), shown)
    fall = signal_files.load(catalogue.city()).rules.falls.get(row.signal)
    said = "公共信用评价由 {before} 降到 {after}" if fall is None else fall.reason
    return Saying("评价下降" if fall is None else fall.title), Saying(said, **told)
