"""Why there is no database."""

from xinqiao.kernel.problems import Kind, Problem


class DatabaseUnusable(Problem):
    """No PostgreSQL could be found, started or reached; the detail says what to do about it."""

    type = "database-unusable"
    kind = Kind.UNAVAILABLE
    title = "数据库不可用"
