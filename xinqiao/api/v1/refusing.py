"""What a refusal looks like, for the description of the interface."""

from typing import Annotated, Any, Final

from ninja import Schema
from pydantic import Field

from xinqiao.api.refusals import TYPES


class FieldFault(Schema):
    field: str
    reason: str


class ProblemAnswer(Schema):
    """RFC 9457. `type` is stable and one of this list; `errors` names the fields at fault.

    `title` and `detail` are Chinese, or English with `Accept-Language: en`.
    """

    type: Annotated[str, Field(json_schema_extra={"enum": list(TYPES)})]
    title: str
    detail: str
    status: int
    errors: list[FieldFault] | None = None


def answers(told: Any, *refusals: int) -> dict[Any, Any]:
    """An operation's answers: what it tells, and the statuses it refuses with."""
    return {200: told, frozenset(refusals): ProblemAnswer}


ASKING: Final = (400, 401, 403, 413, 422, 429, 503)
ASKING_OPENLY: Final = (*ASKING, 404)  # also about what is open to everybody: nobody has this code
OWN: Final = (400, 401, 404, 429, 503)
PUBLIC: Final = (400, 404, 429, 503)
