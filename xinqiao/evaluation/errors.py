"""What evaluation refuses."""

from collections.abc import Sequence

from xinqiao.catalogue import Mistake
from xinqiao.kernel.problems import Kind, Problem
from xinqiao.kernel.sayings import Saying


class ModelFaults(Problem):
    """The model files cannot be used; every mistake found is in `mistakes`."""

    type = "model-faults"
    kind = Kind.INVALID
    title = "信用评价模型的文件有误"

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__(Saying("\n".join(str(m) for m in mistakes)))
        self.mistakes = tuple(mistakes)


class NotPortable(Problem):
    """A compiled model asks for something engines would not agree about: a fault of the compiler, not of an author."""

    type = "model-not-portable"
    kind = Kind.INVALID
    title = "模型不能在不同引擎上得到同样的结果"

    def __init__(self, what: str) -> None:
        super().__init__(Saying("编译结果里有各引擎算法不一致的运算：{what}。请改写模型或编译器。", what=what))


class ModelChanged(Problem):
    """Something changed, the version did not: grades given under this version could no longer be explained."""

    type = "model-changed"
    kind = Kind.CONFLICT
    title = "模型改了，版本号没有改"

    def __init__(self, model: str, version: str) -> None:
        super().__init__(
            Saying(
                "模型 {model} 的 {version} 版已经启用，内容不能再改（模型文件或它读取的清单项有变化）。"
                "请写成新的版本号后再启用。",
                model=model,
                version=version,
            )
        )


class NoModelInForce(Problem):
    type = "model-none-in-force"
    kind = Kind.NOT_FOUND
    title = "没有可用的评价模型"

    def __init__(self, kind: str, on: str) -> None:
        super().__init__(Saying("{on} 没有适用于“{kind}”的信用评价模型。", on=on, kind=Saying(kind)))


class SuppositionInvalid(Problem):
    type = "scope-invalid"
    kind = Kind.INVALID
    title = "这样假设不成立"


class PositionUnknown(Problem):
    """The log has no such place yet."""

    type = "log-position-unknown"
    kind = Kind.NOT_FOUND
    title = "日志里没有这个位置"

    def __init__(self, position: int, last: int) -> None:
        super().__init__(Saying("日志现在到第 {last} 位，没有第 {position} 位。", last=last, position=position))


class SnapshotNotKept(Problem):
    """None was cut there, or its term is over."""

    type = "snapshot-not-kept"
    kind = Kind.NOT_FOUND
    title = "没有保存这个位置的快照"

    def __init__(self, position: int) -> None:
        super().__init__(
            Saying("日志第 {position} 位没有快照，或快照保存期已过，当时的评价不能再逐字重算。", position=position)
        )


class SnapshotAltered(Problem):
    """A file is not what was written: nothing is graded from it."""

    type = "snapshot-altered"
    kind = Kind.CONFLICT
    title = "快照被改动过"

    def __init__(self, position: int, file: str) -> None:
        super().__init__(
            Saying(
                "日志第 {position} 位的快照里，文件 {file} 缺失或被改动过，不能用来评价。", position=position, file=file
            )
        )


class NotGradedThen(Problem):
    type = "grade-none-there"
    kind = Kind.NOT_FOUND
    title = "当时没有评价"

    def __init__(self, position: int) -> None:
        super().__init__(Saying("这个主体没有按日志第 {position} 位的信息评价过。", position=position))


class GradeDiffers(Problem):
    """The kept row and what its snapshot gives are not the same: one of them was changed."""

    type = "grade-differs"
    kind = Kind.CONFLICT
    title = "重算结果与留存的评价不一致"

    def __init__(self, position: int) -> None:
        super().__init__(
            Saying("按日志第 {position} 位的快照重算，结果与当时留存的评价不一致，请立即核查。", position=position)
        )
