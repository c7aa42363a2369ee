"""共享协议: without one in force nothing is shared. It ends on its last day, or at once when either side ends it.

Here are those made on paper, written down by a command; on line both sides sign (`drafting`, `signing`).
"""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from xinqiao import catalogue
from xinqiao.database import statements
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of
from xinqiao.parties import assessing, queries
from xinqiao.parties.errors import AgreementsOverlap, AlreadyEnded, ScopeInvalid, UnknownAgreement, UnknownInstitution
from xinqiao.parties.models import Agreement, Institution
from xinqiao.parties.purposes import purpose
from xinqiao.parties.rules import InstitutionKind, overlaps


@transaction.atomic
def make(
    *,
    institution: str,
    document: str,
    items: Iterable[str],
    purposes: Iterable[str],
    since: date,
    until: date,
    feedback: bool = False,
    now: datetime,
) -> int:
    """Write down an agreement made on paper, in force from `since` to `until`, both included; returns its number.

    `items` bounds what grants to this institution may name, `feedback` lets it tell outcomes (结果反馈). It rests on an
    impact assessment that covers all of it (个人信息保护法 §55), which the log names. Raises `UnknownInstitution`,
    `AgreementsOverlap`, `UnknownItem`, `PurposeUnknown`, `ScopeInvalid`, `NotAssessed`.
    """
    row = Institution.objects.select_for_update().filter(pk=institution).first()  # one agreement at a time
    if row is None:
        raise UnknownInstitution
    named, allowed = sorted(set(items)), sorted(set(purposes))
    check(InstitutionKind(row.kind), named, allowed, since, until)
    terms = Agreement.objects.filter(institution=row, ended_at__isnull=True).values_list("since", "until")
    if overlaps(since, until, terms):
        raise AgreementsOverlap
    assessment = assessing.resting_on(institution, named, allowed, on=since)
    agreement = Agreement.objects.create(
        institution=row,
        document=document,
        items=named,
        purposes=allowed,
        since=since,
        until=until,
        feedback=feedback,
        made_at=now,
    )
    log.append(
        Kind.AGREEMENT_MADE,
        now=now,
        about={"agreement": agreement.pk, "institution": institution, "assessment": assessment},
        rows=[state_of(agreement)],
    )
    return agreement.pk


def check(kind: InstitutionKind, items: list[str], purposes: list[str], since: date, until: date) -> None:
    """Whether there can be an agreement like this. Raises `ScopeInvalid`, `PurposeUnknown`, `UnknownItem`."""
    if kind is InstitutionKind.DEPARTMENT:
        raise ScopeInvalid(Saying("政府部门按法定依据共享，不签机构协议"))
    if until < since:
        raise ScopeInvalid(Saying("协议的止期早于起期"))
    if not purposes:
        raise ScopeInvalid(Saying("协议应至少写明一个用途"))
    for name in purposes:
        if kind not in purpose(name).institutions:
            raise ScopeInvalid(Saying("“{title}”不是这类机构可以用的用途", title=Saying(purpose(name).title)))
    for name in items:
        catalogue.city().item(name)


@transaction.atomic
def end(number: int, *, because: str, now: datetime) -> None:
    """End an agreement; its doors close when this commits. Raises `UnknownAgreement`, `AlreadyEnded`."""
    institution = Agreement.objects.filter(pk=number).values_list("institution_id", flat=True).first()
    if institution is None:
        raise UnknownAgreement
    statements.row(queries.IN_LINE_TO_END, institution)
    agreement = Agreement.objects.select_for_update().get(pk=number)
    if agreement.ended_at is not None:
        raise AlreadyEnded
    agreement.ended_at, agreement.ended_because = now, because
    agreement.save(update_fields=["ended_at", "ended_because"])
    log.append(
        Kind.AGREEMENT_ENDED,
        now=now,
        about={"agreement": number, "institution": agreement.institution_id},
        rows=[state_of(agreement)],
    )
