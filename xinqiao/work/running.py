"""Doing the work: a worker that stays, or one round in this process.

Procrastinate's worker needs a connection of its own, and gets an app of its own as well: were the connector of the
shared app replaced, a job that defers another would write it down outside its own transaction.
"""

import asyncio
import logging
import signal
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

from asgiref.sync import sync_to_async
from django.db import connection, connections
from procrastinate import App, exceptions
from procrastinate.contrib.django import app
from procrastinate.job_context import JobContext
from procrastinate.jobs import Status
from procrastinate.worker import Worker

from xinqiao.kernel.problems import Kind, Problem
from xinqiao.kernel.sayings import Saying
from xinqiao.work import nights
from xinqiao.work.jobs import ATTEMPTS_MAX, read_all

# A worker says every few seconds that it lives. One that has said nothing for three times as long is dead: its jobs run
# again elsewhere.
_SIGN_OF_LIFE: Final = 5.0
_DEAD_AFTER: Final = 3 * _SIGN_OF_LIFE
_BACK_AFTER: Final = 1.0  # seconds before a worker that lost its database begins again

Witness = Callable[[Exception | None], None]
log = logging.getLogger(__name__)


class JobsFailed(Problem):
    """Some of the jobs run here failed; `causes` are their exceptions."""

    type = "jobs-failed"
    kind = Kind.UNAVAILABLE
    title = "后台任务没有全部完成"

    def __init__(self, causes: list[Exception]) -> None:
        super().__init__(Saying("；".join(f"{type(cause).__name__}: {cause}" for cause in causes)))
        self.causes = tuple(causes)


def run_worker(*, at_once: int = 2) -> None:
    """Do jobs, `at_once` of them at a time, until the process is asked to stop (SIGTERM, SIGINT).

    A job in hand is finished first. If the database goes away the worker waits for it.
    """
    while not asyncio.run(_stay(at_once)):
        time.sleep(_BACK_AFTER)


def drain() -> int:
    """Run every job that is due, here and now, and those they ask for; returns how many were run.

    Raises `JobsFailed` at the end if any failed. Jobs another worker holds are left to it. The jobs see committed rows
    only, so this refuses to run inside a transaction.
    """
    if connection.in_atomic_block:
        raise RuntimeError("work.drain() inside a transaction: the jobs of an uncommitted act do not exist yet")
    outcomes: list[Exception | None] = []
    asyncio.run(_work(at_once=1, stay=False, witness=outcomes.append))
    if failures := [outcome for outcome in outcomes if outcome is not None]:
        raise JobsFailed(failures)
    return len(outcomes)


async def _stay(at_once: int) -> bool:
    """Whether the worker ended because it was asked to, rather than because it lost the database."""
    asked = asyncio.Event()
    # The thread that puts down the night's jobs keeps its connection from one beginning to the next, a broken one too.
    await sync_to_async(connections.close_all)()
    working = asyncio.ensure_future(_work(at_once=at_once, stay=True, witness=lambda _: None))

    def stop() -> None:
        asked.set()  # a worker that is ending already, for want of its database, may not feel that it is cancelled
        working.cancel()

    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    try:
        await working
    except asyncio.CancelledError:
        asked.set()
    except (exceptions.ConnectorException, OSError) as lost:
        log.warning("the worker lost the database: %s", lost)
    return asked.is_set()


async def _work(*, at_once: int, stay: bool, witness: Witness) -> None:
    def watched(call_next: Callable[[], Any], _context: JobContext, _worker: Worker) -> Any:
        """Each job has a connection of its own; its thread may sleep for a long time afterwards."""
        failure = None
        try:
            return call_next()
        except Exception as raised:
            failure = raised
            raise
        finally:
            connections.close_all()
            witness(failure)

    read_all()
    ours = App(connector=app.connector.get_worker_connector(), periodic_defaults=nights.MADE_UP_FOR)  # type: ignore[attr-defined]
    ours.tasks = app.tasks
    async with _opened(ours):
        await _rescue(ours)
        if stay:  # one round does what was asked for; the night's work belongs to those who stay
            ours.periodic_registry = app.periodic_registry
            await nights.begin(ours)
        rescuing = asyncio.create_task(_keep_rescuing(ours)) if stay else None
        try:
            await ours.run_worker_async(
                concurrency=at_once,
                wait=stay,
                listen_notify=stay,
                install_signal_handlers=False,
                delete_jobs="successful",
                update_heartbeat_interval=_SIGN_OF_LIFE,
                stalled_worker_timeout=_DEAD_AFTER,
                task_middleware=[watched],
            )
        finally:
            if rescuing is not None:
                rescuing.cancel()


@asynccontextmanager
async def _opened(ours: App) -> AsyncIterator[None]:
    """Its pool is closed even when we are told to stop while it opens: left alone it would connect for ever, deaf to
    being cancelled, and the process would not end."""
    try:
        await ours.open_async()
        yield
    finally:
        await ours.close_async()


async def _keep_rescuing(working: App) -> None:
    while True:
        await asyncio.sleep(_SIGN_OF_LIFE)
        try:
            await _rescue(working)
        except exceptions.ConnectorException as lost:
            log.warning("no job could be rescued: %s", lost)


async def _rescue(working: App) -> None:
    """Give jobs whose worker died back to the others. One that has cost several workers their lives is set aside."""
    jobs = working.job_manager
    for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=_DEAD_AFTER):
        try:
            if job.attempts + 1 >= ATTEMPTS_MAX:
                log.error("job %s was cut short %d times and is set aside", job.call_string, ATTEMPTS_MAX)
                await jobs.finish_job(job, status=Status.FAILED, delete_job=False)
            else:
                log.warning("job %s was cut short and is begun again", job.call_string)
                await jobs.retry_job(job)
        except exceptions.ConnectorException:
            log.info("job %s was rescued by another worker", job.call_string)
