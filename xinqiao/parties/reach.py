"""How far a token reaches (`authorization_details`, RFC 9396): services, and limits within them. Pure.

A program may ask for a token that can do less than its institution may: one branch's, one purpose's, one business's.
A token without details has its client's whole reach. Grants and agreements bound every call besides.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Self


class Service(StrEnum):
    """What can be asked for; the `type` of a detail."""

    REPORT = "xinqiao_report"
    QUERY = "xinqiao_query"
    VERIFICATION = "xinqiao_verification"
    INDICATORS = "xinqiao_indicators"
    ESTIMATE = "xinqiao_estimate"
    PROFILE = "xinqiao_profile"
    SHARING = "xinqiao_sharing"  # a department's, by law: it knows neither purpose nor grant


@dataclass(frozen=True, slots=True)
class Detail:
    """One service, and within it what is named; what is None is not limited. A call is described in the same words.

    `grade` is what items leave out: where items are named, the grade is asked for only where it is named too.
    """

    service: Service
    purpose: str | None = None
    uscc: str | None = None
    items: frozenset[str] | None = None
    grant: int | None = None
    grade: bool = False

    def covers(self, call: Self) -> bool:
        """Whether the call stays inside. A call has to name what is limited: nothing is narrowed in silence."""
        return (
            self.service is call.service
            and self.purpose in {None, call.purpose}
            and self.uscc in {None, call.uscc}
            and self.grant in {None, call.grant}
            and (self.items is None or self._names(call))
        )

    def _names(self, call: Self) -> bool:
        return call.items is not None and call.items <= (self.items or set()) and (self.grade or not call.grade)

    def concerns(self, uscc: str, purpose: str) -> bool:
        """Whether what was told about this business for this purpose is within sight."""
        return self.uscc in {None, uscc} and self.purpose in {None, purpose}

    def as_json(self) -> dict[str, Any]:
        """As RFC 9396 has it."""
        items = None if self.items is None else sorted(self.items)
        limits = {"purpose": self.purpose, "uscc": self.uscc, "items": items, "grant": self.grant}
        named = {name: limit for name, limit in limits.items() if limit is not None}
        return {"type": str(self.service)} | named | ({"grade": True} if self.grade else {})


Reach = tuple[Detail, ...]
WHOLE: Final[Reach] = ()


def covers(reach: Reach, call: Detail) -> bool:
    return not reach or any(one.covers(call) for one in reach)


def concerns(reach: Reach, uscc: str, purpose: str) -> bool:
    return not reach or any(one.concerns(uscc, purpose) for one in reach)


def kept(reach: Reach) -> str:
    """As it stands beside its token; empty for the whole reach."""
    return json.dumps([one.as_json() for one in reach], sort_keys=True) if reach else ""


def recalled(text: str) -> Reach:
    return tuple(_detail(one) for one in json.loads(text)) if text else WHOLE


def _detail(said: dict[str, Any]) -> Detail:
    items = said.get("items")
    limits = {"purpose": said.get("purpose"), "uscc": said.get("uscc"), "grant": said.get("grant")}
    named = None if items is None else frozenset(items)
    return Detail(Service(said["type"]), items=named, grade=said.get("grade", False), **limits)


def purposes_of(reach: Iterable[Detail]) -> set[str]:
    return {one.purpose for one in reach if one.purpose is not None}


def items_of(reach: Iterable[Detail]) -> set[str]:
    return set[str]().union(*(one.items for one in reach if one.items is not None))
