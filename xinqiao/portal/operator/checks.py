"""日志核对: asked for on a page, done by a worker (a city's tables take minutes), read on the page."""

import json
from datetime import UTC, datetime, timedelta
from hmac import compare_digest
from typing import Final

from django.db import transaction

from xinqiao import keys, work
from xinqiao.kernel.ids import PersonId
from xinqiao.ledger import checking, witnessing
from xinqiao.portal.models import LogCheck

_LOOKED_AT: Final = 20  # results gone through for one of our own
GIVEN_UP: Final = timedelta(hours=2)  # a check that has not come back by then was lost with its worker


def ask(*, by: PersonId, now: datetime) -> None:
    """Have the whole comparison done; while one is under way, asking again changes nothing."""
    with transaction.atomic():
        if under_way(now) is None:
            check = LogCheck.objects.create(asked_at=now, asked_by=by)
            work.defer("portal.check_log", check=check.pk)


def run(number: int, *, now: datetime) -> None:
    report = checking.check(witnessed=witnessing.seen())
    told = report.as_dict()
    LogCheck.objects.filter(pk=number).update(report=told, done_at=now, seal=_seal(number, now, told))


def under_way(now: datetime) -> LogCheck | None:
    return LogCheck.objects.filter(done_at__isnull=True, asked_at__gt=now - GIVEN_UP).order_by("-pk").first()


def last() -> LogCheck | None:
    """The newest result that the program itself wrote: whoever alters rows would alter this one with them."""
    done = LogCheck.objects.filter(done_at__isnull=False).order_by("-pk")[:_LOOKED_AT]
    return next((check for check in done if _is_ours(check)), None)


def _is_ours(check: LogCheck) -> bool:
    seal = _seal(check.pk, check.done_at or check.asked_at, check.report)
    return check.seal is not None and compare_digest(bytes(check.seal), seal)


def _seal(number: int, done_at: datetime, report: object) -> bytes:
    said = json.dumps([number, done_at.astimezone(UTC).isoformat(), report], sort_keys=True)
    return keys.mark("portal-log-check", said.encode())
