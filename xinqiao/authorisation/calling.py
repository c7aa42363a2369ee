"""电话核实: an operator asks the business by phone whether it signed a paper that was drawn. A paper it denies suspends
its grant, which only the business itself can let go on."""

from datetime import datetime

from django.db import transaction

from xinqiao.authorisation import paper_queries, papers, steps
from xinqiao.authorisation.errors import NotParty, PaperClosed, PaperUnknown
from xinqiao.authorisation.models import Grant, Paper
from xinqiao.authorisation.paper_queries import Call, PaperView
from xinqiao.authorisation.queries import known
from xinqiao.authorisation.rules import FINAL
from xinqiao.kernel.ids import GrantId, PersonId
from xinqiao.ledger.events import Kind
from xinqiao.parties import queries as parties
from xinqiao.parties.rules import Role


@transaction.atomic
def record(number: int, call: Call, *, note: str, by: PersonId, now: datetime) -> PaperView:
    """Write down what the call came to; `note` says whom one spoke to, at which number.

    Raises `NotParty` for anybody but an operator, `PaperUnknown`, `PaperClosed`, `ScopeInvalid` without a note.
    """
    operator = parties.acting(by, Role.OPERATOR, "", now)
    if operator is None:
        raise NotParty
    row = Paper.objects.filter(pk=number, to_call=True).first()
    if row is None or row.grant_id is None:
        raise PaperUnknown
    grant = Grant.objects.select_for_update(no_key=True, of=("self",)).get(pk=row.grant_id)  # tellings end, or see it
    row = Paper.objects.select_for_update().get(pk=number)
    if row.call in {Call.CONFIRMED, Call.DENIED}:
        raise PaperClosed
    row.call, row.call_note, row.called_by_id, row.called_at = call.value, papers.said(note), by, now
    papers.written(row, Kind.PAPER_CALLED, by, now)
    if call is Call.DENIED and known(GrantId(grant.pk)).state(now) not in FINAL:
        grant.paused_at, grant.resumed_at = now, None
        grant.save(update_fields=["paused_at", "resumed_at"])
        steps.take(Kind.GRANT_SUSPENDED, grant, by=operator.name, now=now)
    return paper_queries.known(number)
