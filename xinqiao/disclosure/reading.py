"""Everything a report is written from, read at one position of the log. Only this domain's tellings ask for it."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from xinqiao.catalogue import City
from xinqiao.creditfile import queries as creditfile
from xinqiao.disclosure.composing import asked
from xinqiao.disclosure.rules import Reader
from xinqiao.disclosure.writing import Material
from xinqiao.evaluation import results
from xinqiao.intake import queries as intake
from xinqiao.kernel.ids import SubjectId
from xinqiao.ledger import queries as ledger
from xinqiao.parties.rules import Role, Scope
from xinqiao.subjects.queries import SubjectView

EVERY_SOURCE: Final = Scope(person=None, role=Role.OPERATOR)  # a report speaks of all that were asked


def material(subject: SubjectView, reader: Reader, *, uses: int, city: City, on: date) -> Material:
    """Facts at the latest position, the grade in force, and how the sources that were asked have answered."""
    position = ledger.latest_position()
    told = asked(city, subject.kind, reader)
    sealed = [name for name, lines in told.items.items() if lines.plan.opens]
    facts = creditfile.facts_of(subject.id, items=told.items, at=position, with_secret=sealed)
    return Material(
        subject=subject,
        asked=told,
        facts=facts,
        grade=grade_json(subject.id),
        health={(one.source, one.item): one for one in intake.source_health(EVERY_SOURCE, on)},
        uses=uses,
        position=position,
    )


def grade_json(subject_id: SubjectId) -> Mapping[str, Any] | None:
    """The grade in force with its reasons, and what the one before it was; None where none has been given yet."""
    grades = results.history(subject_id, limit=2)
    if not grades:
        return None
    before = grades[1] if len(grades) > 1 else None
    earlier = None if before is None else {"grade": before.grade, "score": before.score, "on": before.on.isoformat()}
    told = grades[0].as_dict()
    del told["subject_id"]  # our own number for a business is nobody else's
    return {**told, "before": earlier}
