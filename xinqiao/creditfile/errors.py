from xinqiao.kernel.problems import Kind, Problem


class UnknownFact(Problem):
    type = "not-found"
    kind = Kind.NOT_FOUND
    title = "没有这条信息"


class WrongStanding(Problem):
    """The fact's standing does not allow this change."""

    type = "wrong-state"
    kind = Kind.CONFLICT
    title = "这条信息现在不能这样标记"
