"""A city in which somebody watches: a business that was looked at, two operators, an inspector."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.disclosure.builders import World, a_world
from tests.parties.builders import BANK, NOW, a_person
from xinqiao.kernel.ids import PersonId, ReceiptNumber
from xinqiao.oversight import infringing
from xinqiao.oversight.infringements import InfringementView
from xinqiao.oversight.rules.infringements import Origin
from xinqiao.parties import roles
from xinqiao.parties.rules import Role

FACTS = "三次查看没有在办的业务，企业说没有申请过贷款。"


@dataclass(frozen=True)
class City:
    world: World
    look: ReceiptNumber
    operator: PersonId
    second: PersonId
    inspector: PersonId

    def case(self, *, now: datetime = NOW, **other: Any) -> InfringementView:
        said: dict[str, Any] = {
            "institution": BANK,
            "origin": Origin.MARK,
            "facts": FACTS,
            "receipts": [self.look],
            "by": self.operator,
            "now": now,
        }
        return infringing.open_(**(said | other))


def a_city() -> City:
    world = a_world()
    look = world.ask().number
    people = [a_person(name) for name in ("平台值班员", "平台复核员", "检查员")]
    for person, role in zip(people, (Role.OPERATOR, Role.OPERATOR, Role.INSPECTOR), strict=True):
        roles.give(person=person, role=role, now=NOW)
    return City(world, look, *people)
