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
