"""What the credit file refuses, and the assumptions it will not work without."""

from xinqiao.kernel.problems import Kind, Problem


class UnknownFact(Problem):
    """No fact of this id, or it was erased."""

    type = "not-found"
    kind = Kind.NOT_FOUND
    title = "没有这条信息"


class WrongStanding(Problem):
    """The fact's standing does not allow this change."""

    type = "wrong-state"
    kind = Kind.CONFLICT
    title = "这条信息现在不能这样标记"


class EmptyAnnotation(Problem):
    """An annotation says nothing, or too much."""

    type = "annotation-invalid"
    kind = Kind.INVALID
    title = "标注内容有误"


class NoGround(Problem):
    """Nothing is erased without saying on what ground."""

    type = "erasure-refused"
    kind = Kind.INVALID
    title = "删除信息必须写明依据"


class NoLongerCurrent(RuntimeError):
    """A fact was closed by somebody else meanwhile: nothing was written, the part is done again."""


class FilingMismatch(RuntimeError):
    """Intake handed over other rows than it had accepted: nothing is called filed."""
