"""What a job is, when one comes round by itself, and what becomes of one that fails."""

from collections.abc import Callable
from datetime import UTC, datetime, time
from functools import wraps
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final, TypeVar

from django.apps import apps
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from xinqiao.kernel.city_time import CITY_TIME
from xinqiao.kernel.problems import Kind, Problem
from xinqiao.kernel.sayings import Saying

# Waits of 2, 8, 32, 128, 512 seconds: a database or a source that comes back within a quarter of an hour is waited for;
# what still fails then needs a person.
ATTEMPTS_MAX: Final = 6
_FIRST_WAIT: Final = 2
_GROWTH: Final = 4

Act = TypeVar("Act", bound=Callable[..., None])


class UnknownJob(Problem):
    """Nothing in the house does a job of this name."""

    type = "job-unknown"
    kind = Kind.NOT_FOUND
    title = "没有这种后台任务"


class _TryAgain(BaseRetryStrategy):
    """A refusal stands; anything else may have been the moment's fault."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if isinstance(exception, Problem) and exception.kind is not Kind.UNAVAILABLE:
            return None
        if job.attempts + 1 >= ATTEMPTS_MAX:
            return None
        return RetryDecision(retry_in={"seconds": _FIRST_WAIT * _GROWTH**job.attempts})


def job(name: str, *, alone: bool = False, nightly: time | None = None) -> Callable[[Act], Act]:
    """Make a function the job of this name, `domain.act`. With `alone`, two of the name never run at the same time.

    `nightly`: once every day at this hour of the city's, by whichever worker is there first; a night in which no worker
    was there is made up for when one comes. Such a job takes no arguments.
    """

    def register(act: Act) -> Act:
        lock = name if alone else None
        if nightly is None:
            app.task(name=name, retry=_TryAgain(), lock=lock)(act)
        else:
            task = app.task(name=name, retry=_TryAgain(), lock=lock, queueing_lock=f"{name}:nightly")(_at_any(act))
            app.periodic(cron=_cron(nightly))(task)
        return act

    return register


def _at_any(act: Callable[[], None]) -> Callable[..., None]:
    """The library tells a job the hour it was due; ours look at the clock themselves."""

    @wraps(act)
    def done(timestamp: int | None = None) -> None:
        del timestamp
        act()

    return done


def _cron(at: time) -> str:
    """An hour of the city's as the library counts, in UTC. The city keeps one offset all year."""
    there = datetime.combine(datetime.now(CITY_TIME), at, CITY_TIME).astimezone(UTC)
    return f"{there.minute} {there.hour} * * *"


def known(name: str) -> Any:
    """The job of this name as Procrastinate knows it; raises `UnknownJob`.

    Only its own domain's `jobs` are read: a command that asks for one job pays for no other domain.
    """
    if name not in app.tasks:
        _read(name.partition(".")[0])
    try:
        return app.tasks[name]
    except KeyError:
        raise UnknownJob(Saying("没有名为“{name}”的后台任务。", name=name)) from None


def read_all() -> None:
    """Every domain's jobs, for whoever does them."""
    for config in apps.get_app_configs():
        _read(config.label)


def _read(domain: str) -> None:
    if apps.is_installed(f"xinqiao.{domain}") and find_spec(f"xinqiao.{domain}.jobs") is not None:
        import_module(f"xinqiao.{domain}.jobs")
