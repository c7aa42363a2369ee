"""Acts that are an operator's alone."""

from datetime import datetime

from xinqiao.kernel.ids import PersonId
from xinqiao.parties import queries
from xinqiao.parties.errors import NotAnOperator
from xinqiao.parties.rules import Role


def required(by: PersonId, now: datetime) -> None:
    """Raises `NotAnOperator` for anybody who is no operator now."""
    if not queries.acts_as(by, Role.OPERATOR, "", now):
        raise NotAnOperator
