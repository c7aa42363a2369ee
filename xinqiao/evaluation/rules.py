"""The life of a model version (生命周期): what stage it is in, and what may be done with it then. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from xinqiao.kernel.ids import PersonId


class Stage(StrEnum):
    """In the order a version lives them; a turned-down one never grades, a retired one never again."""

    DRAFT = "draft"  # its words stand in the city's folder alone
    TRIED = "trial"  # so they do still, and were run over the whole city
    SHADOW = "shadow"  # frozen; run every night, grading nobody
    PROPOSED = "proposed"  # frozen; waits for a second person
    TURNED_DOWN = "turned_down"
    APPROVED = "approved"  # by two people; its day is still to come
    IN_FORCE = "in_force"
    SUPERSEDED = "superseded"  # another of its kind grades now
    LAPSED = "lapsed"  # the last day it names for itself is over
    RETIRED = "retired"


class Act(StrEnum):
    PROPOSE = "propose"
    APPROVE = "approve"
    TURN_DOWN = "turn_down"
    RETIRE = "retire"


class OverrideState(StrEnum):
    """Of what two people say beside a model's grade: it begins with the second, and ends by its day or by one word."""

    PROPOSED = "proposed"
    TURNED_DOWN = "turned_down"
    HOLDS = "holds"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"


def override_state(*, approved: bool | None, withdrawn: bool, until: date, on: date) -> OverrideState:
    """A proposal whose day has passed is over as well: nobody approves what nobody would see."""
    if withdrawn:
        return OverrideState.WITHDRAWN
    if approved is False:
        return OverrideState.TURNED_DOWN
    if until < on:
        return OverrideState.ENDED
    return OverrideState.HOLDS if approved else OverrideState.PROPOSED


@dataclass(frozen=True, slots=True)
class Term:
    """From which day on a version may grade, by its own words, and until which; None is without end."""

    since: date
    until: date | None = None

    def holds(self, on: date) -> bool:
        return self.since <= on and (self.until is None or on <= self.until)


@dataclass(frozen=True, slots=True)
class Life:
    """What has been done with a version. `approved` is None until a second person decided; a version that gave grades
    before two people were asked has no proposer and is approved all the same."""

    term: Term
    proposed_by: PersonId | None = None
    approved: bool | None = None
    retired: bool = False

    def may_grade(self, on: date) -> bool:
        """Approved, not retired, and its day has come; the newest such version of a kind is the one in force."""
        return bool(self.approved) and not self.retired and self.term.holds(on)


class Refusal(StrEnum):
    WRONG_STAGE = "wrong_stage"
    FOUR_EYES = "four_eyes"


_OPEN_TO: Final = {
    Act.PROPOSE: {Stage.DRAFT, Stage.TRIED, Stage.SHADOW},
    Act.APPROVE: {Stage.PROPOSED},
    Act.TURN_DOWN: {Stage.PROPOSED},
    Act.RETIRE: {Stage.APPROVED, Stage.IN_FORCE, Stage.SUPERSEDED},
}


def stage(life: Life | None, *, on: date, grades: bool, tried: bool = False, shadows: bool = False) -> Stage:
    """`life` is None for a version nobody proposed yet; `grades` says that it is the one in force on the day."""
    if life is None:
        return Stage.SHADOW if shadows else Stage.TRIED if tried else Stage.DRAFT
    if life.retired:
        return Stage.RETIRED
    if not life.approved:
        return Stage.PROPOSED if life.approved is None else Stage.TURNED_DOWN
    if grades:
        return Stage.IN_FORCE
    if life.term.until is not None and life.term.until < on:
        return Stage.LAPSED
    return Stage.SUPERSEDED if life.term.holds(on) else Stage.APPROVED


def refusal(act: Act, at: Stage, *, proposed_by: PersonId | None, by: PersonId) -> Refusal | None:
    """Why this person may not do this with a version at this stage; who proposed one may take it back alone."""
    if at not in _OPEN_TO[act]:
        return Refusal.WRONG_STAGE
    if act is Act.APPROVE and proposed_by == by:
        return Refusal.FOUR_EYES
    return None
