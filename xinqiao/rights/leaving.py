"""代表人变更: when the register names another representative, the old one's mandate ends with what was given under it.

Grants already given stand: they are the business's. What may only be another spelling ends nothing; an operator is
told.
"""

from datetime import datetime

from xinqiao.authorisation import doubting, mandate_queries, mandates
from xinqiao.authorisation.capacities import Because
from xinqiao.authorisation.mandate_queries import Held, Why
from xinqiao.creditfile import queries as creditfile
from xinqiao.kernel.ids import EventId, FactId, SubjectId
from xinqiao.parties import identities
from xinqiao.rights import registered
from xinqiao.rights.rules.representing import Fit, Named, alike, fit, same


def look(event: EventId, now: datetime) -> None:
    """Take up what this event stored of an item that names representatives."""
    held = mandate_queries.representing(None, now)
    stored = creditfile.stored_by(event, of={one.subject_id for one in held})
    for fact, subject_id in stored:
        for one in (one for one in held if one.subject_id == subject_id):
            _hold_against(one, fact, subject_id, now)


def _hold_against(held: Held, fact: FactId, subject_id: SubjectId, now: datetime) -> None:
    said = registered.named(subject_id, now)
    line, before = next((one for one in said if one.fact == fact), None), registered.named_before(fact)
    if line is None or any(_unchanged(old, line) for old in before):  # superseded by now, or a new address
        return
    found, where = fit(held.name, identities.numbers_of(held.person), said)
    if found is Fit.SAME:
        return
    spelling = any(alike(old.name, line.name) for old in before)
    if before and not spelling and found in {Fit.OTHER_NAME, Fit.OTHER_NUMBER}:
        mandates.end_one(held.number, because=Because.REPLACED, now=now)
    else:
        about = {"person": held.person, "subject_id": subject_id, "why": Why(found), "fact": where}
        doubting.raise_(**about, mandate=held.number, now=now)  # type: ignore[arg-type]


def _unchanged(old: Named, line: Named) -> bool:
    return same(old.name, line.name) and old.number == line.number
