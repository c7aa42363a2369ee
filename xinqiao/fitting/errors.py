"""What fitting refuses."""

from collections.abc import Sequence

from xinqiao.kernel.problems import Kind, Problem
from xinqiao.kernel.sayings import Saying


class FitFaults(Problem):
    """The specification or the labelled outcomes cannot be used; every fault found is in `faults`."""

    type = "model-fit-faults"
    kind = Kind.INVALID
    title = "拟合说明或标签文件有误"

    def __init__(self, faults: Sequence[object]) -> None:
        super().__init__(Saying("\n".join(map(str, faults))))
        self.faults = tuple(faults)


class TooFewOutcomes(Problem):
    """A card from a handful of outcomes would be chance written down as points."""

    type = "model-fit-too-few"
    kind = Kind.REFUSED
    title = "已知结果太少，不能拟合"

    def __init__(self, bad: int, good: int, least: int) -> None:
        super().__init__(
            Saying("违约 {bad} 个，正常 {good} 个；两类各至少要 {least} 个。", bad=bad, good=good, least=least)
        )


class FittingNotInstalled(Problem):
    """The libraries of the extra `fitting` are not there."""

    type = "model-fit-not-installed"
    kind = Kind.UNAVAILABLE
    title = "没有安装拟合模型用的软件包"

    def __init__(self) -> None:
        super().__init__(
            Saying("拟合要用 optbinning、scikit-learn 和 lightgbm：运行 make check 会装好，或安装 xinqiao[fitting]。")
        )


class NoRealData(Problem):
    """The folder of real outcomes is not named, or does not hold what is asked for."""

    type = "real-data-missing"
    kind = Kind.UNAVAILABLE
    title = "没有真实数据"

    def __init__(self, path: str) -> None:
        """`path` is what was looked for; empty where no folder was named."""
        if path:
            super().__init__(Saying("没有 {path}。请用环境变量 XINQIAO_REAL_DATA 指明数据所在的文件夹。", path=path))
        else:
            super().__init__(Saying("请用环境变量 XINQIAO_REAL_DATA 指明真实数据所在的文件夹。"))
