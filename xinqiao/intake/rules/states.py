"""What may become of a delivery, and how its counts decide it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class State(StrEnum):
    RECEIVED = "received"  # kept as sent, not looked into yet
    ACCEPTED = "accepted"  # every row taken up, or waiting for its subject
    PARTIAL = "partial"  # some rows went back
    HELD = "held"  # all that passed waits for a word: a full list lost too much at once
    RETURNED = "returned"  # nothing of it was taken up
    WITHDRAWN = "withdrawn"  # held, and then not wanted
    REPLACED = "replaced"  # another delivery of its period took its place


TITLES: Final = {
    State.RECEIVED: "已收到，正在检查",
    State.ACCEPTED: "全部通过",
    State.PARTIAL: "部分退回",
    State.HELD: "暂扣，等待确认",
    State.RETURNED: "全部退回",
    State.WITHDRAWN: "已撤回",
    State.REPLACED: "已被后一批替换",
}
# Deliveries whose rows are facts or may become facts.
IN_FORCE: Final = frozenset({State.ACCEPTED, State.PARTIAL})


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows of one delivery. They always add up."""

    delivered: int
    accepted: int = 0
    rejected: int = 0
    held: int = 0
    unplaced: int = 0

    def __post_init__(self) -> None:
        if self.delivered != self.accepted + self.rejected + self.held + self.unplaced:
            raise ValueError(f"rows were lost or doubled: {self}")

    @property
    def state(self) -> State:
        """A file without rows is accepted: the source had nothing to report."""
        if self.held:
            return State.HELD
        if not self.rejected:
            return State.ACCEPTED
        return State.PARTIAL if self.accepted or self.unplaced else State.RETURNED
