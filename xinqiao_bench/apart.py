"""An act in a process of its own, so that its memory is nobody else's. It says what it cost."""

import importlib
import multiprocessing
import pickle
import resource
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from xinqiao_bench.measures import Spent


@dataclass(frozen=True)
class Cost:
    """Seconds of CPU, and the most megabytes that were resident at once."""

    cpu: float
    memory: float


def apart(act: Callable[..., Spent], *of: Any) -> Cost:
    context = multiprocessing.get_context("spawn")
    mine, its = context.Pipe(duplex=False)
    named = (act.__module__, act.__name__, pickle.dumps(of))
    process = context.Process(target=_measured, args=(its, *named))
    process.start()
    its.close()  # so that a process that died is an end, not a wait
    try:
        cost: Cost = mine.recv()
    finally:
        process.join()
    return cost


def _measured(answer: Any, module: str, name: str, of: bytes) -> None:
    import django

    django.setup()  # before anything is unpickled: models want it
    spent: Spent = getattr(importlib.import_module(module), name)(*pickle.loads(of))  # noqa: S301 — our own
    answer.send(Cost(spent.cpu, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))
