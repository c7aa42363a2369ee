"""Raising risk signals (风险信号): after news in the log, for whom it moved, once for the facts that raise one.

What is raised is written in the transaction that moves the cursor: nothing twice, nothing lost. Signals are hints to
those who watch; they cost nobody a point and say nothing a grade's reasons do not.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final

from xinqiao import catalogue
from xinqiao.creditfile import queries as creditfile
from xinqiao.database import statements
from xinqiao.evaluation import adopting, inputs, outcomes, signal_files
from xinqiao.evaluation.adopting import Adopted
from xinqiao.evaluation.models import RaisedSignal
from xinqiao.evaluation.scoring import Scored, score
from xinqiao.evaluation.signal_files import SignalFile
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import EventId, Position, SubjectId
from xinqiao.ledger import following, log
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of
from xinqiao.ledger.queries import Event
from xinqiao.subjects import queries as subjects

NAME: Final = "signals"
MOVED_BY: Final = (Kind.FACTS_STORED, Kind.FACT_MARKED, Kind.GRADES_GIVEN)

# Whose grade this act put below the one they had; ended and thin files have no place among the others.
_FALLEN: Final = """
SELECT g.subject_id, before.rank, g.rank, before.grade, g.grade
  FROM evaluation_grade g CROSS JOIN LATERAL (
       SELECT p.state, p.rank, p.grade FROM evaluation_grade p
        WHERE p.subject_id = g.subject_id AND (p.position, p.id) < (g.position, g.id)
        ORDER BY p.position DESC, p.id DESC LIMIT 1) before
 WHERE g.event = $1 AND g.state = 0 AND before.state = 0 AND g.rank > before.rank ORDER BY g.subject_id
"""


def follow(now: datetime) -> int:
    """Take up what is new in the log; returns how many acts were looked at."""
    return following.follow(NAME, partial(_take, now), kinds=MOVED_BY, now=now)


def _take(now: datetime, event: Event) -> None:
    assert event.position is not None  # noqa: S101 — a follower meets only what has its place
    rules = signal_files.load(catalogue.city())
    if event.kind == Kind.GRADES_GIVEN:
        _raise(_fallen(rules, event.id, event.position, now), now)
    else:
        _raise(_of_facts(rules, creditfile.subjects_of([event.id]), event.position, now), now)


def _raise(rows: Iterable[RaisedSignal], now: datetime) -> None:
    made = RaisedSignal.objects.bulk_create(rows)
    if made:
        log.append(Kind.SIGNALS_RAISED, now=now, about={"count": len(made)}, rows=[state_of(row) for row in made])


# ── facts ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _of_facts(file: SignalFile, whom: Iterable[SubjectId], position: Position, now: datetime) -> Iterator[RaisedSignal]:
    kinds = {one.id: one.kind for one in subjects.views(sorted(set(whom)))}
    for kind, bound in file.bounds.items():
        if some := [one for one in kinds if kinds[one] is kind]:
            rules = adopting.adopt(bound, now=now)
            known = inputs.known(rules.bound, some, on=day_of(now), at=position)
            yield from _new(file, rules, score(rules.runnable, some, known), position, now)


def _new(
    file: SignalFile, rules: Adopted, scored: Sequence[Scored], position: Position, now: datetime
) -> Iterator[RaisedSignal]:
    """What holds and rests on a fact that has not raised it before."""
    before = _raised_by([one.subject_id for one in scored])
    for one in scored:
        for name in signal_files.held(file.rules, rules.bound, one.outcome):
            counted = one.outcome.counted[name]
            if set(counted.facts) - before.get((one.subject_id, name), set()):
                yield RaisedSignal(
                    subject_id=one.subject_id,
                    signal=name,
                    level=file.rules.signals[name].level,
                    rules_id=rules.id,
                    on=day_of(now),
                    position=position,
                    counted=_text(outcomes.pack(counted)),
                    facts=list(counted.facts),
                    raised_at=now,
                )


def _raised_by(whom: Sequence[SubjectId]) -> dict[tuple[SubjectId, str], set[int]]:
    """The facts that have raised each signal of each of these."""
    found: dict[tuple[SubjectId, str], set[int]] = {}
    rows = RaisedSignal.objects.filter(subject_id__in=whom).values_list("subject_id", "signal", "facts")
    for subject, signal, facts in rows:
        found.setdefault((SubjectId(subject), signal), set()).update(facts)
    return found


# ── grades ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _fallen(file: SignalFile, given: EventId, position: Position, now: datetime) -> Iterator[RaisedSignal]:
    """The first rule that fits a fall speaks for it: the file has the gravest first."""
    rows = statements.rows(_FALLEN, given)
    kinds = {one.id: one.kind for one in subjects.views([SubjectId(row[0]) for row in rows])}
    for subject, was, is_, before, after in rows:
        kind = kinds[SubjectId(subject)]
        for name, rule in file.rules.falls.items():
            deep = rule.bands is not None and is_ - was >= rule.bands
            if kind in rule.kinds and kind in file.bounds and (deep or after in rule.to):
                yield RaisedSignal(
                    subject_id=subject,
                    signal=name,
                    level=rule.level,
                    rules_id=adopting.adopt(file.bounds[kind], now=now).id,
                    on=day_of(now),
                    position=position,
                    counted=_text({"before": before, "after": after}),
                    facts=[],
                    grade_event=given,
                    raised_at=now,
                )
                break


def _text(told: Any) -> str:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))
