"""A process that takes files in, from the source's hand to facts, to be killed at any moment.

    python -m tests.soak.taking_in MARK FILE ITEM PERIOD [FILE ITEM PERIOD…]

Chunks are small here, so that even a small file has many places to be killed in. Says "begun" once everything is
loaded, and in the file MARK all the time what it is doing, so that whoever kills it knows where.
"""

import os
import sys
from functools import wraps
from pathlib import Path
from types import ModuleType
from typing import Any, Final

WIDTH: Final = 16  # bytes of the mark
BETWEEN: Final = "between"  # two steps: loading models, looking for work
CHUNK: Final = 10  # rows a transaction


class Mark:
    """The step that is under way, written where a killed process leaves it."""

    def __init__(self, file: Path) -> None:
        self._file = os.open(file, os.O_WRONLY | os.O_CREAT)
        self._set(BETWEEN)

    def _set(self, step: str) -> None:
        self._step = step
        os.pwrite(self._file, step.encode().ljust(WIDTH), 0)

    def on(self, step: str, module: ModuleType, name: str) -> None:
        """From now on the module's function says that this step is under way, and afterwards what was before."""
        act = getattr(module, name)

        @wraps(act)
        def marked(*args: Any, **named: Any) -> Any:
            before = self._step
            self._set(step)
            try:
                return act(*args, **named)
            finally:
                self._set(before)

        setattr(module, name, marked)


def main(mark: Path, deliveries_due: list[tuple[Path, str, str]]) -> None:
    import django

    django.setup()
    from django.utils import timezone

    from xinqiao import catalogue
    from xinqiao.cli import road
    from xinqiao.creditfile import facts, filing
    from xinqiao.intake import copies, deliveries, gate, inspection, keeping, placing
    from xinqiao.ledger import sequencing

    for module in (facts, keeping, placing):
        vars(module)["CHUNK"] = CHUNK
    marked = Mark(mark)
    marked.on("arriving", deliveries, "take_in")
    marked.on("reading", gate, "sift")
    marked.on("storing", copies, "keep")
    marked.on("judging", keeping, "judged")
    marked.on("sequencing", sequencing, "sequence")
    marked.on("placing", placing, "place")
    marked.on("filing", filing, "file_one")
    city = catalogue.city()
    sys.stdout.write("begun\n")
    sys.stdout.flush()
    now = timezone.now()
    for file, item, period in deliveries_due:
        source = city.item(item).sources[0]
        number = deliveries.take_in(
            source=source, item=item, period=period, file=file, filename=file.name, mode="changes", by=None, now=now
        )
        inspection.inspect(number, now=now)
        road.settle(now)


if __name__ == "__main__":
    said = sys.argv[2:]
    main(Path(sys.argv[1]), [(Path(said[n]), said[n + 1], said[n + 2]) for n in range(0, len(said), 3)])
