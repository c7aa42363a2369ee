"""持续关注: an institution hears when what it watches has changed, and is told the change when it fetches it.

Watching needs a live monitoring grant and tells nothing by itself. A change opens a piece of news, which says only that
there is one; its content is decided, receipted and counted as a use at the door when the institution asks for it, as
things stand then. Whatever waited is refused from the commit on with which the grant is paused, revoked or over.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any, Final

from django.db import transaction

from xinqiao import catalogue
from xinqiao.disclosure import composing, reading
from xinqiao.disclosure.answering import Answer, Question, answer
from xinqiao.disclosure.door import Allowed, Asked, decide
from xinqiao.disclosure.errors import AlreadyWatching, NoSuchWatch, ScopeInvalid, WatchEnded
from xinqiao.disclosure.live import Heard
from xinqiao.disclosure.models import Watch, WatchNews
from xinqiao.disclosure.querying import item_told, named
from xinqiao.disclosure.reading import AsRead
from xinqiao.disclosure.telling import Content, instant
from xinqiao.disclosure.watched import WatchView, view
from xinqiao.disclosure.writing import Frame, facts_behind, header, subject_json
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import GrantId, InstitutionId, ReceiptNumber, SubjectId
from xinqiao.kernel.problems import Problem
from xinqiao.kernel.sayings import Saying
from xinqiao.kernel.uscc import Uscc
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of
from xinqiao.parties import purposes
from xinqiao.parties import queries as parties
from xinqiao.subjects import queries as subjects

FORMAT: Final = "xinqiao-watch/1"
IN_ORDER: Final = frozenset({"items"})


def begin(
    *,
    asker: InstitutionId,
    client: str,
    uscc: str,
    purpose: str,
    grant: GrantId,
    items: frozenset[str],
    grade: bool,
    now: datetime,
) -> WatchView:
    """Watch these items of a business, and its grade where told to, for as long as the grant holds. The same again is
    the same watch.

    Raises `NotAUscc`, `ScopeInvalid`, `PurposeUnknown`, `AlreadyWatching`, and what the door refuses by: `OutOfScope`
    where the grant is not one for monitoring.
    """
    if not items and not grade:
        raise ScopeInvalid(Saying("请至少选择一项要关注的"))
    purposes.purpose(purpose)
    asked = Asked(asker, Uscc.parse(uscc), purpose, now, None, client, "", items, grant, watch=True)
    institution = parties.institution(asker)
    with transaction.atomic(durable=True):
        allowed = decide(asked, institution, refused=Kind.WATCH_REFUSED)
        outcome = allowed if isinstance(allowed, Problem) else _begun(allowed, asked, grant, grade)
    if isinstance(outcome, Problem):
        raise outcome
    return view(outcome)


def _begun(allowed: Allowed, asked: Asked, grant: GrantId, grade: bool) -> Watch | Problem:
    items = sorted(asked.items or ())
    if (there := Watch.objects.filter(grant_id=grant, ended_at__isnull=True).first()) is not None:
        return there if (there.items, there.grade) == (items, grade) else AlreadyWatching()
    row = Watch.objects.create(
        grant_id=grant,
        subject_id=allowed.subject.id,
        institution_id=asked.asker,
        purpose=asked.purpose,
        items=items,
        grade=grade,
        client=asked.client,
        begun_at=asked.now,
    )
    _say(row, Kind.WATCH_BEGUN, asked.now)
    return row


@transaction.atomic
def end(number: int, *, institution: InstitutionId, now: datetime) -> WatchView:
    """Watch no more. Raises `NoSuchWatch`, `WatchEnded`."""
    row = Watch.objects.select_for_update().filter(pk=number, institution_id=institution).first()
    if row is None:
        raise NoSuchWatch
    if row.ended_at is not None:
        raise WatchEnded
    row.ended_at = now
    row.save(update_fields=["ended_at"])
    _say(row, Kind.WATCH_ENDED, now)
    return view(row)


def _say(row: Watch, kind: Kind, now: datetime) -> None:
    about: dict[str, Any] = {
        "watch": row.pk,
        "grant": row.grant_id,
        "institution": row.institution_id,
        "subject": row.subject_id,
    }
    log.append(kind, now=now, about=about, rows=[state_of(row)])


def fetch(number: int, *, asker: InstitutionId, client: str, on_behalf: str = "", now: datetime) -> Answer:
    """Tell an institution what has changed, as it stands now. Fetched again by the same program within a week it is the
    same answer and no second use, if it would still be told so.

    Raises `NoSuchWatch`, and as `answer`.
    """
    news = _taken(number, asker, now)
    watch = news.watch
    [subject] = subjects.views([SubjectId(watch.subject_id)])
    items = frozenset(news.items)
    asked = Asked(
        asker,
        subject.uscc,
        watch.purpose,
        now,
        None,
        client,
        on_behalf,
        items,
        GrantId(watch.grant_id),
        watch=True,
    )
    question = Question(asked, partial(_compose, news), Kind.WATCH_TOLD, Kind.WATCH_REFUSED, (number,), items=items)
    return answer(question, key=f"news {number}")  # a caller's own keys have no spaces


@transaction.atomic
def _taken(number: int, asker: InstitutionId, now: datetime) -> WatchNews:
    """From here on further changes are other news."""
    mine = WatchNews.objects.select_for_update(of=("self",)).select_related("watch")
    row = mine.filter(pk=number, watch__institution_id=asker).first()
    if row is None:
        raise NoSuchWatch
    if row.fetched_at is None:
        row.fetched_at = now
        row.save(update_fields=["fetched_at"])
        about: dict[str, Any] = {"news": row.pk, "watch": row.watch_id, "institution": asker}
        log.append(Kind.WATCH_FETCHED, now=now, about=about, rows=[state_of(row)])
    return row


def _compose(
    news: WatchNews,
    allowed: Allowed,
    now: datetime,
    *,
    again: AsRead | None,
    before: ReceiptNumber | None,
    heard: Heard,
) -> Callable[[ReceiptNumber], Content]:
    city, day, subject = catalogue.city(), day_of(now), allowed.subject
    position = reading.place(again)
    told = composing.asked(city, subject.kind, allowed.reader, only=news.items)
    composing.answer(told, reading.facts(subject, told, position, heard), city=city, on=day)
    given_by = None if again is None else again.grade
    graded = reading.graded(subject.id, on=day, given_by=given_by) if news.grade else None
    frame = Frame(allowed.to, allowed.basis, purposes.purpose(allowed.basis.purpose).title, day, now)
    body: dict[str, Any] = {
        "watch": news.watch_id,
        "news": news.pk,
        "changed_since": instant(news.opened_at),
        "subject": subject_json(subject, city),
        "items": [item_told(lines) for lines in told.items.values()],
        "wants_consent": [named(name, city) for name in sorted(allowed.reader.withheld & set(news.items))],
        "grade_moved": news.grade,
        "grade": None if graded is None else graded.grade,
        "grade_state": None if graded is None else graded.state,
        "sources": reading.sources(told, day, city, again, heard),
    }
    behind = facts_behind(body["grade"])
    return lambda number: Content(
        header(FORMAT, number, position, frame, city) | body, told.facts, tuple(told.items), IN_ORDER, rests_on=behind
    )
