"""A process that needs the database: `python -m tests.database.someone FOLDER LINGER` until its stdin is closed."""

import sys
from pathlib import Path

from xinqiao import database
from xinqiao.kernel.problems import Problem


def main() -> int:
    try:
        with database.ensure(Path(sys.argv[1]), linger=float(sys.argv[2])) as server:
            sys.stdout.write(f"{server.url}\n")
            sys.stdout.flush()
            sys.stdin.read()
    except Problem as problem:
        sys.stdout.write(f"{problem.detail}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
