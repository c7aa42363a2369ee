"""How disclosure refuses. The names are on the one list; a party is told what blocked it, others nothing."""

from collections.abc import Sequence
from typing import Final

from xinqiao.authorisation.rules import Reason
from xinqiao.kernel.problems import Kind, Problem
from xinqiao.kernel.sayings import Saying
from xinqiao.parties.errors import TooOften


class NotAuthorised(Problem):
    """No grant of this business to this institution; the same answer when the business does not exist."""

    type = "no-grant"
    kind = Kind.REFUSED
    title = "没有查到可用的授权"

    def __init__(self, detail: Saying | None = None) -> None:
        super().__init__(detail or Saying("请核对统一社会信用代码，并请对方在平台上授权后再查询"))


class PurposeMismatch(NotAuthorised):
    type = "purpose-mismatch"
    title = "用途与授权或协议不符"


class GrantNotStarted(NotAuthorised):
    type = "grant-not-started"
    title = "授权还没有生效"


class GrantRevoked(NotAuthorised):
    type = "grant-revoked"
    title = "授权已撤回"


class GrantExpired(NotAuthorised):
    type = "grant-expired"
    title = "授权已到期"


class GrantPaused(NotAuthorised):
    type = "grant-paused"
    title = "授权已暂停"


class GrantExhausted(NotAuthorised):
    type = "grant-exhausted"
    title = "授权的次数已经用完"


class CaseClosed(NotAuthorised):
    type = "case-closed"
    title = "授权所属的业务已经办结"


class FrequencyExhausted(NotAuthorised):
    """As often as the business allowed for now; it opens again by itself."""

    type = "frequency-exhausted"
    title = "这段时间内授权的次数已经用完"


class RangeExceeded(Problem):
    """Days were asked for that the grant does not open: refused, never trimmed in silence."""

    type = "range-exceeded"
    kind = Kind.REFUSED
    title = "超出授权的信息时间范围"


class ScopeInvalid(Problem):
    """An item the catalogue does not have, or none at all: said before anything of the business is looked at."""

    type = "scope-invalid"
    kind = Kind.INVALID
    title = "要查询的数据项有误"


class NoSuchClaim(Problem):
    type = "scope-invalid"
    kind = Kind.INVALID
    title = "清单里没有这项核验"


class NoSuchIndicator(Problem):
    type = "scope-invalid"
    kind = Kind.INVALID
    title = "没有这样的指标"


class MatterMissing(Problem):
    """A department says in which matter of its own it asks."""

    type = "purpose-missing"
    kind = Kind.INVALID
    title = "请写明办理的事项，不超过 60 个字"


class ValueInvalid(Problem):
    """A value to compare is given where one is compared, and nowhere else."""

    type = "malformed"
    kind = Kind.INVALID
    title = "要比对的值有误"


class NotACredential(Problem):
    type = "malformed"
    kind = Kind.INVALID
    title = "这不是可选披露凭证"


class AlreadyAttested(Problem):
    type = "duplicate"
    kind = Kind.CONFLICT
    title = "其中有回执已经证明过"


class LawUnnamed(Problem):
    """Kept by law: which law; deleted: none."""

    type = "evidence-mismatch"
    kind = Kind.INVALID
    title = "依法继续保存的请写明法律条款，已经删除的不用写"


class NoSuchSubject(Problem):
    """Only where nothing but open information was asked, for the register is open to everybody; who asks for more gets
    `NotAuthorised`, as for a business it may not see."""

    type = "not-found"
    kind = Kind.NOT_FOUND
    title = "登记信息里没有这个统一社会信用代码"


class OutOfScope(Problem):
    """More was asked than is granted and agreed: refused, never trimmed in silence."""

    type = "scope-exceeded"
    kind = Kind.REFUSED
    title = "超出授权的信息范围"


class AgreementNotInForce(Problem):
    type = "agreement-not-in-force"
    kind = Kind.REFUSED
    title = "没有生效的共享协议"


class AccessSuspended(AgreementNotInForce):
    """There may be an agreement; while the platform has suspended the institution's access none is in force."""

    type = "agreement-not-in-force"
    title = "平台暂停了本机构的接入"


class Probed(TooOften):
    """Other values were tried on this business, or this value on other businesses, until it looked like guessing."""

    type = "rate-limited"
    title = "换着值比对的次数过多"


class NotParty(Problem):
    """The person does not act for the institution, or for the business, at this moment."""

    type = "not-party"
    kind = Kind.REFUSED
    title = "您现在不能办理这项查询"


class KeyReused(Problem):
    """One `Idempotency-Key`, two different questions."""

    type = "conflict"
    kind = Kind.CONFLICT
    title = "这个键已用于另一次查询，请换一个新的键"


class NoSuchWatch(Problem):
    """No such watch or news, or none of yours: one answer for both."""

    type = "not-found"
    kind = Kind.NOT_FOUND
    title = "没有这项关注"


class AlreadyWatching(Problem):
    """One watch a grant: end it, then begin another."""

    type = "conflict"
    kind = Kind.CONFLICT
    title = "这份授权书下已经有另一项关注，请先停止它"


class WatchEnded(Problem):
    type = "wrong-state"
    kind = Kind.CONFLICT
    title = "这项关注已经停止"


class NoSuchSubscription(Problem):
    """No such subscription or file, or none of yours: one answer for both."""

    type = "not-found"
    kind = Kind.NOT_FOUND
    title = "没有这项订阅或文件"


class SubscriptionEnded(Problem):
    type = "wrong-state"
    kind = Kind.CONFLICT
    title = "这项订阅已经停止"


class AlreadyMaking(Problem):
    """One file of a subscription at a time."""

    type = "conflict"
    kind = Kind.CONFLICT
    title = "这项订阅有一份文件正在生成，请稍候"


class PushGone(Problem):
    """Its files were kept for a while and have been cleared; its receipt stays."""

    type = "not-found"
    kind = Kind.NOT_FOUND
    title = "这份文件保留的时间已过，请另要一份"


class NotFound(Problem):
    """No such receipt, or not yours: one answer for both."""

    type = "not-found"
    kind = Kind.NOT_FOUND
    title = "没有这份回执"


class NotOfThisKind(Problem):
    """The institution's rules are not about businesses of this kind."""

    type = "subject-mismatch"
    kind = Kind.INVALID
    title = "这套规则不适用于这类主体"


class FeedbackNotAgreed(Problem):
    """The agreement in force says nothing of feedback."""

    type = "scope-exceeded"
    kind = Kind.REFUSED
    title = "协议没有约定结果反馈"


class FeedbackFaulty(Problem):
    """Some entries cannot be taken, so none is; `faults` says which by their place from 0, and why."""

    type = "evidence-mismatch"
    kind = Kind.INVALID
    title = "有的行不能接收，这一批一行都没有接收"

    def __init__(self, faults: Sequence[tuple[int, Saying]]) -> None:
        self.faults = tuple(faults)
        super().__init__(Saying("{n} 行有误，请改好以后整批重新发送", n=len(self.faults)))


class NoSuchFeedback(Problem):
    """No such entry, or none of yours: one answer for both."""

    type = "not-found"
    kind = Kind.NOT_FOUND
    title = "没有这条反馈"


class FeedbackEnded(Problem):
    type = "wrong-state"
    kind = Kind.CONFLICT
    title = "这条反馈已经更正或者撤回"


class ReasonMissing(Problem):
    type = "malformed"
    kind = Kind.INVALID
    title = "请写明撤回的原因，不超过 200 个字"


_BY_REASON: Final[dict[Reason, type[Problem]]] = {
    Reason.AGREEMENT_NOT_IN_FORCE: AgreementNotInForce,
    Reason.NO_GRANT: NotAuthorised,
    Reason.PURPOSE_MISMATCH: PurposeMismatch,
    Reason.GRANT_NOT_STARTED: GrantNotStarted,
    Reason.GRANT_REVOKED: GrantRevoked,
    Reason.GRANT_EXPIRED: GrantExpired,
    Reason.GRANT_PAUSED: GrantPaused,
    Reason.GRANT_EXHAUSTED: GrantExhausted,
    Reason.CASE_CLOSED: CaseClosed,
    Reason.RANGE_EXCEEDED: RangeExceeded,
    Reason.FREQUENCY_EXHAUSTED: FrequencyExhausted,
    Reason.SCOPE_EXCEEDED: OutOfScope,
}


def refusal(reason: Reason, grant: int | None = None) -> Problem:
    """The refusal a reason is told by; the number of the grant that blocked is told to its party."""
    kind = _BY_REASON[reason]
    if grant is None:
        return kind()
    return kind(Saying("{title}（授权书 {grant}）", title=Saying(kind.title), grant=str(grant)))


class TransitionInvalid(Problem):
    type = "range-invalid"
    kind = Kind.INVALID
    title = "新旧假名并列的时间不对"

    def __init__(self, most: int) -> None:
        super().__init__(Saying("最多 {most} 天；不写就不并列", most=most))


class AddressRefused(Problem):
    """An address that nobody is to be asked at."""

    type = "address-refused"
    kind = Kind.INVALID
    title = "这个地址不能用"
