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
                "模型 {model} 的 {version} 版已经定稿，内容不能再改（模型文件或它读取的清单项有变化）。"
                "请写成新的版本号后再启用。",
                model=model,
                version=version,
            )
        )


class NoModelInForce(Problem):
    """Two people have approved no version for this kind of subject, or its day has not come."""

    type = "model-none-in-force"
    kind = Kind.NOT_FOUND
    title = "没有可用的评价模型"

    def __init__(self, kind: str, on: str) -> None:
        super().__init__(
            Saying(
                "{on} 没有经两人批准、已经启用的“{kind}”评价模型，不能给出新的等级；原有的等级保留不变。",
                on=on,
                kind=Saying(kind),
            )
        )


class CasesDiffer(Problem):
    """What a person worked out is not what the model gives."""

    type = "model-faults"
    kind = Kind.INVALID
    title = "案例验算不符，模型不能用"

    def __init__(self, differences: Sequence[object]) -> None:
        super().__init__(Saying("\n".join(str(one) for one in differences)))


class UnknownModel(Problem):
    type = "not-found"
    kind = Kind.NOT_FOUND
    title = "城市文件夹里没有这个模型"


class UnknownVersion(Problem):
    type = "not-found"
    kind = Kind.NOT_FOUND
    title = "没有这个模型版本"


class WrongStage(Problem):
    """Its life has gone on, or has not come so far."""

    type = "wrong-state"
    kind = Kind.CONFLICT
    title = "这个版本现在的状态不能这样办"


class ProposedByYou(Problem):
    type = "four-eyes"
    kind = Kind.REFUSED
    title = "提出的人不能批准，请另一位运营人员办理"


class NotTried(Problem):
    """Nobody has seen what it would change."""

    type = "wrong-state"
    kind = Kind.CONFLICT
    title = "这一版还没有用全市的数据试算过，不能批准"


class UnknownTrial(Problem):
    type = "not-found"
    kind = Kind.NOT_FOUND
    title = "没有这次试算"


class UnknownOverride(Problem):
    type = "not-found"
    kind = Kind.NOT_FOUND
    title = "没有这个人工调整"


class OverrideInvalid(Problem):
    """A grade the subject's model does not know, or a day too far away."""

    type = "malformed"
    kind = Kind.INVALID
    title = "人工调整写得不对"


class OutcomesInvalid(Problem):
    """A table of what became of businesses that cannot be read."""

    type = "malformed"
    kind = Kind.INVALID
    title = "结果表看不懂"


class ReasonMissing(Problem):
    type = "malformed"
    kind = Kind.INVALID
    title = "请写明理由，最多 500 个字"


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


class EngineMissing(Problem):
    type = "engine-missing"
    kind = Kind.UNAVAILABLE
    title = "没有安装 Spark"

    def __init__(self) -> None:
        super().__init__(Saying("这台机器没有安装 Spark（make spark），请改用 --engine duckdb，或先安装。"))


class ModelOfAnotherCompiler(Problem):
    """Compiled today the version would not be what was frozen: another engine would not run the same thing."""

    type = "model-of-another-compiler"
    kind = Kind.CONFLICT
    title = "这一版模型不能在 Spark 上运行"

    def __init__(self, model: str, version: str) -> None:
        super().__init__(
            Saying(
                "模型 {model} 的 {version} 版是用较早的程序编译冻结的，"
                "Spark 上不能保证逐字相同，请用 --engine duckdb 运行。",
                model=model,
                version=version,
            )
        )


class RulesFaulty(Problem):
    """An institution's rules cannot be used; every fault with its line is in `mistakes`."""

    type = "malformed"
    kind = Kind.INVALID
    title = "规则有误，没有接收"

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__(Saying("{mistakes}", mistakes="；".join(f"第 {m.line} 行：{m.message}" for m in mistakes)))
        self.mistakes = tuple(mistakes)


class RulesChanged(Problem):
    type = "conflict"
    kind = Kind.CONFLICT
    title = "这个版本号已经用过，内容不同；改过的规则请写新的版本号"


class NoSuchRules(Problem):
    """No such rules in force, or none of yours: one answer for both."""

    type = "not-found"
    kind = Kind.NOT_FOUND
    title = "没有这套生效的规则"


class RulesDecided(Problem):
    type = "wrong-state"
    kind = Kind.CONFLICT
    title = "这个版本已经定过了"


class RulesByYou(Problem):
    type = "four-eyes"
    kind = Kind.REFUSED
    title = "提出规则的人不能自己批准，请另一位经办人来定"


class NotTheirOfficer(Problem):
    type = "not-party"
    kind = Kind.REFUSED
    title = "您现在不能办理这家机构的规则"
