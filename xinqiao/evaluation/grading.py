"""Giving grades: to one subject, to those something happened to, to the whole city. The same act at three sizes.

The whole city is graded from a snapshot, by whichever engine; the few from the database as it stands. What comes of an
engine's rows is one and the same, so the grades of both are too.
"""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any

from xinqiao.evaluation import adopting, engines, inputs, keeping, moving, outcomes, results, snapshots
from xinqiao.evaluation.engines import DuckDB, Engine, Job
from xinqiao.evaluation.errors import NoModelInForce
from xinqiao.evaluation.explaining import verdict
from xinqiao.evaluation.keeping import Run
from xinqiao.evaluation.language import Bound
from xinqiao.evaluation.scoring import Scored, score, scored
from xinqiao.evaluation.views import GradeView, State
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import Position, SubjectId
from xinqiao.kernel.sayings import Saying
from xinqiao.kernel.subject_kinds import SubjectKind
from xinqiao.ledger import queries as ledger
from xinqiao.subjects import queries as subjects
from xinqiao.subjects.errors import UnknownSubject

Chosen = Callable[[Run, Sequence[Scored]], Sequence[Scored]]


@dataclass
class Summary:
    """What a run over many subjects did. `checksum` is the same for the same grades, whatever engine gave them, and
    whether they were all `kept` or only those that moved."""

    position: Position
    on: date
    grades: Counter[str] = field(default_factory=Counter)
    states: Counter[State] = field(default_factory=Counter)
    without_model: Counter[SubjectKind] = field(default_factory=Counter)  # not graded now; their grades stay
    refused: NoModelInForce | None = None
    kept: int = 0
    _hash: Any = field(default_factory=hashlib.sha256)

    @property
    def subjects(self) -> int:
        return self.states.total()

    @property
    def graded(self) -> int:
        """How many got a grade: neither a thin file nor ended."""
        return self.states[State.RATED]

    @property
    def thin_file(self) -> int:
        return self.states[State.THIN]

    @property
    def checksum(self) -> str:
        return str(self._hash.hexdigest())

    def of_somebody(self) -> "Summary":
        """Itself, unless it is about nobody because there was no model: then that is raised."""
        if self.refused is not None and not self.subjects:
            raise self.refused
        return self

    def add(self, bound: Bound, scored: Scored) -> None:
        given = verdict(bound, scored.outcome)
        self.grades[given.grade] += 1
        self.states[given.state] += 1
        without = scored.without and verdict(bound, scored.without)
        packed = outcomes.packed(bound, scored.outcome)
        said = (scored.subject_id, given.grade, given.score, without and (without.grade, without.score), packed)
        self._hash.update(repr(said).encode())


def grade(subject_id: SubjectId, *, now: datetime) -> GradeView:
    """Grade one subject with all that is known now, keep it, and say it. Raises `UnknownSubject`, `NoModelInForce`."""
    kinds = _kinds([subject_id])
    if not kinds:
        raise UnknownSubject(Saying("平台还没有收录这个主体"))
    run = _run(kinds[subject_id], ledger.latest_position(), now)
    (given,) = results.given_by(keeping.keep(run, _score(run, [subject_id])))
    return given


def grade_all(*, now: datetime, at: Position | None = None, engine: Engine | None = None) -> Summary:
    """Grade every subject of the city from a snapshot of one place in the log: the last one, or `at`.

    Killed on the way, the chunks done stay; again gives new grades. Raises `PositionUnknown`, and `NoModelInForce` as
    `grade_some` does.
    """
    return _grade_city(now, at, engine or DuckDB(), lambda _, given: given)


def grade_moved(*, now: datetime, engine: Engine | None = None) -> Summary:
    """Reckon every subject of the city from a snapshot of now, and keep those whose grade moved, as `moving` tells: by
    new facts, by windows that moved with the days, by a source that spoke for the first time, by another model.

    Killed on the way, the chunks done stay, and the next run finds the others. Raises `NoModelInForce` as `grade_some`.
    """
    places = moving.fresh(now)
    return _grade_city(now, None, engine or DuckDB(), lambda run, given: moving.moved(run, given, places))


def _grade_city(now: datetime, at: Position | None, engine: Engine, chosen: Chosen) -> Summary:
    with snapshots.opened(snapshots.cut(now=now, at=at)) as city:
        summary = Summary(city.manifest.position, day_of(now))
        for kind in engines.kinds(city):
            if (run := _begun(kind, engines.how_many(city, kind), summary, now)) is not None:
                for reckoned in engine.reckon(Job(run.model.runnable, city, kind, run.on)):
                    given = scored(run.model.bound, reckoned)
                    _keep(run, given, chosen(run, given), summary)
    return summary.of_somebody()


def grade_some(whom: Iterable[SubjectId], *, now: datetime) -> Summary:
    """Grade these subjects in chunks of one kind. Killed on the way, the chunks done stay; again gives new grades.

    A kind without a model in force keeps the grades it has and holds up no other; raises `NoModelInForce` where there
    is none for any of them.
    """
    summary = Summary(ledger.latest_position(), day_of(now))
    for kind, chunk in _chunks(sorted(set(whom))):
        if (run := _begun(kind, len(chunk), summary, now)) is not None:
            given = _score(run, chunk)
            _keep(run, given, given, summary)
    return summary.of_somebody()


def _begun(kind: SubjectKind, many: int, summary: Summary, now: datetime) -> Run | None:
    """None, and noted, where no model is in force."""
    try:
        return _run(kind, summary.position, now)
    except NoModelInForce as none:
        summary.without_model[kind] += many
        summary.refused = none
        return None


def _keep(run: Run, given: Sequence[Scored], chosen: Sequence[Scored], summary: Summary) -> None:
    if chosen:
        keeping.keep(run, chosen)
    summary.kept += len(chosen)
    for one in given:
        summary.add(run.model.bound, one)


def _run(kind: SubjectKind, position: Position, now: datetime) -> Run:
    on = day_of(now)
    return Run(model=adopting.in_force(kind, on=on, now=now), on=on, position=position, now=now)


def _score(run: Run, whom: Sequence[SubjectId]) -> list[Scored]:
    known = inputs.known(run.model.bound, whom, on=run.on, at=run.position)
    return score(run.model.runnable, whom, known)


def _chunks(whom: Sequence[SubjectId]) -> Iterator[tuple[SubjectKind, list[SubjectId]]]:
    """By kind, each in the order of the subjects' numbers, so that a run is the same whenever it is repeated."""
    kinds = _kinds(whom)
    ordered = sorted(kinds, key=lambda one: (kinds[one], one))
    for kind, of_kind in groupby(ordered, key=lambda one: kinds[one]):
        some = list(of_kind)
        for start in range(0, len(some), engines.CHUNK):
            yield kind, some[start : start + engines.CHUNK]


def _kinds(whom: Sequence[SubjectId]) -> dict[SubjectId, SubjectKind]:
    return {one.id: one.kind for one in subjects.views(whom)}
