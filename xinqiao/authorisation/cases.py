"""融资业务: an institution opens a case for a business and closes it with its outcome. Its grants end with it."""

import re
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Final, TypeVar

from xinqiao.authorisation import handing_on
from xinqiao.authorisation.errors import CaseClosed, CaseUnknown, ScopeInvalid
from xinqiao.authorisation.models import Case, Grant
from xinqiao.kernel.ids import CaseId, InstitutionId, PersonId, SubjectId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger import log, recording
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of
from xinqiao.parties.charges import Work

T = TypeVar("T")

REFERENCE: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z._/-]{0,59}")


class Outcome(StrEnum):
    LENT = "lent"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"  # by the business


def open_case(
    *, institution: InstitutionId, subject_id: SubjectId, reference: str, officer: PersonId | None = None, now: datetime
) -> CaseId:
    """Open a case under the institution's own number; the same number again is the same case. It is with the officer,
    where one opened it.

    Raises `ScopeInvalid` for a number in another form, `CaseUnknown` where it stands for another business, and
    `CaseClosed`.
    """

    def act() -> CaseId:
        return _open(institution, subject_id, reference, officer, now)

    return _on_the_record(act, institution, now)


def _open(
    institution: InstitutionId, subject_id: SubjectId, reference: str, officer: PersonId | None, now: datetime
) -> CaseId:
    if not REFERENCE.fullmatch(reference):
        raise ScopeInvalid(Saying("业务编号用字母、数字和 . _ / -，最多 60 个字符"))
    row, fresh = Case.objects.get_or_create(
        institution_id=institution, reference=reference, defaults={"subject_id": subject_id, "opened_at": now}
    )
    if row.subject_id != subject_id:
        raise CaseUnknown
    if row.closed_at is not None:
        raise CaseClosed
    if fresh:
        log.append(
            Kind.CASE_OPENED,
            now=now,
            about={"case": row.pk, "institution": institution, "subject": subject_id},
            rows=[state_of(row)],
        )
        if officer is not None:
            handing_on.take(Work.CASE, row.pk, institution, officer, now)
    return CaseId(row.pk)


def close(case: CaseId, *, institution: InstitutionId, outcome: Outcome, now: datetime) -> None:
    """Close a case; from this commit on nothing is told under the grants bound to it.

    Raises `CaseUnknown` (also for another institution's), `CaseClosed`.
    """
    _on_the_record(lambda: _close(case, institution, outcome, now), institution, now)


def _on_the_record(act: Callable[[], T], institution: InstitutionId, now: datetime) -> T:
    return recording.on_the_record(act, Kind.CASE_REFUSED, by=f"institution:{institution}", now=now)


def _close(case: CaseId, institution: InstitutionId, outcome: Outcome, now: datetime) -> None:
    # Whoever is telling under one of its grants holds that grant: we wait, or they find the case closed.
    bound = Grant.objects.select_for_update(no_key=True, of=("self",)).filter(case=case, institution=institution)
    list(bound.order_by("id"))
    row = Case.objects.select_for_update().filter(pk=case, institution_id=institution).first()
    if row is None:
        raise CaseUnknown
    if row.closed_at is not None:
        raise CaseClosed
    row.closed_at, row.outcome = now, outcome.value
    row.save(update_fields=["closed_at", "outcome"])
    log.append(
        Kind.CASE_CLOSED,
        now=now,
        about={
            "case": case,
            "institution": institution,
            "subject": row.subject_id,
            "outcome": outcome.value,
        },
        rows=[state_of(row)],
    )
