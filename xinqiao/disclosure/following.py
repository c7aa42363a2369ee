"""Disclosure follows the log: what somebody watches has changed, which is news to them while their grant is live."""

from datetime import datetime
from functools import partial
from typing import Any, Final

from xinqiao.authorisation import queries as authorisation
from xinqiao.creditfile import queries as creditfile
from xinqiao.disclosure.models import Watch, WatchNews
from xinqiao.evaluation import results
from xinqiao.kernel.ids import GrantId, SubjectId
from xinqiao.ledger import following, log
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of
from xinqiao.ledger.queries import Event

NAME: Final = "disclosure"
KINDS: Final = (Kind.FACTS_STORED, Kind.FACTS_CLOSED, Kind.FACT_MARKED, Kind.GRADES_GIVEN)


def follow(now: datetime) -> int:
    """Read on in the log; returns how many acts were looked at."""
    return following.follow(NAME, partial(_take, now), kinds=KINDS, now=now)


def _take(now: datetime, event: Event) -> None:
    watched = {
        SubjectId(one) for one in Watch.objects.filter(ended_at__isnull=True).values_list("subject_id", flat=True)
    }
    if not watched:
        return
    graded = results.moved_by(event.id, watched) if event.kind == Kind.GRADES_GIVEN else set()
    moved = {} if event.kind == Kind.GRADES_GIVEN else creditfile.items_moved(event.id, watched)
    changed = set(moved) | set(graded)
    for row in Watch.objects.select_for_update().filter(ended_at__isnull=True, subject_id__in=changed).order_by("pk"):
        subject = SubjectId(row.subject_id)
        _note(row, sorted(set(row.items) & set(moved.get(subject, ()))), row.grade and subject in graded, now)


def _note(watch: Watch, items: list[str], grade: bool, now: datetime) -> None:
    """Open a piece of news, or add to the one that waits; while the grant is not live nothing is noted."""
    grant = authorisation.grant(GrantId(watch.grant_id))
    if not (items or grade) or grant is None or not grant.live(now):
        return
    row = WatchNews.objects.select_for_update().filter(watch=watch, fetched_at__isnull=True).first()
    if row is None:
        row = WatchNews.objects.create(watch=watch, items=items, grade=grade, opened_at=now)
        _say(row, watch, Kind.WATCH_NEWS, now)
    elif set(items) - set(row.items) or (grade and not row.grade):
        row.items, row.grade = sorted({*row.items, *items}), row.grade or grade
        row.save(update_fields=["items", "grade"])
        _say(row, watch, Kind.WATCH_ADDED, now)


def _say(row: WatchNews, watch: Watch, kind: Kind, now: datetime) -> None:
    about: dict[str, Any] = {"news": row.pk, "watch": watch.pk, "institution": watch.institution_id}
    log.append(kind, now=now, about=about, rows=[state_of(row)])
