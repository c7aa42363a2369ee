"""How an organisation's own keeping of its people refuses, and invitations do."""

from xinqiao.kernel.problems import Kind, Problem


class UnknownBranch(Problem):
    """No such branch, or none within the asker's reach: one answer for both."""

    type = "not-found"
    kind = Kind.NOT_FOUND
    title = "没有这个网点"


class CeilingExceeded(Problem):
    """More branches, deeper ones, or more open invitations than the house keeps for one organisation."""

    type = "ceiling-exceeded"
    kind = Kind.TOO_MUCH
    title = "超出单位人员管理的上限"


class NotAnAdministrator(Problem):
    type = "not-party"
    kind = Kind.REFUSED
    title = "只有本单位的管理员可以办理"


class BranchClosed(Problem):
    type = "wrong-state"
    kind = Kind.CONFLICT
    title = "这个网点已经撤销"


class BranchInUse(Problem):
    """Somebody is there, a branch hangs below it, or something there is not done yet; the detail says what."""

    type = "wrong-state"
    kind = Kind.CONFLICT
    title = "网点还不能撤销"


class LastAdministrator(Problem):
    type = "wrong-state"
    kind = Kind.CONFLICT
    title = "这是本单位最后一位管理员，请先在总部另请一位"


class WorkToHandOn(Problem):
    """Whose open work nobody has been named for does not leave yet."""

    type = "wrong-state"
    kind = Kind.CONFLICT
    title = "还有没有办完的，请先选接手的同事"


class NotAColleague(Problem):
    """Work goes to somebody in the same role, at the same branch or above it."""

    type = "scope-invalid"
    kind = Kind.INVALID
    title = "请选同一网点或上级网点、同一岗位的同事接手"


class InvitationUnknown(Problem):
    """No such invitation, or none of yours: one answer for both."""

    type = "not-found"
    kind = Kind.NOT_FOUND
    title = "没有这个邀请"


class AppointmentNotOpen(Problem):
    type = "wrong-state"
    kind = Kind.CONFLICT
    title = "这个邀请已经用过、收回、过期，或者还在等平台复核"


class SignOnFirst(Problem):
    """Only a name that somebody vouches for is compared with the one invited."""

    type = "evidence-mismatch"
    kind = Kind.REFUSED
    title = "请先用政务服务网、豫事办或电子营业执照登录，再接受邀请"


class NotInvited(Problem):
    type = "subject-mismatch"
    kind = Kind.REFUSED
    title = "邀请里写的不是您登录的姓名"
