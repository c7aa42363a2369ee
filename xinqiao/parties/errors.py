"""How parties refuses. The names are on the one list scripts and institutions rely on."""

from datetime import timedelta

from xinqiao.kernel.problems import Kind, Problem
from xinqiao.kernel.sayings import Saying


class UnknownInstitution(Problem):
    type = "not-found"
    kind = Kind.NOT_FOUND
    title = "没有这家机构"


class UnknownPerson(Problem):
    type = "not-found"
    kind = Kind.NOT_FOUND
    title = "没有这个人员"


class UnknownAgreement(Problem):
    type = "not-found"
    kind = Kind.NOT_FOUND
    title = "没有这份协议"


class UnknownRole(Problem):
    type = "not-found"
    kind = Kind.NOT_FOUND
    title = "没有这个岗位"


class AlreadyThere(Problem):
    """The same name or number stands for something else already."""

    type = "conflict"
    kind = Kind.CONFLICT
    title = "已有同名的登记，内容不同"


class AgreementsOverlap(Problem):
    """One agreement at a time: a change of scope or purpose is a new agreement after the old one has ended."""

    type = "conflict"
    kind = Kind.CONFLICT
    title = "这段时间里已有一份协议，请先终止旧协议"


class AlreadyEnded(Problem):
    type = "wrong-state"
    kind = Kind.CONFLICT
    title = "已经终止，不能再变更"


class ScopeInvalid(Problem):
    """An item, a role's organisation or a term that does not exist or makes no sense."""

    type = "scope-invalid"
    kind = Kind.INVALID
    title = "范围填写有误"


class PurposeUnknown(Problem):
    type = "purpose-unknown"
    kind = Kind.INVALID
    title = "没有这个用途"


class KeyInvalid(Problem):
    type = "key-invalid"
    kind = Kind.INVALID
    title = "公钥不能使用"


# ── the token endpoint ───────────────────────────────────────────────────────────────────────────────────────────────


class UnknownCredential(Problem):
    """No such client, or not its signature: one answer for both, so that nobody can try out names."""

    type = "unknown-credential"
    kind = Kind.REFUSED
    title = "无法确认调用方身份"


class Malformed(Problem):
    type = "malformed"
    kind = Kind.INVALID
    title = "请求格式有误"


class BadAudience(Problem):
    type = "bad-audience"
    kind = Kind.REFUSED
    title = "凭据不是给本平台的"


class StaleTimestamp(Problem):
    type = "stale-timestamp"
    kind = Kind.REFUSED
    title = "凭据的时间与平台时间相差过大"


class Expired(Problem):
    type = "expired"
    kind = Kind.REFUSED
    title = "凭据已过期"


class Replay(Problem):
    type = "replay"
    kind = Kind.REFUSED
    title = "凭据已经用过"


class BadSignature(Problem):
    """What was sent is not signed by the program that sends it."""

    type = "bad-signature"
    kind = Kind.REFUSED
    title = "签名不是这个接口账号的"


class BadProof(Problem):
    """No DPoP proof beside the call, one of another call, or one by another key than the token's (RFC 9449)."""

    type = "bad-proof"
    kind = Kind.REFUSED
    title = "DPoP 证明不能接受"


class StaleProof(StaleTimestamp):
    type = "stale-timestamp"
    title = "DPoP 证明的时间与平台时间相差过大"


class ReplayedProof(Replay):
    type = "replay"
    title = "DPoP 证明已经用过，每次调用都要重新签"


# ── authorization_details ────────────────────────────────────────────────────────────────────────────────────────────


class NoAgreement(Problem):
    type = "agreement-not-in-force"
    kind = Kind.REFUSED
    title = "没有生效的共享协议"


class AccessSuspended(NoAgreement):
    """The platform has suspended the institution's access: it is told so, and nothing else."""

    type = "agreement-not-in-force"
    title = "平台暂停了这家机构的接入"


class AlreadySuspended(Problem):
    type = "conflict"
    kind = Kind.CONFLICT
    title = "这家机构的接入已经暂停"


class NotSuspended(Problem):
    type = "wrong-state"
    kind = Kind.CONFLICT
    title = "这家机构的接入没有暂停"


class PurposeNotAgreed(Problem):
    type = "purpose-mismatch"
    kind = Kind.REFUSED
    title = "用途不在协议约定之内"


class BeyondAgreement(Problem):
    type = "scope-exceeded"
    kind = Kind.REFUSED
    title = "超出协议约定的信息范围"


class BeyondToken(Problem):
    """The token was asked with `authorization_details`, and this call is in none of them."""

    type = "scope-exceeded"
    kind = Kind.REFUSED
    title = "超出这个令牌的范围（authorization_details）；令牌限定的内容，请求中要写明"


class TooOften(Problem):
    """A written limit on tries was reached; `wait` is how long until the next is heard."""

    type = "rate-limited"
    kind = Kind.TOO_OFTEN
    title = "请求太频繁"

    def __init__(self, wait: timedelta) -> None:
        self.wait = wait
        super().__init__(Saying("{seconds} 秒后可以再试", seconds=self.seconds))

    @property
    def seconds(self) -> int:
        """Whole seconds, rounded up."""
        return max(1, -(-int(self.wait.total_seconds() * 1000) // 1000))


class UnknownClient(Problem):
    type = "not-found"
    kind = Kind.NOT_FOUND
    title = "没有这个接口账号"


# ── impact assessments ───────────────────────────────────────────────────────────────────────────────────────────────


class UnknownAssessment(Problem):
    type = "not-found"
    kind = Kind.NOT_FOUND
    title = "没有这份影响评估"


class NotAssessed(Problem):
    """个人信息保护法 §55: nothing is provided to somebody before its effect on people has been thought through."""

    type = "evidence-mismatch"
    kind = Kind.REFUSED
    title = "没有批准过的、包括这些数据项和用途的个人信息保护影响评估"


class AssessmentDecided(Problem):
    type = "wrong-state"
    kind = Kind.CONFLICT
    title = "这份影响评估已经处理过"


class AssessedByYou(Problem):
    type = "four-eyes"
    kind = Kind.REFUSED
    title = "评估的人不能批准，请另一位运营人员办理"


# ── government sharing ───────────────────────────────────────────────────────────────────────────────────────────────


class UnknownBasis(Problem):
    """No such sharing basis, or none of yours: one answer for both."""

    type = "not-found"
    kind = Kind.NOT_FOUND
    title = "没有这份共享依据"


class BasisNotInForce(Problem):
    type = "agreement-not-in-force"
    kind = Kind.REFUSED
    title = "这份共享依据现在不在有效期内"


class NotNamedThere(Problem):
    """The person or program does not act under this basis at this moment."""

    type = "not-party"
    kind = Kind.REFUSED
    title = "这份共享依据没有写明由您使用"


class BeyondBasis(Problem):
    type = "scope-exceeded"
    kind = Kind.REFUSED
    title = "超出共享依据的范围"


class BasisDecided(Problem):
    type = "wrong-state"
    kind = Kind.CONFLICT
    title = "这份共享依据已经处理过"


class DeclaredByYou(Problem):
    type = "four-eyes"
    kind = Kind.REFUSED
    title = "登记的人不能批准，请另一位运营人员办理"


class WordsMissing(Problem):
    """The law, the duty or a reason is not named, or at more length than is kept."""

    type = "malformed"
    kind = Kind.INVALID
    title = "要写明的内容没有写全，或者太长"


# ── second factors ───────────────────────────────────────────────────────────────────────────────────────────────────


class NotShown(Problem):
    """A wrong, used or outdated code, or a passkey that does not prove itself: one answer for all."""

    type = "bad-proof"
    kind = Kind.REFUSED
    title = "没有通过验证"


class LastFactor(Problem):
    """Whoever must have a second factor keeps one."""

    type = "wrong-state"
    kind = Kind.CONFLICT
    title = "您的岗位至少要保留一种认证方式，请先添加另一种"


class CodeAlready(Problem):
    type = "conflict"
    kind = Kind.CONFLICT
    title = "已经有动态口令，请先移除原来的"


class UnknownFactor(Problem):
    """No such factor, or not hers."""

    type = "not-found"
    kind = Kind.NOT_FOUND
    title = "没有这种认证方式"


class UnknownReset(Problem):
    type = "not-found"
    kind = Kind.NOT_FOUND
    title = "没有这项重置申请"


class ResetAlreadyAsked(Problem):
    type = "conflict"
    kind = Kind.CONFLICT
    title = "这个人已经有一项重置申请在等人复核"


class AlreadyDecided(Problem):
    type = "wrong-state"
    kind = Kind.CONFLICT
    title = "这项申请已经处理过"


class NotAnOperator(Problem):
    type = "not-party"
    kind = Kind.REFUSED
    title = "只有平台运营人员可以办理"


class FourEyes(Problem):
    """Who asks does not confirm, and nobody confirms about herself."""

    type = "four-eyes"
    kind = Kind.REFUSED
    title = "申请人和本人不能复核，请另一位运营人员办理"


class ReasonMissing(Problem):
    type = "evidence-mismatch"
    kind = Kind.INVALID
    title = "请写明怎样核实了本人身份"


# ── sign-on by somebody who vouches ──────────────────────────────────────────────────────────────────────────────────


class SignOnBroken(Problem):
    """Begun in another browser, forged, or answered for another question: one answer for all."""

    type = "bad-proof"
    kind = Kind.REFUSED
    title = "这次登录没有完成，请从登录页重新开始"


class SignOnExpired(Problem):
    type = "expired"
    kind = Kind.REFUSED
    title = "这次登录放得太久了，请从登录页重新开始"


class SignOnReplayed(Problem):
    type = "replay"
    kind = Kind.REFUSED
    title = "这次登录已经用过，请从登录页重新开始"


class NotTheSamePerson(Problem):
    """The account, or its number, belongs to somebody else here."""

    type = "subject-mismatch"
    kind = Kind.REFUSED
    title = "和以前登录时的身份对不上，请联系平台核实"
