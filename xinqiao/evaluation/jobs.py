"""What evaluation does by itself."""

from datetime import time

from django.utils import timezone

from xinqiao import work
from xinqiao.evaluation import following, grading, shadowing, snapshots, trials


@work.job("evaluation.follow", alone=True)
def follow() -> None:
    """After news in the log: regrade whom it moved."""
    following.follow(timezone.now())


@work.job("evaluation.grade_moved", alone=True, nightly=time(2, 0))
def grade_moved() -> None:
    """Every night: windows move and penalties run out though nothing new arrives. Old snapshots go."""
    now = timezone.now()
    grading.grade_moved(now=now)
    snapshots.remove_old(now=now)


@work.job("evaluation.try")
def run_trial(*, trial: int) -> None:
    """What an operator asked for at the pages."""
    trials.run(trial, now=timezone.now())


@work.job("evaluation.run_along", alone=True, nightly=time(3, 0))
def run_along() -> None:
    """Every night after whoever moved was graded: the shadows, and how the versions in force are doing."""
    shadowing.run_all(timezone.now())
    trials.monitor_all(now=timezone.now())
