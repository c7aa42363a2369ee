from xinqiao.kernel.problems import Kind, Problem


class UnknownSubject(Problem):
    """No subject bears this code. Where the asker must not learn that, `disclosure` says something else."""

    type = "not-found"
    kind = Kind.NOT_FOUND
    title = "没有这个主体"


class NotASubject(Problem):
    """The code is valid and belongs to a body that is no market entity (a school, a union, an office)."""

    type = "subject-invalid"
    kind = Kind.INVALID
    title = "不是平台收录的主体类型"
