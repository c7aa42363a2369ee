"""怎样会变: what would change a business's grade, told to the business itself and to nobody else."""

from datetime import datetime

from xinqiao.authorisation import queries as authorisation
from xinqiao.disclosure.errors import NotParty
from xinqiao.evaluation import changing
from xinqiao.evaluation.prospects import Changes
from xinqiao.kernel.ids import PersonId, SubjectId


def changes(*, subject_id: SubjectId, person: PersonId, now: datetime) -> Changes:
    """Through a person with a mandate for it. Reckoned, not kept: nothing is told that its own file does not hold.

    Raises `NotParty`, `NoModelInForce`.
    """
    if not authorisation.acts_for(person, subject_id, now):
        raise NotParty
    return changing.changes(subject_id, now=now)
