"""A process that takes one file in, from the source's hand to facts, to be killed at any moment.

    python -m tests.soak.taking_in FILE ITEM PERIOD

Chunks are small here, so that even a small file has many places to be killed in. Says "begun" once everything is
loaded.
"""

import sys
from pathlib import Path


def main(file: Path, item: str, period: str) -> None:
    import django

    django.setup()
    from django.utils import timezone

    from xinqiao import catalogue
    from xinqiao.cli import road
    from xinqiao.creditfile import facts
    from xinqiao.intake import deliveries, inspection, keeping

    facts.CHUNK = 20  # type: ignore[misc]
    keeping.CHUNK = 20  # type: ignore[misc]
    source = catalogue.city().item(item).sources[0]
    sys.stdout.write("begun\n")
    sys.stdout.flush()
    now = timezone.now()
    number = deliveries.take_in(
        source=source, item=item, period=period, file=file, filename=file.name, mode="changes", by=None, now=now
    )
    inspection.inspect(number, now=now)
    road.settle(now)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3])
