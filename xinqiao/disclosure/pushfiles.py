"""The forms of a batch file, written line by line as it is made: JSON lines for programs, CSV for people.

The first JSON line says what the file is (`op` head), the last counts what is in it (`op` end): a file without it was
cut short. In between `put` tells a line, `remove` takes one out that an earlier file told.
"""

import csv
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final, Self, TextIO

from xinqiao.catalogue import City
from xinqiao.disclosure import tables
from xinqiao.disclosure.canonical import canonical
from xinqiao.documents.csv_files import safe
from xinqiao.kernel.ids import FactId
from xinqiao.subjects.queries import SubjectView

HEADER: Final = ("操作", "统一社会信用代码", "名称", "区划", "行业", *tables.HEADER)
PUT, REMOVE = "信息", "移出"
WHY: Final = {
    "repaired": "已修复，请不要再使用",
    "withdrawn": "已撤下，请不要再使用",
    "expired": "公示期满，请不要再使用",
    "erased": "已依法删除，请不要再使用",
    "replaced": "来源单位报送了新的内容，或者不再列出",
    "out": "不在订阅或公开的范围里了",
}


class Files:
    """Both forms, open until the block ends. `paths` has them by form."""

    def __init__(self, folder: Path, head: dict[str, Any], city: City) -> None:
        self.paths = {form: folder / f"push.{form}" for form in ("jsonl", "csv")}
        self._head, self._city, self._open = head, city, ExitStack()
        self._counted: Counter[str] = Counter()

    def __enter__(self) -> Self:
        self._lines: TextIO = self._open.enter_context(self.paths["jsonl"].open("w", encoding="utf-8"))
        table = self._open.enter_context(self.paths["csv"].open("w", encoding="utf-8-sig", newline=""))
        self._rows = csv.writer(table)
        self._rows.writerow(HEADER)
        self._line({"op": "head", **self._head})
        return self

    def __exit__(self, *_: object) -> None:
        self._line({"op": "end", "put": self._counted["put"], "removed": self._counted["remove"]})
        self._open.close()

    def put(self, subject: SubjectView, item: dict[str, Any], lines: list[dict[str, Any]]) -> None:
        """Lines of one item of a business, as a query tells them."""
        whose = self._whose(subject)
        for line in lines:
            self._line({"op": "put", "subject": whose, "item": item["item"], "codes": item["codes"], "line": line})
            for row in tables.fields(self._family(item["item"]), item, line, "", self._head["recipient"]):
                self._row(PUT, subject, row)

    def remove(self, subject: SubjectView, item: str, fact: FactId, because: str) -> None:
        """A line that was told and is so no more; nothing of what it said."""
        self._line({"op": "remove", "subject": self._whose(subject), "item": item, "fact": fact, "because": because})
        title = self._city.item(item).title
        told = [self._family(item), title, str(fact), "", WHY[because], *[""] * (len(tables.HEADER) - 6)]
        self._row(REMOVE, subject, [*told, self._head["recipient"]])

    def _line(self, said: dict[str, Any]) -> None:
        self._counted[said["op"]] += 1
        self._lines.write(f"{canonical(said)}\n")

    def _row(self, op: str, subject: SubjectView, cells: list[str]) -> None:
        whose = [op, str(subject.uscc), subject.name, subject.division, subject.industry]
        self._rows.writerow([safe(cell) for cell in (*whose, *cells)])

    def _whose(self, subject: SubjectView) -> dict[str, Any]:
        return {
            "uscc": str(subject.uscc),
            "name": subject.name,
            "kind": str(subject.kind),
            "division": subject.division,
            "industry": subject.industry,
        }

    def _family(self, item: str) -> str:
        return self._city.families[self._city.item(item).family].title
