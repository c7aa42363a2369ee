"""What evaluation finds on a business beside its grade, told to the business itself: 怎样会变, and its risk signals."""

from collections.abc import Sequence
from datetime import datetime

from xinqiao.authorisation import queries as authorisation
from xinqiao.disclosure import reading
from xinqiao.disclosure.errors import NotParty
from xinqiao.evaluation import changing
from xinqiao.evaluation.prospects import Changes
from xinqiao.evaluation.raised import SignalView
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import PersonId, SubjectId


def changes(*, subject_id: SubjectId, person: PersonId, now: datetime) -> Changes:
    """Through a person with a mandate for it. Reckoned, not kept: nothing is told that its own file does not hold.

    Raises `NotParty`, `NoModelInForce`.
    """
    if not authorisation.acts_for(person, subject_id, now):
        raise NotParty
    return changing.changes(subject_id, now=now)


def signals(*, subject_id: SubjectId, person: PersonId, now: datetime) -> Sequence[SignalView]:
    """Those of the last year that still rest on facts in use, the newest first. Raises `NotParty`."""
    if not authorisation.acts_for(person, subject_id, now):
        raise NotParty
    return reading.signals(subject_id, on=day_of(now))
