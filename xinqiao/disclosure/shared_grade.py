"""公共信用评价等级 as a department is told it, where its basis names it (decision 0019).

The result, and of what it rests on only what is told beside it: neither parts nor the grade before, which would tell
what came of items that are not named. An override's reason is free text, held to no items: it is told where the model
reads nothing beyond. That something counted is disputed is told always, for that is the business's right.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final

from xinqiao.catalogue import City
from xinqiao.disclosure import reading
from xinqiao.disclosure.composing import Contents, Json
from xinqiao.evaluation import results
from xinqiao.evaluation.narrowing import Narrowed
from xinqiao.evaluation.views import GradeView, plain
from xinqiao.kernel.ids import EventId, FactId
from xinqiao.kernel.sayings import Saying
from xinqiao.subjects.queries import SubjectView

RESULT: Final = (
    "state",
    "grade",
    "title",
    "score",
    "scale",
    "without_disputed",
    "model",
    "model_title",
    "version",
    "sql_sha256",
    "position",
    "on",
    "given_at",
    "event",
    "note",
)
# 个人信息保护法 §24: to whoever decides about a natural person.
CAUTION: Final = Saying("主体是自然人：对其权益有重大影响的决定不能只凭等级作出，本人可以要求说明和人工复核。")


@dataclass(frozen=True, slots=True)
class SharedGrade:
    """`members` of the answer that tell it, and the facts `behind` it, whether they are told or not."""

    members: Json
    behind: tuple[FactId, ...] = ()


UNASKED: Final = SharedGrade({})  # an answer that was not asked for a grade speaks of none


def shared_grade(
    subject: SubjectView, told: Contents, *, city: City, on: date, given_by: EventId | None = None
) -> SharedGrade:
    """The grade in force, or the one this act gave, beside what is `told`; none while what it rests on has changed."""
    grades = results.history(subject.id, limit=1, until=given_by)
    if not grades:
        return SharedGrade(_absent("none"))
    [given] = grades
    whole = given.as_dict()
    if not reading.holds(whole, on):
        return SharedGrade(_absent("renewing"))
    within = results.within(given, items=told.items, facts=frozenset(told.facts))
    grade = {name: whole[name] for name in RESULT} | _reasons(within)
    grade["override"] = _override(given, within, on)
    grade["caution"] = CAUTION if subject.kind in city.natural_persons.kinds else None
    return SharedGrade({"grade": grade, "grade_state": "given"}, given.facts())


def _absent(state: str) -> Json:
    return {"grade": None, "grade_state": state}


def _reasons(within: Narrowed) -> Json:
    told = {name: one for name, one in asdict(within).items() if name != "beyond"}
    beyond = [{"item": name, "title": title} for name, title in sorted(within.beyond.items())]
    return plain(told) | {"not_told": beyond}


def _override(given: GradeView, within: Narrowed, on: date) -> Mapping[str, Any] | None:
    override = reading.override(given.subject_id, on)
    if override is None or not within.beyond:
        return override
    return override | {"reason": None}
