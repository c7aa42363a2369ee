"""What the file says of a declaration: what was typed, by whom, under which commitment, with which proof."""

from datetime import datetime
from typing import Final

from xinqiao import catalogue
from xinqiao.kernel.ids import DeliveryNumber, SubjectId
from xinqiao.ledger.events import Kind
from xinqiao.rights import commitments, declarations, papers, writing_down
from xinqiao.rights.cases import About
from xinqiao.rights.declarations import DeclarationView
from xinqiao.rights.models import Declaration
from xinqiao.rights.promises import promises
from xinqiao.rights.rules.declarations import COMMITMENT, NUMBER, PROOF
from xinqiao.subjects import queries as subjects

SOURCE: Final = "subjects_themselves"


def write(now: datetime) -> list[DeliveryNumber]:
    """Everything declared that is not in the file as it stands. Outside transactions, one at a time."""
    items = sorted({item for form in promises().values() for item in form.declares})
    books = [
        writing_down.Book(Declaration.objects.filter(item=item), SOURCE, item, Kind.DECLARATION_WRITTEN, _rows)
        for item in items
    ]
    return [done for done in (writing_down.write(book, now) for book in books) if done is not None]


def row_of(view: DeclarationView) -> dict[str, str]:
    """A declaration as its item's row, the fields nobody types included."""
    item = catalogue.city().item(view.item)
    [subject] = subjects.views([SubjectId(view.subject_id)])
    proofs = [one.digest for one in papers.of_case(About.DECLARATION, view.number)] if view.number else []
    ours = {
        item.subject.field: str(subject.uscc),
        COMMITMENT: commitments.commitment(view.commitment).reference,
        NUMBER: view.reference,
        PROOF: proofs[-1] if proofs else "",
    }
    named = {item.subject.name: subject.name} if item.subject.name else {}
    return {name: said for name, said in {**view.values, **ours, **named}.items() if name in item.fields}


def _rows(numbers: list[int]) -> list[dict[str, str]]:
    """Those that stand: what was corrected or taken back lies in no new file."""
    every = [declarations.declaration(number) for number in numbers]
    return [row_of(view) for view in every if view.standing]
