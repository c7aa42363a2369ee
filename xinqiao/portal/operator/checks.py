"""日志核对: asked for on a page, done by a worker (a city's tables take minutes), read on the page."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from xinqiao import work
from xinqiao.kernel.ids import PersonId
from xinqiao.ledger import checking, witnessing
from xinqiao.portal.models import LogCheck

GIVEN_UP: Final = timedelta(hours=2)  # a check that has not come back by then was lost with its worker


def ask(*, by: PersonId, now: datetime) -> None:
    """Have the whole comparison done; while one is under way, asking again changes nothing."""
    with transaction.atomic():
        if under_way(now) is None:
            check = LogCheck.objects.create(asked_at=now, asked_by=by)
            work.defer("portal.check_log", check=check.pk)


def run(number: int, *, now: datetime) -> None:
    report = checking.check(outside=witnessing.kept_outside())
    LogCheck.objects.filter(pk=number).update(report=report.as_dict(), done_at=now)


def under_way(now: datetime) -> LogCheck | None:
    return LogCheck.objects.filter(done_at__isnull=True, asked_at__gt=now - GIVEN_UP).order_by("-pk").first()


def last() -> LogCheck | None:
    return LogCheck.objects.filter(done_at__isnull=False).order_by("-pk").first()
