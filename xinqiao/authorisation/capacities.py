"""办理资格: as what somebody acts for a business, and what that lets them do. Pure."""

from collections.abc import Collection
from enum import StrEnum
from typing import Final

from xinqiao.kernel.sayings import Saying


class Capacity(StrEnum):
    LEGAL_REPRESENTATIVE = "legal_representative"  # 法定代表人、经营者
    AGENT = "agent"  # 授权经办人
    ACCOUNTANT = "accountant"  # 代账会计


class May(StrEnum):
    """What a mandate lets its holder do in the business's name."""

    READ = "read"  # its file, its grade, who looked
    GRANT = "grant"  # give, pause, take back
    SPEAK = "speak"  # objections, repairs, commitments, declarations
    DELEGATE = "delegate"  # invite others, and end what they were given


class Because(StrEnum):
    """Why a mandate ended."""

    LEFT = "left"
    ENDED = "ended"  # by the representative
    RESIGNED = "resigned"
    EXPIRED = "expired"
    REPLACED = "replaced"  # the register names another representative
    WITH_IT = "with_it"  # the mandate it was given under ended


DELEGATED: Final = frozenset({Capacity.AGENT, Capacity.ACCOUNTANT})
GIVEN_ON: Final = frozenset({May.READ, May.GRANT, May.SPEAK})  # what is delegated is not delegated further
USUAL: Final = {
    Capacity.LEGAL_REPRESENTATIVE: frozenset(May),
    Capacity.AGENT: GIVEN_ON,
    Capacity.ACCOUNTANT: frozenset({May.READ, May.SPEAK}),  # grants only where the scope says so
}
TITLES: Final = {
    Capacity.LEGAL_REPRESENTATIVE: Saying("法定代表人（经营者）"),
    Capacity.AGENT: Saying("经办人"),
    Capacity.ACCOUNTANT: Saying("会计"),
}
MAY_TITLES: Final = {
    May.READ: Saying("看档案、评价和谁看过"),
    May.GRANT: Saying("授权、暂停和撤回"),
    May.SPEAK: Saying("异议、修复、承诺和自主申报"),
    May.DELEGATE: Saying("邀请和取消代办的人"),
}
BECAUSE_TITLES: Final = {
    Because.LEFT: Saying("已经离开"),
    Because.ENDED: Saying("法定代表人取消"),
    Because.RESIGNED: Saying("本人不再代办"),
    Because.EXPIRED: Saying("到期"),
    Because.REPLACED: Saying("登记的法定代表人变了"),
    Because.WITH_IT: Saying("给出资格的法定代表人不再代表"),
}


def scope(capacity: Capacity, wanted: Collection[May] | None) -> frozenset[May]:
    """What a mandate of this capacity covers: the usual, or what is wanted of what may be given on. Reading goes with
    everything."""
    if wanted is None or capacity is Capacity.LEGAL_REPRESENTATIVE:
        return USUAL[capacity]
    return (frozenset(wanted) & GIVEN_ON) | {May.READ}
