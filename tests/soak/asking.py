"""A worker of the platform that is asked again and again, whatever it answers.

    python -m tests.soak.asking ASKER OFFICER FILE ITEM SEED

FILE holds the code of the business to ask about, which may change at any time. Reports, queries and questions repeated
under their key, in turn. Says "begun" once everything is loaded; ends when it is told to (SIGTERM), and says then how
often it answered and how often it refused.
"""

import random
import signal
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

HOURS: Final = 400  # of the days it asks in; a grant lives longer, and allows one look an hour
going = [True]


def main(asker: str, officer: int, business: Path, item: str, seed: int) -> None:
    import django

    django.setup()
    from tests.parties.builders import NOW
    from xinqiao.disclosure.querying import query
    from xinqiao.disclosure.reports import disclose_report
    from xinqiao.kernel.ids import InstitutionId, PersonId
    from xinqiao.kernel.problems import Problem

    signal.signal(signal.SIGTERM, lambda *_: going.clear())
    rng, answered, refused, turn = random.Random(seed), 0, 0, 0
    bank: dict[str, Any] = {"asker": InstitutionId(asker), "officer": PersonId(officer)}
    sys.stdout.write("begun\n")
    sys.stdout.flush()
    while going:
        turn += 1
        who = {**bank, "uscc": business.read_text()}
        now = NOW + timedelta(hours=rng.randrange(HOURS))
        try:
            match turn % 10:
                case 0:
                    disclose_report(**who, purpose="loan_review", now=now)
                case 1:
                    query(**who, purpose="loan_review", items=frozenset({item}), now=NOW, key=f"{seed}-{turn // 100}")
                case _:
                    query(**who, purpose="loan_review", items=frozenset({item}), now=now)
            answered += 1
        except Problem:
            refused += 1
    sys.stdout.write(f"{answered} {refused}\n")


if __name__ == "__main__":
    said = sys.argv[1:]
    main(said[0], int(said[1]), Path(said[2]), said[3], int(said[4]))
