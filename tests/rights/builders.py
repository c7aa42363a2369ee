"""A world in which somebody has something to object to: a business, a penalty on it, its source, an operator."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from tests.disclosure.builders import PENALTY, World, a_world, on_file
from tests.parties.builders import NOW, a_person
from xinqiao.creditfile import queries as creditfile
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import FactId, PersonId
from xinqiao.ledger import sequencing
from xinqiao.parties import roles
from xinqiao.parties.rules import Role
from xinqiao.rights import deciding, objections, sources
from xinqiao.rights.queries import ObjectionView

SOURCE = "public_credit_platform"
ITEM = "administrative_penalty"
TEXT = "处罚决定去年十一月已经撤销，见平环撤〔2025〕3号。"


@dataclass(frozen=True)
class City:
    """Who takes part, and the line that is objected to."""

    world: World
    clerk: PersonId
    operator: PersonId
    penalty: FactId

    def object(self, *, fact: FactId | None = None, now: datetime = NOW, **other: Any) -> ObjectionView:
        said: dict[str, Any] = {
            "subject_id": self.world.business,
            "fact": fact or self.penalty,
            "reason": "wrong",
            "text": TEXT,
            "by": self.world.representative,
            "now": now,
        }
        return objections.open_(**(said | other))

    def answer(
        self, one: ObjectionView, verdict: str = "remove", *, now: datetime = NOW, **other: Any
    ) -> ObjectionView:
        said: dict[str, Any] = {"verdict": verdict, "text": "查过卷宗，决定已撤销。", "by": self.clerk, "now": now}
        return sources.answer(one.number, **(said | other))

    def uphold(self, one: ObjectionView, *, now: datetime = NOW, **other: Any) -> tuple[ObjectionView, list[Any]]:
        said: dict[str, Any] = {"because": "来源确认有错", "by": self.operator, "now": now}
        return deciding.uphold(one.number, **(said | other))

    def reject(self, one: ObjectionView, *, now: datetime = NOW) -> ObjectionView:
        return deciding.reject(one.number, because="来源核对无误", by=self.operator, now=now)

    def redelivered(self, changed: Sequence[dict[str, Any]], *, delivery: int = 9, now: datetime = NOW) -> FactId:
        """The source sends its line anew, with something changed; the version that is current then."""
        on_file(self.world.business, ITEM, [PENALTY | one for one in changed], delivery=delivery, now=now)
        return FactId(creditfile.versions(self.penalty)[-1])


def a_city() -> City:
    world = a_world()
    clerk, operator = a_person("赵科员"), a_person("平台值班员")
    roles.give(person=clerk, role=Role.PROVIDER, organisation=SOURCE, now=NOW)
    roles.give(person=operator, role=Role.OPERATOR, organisation="", now=NOW)
    sequencing.sequence(NOW)
    [penalty] = creditfile.facts_of(world.business, items=(ITEM,))
    return City(world, clerk, operator, penalty.id)


def days(count: int) -> timedelta:
    return timedelta(days=count)


def on(day: date) -> datetime:
    """Nine in the morning of a day, in the city."""
    return NOW + (day - day_of(NOW))
