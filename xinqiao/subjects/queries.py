"""Reading subjects. Lists take a scope: a county's officer sees the county's businesses."""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from xinqiao.database import statements
from xinqiao.kernel.ids import SubjectId
from xinqiao.kernel.sayings import Saying
from xinqiao.kernel.subject_kinds import SubjectKind
from xinqiao.kernel.uscc import Uscc
from xinqiao.parties.rules import Scope
from xinqiao.subjects.errors import UnknownSubject
from xinqiao.subjects.rules import SubjectView

__all__ = ["Found", "SubjectView", "known_as", "names_of", "search", "view", "views"]

PAGE: Final = 20
PAGE_MAX: Final = 100  # a longer list is no search any more
TEXT_MAX: Final = 60  # characters of a search; no name is longer and none is found by more
WIDE_BRACKETS: Final = str.maketrans("()", "（）")
CODE_LEAST: Final = 6  # characters from which on a piece of a code narrows anything down

_COLUMNS: Final = "s.id, s.uscc, s.kind, s.name, s.division, s.industry, s.established, s.status"
_IN_ZONE: Final = "(%(zone)s = '' OR s.division = %(zone)s)"


@dataclass(frozen=True)
class Found:
    """A page of subjects, and what to pass as `after` for the next one (None: this was the last)."""

    subjects: Sequence[SubjectView]
    after: str | None


def view(row: Sequence[Any]) -> SubjectView:
    return SubjectView(SubjectId(row[0]), Uscc(row[1]), SubjectKind(row[2]), *row[3:8])


def known_as(uscc: Uscc) -> SubjectView:
    """The subject that bears the code. Raises `UnknownSubject`."""
    row = statements.row(f"SELECT {_COLUMNS} FROM subjects_subject s WHERE s.uscc = $1", uscc)
    if row is None:
        raise UnknownSubject(Saying("平台还没有收录这个统一社会信用代码"))
    return view(row)


def views(ids: Iterable[SubjectId]) -> list[SubjectView]:
    """Those of the subjects that exist, in the order asked for."""
    wanted = list(ids)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_COLUMNS} FROM subjects_subject s WHERE s.id = ANY(%s)", (wanted,))
        found = {row[0]: view(row) for row in cursor.fetchall()}
    return [found[number] for number in wanted if number in found]


def everybody() -> list[SubjectId]:
    """The ids of all subjects, for whole-city work."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM subjects_subject ORDER BY id")
        return [SubjectId(row[0]) for row in cursor.fetchall()]


def kinds() -> dict[str, list[Any]]:
    """Every subject's number and kind, as two columns in the order of the numbers: the whole city is not a list of
    objects."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT array_agg(id ORDER BY id), array_agg(kind ORDER BY id) FROM subjects_subject")
        ids, named = cursor.fetchone()
    return {"subject_id": ids or [], "kind": named or []}


# As registers write an industry: C13, 1391, 13 or the section alone. Of those without digits the section decides.
_DIGITS: Final = "left(ltrim(industry, 'ABCDEFGHIJKLMNOPQRST'), 2)"
_SELECTED: Final = f"""
SELECT id FROM subjects_subject
WHERE (%(divisions)s::text[] = '{{}}' OR division = ANY(%(divisions)s))
    AND (%(industries)s::text[] = '{{}}' OR {_DIGITS} = ANY(%(industries)s)
        OR ({_DIGITS} = '' AND left(industry, 1) = ANY(%(industries)s)))
    AND (%(kinds)s::text[] = '{{}}' OR kind = ANY(%(kinds)s))
ORDER BY id
"""


def selected(
    *, divisions: Iterable[str] = (), industries: Iterable[str] = (), kinds: Iterable[str] = ()
) -> list[SubjectId]:
    """The ids of all subjects in one of these divisions, these industries (sections and two-digit divisions of GB/T
    4754) and of these kinds; what is empty narrows nothing."""
    asked = {"divisions": list(divisions), "industries": list(industries), "kinds": list(kinds)}
    with connection.cursor() as cursor:
        cursor.execute(_SELECTED, asked)
        return [SubjectId(row[0]) for row in cursor.fetchall()]


def names_of(subject: SubjectId) -> list[str]:
    """Every name the subject bears or has borne, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM subjects_name WHERE subject_id = %s ORDER BY id", (subject,))
        return [row[0] for row in cursor.fetchall()]


# ── search ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def search(text: str, *, scope: Scope, after: str | None = None, limit: int = PAGE) -> Found:
    """Subjects whose name, old or new, contains the text, or whose code begins with it.

    Names that begin with the text come first, then those that contain it; each by name id, so that pages follow each
    other. `after` is what the page before said. Where nothing contains the text as it was typed, it is looked for as
    it may have been registered: half-width letters, full-width brackets, no blanks.
    """
    wanted = text.replace("\0", "").strip()[:TEXT_MAX]
    limit = max(1, min(limit, PAGE_MAX))
    if not wanted:
        return _page("TRUE", {}, scope, after, limit, by="s.id")
    code = unicodedata.normalize("NFKC", wanted)
    if len(code) >= CODE_LEAST and code.isascii() and code.isalnum():
        return _page("s.uscc LIKE %(begin)s", {"begin": code.upper() + "%"}, scope, after, limit, by="s.id")
    found = (_by_name(spelling, scope, after, limit) for spelling in _spellings(wanted))
    return next((page for page in found if page.subjects), Found([], None))


def _spellings(text: str) -> list[str]:
    """The text as it was typed, and as a register writes it (企业名称登记: brackets are full-width)."""
    narrow = "".join(unicodedata.normalize("NFKC", text).split())
    return list(dict.fromkeys(spelling for spelling in (text, narrow, narrow.translate(WIDE_BRACKETS)) if spelling))


def _by_name(text: str, scope: Scope, after: str | None, limit: int) -> Found:
    stage, _, place = (after or "0:0").partition(":")
    found: list[tuple[Any, ...]] = []
    if stage == "0":
        found = _names(_BEGINS, text, scope, int(place), limit + 1)
        if len(found) > limit:
            return Found([view(row) for row in found[:limit]], f"0:{found[limit - 1][8]}")
        place = "0"
    rest = limit - len(found)
    more = _names(_CONTAINS, text, scope, int(place), rest + 1)
    following = f"1:{more[rest - 1][8] if rest else 0}" if len(more) > rest else None
    return Found([view(row) for row in (*found, *more[:rest])], following)


# The planner knows how often each gram occurs: a rare term goes by the index, one that nearly every name contains by
# walking names until the page is full. LIKE makes sure, since grams say nothing of their order.
_BEGINS: Final = "n.name LIKE %(begin)s"
_CONTAINS: Final = "n.grams @> %(grams)s::text[] AND n.name LIKE %(inside)s AND NOT n.name LIKE %(begin)s"
# In the whole city the page is found among names alone and only then joined; in a zone the subject decides.
_ANYWHERE: Final = f"""
SELECT {_COLUMNS}, n.id FROM (
    SELECT n.id, n.subject_id FROM subjects_name n WHERE {{which}} AND n.id > %(after)s ORDER BY n.id LIMIT %(limit)s
) n JOIN subjects_subject s ON s.id = n.subject_id ORDER BY n.id
"""
_WITHIN: Final = f"""
SELECT {_COLUMNS}, n.id FROM subjects_name n JOIN subjects_subject s ON s.id = n.subject_id
WHERE {{which}} AND n.id > %(after)s AND s.division = %(zone)s ORDER BY n.id LIMIT %(limit)s
"""


def _names(which: str, text: str, scope: Scope, after: int, limit: int) -> list[tuple[Any, ...]]:
    plain = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    values: dict[str, Any] = {
        "begin": f"{plain}%",
        "inside": f"%{plain}%",
        "grams": sorted({text[i : i + 2] for i in range(max(1, len(text) - 1))}),
        "after": after,
        "zone": scope.zone,
        "limit": limit,
    }
    query = (_WITHIN if scope.zone else _ANYWHERE).format(which=which)
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())


def _page(where: str, values: dict[str, Any], scope: Scope, after: str | None, limit: int, *, by: str) -> Found:
    query = (
        f"SELECT {_COLUMNS} FROM subjects_subject s WHERE {where} AND {_IN_ZONE} AND {by} > %(after)s"
        f" ORDER BY {by} LIMIT %(limit)s"
    )
    with connection.cursor() as cursor:
        cursor.execute(query, values | {"zone": scope.zone, "after": int(after or 0), "limit": limit + 1})
        rows = cursor.fetchall()
    return Found([view(row) for row in rows[:limit]], str(rows[limit - 1][0]) if len(rows) > limit else None)
