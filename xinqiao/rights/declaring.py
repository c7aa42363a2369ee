"""自主申报: a business says something of itself, under its commitment to be truthful; corrects it; takes it back.

It is judged by the rules any delivery is judged by, at once and again when it is delivered, and always told as the
business's own word.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db import connection, transaction

from xinqiao import catalogue, work
from xinqiao.authorisation import queries as authorisation
from xinqiao.authorisation.capacities import May
from xinqiao.creditfile import queries as creditfile
from xinqiao.creditfile import standing
from xinqiao.creditfile.queries import Fact
from xinqiao.creditfile.rules import Standing
from xinqiao.disclosure import corrections
from xinqiao.disclosure.corrections import Outcome, Wrong
from xinqiao.intake import one_row
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import PersonId, ReceiptNumber, SubjectId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of
from xinqiao.rights import commitments, declaration_rows, declarations, proofs
from xinqiao.rights.cases import About
from xinqiao.rights.declarations import DeclarationView
from xinqiao.rights.errors import (
    CommitmentMissing,
    DeclarationInvalid,
    SignerNotAuthorised,
    UnknownDeclaration,
    WrongState,
)
from xinqiao.rights.models import Declaration
from xinqiao.rights.papers import ProofView
from xinqiao.rights.promises import opens
from xinqiao.rights.queries import LARGEST
from xinqiao.rights.rules.declarations import NUMBER, STATE_TITLES, State, asked, key_of

GROUND: Final = "河南省社会信用条例第十五条第二款"
BECAUSE: Final = "主体撤回自主申报"
_USABLE: Final = frozenset({Standing.GOOD, Standing.DISPUTED})


def faults(subject_id: SubjectId, item: str, values: Mapping[str, str], now: datetime) -> dict[str, Saying]:
    """What the gate would say of it, by field. Raises as `declare` but for `DeclarationInvalid`."""
    draft = _draft(subject_id, item, values, now)
    return one_row.faults(catalogue.city(), catalogue.city().item(item), declaration_rows.row_of(draft), day_of(now))


@transaction.atomic
def declare(
    *, subject_id: SubjectId, item: str, values: Mapping[str, str], by: PersonId, now: datetime
) -> DeclarationView:
    """Say it. Of the same key (a month) it corrects what stood; the same again is the same declaration.

    Raises `UnknownDeclaration` for an item nobody declares, `SignerNotAuthorised`, `CommitmentMissing`,
    `DeclarationInvalid` with what is wrong.
    """
    if not authorisation.acts_for(by, subject_id, now, May.SPEAK):
        raise SignerNotAuthorised
    said = _draft(subject_id, item, values, now)
    for fault in faults(subject_id, item, values, now).values():
        raise DeclarationInvalid(fault)
    with connection.cursor() as cursor:  # a button pressed twice is one declaration
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"rights:declare:{subject_id}"])
    earlier = Declaration.objects.filter(subject_id=subject_id, item=item, key=said.key, state=State.STANDING).first()
    if earlier is not None and earlier.values == said.values:
        return declarations.declaration(earlier.pk)
    if earlier is not None:
        _end(earlier, State.REPLACED, Kind.DECLARATION_REPLACED, by, now)
    row = Declaration(subject_id=subject_id, item=item, key=said.key, values=said.values, state=State.STANDING)
    row.commitment_id, row.declared_by_id, row.declared_at = said.commitment, by, now
    _written(row, Kind.DECLARATION_MADE, now)
    return declarations.declaration(row.pk)


def prove(number: int, content: bytes, *, by: PersonId, now: datetime) -> ProofView:
    """Put a file to it; its digest stands in the file with it. Raises as `proofs.add`."""
    added = proofs.add(About.DECLARATION, number, content, by=by, now=now)
    with transaction.atomic():
        row = _own(number, by, now)
        row.unwritten = row.state == State.STANDING
        _written(row, Kind.DECLARATION_PROVED, now)
    return added


def withdraw(number: int, *, by: PersonId, now: datetime) -> tuple[DeclarationView, list[ReceiptNumber]]:
    """Take it back: with this commit it is told to nobody, and whoever was told it hears; their receipts.

    Not inside another transaction. Raises `UnknownDeclaration`, `SignerNotAuthorised`, `WrongState`.
    """
    with transaction.atomic():
        row = _own(number, by, now)
        if row.state != State.STANDING:
            raise WrongState(Saying("它现在是“{state}”", state=STATE_TITLES[State(row.state)]))
        _take_out(row, now)
        _end(row, State.WITHDRAWN, Kind.DECLARATION_WITHDRAWN, by, now)
        work.defer("rights.tell_withdrawn", declaration=number)  # should we not come to it ourselves
    return declarations.declaration(number), tell_recipients(number, now=now)


@transaction.atomic
def tell_recipients(number: int, *, now: datetime) -> list[ReceiptNumber]:
    """Tell whoever was told it that it was taken back; called again it tells nobody twice."""
    view = declarations.declaration(number)
    line = _line(view)
    if view.state is not State.WITHDRAWN or line is None:
        return []
    every = tuple(creditfile.versions(line.id))
    return corrections.tell_recipients(Wrong(view.subject_id, every, Outcome.WITHDRAWN, "declaration", GROUND), now=now)


def _draft(subject_id: SubjectId, item: str, values: Mapping[str, str], now: datetime) -> DeclarationView:
    """The declaration this would be."""
    form = opens(item)
    if form is None:
        raise UnknownDeclaration
    given = commitments.in_force(subject_id, form.commitment)
    if given is None:
        raise CommitmentMissing(Saying("先签“{title}”", title=Saying(form.title)))
    entry = catalogue.city().item(item)
    typed = {name: values.get(name, "").strip() for name in asked(entry)}
    key = key_of(entry, typed)
    return DeclarationView(0, subject_id, item, key, typed, given.number, now, State.STANDING, None, None)


def _take_out(row: Declaration, now: datetime) -> None:
    line = _line(declarations.declaration(row.pk))
    if line is None and row.written_on is not None:
        raise WrongState(Saying("它正在写进档案，过几分钟再撤回"))
    if line is not None and line.standing in _USABLE:
        standing.mark(line.id, Standing.WITHDRAWN, because=BECAUSE, by="platform", now=now)


def _line(view: DeclarationView) -> Fact | None:
    """Its line in the file, by its own number."""
    found = creditfile.facts_of(view.subject_id, items=(view.item,))
    return next((one for one in found if one.values.get(NUMBER) == view.reference), None)


def _own(number: int, by: PersonId, now: datetime) -> Declaration:
    row = locked(number)
    if not authorisation.acts_for(by, SubjectId(row.subject_id), now, May.SPEAK):
        raise SignerNotAuthorised
    return row


def locked(number: int) -> Declaration:
    """For this transaction alone. Raises `UnknownDeclaration`."""
    rows = Declaration.objects.select_for_update(of=("self",))
    row = rows.filter(pk=number).first() if 0 < number <= LARGEST else None
    if row is None:
        raise UnknownDeclaration
    return row


def _end(row: Declaration, state: State, kind: Kind, by: PersonId, now: datetime) -> None:
    row.state, row.ended_by_id, row.ended_at, row.unwritten = state, by, now, False
    _written(row, kind, now)


def _written(row: Declaration, kind: Kind, now: datetime) -> None:
    row.save()
    about = {"declaration": row.pk, "subject": row.subject_id}
    log.append(kind, now=now, about=about, rows=[state_of(row)])
    if row.unwritten:
        work.defer("rights.write_declarations", once="all")
