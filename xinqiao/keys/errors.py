"""What the key room refuses."""

from xinqiao.kernel.problems import Kind, Problem


class NotForProduction(Problem):
    """A stand-in was asked to serve in production."""

    type = "stand-in-in-production"
    kind = Kind.UNAVAILABLE
    title = "样例部件不能用于生产环境"


class Tampered(Problem):
    """A sealed value was altered or moved to another row, or its key was destroyed."""

    type = "seal-broken"
    kind = Kind.UNAVAILABLE
    title = "加密内容无法打开"


class UnknownKey(Problem):
    """No key of this name or generation is here, or the name is not a key's name."""

    type = "key-unknown"
    kind = Kind.NOT_FOUND
    title = "没有这把密钥"


class KeysExposed(Problem):
    """Others on this machine could read the key folder."""

    type = "keys-exposed"
    kind = Kind.REFUSED
    title = "密钥目录权限过宽"
