"""An old grade reckoned again from the snapshot it was given from, and compared bit for bit with its kept row."""

from xinqiao.evaluation import adopting, keeping, results, snapshots
from xinqiao.evaluation.engines import DuckDB, Job
from xinqiao.evaluation.errors import GradeDiffers, NotGradedThen
from xinqiao.evaluation.keeping import Run
from xinqiao.evaluation.models import Grade
from xinqiao.evaluation.scoring import Scored, scored
from xinqiao.evaluation.views import GradeView
from xinqiao.kernel.ids import EventId, Position, SubjectId


def repeat(subject_id: SubjectId, *, at: Position) -> GradeView:
    """The grade given with the facts known at a place in the log, after it came out the same once more.

    Raises `NotGradedThen`, `SnapshotNotKept`, `SnapshotAltered`, and `GradeDiffers`, which would be a broken promise.
    """
    row = Grade.objects.filter(subject_id=subject_id, position=at).order_by("-pk").first()
    if row is None:
        raise NotGradedThen(at)
    run = Run(adopting.recall(row.model_id), row.on, Position(row.position), row.given_at)
    again = keeping.row(run, _again(run, subject_id), EventId(row.event), row.ordinal) | {"id": row.pk}
    if again != {name: getattr(row, name) for name in keeping.COLUMNS}:
        raise GradeDiffers(at)
    return results.view(row)


def _again(run: Run, subject_id: SubjectId) -> Scored:
    with snapshots.opened(snapshots.kept_at(run.position)) as city:
        job = Job(run.model.runnable, city, run.model.bound.model.kind, run.on, only=(subject_id,))
        (reckoned,) = DuckDB().reckon(job)
    (found,) = scored(run.model.bound, reckoned)
    return found
