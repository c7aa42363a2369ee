"""The scenarios by their ids. An id is never used for anything else; one that is given up stays listed as such."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Standing(StrEnum):
    """How a business of the sandbox stands to the institution."""

    LIVE = "live"  # a grant in force
    NONE = "none"  # no grant at all
    PAUSED = "paused"
    REVOKED = "revoked"
    ONCE = "once"  # a grant for one look
    NARROW = "narrow"  # one item, of the last year only


class Fault(StrEnum):
    """What happens to the first question about a business on its way, when a program is watched."""

    LOST = "lost"  # answered, and the answer never arrives
    TOO_OFTEN = "too_often"  # 429, with a wait
    NOT_READY = "not_ready"  # 503
    SESSION_OVER = "session_over"  # 401


@dataclass(frozen=True, slots=True)
class Scenario:
    id: str
    title: str
    english: str
    standing: Standing | None = None  # of the business it needs, None where it needs none
    fault: Fault | None = None


PLATFORM: Final = (
    Scenario("XQ-101", "用签名的断言取令牌", "A signed assertion gets a token"),
    Scenario("XQ-102", "断言第二次使用被拒绝", "An assertion used twice is refused"),
    Scenario("XQ-103", "给别的地址的断言被拒绝", "An assertion for another address is refused"),
    Scenario("XQ-104", "令牌不带证明被拒绝", "A token without a proof is refused"),
    Scenario("XQ-105", "证明第二次使用被拒绝", "A proof used twice is refused"),
    Scenario("XQ-106", "六分钟前的证明被拒绝", "A proof six minutes old is refused"),
    Scenario("XQ-107", "别的密钥签的证明被拒绝", "A proof by another key is refused"),
    Scenario("XQ-201", "有授权的报告，回执离线可验", "A report under a grant, verified offline", Standing.LIVE),
    Scenario("XQ-202", "没有授权被拒绝", "Without a grant it is refused", Standing.NONE),
    Scenario("XQ-203", "不存在的企业与没有授权一样答复", "A business that does not exist gets the same answer"),
    Scenario("XQ-204", "暂停的授权", "A paused grant", Standing.PAUSED),
    Scenario("XQ-205", "撤回的授权", "A revoked grant", Standing.REVOKED),
    Scenario("XQ-206", "用完的授权", "A grant that is used up", Standing.ONCE),
    Scenario("XQ-207", "用途与授权不符", "Another purpose than was agreed to", Standing.LIVE),
    Scenario("XQ-208", "超出授权的信息项", "An item beyond the grant", Standing.NARROW),
    Scenario("XQ-209", "超出授权的日期范围", "Days beyond the grant", Standing.NARROW),
    Scenario("XQ-210", "校验位不对的代码", "A code with a wrong check character"),
    Scenario(
        "XQ-301", "同一请求键、同一问题，得到同一份答复", "The same key and question: the same answer", Standing.LIVE
    ),
    Scenario("XQ-302", "同一请求键、另一问题，被拒绝", "The same key, another question: refused", Standing.LIVE),
    Scenario("XQ-401", "核验一句话", "A claim is verified", Standing.LIVE),
    Scenario("XQ-402", "按信息项查询", "A few items are queried", Standing.LIVE),
    Scenario("XQ-403", "读自己的协议", "One's own agreement is read"),
)
PROGRAM: Final = (
    Scenario("XQ-501", "每次调用签新的证明", "Each call has a proof of its own"),
    Scenario("XQ-502", "每个问题带请求键", "Each question has an Idempotency-Key"),
    Scenario(
        "XQ-503",
        "答复丢失后用同一请求键再问",
        "A lost answer is asked for again under its key",
        Standing.LIVE,
        Fault.LOST,
    ),
    Scenario("XQ-504", "被限速后按要求等待", "Told to wait, it waits as long", Standing.LIVE, Fault.TOO_OFTEN),
    Scenario(
        "XQ-505", "平台暂不可用后用同一请求键再问", "Not ready: repeated under its key", Standing.LIVE, Fault.NOT_READY
    ),
    Scenario(
        "XQ-506",
        "令牌到期后取新令牌，用同一请求键再问",
        "Token over: a new one, same key",
        Standing.LIVE,
        Fault.SESSION_OVER,
    ),
    Scenario("XQ-507", "授权撤回后不再查询", "After a revocation it asks no more", Standing.REVOKED),
    Scenario("XQ-508", "取回执的日志证明", "The proof of a receipt is fetched", Standing.LIVE),
)
ALL: Final = (*PLATFORM, *PROGRAM)


@dataclass(frozen=True, slots=True)
class Business:
    """One of the sandbox's, and what it is for. `other` is a purpose of the institution's that was not granted."""

    scenario: str
    uscc: str
    purpose: str
    other: str = ""
