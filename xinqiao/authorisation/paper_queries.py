"""Reads of grants on paper: by the institution that handed one in, the operator who calls, the business itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from django.db.models import QuerySet

from xinqiao.authorisation.errors import PaperUnknown
from xinqiao.authorisation.models import Paper
from xinqiao.authorisation.rules import Fetch
from xinqiao.kernel.ids import GrantId, InstitutionId, PersonId, SubjectId

PAGE: Final = 50


class Call(StrEnum):
    """What came of asking by phone. Whoever could not be reached is called again."""

    CONFIRMED = "confirmed"
    DENIED = "denied"
    UNREACHED = "unreached"


@dataclass(frozen=True, slots=True)
class OnPaper:
    """What a paper says: whose grant, of which items, what for, until when, signed by whom on which day."""

    subject_id: SubjectId
    items: tuple[str, ...]
    purpose: str
    fetch: Fetch
    until: date
    signed_by: str
    signed_on: date


@dataclass(frozen=True, slots=True)
class PaperView:
    """`grant` once it was accepted; `because` where it was turned down; `to_call` while it waits to be asked about."""

    number: int
    institution: InstitutionId
    says: OnPaper
    scan: str
    kind: str
    size: int
    handed_in_by: PersonId
    handed_in_name: str
    handed_in_at: datetime
    checked_name: str
    checked_at: datetime | None
    because: str
    grant: GrantId | None
    drawn: bool
    call: Call | None
    called_at: datetime | None
    call_note: str
    kept: bool
    window: bool = False

    @property
    def waiting(self) -> bool:
        return self.checked_at is None

    @property
    def to_call(self) -> bool:
        return self.drawn and self.call in {None, Call.UNREACHED}


def known(number: int) -> PaperView:
    """Raises `PaperUnknown`."""
    return _one(Paper.objects.filter(pk=number))


def of_institution(institution: InstitutionId) -> list[PaperView]:
    """Those that wait for a second officer first, then the newest."""
    rows = Paper.objects.filter(institution_id=institution)
    waiting = _views(rows.filter(checked_at__isnull=True))
    return [*waiting, *_views(rows.filter(checked_at__isnull=False))]


def one_of(number: int, institution: InstitutionId) -> PaperView:
    """Raises `PaperUnknown`, also for another institution's."""
    return _one(Paper.objects.filter(pk=number, institution_id=institution))


def at_window() -> list[PaperView]:
    """Those handed in to the operators: what waits for the second of them first, then the newest."""
    rows = Paper.objects.filter(window=True)
    return [*_views(rows.filter(checked_at__isnull=True)), *_views(rows.filter(checked_at__isnull=False))]


def one_at_window(number: int) -> PaperView:
    """Raises `PaperUnknown`, also for an institution's."""
    return _one(Paper.objects.filter(pk=number, window=True))


def behind(grant: GrantId, subject_id: SubjectId) -> PaperView:
    """The paper behind a business's own grant. Raises `PaperUnknown`."""
    return _one(Paper.objects.filter(grant=grant, subject_id=subject_id))


def in_the_name_of(number: int, subject_id: SubjectId) -> PaperView:
    """A paper a business's own grant rests on. Raises `PaperUnknown`."""
    return _one(Paper.objects.filter(pk=number, subject_id=subject_id, grant__isnull=False))


def calls() -> Sequence[PaperView]:
    """Those drawn and not asked about yet, the oldest first."""
    open_ = Paper.objects.filter(to_call=True, call__in=("", Call.UNREACHED))
    return _views(open_)[::-1]


def called() -> Sequence[PaperView]:
    """Those asked about, the newest first."""
    return _views(Paper.objects.filter(call__in=(Call.CONFIRMED, Call.DENIED)))


def denied(institution: InstitutionId, since: datetime) -> int:
    """How many papers of an institution the business said, asked by phone, not to have signed; none of the window's."""
    return Paper.objects.filter(
        institution_id=institution, window=False, call=Call.DENIED, called_at__gte=since
    ).count()


def subject_of(number: int) -> SubjectId | None:
    found = Paper.objects.filter(pk=number).values_list("subject_id", flat=True).first()
    return None if found is None else SubjectId(found)


def _one(rows: QuerySet[Paper]) -> PaperView:
    found = _views(rows)
    if not found:
        raise PaperUnknown
    return found[0]


def _views(rows: QuerySet[Paper]) -> list[PaperView]:
    return [_view(row) for row in rows.select_related("handed_in_by", "checked_by").order_by("-id")[:PAGE]]


def _view(row: Paper) -> PaperView:
    return PaperView(
        number=row.pk,
        institution=InstitutionId(row.institution_id),
        says=OnPaper(
            SubjectId(row.subject_id),
            tuple(row.items),
            row.purpose,
            Fetch(row.fetch),
            row.until,
            row.signed_by,
            row.signed_on,
        ),
        scan=row.scan,
        kind=row.kind,
        size=row.size,
        handed_in_by=PersonId(row.handed_in_by_id),
        handed_in_name=row.handed_in_by.name,
        handed_in_at=row.handed_in_at,
        checked_name=row.checked_by.name if row.checked_by else "",
        checked_at=row.checked_at,
        because=row.because,
        grant=None if row.grant_id is None else GrantId(row.grant_id),
        drawn=row.to_call,
        call=Call(row.call) if row.call else None,
        called_at=row.called_at,
        call_note=row.call_note,
        kept=row.erased_at is None,
        window=row.window,
    )
