"""Subjects brought into being as a registering department would."""

from datetime import UTC, date, datetime
from typing import Any

from xinqiao.kernel.ids import SubjectId
from xinqiao.kernel.subject_kinds import SubjectKind, kind_of
from xinqiao.kernel.uscc import Uscc
from xinqiao.ledger import sequencing
from xinqiao.parties.rules import Role, Scope
from xinqiao.subjects import queries, registration
from xinqiao.subjects.rules import Introduction
from xinqiao_city import codes

NOW = datetime(2026, 11, 23, 1, 41, tzinfo=UTC)
CITY = Scope(person=None, role=Role.OPERATOR)


def a_code(serial: int, category: str = "91", division: str = "410423") -> Uscc:
    return codes.uscc(category, division, serial)


def said(serial: int, name: str, category: str = "91", **more: Any) -> Introduction:
    code = a_code(serial, category)
    kind = kind_of(code) or SubjectKind.ENTERPRISE
    told: dict[str, Any] = {
        "division": "410423",
        "industry": "C1391",
        "established": date(2019, 5, 6),
        "status": "存续",
    } | more
    return Introduction(code, name, kind, **told)


def introduced(*rows: Introduction) -> dict[Uscc, SubjectId]:
    """Subjects in the database and in the log."""
    ids = registration.introduce(rows, now=NOW)
    sequencing.sequence(NOW)
    return ids


def found(text: str, scope: Scope = CITY, limit: int = 20) -> list[str]:
    """The names of the first page."""
    return [s.name for s in queries.search(text, scope=scope, limit=limit).subjects]


def all_pages(text: str, limit: int) -> list[str]:
    names, after = [], None
    while True:
        page = queries.search(text, scope=CITY, after=after, limit=limit)
        names += [s.name for s in page.subjects]
        after = page.after
        if after is None:
            return names
