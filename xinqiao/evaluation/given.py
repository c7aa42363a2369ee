"""The grades a version has given, the first and the latest of each business: what monitoring reads."""

import json
from collections.abc import Sequence
from typing import Final

from xinqiao.database import statements
from xinqiao.evaluation import adopting, outcomes
from xinqiao.evaluation.language import Bound
from xinqiao.evaluation.tallying import Judged, judged
from xinqiao.kernel.ids import SubjectId

_EACH: Final = """
SELECT DISTINCT ON (subject_id) subject_id, state, rank, capped, points, outcome FROM evaluation_grade
 WHERE model_id = $1 AND subject_id = ANY($2::bigint[]) ORDER BY subject_id, position {way}, id {way}
"""


def first_and_latest(model: int, whom: Sequence[SubjectId]) -> dict[SubjectId, tuple[Judged, Judged]]:
    """The latest and the first, in this order; whom the version never graded is left out."""
    bound = adopting.recall(model).bound
    first, latest = (_each(bound, model, whom, way) for way in ("ASC", "DESC"))
    return {subject: (one, first[subject]) for subject, one in latest.items()}


def _each(bound: Bound, model: int, whom: Sequence[SubjectId], way: str) -> dict[SubjectId, Judged]:
    rows = statements.rows(_EACH.format(way=way), model, [int(one) for one in whom])
    return {SubjectId(subject): _judged(bound, *kept) for subject, *kept in rows}


def _judged(bound: Bound, state: int, rank: int, capped: int, points: int, outcome: str) -> Judged:
    kept = json.loads(outcome)
    return judged(bound, outcomes.unpacked(bound, kept, state=state, rank=rank, score=capped, points=points))
