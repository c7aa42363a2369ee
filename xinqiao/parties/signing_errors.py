"""How signing on line refuses: drafts, agreements, letters."""

from xinqiao.kernel.problems import Kind, Problem


class UnknownDraft(Problem):
    """No such draft, or none of yours: one answer for both."""

    type = "not-found"
    kind = Kind.NOT_FOUND
    title = "没有这份协议草稿"


class UnknownLetter(Problem):
    type = "not-found"
    kind = Kind.NOT_FOUND
    title = "没有这份承诺书"


class DraftMoved(Problem):
    """Signed, replaced, withdrawn or lapsed: it is not what it was."""

    type = "wrong-state"
    kind = Kind.CONFLICT
    title = "这份协议草稿现在不能这样办"


class TextMoved(Problem):
    """What is signed has to be what was read."""

    type = "content-mismatch"
    kind = Kind.CONFLICT
    title = "文字和您看到的不一样了，请重新看一遍再签"


class NotTheSignatory(Problem):
    type = "signer-not-authorised"
    kind = Kind.REFUSED
    title = "您不能替这家机构签字"


class DraftedByYou(Problem):
    type = "four-eyes"
    kind = Kind.REFUSED
    title = "起草的人不能签字，请另一位运营人员办理"


class ConfirmFirst(Problem):
    """A signature wants to be shown by whom, a moment before."""

    type = "session-expired"
    kind = Kind.REFUSED
    title = "签字以前，请再确认一次是您本人"


class LetterSigned(Problem):
    type = "duplicate"
    kind = Kind.CONFLICT
    title = "这一版您已经签过"


class LetterMissing(Problem):
    """Nothing about a business is told to whoever has not undertaken to keep it to herself."""

    type = "agreement-not-in-force"
    kind = Kind.REFUSED
    title = "您还没有签保密承诺书"


class NoticeTooShort(Problem):
    type = "range-invalid"
    kind = Kind.INVALID
    title = "终止的日子太早"


# ── who asks to be let in ────────────────────────────────────────────────────────────────────────────────────────────


class UnknownApplication(Problem):
    """No such application, or not its code: one answer for both."""

    type = "not-found"
    kind = Kind.NOT_FOUND
    title = "没有这份申请，或者查询码不对"


class ApplicationMoved(Problem):
    type = "wrong-state"
    kind = Kind.CONFLICT
    title = "这份申请现在不能这样办"


class ProposedByYou(Problem):
    type = "four-eyes"
    kind = Kind.REFUSED
    title = "提出准入的人不能复核，请另一位运营人员办理"


class ApplicationInvalid(Problem):
    """Something is missing or makes no sense; the sentence says what."""

    type = "malformed"
    kind = Kind.INVALID
    title = "申请没有填全"
