"""Reads of institutions' impact assessments: all that ever were, since none is deleted."""

from dataclasses import dataclass
from datetime import date, datetime

from xinqiao.kernel.ids import InstitutionId, PersonId
from xinqiao.parties.models import Assessment


@dataclass(frozen=True, slots=True)
class AssessmentView:
    """An assessment of one institution. `catalogue` is the digest of the city's files it was written against."""

    id: int
    institution: InstitutionId
    institution_name: str
    items: frozenset[str]
    purposes: frozenset[str]
    lawful: str
    impact: str
    measures: str
    again: date
    grade: bool
    catalogue: str
    assessed_by: PersonId
    assessed_by_name: str
    assessed_at: datetime
    decided_by_name: str
    decided_at: datetime | None
    approved: bool | None

    def stands(self, on: date) -> bool:
        """Whether a new agreement may rest on it."""
        return bool(self.approved) and on <= self.again


def every() -> list[AssessmentView]:
    """Those that wait for a second person first, then the newest."""
    rows = Assessment.objects.select_related("institution", "assessed_by", "decided_by").order_by("-pk")
    return [_view(row) for row in sorted(rows, key=lambda row: row.decided_at is not None)]


def of(institution: InstitutionId) -> list[AssessmentView]:
    """An institution's, the newest first."""
    return [one for one in every() if one.institution == institution]


def _view(row: Assessment) -> AssessmentView:
    return AssessmentView(
        id=row.pk,
        institution=InstitutionId(row.institution_id),
        institution_name=row.institution.name,
        items=frozenset(row.items),
        purposes=frozenset(row.purposes),
        lawful=row.lawful,
        impact=row.impact,
        measures=row.measures,
        again=row.again,
        grade=row.grade,
        catalogue=row.catalogue,
        assessed_by=PersonId(row.assessed_by_id),
        assessed_by_name=row.assessed_by.name,
        assessed_at=row.assessed_at,
        decided_by_name=row.decided_by.name if row.decided_by else "",
        decided_at=row.decided_at,
        approved=row.approved,
    )
