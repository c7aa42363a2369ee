"""The rest of the road after a delivery is judged: the log is sequenced and everyone who follows it reads on.

A worker does this all the time; a one-shot command drives the same functions, so that it can return when all is done.
"""

from datetime import datetime


def settle(now: datetime) -> None:
    """Until nothing is left to do: sequence, place rows whose subject has appeared, file facts."""
    from xinqiao.creditfile import following as creditfile
    from xinqiao.intake import placing
    from xinqiao.ledger import sequencing

    while True:
        sequencing.sequence(now)
        if not placing.follow(now) + creditfile.follow(now):
            break
