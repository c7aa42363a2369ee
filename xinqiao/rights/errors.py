"""How rights refuses. The names are on the one list scripts rely on."""

from xinqiao.kernel.problems import Kind, Problem


class NotFound(Problem):
    """No such objection, or no business of yours: one answer for both."""

    type = "not-found"
    kind = Kind.NOT_FOUND
    title = "没有这件异议"


class UnknownLine(Problem):
    """No such line in this business's file; another's is as unknown as none."""

    type = "not-found"
    kind = Kind.NOT_FOUND
    title = "档案里没有这条信息"


class SignerNotAuthorised(Problem):
    """Only who holds a mandate for the business at this moment speaks in its name."""

    type = "signer-not-authorised"
    kind = Kind.REFUSED
    title = "您不能代表这个主体办理"


class NotParty(Problem):
    """The person does not act for the source, or for the platform, at this moment."""

    type = "not-party"
    kind = Kind.REFUSED
    title = "您现在不能办理这一件"


class WrongState(Problem):
    """The case has moved on, or is not there yet."""

    type = "wrong-state"
    kind = Kind.CONFLICT
    title = "这一件现在不能这样办"


class AlreadyObjected(Problem):
    """One open objection a line: a second one with other words has to wait, or take the first one back."""

    type = "conflict"
    kind = Kind.CONFLICT
    title = "这条信息已经有一件在办的异议"


class WordsInvalid(Problem):
    """Something that has to be said is missing, or says too much."""

    type = "malformed"
    kind = Kind.INVALID
    title = "填写的内容有误"


class DeliveryMismatch(Problem):
    """The delivery a source names is not its own, or not of this item."""

    type = "evidence-mismatch"
    kind = Kind.INVALID
    title = "填写的交付不对"


class PaperInvalid(Problem):
    """A file that is none of the kinds taken, or too large."""

    type = "malformed"
    kind = Kind.INVALID
    title = "这份材料不能收"


class TooManyPapers(Problem):
    """More files than one case may have."""

    type = "ceiling-exceeded"
    kind = Kind.TOO_MUCH
    title = "材料太多"


class UnknownRepair(Problem):
    """No such application, or no business of yours: one answer for both."""

    type = "not-found"
    kind = Kind.NOT_FOUND
    title = "没有这件修复申请"


class RepairNotOpen(Problem):
    """The line may not be repaired, not here, or not yet."""

    type = "wrong-state"
    kind = Kind.CONFLICT
    title = "这一条现在不能在这里申请修复"


class PapersMissing(Problem):
    """An application that is not complete is not handed over."""

    type = "not-ready"
    kind = Kind.INVALID
    title = "材料还没有备齐"


class UnknownAnnulment(Problem):
    """No such report, or another source's: one answer for both."""

    type = "not-found"
    kind = Kind.NOT_FOUND
    title = "没有这件撤下报告"


class SecondPerson(Problem):
    """Whoever reported it may not confirm it."""

    type = "four-eyes"
    kind = Kind.REFUSED
    title = "要由另一个人确认"


class UnknownCommitment(Problem):
    """No such commitment, or no business of yours: one answer for both."""

    type = "not-found"
    kind = Kind.NOT_FOUND
    title = "没有这件承诺"


class PromiseChanged(Problem):
    """What is signed is what was read: the form has another text now."""

    type = "content-mismatch"
    kind = Kind.CONFLICT
    title = "承诺书的文字已经改了，请重新看一遍再签"


class TooEarly(Problem):
    """A clock has to run out first."""

    type = "wrong-state"
    kind = Kind.CONFLICT
    title = "还没有到时候"


class UnknownDeclaration(Problem):
    """No such declaration, or no business of yours, or nothing that is declared: one answer for all."""

    type = "not-found"
    kind = Kind.NOT_FOUND
    title = "没有这件申报"


class CommitmentMissing(Problem):
    """What a business says of itself it says under a commitment to be truthful."""

    type = "not-ready"
    kind = Kind.CONFLICT
    title = "先要签一份信用承诺"


class DeclarationInvalid(Problem):
    """The gate every delivery passes would send it back."""

    type = "malformed"
    kind = Kind.INVALID
    title = "填写的内容有误"


class LicenceNotShown(Problem):
    """Nobody joins a business without having just signed on with its licence."""

    type = "evidence-mismatch"
    kind = Kind.REFUSED
    title = "还没有出示执照"
