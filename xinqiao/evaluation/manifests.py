"""What a snapshot of the city consists of, in one text whose hash stands in the log. Pure.

Whoever has the manifest and the hash can tell whether any file, row count or type was changed since.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Final

from xinqiao.kernel.ids import Position

FILE: Final = "manifest.json"
FORMAT: Final = "xinqiao-snapshot/1"
SUBJECTS: Final = "subjects"
SUBJECT_COLUMNS: Final[Mapping[str, str]] = {"subject_id": "int64", "kind": "string"}


@dataclass(frozen=True, slots=True)
class Part:
    """One file: a table's rows, whose columns are named with their types; an item's name, or `subjects`."""

    table: str
    file: str
    rows: int
    bytes: int
    sha256: str
    columns: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything known at `position`. `items` are all that may be read, with facts or without; `delivered` those of
    which any source had ever delivered."""

    city: str
    position: Position
    items: tuple[str, ...]
    delivered: tuple[str, ...]
    parts: tuple[Part, ...]

    @property
    def facts(self) -> int:
        return sum(part.rows for part in self.parts if part.table != SUBJECTS)

    @property
    def subjects(self) -> int:
        return sum(part.rows for part in self.parts if part.table == SUBJECTS)

    def part(self, table: str) -> Part | None:
        return next((part for part in self.parts if part.table == table), None)

    def subjects_file(self) -> str:
        """Who there was: the one table that is never missing."""
        return next(part.file for part in self.parts if part.table == SUBJECTS)

    def text(self) -> str:
        told = {"format": FORMAT} | asdict(self)
        return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def parse(text: str) -> Manifest:
    """The manifest whose `text` this is."""
    told = json.loads(text)
    parts = tuple(Part(**part) for part in told["parts"])
    return Manifest(told["city"], Position(told["position"]), tuple(told["items"]), tuple(told["delivered"]), parts)
