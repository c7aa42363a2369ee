"""How authorisation refuses. The names are on the one list scripts and institutions rely on."""

from xinqiao.kernel.problems import Kind, Problem


class NotFound(Problem):
    """No such grant, or none of yours: one answer for both."""

    type = "not-found"
    kind = Kind.NOT_FOUND
    title = "没有这份授权"


class SignerNotAuthorised(Problem):
    """Only who holds a mandate for the business at this moment may give or revoke in its name."""

    type = "signer-not-authorised"
    kind = Kind.REFUSED
    title = "您不能代表这个主体办理授权"


class NoticeChanged(Problem):
    """What the person read is not what would be recorded: the text is newer, or the content differs."""

    type = "content-mismatch"
    kind = Kind.CONFLICT
    title = "授权内容或提示文字已更新，请重新阅读后再确认"


class AgreementNotInForce(Problem):
    type = "agreement-not-in-force"
    kind = Kind.REFUSED
    title = "这家机构与平台没有生效的共享协议"


class PurposeMismatch(Problem):
    type = "purpose-mismatch"
    kind = Kind.REFUSED
    title = "用途不在协议约定之内"


class ScopeInvalid(Problem):
    type = "scope-invalid"
    kind = Kind.INVALID
    title = "授权的信息范围有误"


class ScopeExceeded(Problem):
    type = "scope-exceeded"
    kind = Kind.REFUSED
    title = "超出协议约定的信息范围"


class RangeInvalid(Problem):
    type = "range-invalid"
    kind = Kind.INVALID
    title = "授权期限有误"


class CeilingExceeded(Problem):
    type = "ceiling-exceeded"
    kind = Kind.REFUSED
    title = "授权期限超过这个用途的上限"


class NotLive(Problem):
    """Only a grant that holds can be paused, only a paused one resumed, only an asked one answered."""

    type = "wrong-state"
    kind = Kind.CONFLICT
    title = "这份授权现在不能这样办理"


class AlreadyAsked(Problem):
    """One question at a time: until the business has answered, the same institution does not ask it again."""

    type = "conflict"
    kind = Kind.CONFLICT
    title = "已经向这家企业提出过同样用途的请求，请等它答复"


class KeyOfAnother(Problem):
    """The key names a question that was asked before, and this is another."""

    type = "conflict"
    kind = Kind.CONFLICT
    title = "这个键已经用在另一次询问上"


class NotParty(Problem):
    """The person does not act for the institution at this moment."""

    type = "not-party"
    kind = Kind.REFUSED
    title = "您现在不能以这家机构的名义办理"


class CaseUnknown(Problem):
    """No such case, or not between these two: one answer for both."""

    type = "not-found"
    kind = Kind.NOT_FOUND
    title = "没有这笔业务"


class CaseClosed(Problem):
    type = "case-closed"
    kind = Kind.CONFLICT
    title = "这笔业务已经办结"


class AlreadyEnded(Problem):
    """Final states never come back and are not entered twice."""

    type = "wrong-state"
    kind = Kind.CONFLICT
    title = "这份授权已经结束"


class FourEyes(Problem):
    """What takes two people is not done by one of them twice."""

    type = "four-eyes"
    kind = Kind.REFUSED
    title = "这件事要由另一个人确认"


class PaperUnknown(Problem):
    """No such paper, or another institution's: one answer for both."""

    type = "not-found"
    kind = Kind.NOT_FOUND
    title = "没有这份纸质授权书"


class ScanInvalid(Problem):
    type = "content-mismatch"
    kind = Kind.INVALID
    title = "这个文件不能收"


class NotAsOnPaper(Problem):
    """What the second person read from the scan is not what the first entered."""

    type = "evidence-mismatch"
    kind = Kind.CONFLICT
    title = "和第一个人录入的不一样"


class PaperClosed(Problem):
    """It has been checked, or asked about, already."""

    type = "wrong-state"
    kind = Kind.CONFLICT
    title = "这份纸质授权书已经办过了"


class OnePersonOnly(Problem):
    """Two people are needed from now on, and there is one."""

    type = "wrong-state"
    kind = Kind.CONFLICT
    title = "要先有两个人能代表这个主体，才能改成双人办理"


class BySize(Problem):
    """What the city decided by the firm's size is not for the firm to end."""

    type = "wrong-state"
    kind = Kind.CONFLICT
    title = "按企业规模必须双人办理，不能关掉"


class NotOn(Problem):
    type = "wrong-state"
    kind = Kind.CONFLICT
    title = "现在没有开双人办理"


class AlreadyMandated(Problem):
    type = "conflict"
    kind = Kind.CONFLICT
    title = "这个人已经可以代表这个主体"


class MandateUnknown(Problem):
    type = "not-found"
    kind = Kind.NOT_FOUND
    title = "没有这项办理资格"


class ConsentUnknown(Problem):
    """No such question to a person, or to somebody else: one answer for both."""

    type = "not-found"
    kind = Kind.NOT_FOUND
    title = "没有这项请求"


class NotHerNumber(Problem):
    """Name and number are not those that were asked for, or another person has shown that they are hers."""

    type = "subject-mismatch"
    kind = Kind.REFUSED
    title = "姓名和证件号码与请求里写的不一致"


class DoubtUnknown(Problem):
    type = "not-found"
    kind = Kind.NOT_FOUND
    title = "没有这件待核实的资格"


class AlreadyDecided(Problem):
    type = "wrong-state"
    kind = Kind.CONFLICT
    title = "这一件已经处理过"


class ReasonMissing(Problem):
    type = "evidence-mismatch"
    kind = Kind.INVALID
    title = "请写明怎样核实的"
