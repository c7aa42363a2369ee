"""How oversight refuses. The names are on the one list scripts rely on."""

from xinqiao.kernel.problems import Kind, Problem


class NotFound(Problem):
    """No such case, or none of yours: one answer for both."""

    type = "not-found"
    kind = Kind.NOT_FOUND
    title = "没有这一件"


class NotParty(Problem):
    """The person does not act for the institution, as an operator or as an inspector, at this moment."""

    type = "not-party"
    kind = Kind.REFUSED
    title = "您现在不能办理这一件"


class WrongState(Problem):
    """It has moved on, or is not there yet."""

    type = "wrong-state"
    kind = Kind.CONFLICT
    title = "这一件现在不能这样办"


class SecondPerson(Problem):
    """Who proposed does not confirm."""

    type = "four-eyes"
    kind = Kind.REFUSED
    title = "要由另一个人复核"


class TooEarly(Problem):
    """Nobody is found against before having been heard."""

    type = "wrong-state"
    kind = Kind.CONFLICT
    title = "还没有到可以认定的时候"


class WordsInvalid(Problem):
    type = "malformed"
    kind = Kind.INVALID
    title = "要写明的内容不完整"


class EvidenceMismatch(Problem):
    """A receipt that is not of a telling to this institution, or none at all."""

    type = "evidence-mismatch"
    kind = Kind.INVALID
    title = "回执编号对不上"
