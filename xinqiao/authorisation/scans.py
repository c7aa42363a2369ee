"""The scans of grants on paper: who may read one, and until when they are kept."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction

from xinqiao import catalogue, store
from xinqiao.authorisation import paper_queries, papers
from xinqiao.authorisation.errors import PaperUnknown
from xinqiao.authorisation.models import Paper
from xinqiao.authorisation.paper_queries import PaperView
from xinqiao.authorisation.queries import known
from xinqiao.catalogue.meaning import months_after
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.file_kinds import MEDIA, Kind
from xinqiao.kernel.ids import GrantId, InstitutionId, PersonId, SubjectId
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind as Event

TERM: Final = "consent_kept"
_MONTHS: Final = 12


@dataclass(frozen=True, slots=True)
class Scan:
    """A scan as it is read: its kind is what we found it to be."""

    name: str
    media: str
    content: bytes


def of_ours(number: int, *, of: InstitutionId, by: PersonId, now: datetime) -> Scan:
    """For the institution that handed it in; reading is on the record. Raises `PaperUnknown`."""
    return _read(paper_queries.one_of(number, of), by, now)


def at_window(number: int, *, by: PersonId, now: datetime) -> Scan:
    """For an operator, of what was handed in at the window. Raises `PaperUnknown`."""
    return _read(paper_queries.one_at_window(number), by, now)


def of_mine(number: int, *, of: SubjectId, by: PersonId, now: datetime) -> Scan:
    """For the business in whose name it was signed. Raises `PaperUnknown`."""
    return _read(paper_queries.in_the_name_of(number, of), by, now)


def _read(paper: PaperView, by: PersonId, now: datetime) -> Scan:
    if not paper.kept:
        raise PaperUnknown
    with transaction.atomic():
        about = {"paper": paper.number, "subject": paper.says.subject_id, "person": by}
        log.append(Event.PAPER_READ, now=now, about=about)
    kind = Kind(paper.kind)
    return Scan(f"grant-on-paper-{paper.number}.{kind}", MEDIA[kind], store.read_bytes(paper.scan))


def named() -> set[str]:
    """The scans still kept, for the file room."""
    return set(Paper.objects.filter(erased_at__isnull=True).values_list("scan", flat=True))


def expire(now: datetime) -> int:
    """Erase the scans whose grant ended long enough ago, and those that never made one; returns how many. Nightly.

    The row stays; the file goes with the next clearing of the file room.
    """
    kept = Paper.objects.filter(erased_at__isnull=True).order_by("id")
    over = [row.pk for row in kept.iterator(500) if _over(row, now)]
    return sum(_erase(number, now) for number in over)


def _over(row: Paper, now: datetime) -> bool:
    return months_after(_ended(row), catalogue.city().clocks[TERM].within * _MONTHS) < day_of(now)


def _ended(row: Paper) -> date:
    """The day of a grant's end, whichever came first; of a paper turned down or never checked, that day."""
    if row.grant_id is None:
        return day_of(row.checked_at or row.handed_in_at)
    grant = known(GrantId(row.grant_id))
    revoked = grant.terms.revoked_at
    return grant.until if revoked is None else min(grant.until, day_of(revoked))


@transaction.atomic
def _erase(number: int, now: datetime) -> bool:
    row = Paper.objects.select_for_update().get(pk=number)
    row.erased_at = now
    papers.written(row, Event.PAPER_ERASED, None, now)
    return True
