"""Work done later: a thin room around Procrastinate, so that nobody else in the house knows it.

    @work.job("intake.inspect")
    def inspect(*, delivery: int) -> None: ...

    @work.job("intake.expire", alone=True, nightly=time(0, 30))

    work.defer("intake.inspect", delivery=7)      inside the act's transaction: it happens if the act does

Jobs are coarse (a delivery, a chunk, never a record) and live in the domain's `jobs.py`. Their arguments are ids. A job
may be run again after a crash, so it is written to do no harm the second time.
"""

from xinqiao.work.deferring import defer
from xinqiao.work.jobs import UnknownJob, job
from xinqiao.work.running import JobsFailed, drain, run_worker
from xinqiao.work.standing import Counts, counts

__all__ = ["Counts", "JobsFailed", "UnknownJob", "counts", "defer", "drain", "job", "run_worker"]
