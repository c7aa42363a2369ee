"""`python -m xinqiao.database`: the supervisor's process. Started by `clients` with the server's lock already held."""

import argparse
import json
import os
import sys
from pathlib import Path

from xinqiao.database import place, programs, supervisor
from xinqiao.database.errors import DatabaseUnusable


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("base", type=Path)
    parser.add_argument("--origin", required=True)
    parser.add_argument("--major", type=int, required=True)
    parser.add_argument("--lock", type=int, required=True)
    parser.add_argument("--linger", type=float, required=True)
    parser.add_argument("--settings", type=json.loads, required=True)
    args = parser.parse_args()
    if os.fork():  # our starter waits for this process only, and for nothing later
        os._exit(0)
    os.set_inheritable(args.lock, False)
    try:
        chosen = next(found for found in programs.find(args.origin) if found.major == args.major)
        last = supervisor.supervise(place.Place(args.base), chosen, args.linger, args.settings)
    except DatabaseUnusable as problem:
        supervisor.say(f"{supervisor.LAST_WORDS}{problem.detail}")
        return 1
    os.close(args.lock)  # first: whoever waits for the clients' lock must find nobody supervising
    if last is not None:
        os.close(last)
    return 0


sys.exit(main())
