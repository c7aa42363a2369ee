"""What the catalogue refuses, and one mistake in a city's files."""

from collections.abc import Sequence
from dataclasses import dataclass

from xinqiao.kernel.problems import Kind, Problem
from xinqiao.kernel.sayings import Saying


@dataclass(frozen=True, slots=True, order=True)
class Mistake:
    """One thing wrong in a city's files: which file (relative to the folder), which line, and a sentence about it."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


class CatalogueFaults(Problem):
    """The folder is no valid city; every mistake found is in `mistakes`."""

    type = "catalogue-faults"
    kind = Kind.INVALID
    title = "信用信息共享清单的文件有误"

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__(Saying("\n".join(str(m) for m in mistakes)))
        self.mistakes = tuple(mistakes)


class UnknownItem(Problem):
    """No item of this name is in the city's catalogue."""

    type = "item-unknown"
    kind = Kind.NOT_FOUND
    title = "清单里没有这一项"

    def __init__(self, name: str) -> None:
        super().__init__(
            Saying(
                "信用信息共享清单中没有名为“{name}”的数据项。可用 xinqiao catalogue show 查看全部数据项。", name=name
            )
        )
        self.name = name
