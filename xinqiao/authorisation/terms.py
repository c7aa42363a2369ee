"""What a grant may say at all: within the institution's agreement, and within the template of its purpose."""

from collections.abc import Sequence
from datetime import date

from xinqiao import catalogue
from xinqiao.authorisation import clocks, templates
from xinqiao.authorisation.clocks import Clocks, Wish
from xinqiao.authorisation.errors import (
    AgreementNotInForce,
    CaseClosed,
    CaseUnknown,
    CeilingExceeded,
    PurposeMismatch,
    ScopeExceeded,
    ScopeInvalid,
)
from xinqiao.authorisation.models import Case, Grant
from xinqiao.authorisation.rules import Fetch
from xinqiao.kernel.ids import CaseId, InstitutionId, SubjectId
from xinqiao.kernel.sayings import Saying
from xinqiao.parties import purposes
from xinqiao.parties.queries import AgreementView

MOST_ITEMS = 200  # more than the whole catalogue; a longer list is a mistake


def judged(
    agreement: AgreementView | None,
    *,
    items: Sequence[str],
    purpose: str,
    until: date,
    fetch: Fetch | None,
    wish: Wish,
    today: date,
) -> Clocks:
    """How far it would go, or the refusal that names what bounds it."""
    if agreement is None:
        raise AgreementNotInForce
    _check_scope(agreement, items, purpose)
    settled = clocks.settled(templates.template(purpose, fetch), wish, items, today, until)
    if until > agreement.until:
        raise CeilingExceeded(Saying("机构的协议到 {until} 为止，授权不能更长", until=agreement.until.isoformat()))
    return settled


def _check_scope(agreement: AgreementView, items: Sequence[str], purpose: str) -> None:
    if purposes.purpose(purpose).purpose not in agreement.purposes:
        raise PurposeMismatch
    if not 0 < len(items) <= MOST_ITEMS:
        raise ScopeInvalid(Saying("请至少选择一类信息"))
    titles = {name: catalogue.city().item(name).title for name in items}
    if beyond := [Saying(title) for name, title in titles.items() if name not in agreement.items]:
        raise ScopeExceeded(Saying("协议没有约定：{beyond}", beyond=beyond))


def case_for(case: CaseId | None, institution: InstitutionId, subject_id: SubjectId) -> CaseId | None:
    """The live case a grant is bound to. Raises `CaseUnknown` (also for somebody else's), `CaseClosed`."""
    if case is None:
        return None
    row = (
        Case.objects.select_for_update(no_key=True).filter(pk=case, institution=institution, subject=subject_id).first()
    )
    if row is None:
        raise CaseUnknown
    if row.closed_at is not None:
        raise CaseClosed
    return case


def put(row: Grant, settled: Clocks, *, items: Sequence[str], purpose: str, until: date, case: CaseId | None) -> None:
    """Write into a grant what it says."""
    row.items, row.purpose, row.until, row.case_id = list(items), purpose, until, case
    row.template, row.fetch = settled.template.reference, settled.fetch.value
    row.data_since, row.data_until = settled.range.since, settled.range.until
    row.keep_days, row.most_uses = settled.keep_days, settled.most_uses
    often = settled.frequency
    row.frequency_most, row.frequency_days = (None, None) if often is None else (often.most, often.days)
