"""How notices refuse. The names are on the one list."""

from xinqiao.kernel.problems import Kind, Problem


class AddressRefused(Problem):
    """Not an address we call: another scheme or port, or one that leads into somebody's own network."""

    type = "address-refused"
    kind = Kind.INVALID
    title = "不能向这个地址发送通知"


class NotFound(Problem):
    """No such webhook or event, or none of yours: one answer for both."""

    type = "not-found"
    kind = Kind.NOT_FOUND
    title = "没有这个通知地址或者这条消息"


class TooMany(Problem):
    type = "conflict"
    kind = Kind.CONFLICT
    title = "通知地址已经够多了"


class NotLive(Problem):
    """Only a webhook that has not been ended is changed, only a disabled one taken up again."""

    type = "wrong-state"
    kind = Kind.CONFLICT
    title = "这个通知地址现在不能这样办理"
