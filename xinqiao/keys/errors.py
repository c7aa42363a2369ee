from xinqiao.kernel.problems import Kind, Problem


class Tampered(Problem):
    """A sealed value was altered, moved to another row, or its key is gone."""

    type = "key-invalid"
    kind = Kind.UNAVAILABLE
    title = "加密内容无法打开"


class NotForProduction(Problem):
    """A stand-in was asked to serve in production."""

    type = "not-ready"
    kind = Kind.UNAVAILABLE
    title = "样例部件不能用于生产环境"
