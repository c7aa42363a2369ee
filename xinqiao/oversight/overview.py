"""What an inspector sees at a glance: every institution, and what the operator is late with. By numbers alone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from xinqiao.authorisation import marks
from xinqiao.authorisation.marks import Summary
from xinqiao.kernel.city_time import day_of
from xinqiao.ledger import queries as ledger
from xinqiao.ledger.events import Kind
from xinqiao.ledger.queries import Event
from xinqiao.oversight import infringements, inspections
from xinqiao.parties import queries as parties
from xinqiao.parties.queries import InstitutionView, SuspensionView
from xinqiao.parties.rules import PUBLIC, Role, Scope
from xinqiao.rights import annulled, queries, repairs
from xinqiao.rights.queries import ObjectionView
from xinqiao.rights.rules.objections import Clock

INSPECTOR: Final = Scope(None, Role.INSPECTOR)
# What only operators do; whoever inspects them reads which, when and of what, by our numbers of things.
OPERATORS_ACTS: Final = (
    Kind.AGREEMENT_MADE,
    Kind.AGREEMENT_ENDED,
    Kind.ACCESS_SUSPENDED,
    Kind.ACCESS_RESUMED,
    Kind.ROLE_GIVEN,
    Kind.ROLE_ENDED,
    Kind.RESET_CONFIRMED,
    Kind.DELIVERY_RELEASED,
    Kind.DELIVERY_WITHDRAWN,
    Kind.MODEL_ADOPTED,
    Kind.MODEL_PROPOSED,
    Kind.MODEL_APPROVED,
    Kind.MODEL_TURNED_DOWN,
    Kind.MODEL_RETIRED,
    Kind.OVERRIDE_PROPOSED,
    Kind.OVERRIDE_APPROVED,
    Kind.OVERRIDE_TURNED_DOWN,
    Kind.OVERRIDE_WITHDRAWN,
    Kind.GRADE_SHOWN,
    Kind.COPY_TRACED,
    Kind.OBJECTION_PAUSED,
    Kind.OBJECTION_UPHELD,
    Kind.OBJECTION_REJECTED,
    Kind.ANNULMENT_CONFIRMED,
    Kind.ANNULMENT_DECLINED,
    Kind.INFRINGEMENT_OPENED,
    Kind.INFRINGEMENT_ESTABLISHED,
    Kind.INFRINGEMENT_DISMISSED,
    Kind.INFRINGEMENT_REFERRED,
    Kind.INFRINGEMENT_CLOSED,
)
ACTS: Final = 50


@dataclass(frozen=True, slots=True)
class Overseen:
    """One institution: its looks and their marks, whether its access is suspended, what is open against it."""

    institution: InstitutionView
    looks: Summary
    suspension: SuspensionView | None
    cases: int
    inspections: int


@dataclass(frozen=True, slots=True)
class Late:
    """How many of the operator's clocks are past their last day at this moment, by what they are of."""

    objections: int
    annulments: int
    repairs: int
    cases: int
    mending: int

    @property
    def total(self) -> int:
        return self.objections + self.annulments + self.repairs + self.cases + self.mending


def institutions(now: datetime) -> list[Overseen]:
    """Who looked most without lending stands on top, below those that are suspended."""
    stopped = parties.suspended(day_of(now))
    checked = [one.institution for one in inspections.inspections(INSPECTOR, open_=True)]
    every = [
        Overseen(
            one,
            marks.summary(one.id, now),
            stopped.get(one.id),
            infringements.how_many_open(one.id),
            checked.count(one.id),
        )
        for one in parties.institutions(PUBLIC)
    ]
    return sorted(every, key=lambda one: (one.suspension is None, -one.looks.never_lent, one.institution.name))


def late(now: datetime) -> Late:
    today = day_of(now)
    objected = queries.objections(INSPECTOR, open_=True)
    return Late(
        objections=sum(_any_late(one.clocks(), today) for one in objected),
        annulments=_late((one.clock() for one in annulled.annulments(INSPECTOR, open_=True)), today),
        repairs=_late((one.clock() for one in repairs.not_carried_out()), today),
        cases=_late((one.decision_clock() for one in infringements.infringements(INSPECTOR, open_=True)), today),
        mending=_late(
            (one.clock() for one in inspections.inspections(INSPECTOR, open_=True) if one.institution is None), today
        ),
    )


def escalated() -> list[ObjectionView]:
    """Objections nobody decided in their twenty days (征信业管理条例 §25), the undecided first; for those above."""
    return queries.escalated()


def acts() -> list[Event]:
    """The newest of what only operators do."""
    return ledger.newest(OPERATORS_ACTS, most=ACTS)


def _late(clocks: Iterable[Clock], today: date) -> int:
    return sum(clock.late(today) for clock in clocks)


def _any_late(clocks: Iterable[Clock], today: date) -> bool:
    return any(clock.late(today) and clock.met is None for clock in clocks)
