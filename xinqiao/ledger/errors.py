"""What the log refuses, and the broken assumptions it names."""

from xinqiao.kernel.problems import Kind, Problem


class LogUnavailable(Problem):
    """More entries wait for their place than we are willing to promise one."""

    type = "log-unavailable"
    kind = Kind.UNAVAILABLE
    title = "防篡改日志暂时积压，请稍后再试"


class UnknownEvent(Problem):
    """No event of this number."""

    type = "event-unknown"
    kind = Kind.NOT_FOUND
    title = "没有这条日志"


class NotYetSequenced(Problem):
    """The event is in the log's care and has no place yet."""

    type = "event-not-sequenced"
    kind = Kind.UNAVAILABLE
    title = "这条日志刚刚受理，证明稍后可取"


class LedgerAltered(Problem):
    """The log's own tables were written by somebody else; nothing more is built on them until that is cleared up."""

    type = "ledger-altered"
    kind = Kind.UNAVAILABLE
    title = "防篡改日志的数据被改动过"


class EntryInvalid(ValueError):
    """An act tried to log what an entry may not hold: a programming error."""


class NotInTransaction(RuntimeError):
    """An event is appended in the transaction of its act, or not at all: a programming error."""


class NotATableName(ValueError):
    """Only plain lower-case names become part of SQL."""


class SetBack(Problem):
    """The database is older than what a witness has seen of it: nobody is served from it."""

    type = "log-set-back"
    kind = Kind.UNAVAILABLE
    title = "数据库退回到了从前，不能开放服务"


class NotGrown(Problem):
    """A witness has seen another log than the one it is shown."""

    type = "log-not-grown"
    kind = Kind.CONFLICT
    title = "日志与见证方留存的不一致"
