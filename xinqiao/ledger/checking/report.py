"""What a check found, by table and row."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

# More rows than this are not named one by one: whoever altered a whole table is told by the count.
NAMED_MOST: Final = 10_000
LONGEST: Final = 300  # characters of a table's name, a key or a detail


class What(StrEnum):
    """What happened to a row behind the program's back, or to what guards it."""

    ALTERED = "altered"
    ADDED = "added"
    REMOVED = "removed"
    ROLLED_BACK = "rolled-back"  # the log is shorter than, or another than, somebody outside has seen it
    UNGUARDED = "unguarded"  # a trigger of a covered table is missing or switched off
    UNREADABLE = "unreadable"  # the table could not be read to its end
    UNREGISTERED = "unregistered"  # the log speaks of a table nobody answers for


SAYS: Final = {
    What.ALTERED: "被改动",
    What.ADDED: "被添加",
    What.REMOVED: "被删除",
    What.ROLLED_BACK: "被回退",
    What.UNGUARDED: "的保护被拆除",
    What.UNREADABLE: "无法读完",
    What.UNREGISTERED: "没有登记核对办法",
}


@dataclass(frozen=True, slots=True)
class Found:
    """A row that does not stand as the log says. `key` is the row's own, or `event/ordinal` of a row of a bulk act."""

    table: str
    key: str
    what: What
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.table} {self.key} {SAYS[self.what]}{f'（{self.detail}）' if self.detail else ''}"


@dataclass
class CheckReport:
    """What was looked at, and what is wrong with it."""

    size: int = 0  # entries in their place
    waiting: int = 0  # entries that still wait for one
    tables: dict[str, int] = field(default_factory=dict)  # rows read of each covered table
    found: list[Found] = field(default_factory=list)
    unnamed: int = 0  # findings beyond those named

    @property
    def sound(self) -> bool:
        return not self.found

    def name(self, table: str, key: object, what: What, detail: str = "") -> None:
        if len(self.found) < NAMED_MOST:
            self.found.append(Found(_shown(table), _shown(key), what, _shown(detail)))
        else:
            self.unnamed += 1

    def in_words(self) -> str:
        """The report for a person: one line a finding, and what was looked at."""
        rows = sum(self.tables.values())
        looked = f"已核对日志 {self.size} 条（另有 {self.waiting} 条待编入）、{len(self.tables)} 张表 {rows} 行"
        if self.sound:
            return f"{looked}：一致。"
        more = [f"还有 {self.unnamed} 处没有逐一列出"] if self.unnamed else []
        return "\n".join([f"{looked}：发现 {len(self.found) + self.unnamed} 处不一致。", *map(str, self.found), *more])

    def as_dict(self) -> dict[str, Any]:
        """The report as a command or a page prints it."""
        found = [{"table": f.table, "key": f.key, "what": f.what.value, "detail": f.detail} for f in self.found]
        counts = {"size": self.size, "waiting": self.waiting, "tables": self.tables}
        return {"sound": self.sound, **counts, "found": found, "unnamed": self.unnamed}


def _shown(told: object) -> str:
    """What a forger made up as a person may see it: no NUL, no half a character, no page full of it."""
    return str(told)[:LONGEST].encode(errors="backslashreplace").decode().replace("\x00", "\\x00")
