"""个人信息保护影响评估 (个人信息保护法 §55–56) of an institution, before an agreement opens anything to it.

One operator writes it, with the three contents of §56, another approves it. It covers items and purposes; an agreement
goes no further than one that is on file. Rows are never deleted: §56 has them kept three years at least.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction

from xinqiao import catalogue
from xinqiao.kernel.ids import PersonId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of
from xinqiao.parties import operators
from xinqiao.parties.errors import (
    AssessedByYou,
    AssessmentDecided,
    NotAssessed,
    ScopeInvalid,
    UnknownAssessment,
    UnknownInstitution,
    WordsMissing,
)
from xinqiao.parties.models import Assessment, Institution
from xinqiao.parties.purposes import purpose

SHORTEST: Final = 20  # characters of each content, as in the city's own files
LONGEST: Final = 2_000
LONGEST_TERM: Final = 3 * 366  # days until it has to be thought through again


@dataclass(frozen=True, slots=True)
class Assessed:
    """What an assessment says. The three contents are those of §56; after `again` no new agreement rests on it."""

    institution: str
    items: frozenset[str]
    purposes: frozenset[str]
    lawful: str  # 处理目的、处理方式等是否合法、正当、必要
    impact: str  # 对个人权益的影响及安全风险
    measures: str  # 保护措施是否合法、有效并与风险程度相适应
    again: date
    grade: bool = False  # the public credit grade, told to a department


@transaction.atomic
def assess(said: Assessed, *, by: PersonId, today: date, now: datetime) -> int:
    """Write an assessment down; nothing rests on it until another operator approves it. Returns its number.

    Raises `NotAnOperator`, `UnknownInstitution`, `WordsMissing`, `ScopeInvalid`, `UnknownItem`, `PurposeUnknown`.
    """
    operators.required(by, now)
    institution = Institution.objects.filter(pk=said.institution).first()
    if institution is None:
        raise UnknownInstitution
    _check(said, today)
    row = Assessment.objects.create(
        institution=institution,
        items=sorted(said.items),
        purposes=sorted(said.purposes),
        grade=said.grade,
        lawful=said.lawful.strip(),
        impact=said.impact.strip(),
        measures=said.measures.strip(),
        again=said.again,
        catalogue=catalogue.city().digest,
        assessed_by_id=by,
        assessed_at=now,
    )
    _say(Kind.ASSESSMENT_WRITTEN, row, by, now)
    return row.pk


def _check(said: Assessed, today: date) -> None:
    for text in (said.lawful, said.impact, said.measures):
        if not SHORTEST <= len(text.strip()) <= LONGEST:
            raise WordsMissing(Saying("三项内容每项写 {least} 到 {most} 个字", least=SHORTEST, most=LONGEST))
    for name in said.items:
        catalogue.city().item(name)
    for name in said.purposes:
        purpose(name)
    if not (said.items | said.purposes or said.grade) or not 0 < (said.again - today).days <= LONGEST_TERM:
        raise ScopeInvalid(Saying("请写明数据项或者用途；三年之内要重新评估"))


@transaction.atomic
def approve(number: int, *, by: PersonId, now: datetime) -> None:
    """Raises `UnknownAssessment`, `AssessmentDecided`, `NotAnOperator`, `AssessedByYou`."""
    _say(Kind.ASSESSMENT_APPROVED, _decided(number, by, now, approved=True), by, now)


@transaction.atomic
def turn_down(number: int, *, by: PersonId, now: datetime) -> None:
    """Nothing rests on it. Raises as `approve` does, but `AssessedByYou`: who wrote it may take it back."""
    _say(Kind.ASSESSMENT_TURNED_DOWN, _decided(number, by, now, approved=False), by, now)


def _decided(number: int, by: PersonId, now: datetime, *, approved: bool) -> Assessment:
    operators.required(by, now)
    row = Assessment.objects.select_for_update(of=("self",)).filter(pk=number).first()
    if row is None:
        raise UnknownAssessment
    if row.decided_at is not None:
        raise AssessmentDecided
    if approved and by == row.assessed_by_id:
        raise AssessedByYou
    row.decided_by_id, row.decided_at, row.approved = by, now, approved
    row.save(update_fields=["decided_by", "decided_at", "approved"])
    return row


def resting_on(
    institution: str, items: Iterable[str], purposes: Iterable[str], *, on: date, grade: bool = False
) -> int:
    """The newest approved assessment that covers all of this, and is not to be thought through again by now.

    Raises `NotAssessed`.
    """
    found = Assessment.objects.filter(institution_id=institution, approved=True, again__gte=on)
    found = found.filter(items__contains=list(items), purposes__contains=list(purposes))
    row = (found.filter(grade=True) if grade else found).order_by("-pk").first()
    if row is None:
        raise (
            NotAssessed(Saying("要有一份批准过的、把这些数据项和评价等级都写进去的影响评估")) if grade else NotAssessed
        )
    return row.pk


def _say(kind: Kind, row: Assessment, by: PersonId, now: datetime) -> None:
    log.append(
        kind, now=now, about={"assessment": row.pk, "institution": row.institution_id, "by": by}, rows=[state_of(row)]
    )
