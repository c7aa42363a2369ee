"""结果反馈, what it may say: what became of a business that was looked at, and what the looker's own model came to.

Pure: what is written down here is judged before anything of the database is asked.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

from xinqiao.kernel.ids import ReceiptNumber
from xinqiao.kernel.sayings import Saying
from xinqiao.kernel.uscc import Uscc

LONGEST_NAME: Final = 60
MOST_DAYS: Final = 3650  # overdue: ten years, beyond which nobody still waits
LARGEST_SCORE: Final = 100_000
PLACES: Final = 4  # of a score


class What(StrEnum):
    OUTCOME = "outcome"
    RESULT = "result"


class Became(StrEnum):
    PERFORMING = "performing"  # what was due was paid, more is to come
    REPAID = "repaid"
    OVERDUE = "overdue"
    DEFAULT = "default"


class Decision(StrEnum):
    APPROVED = "approved"
    REFUSED = "refused"
    REFERRED = "referred"  # the model leaves it to people


class Amount(StrEnum):
    """A band, never the sum: what the business borrowed is between the two of them."""

    TO_100K = "to_100k"
    TO_500K = "to_500k"
    TO_1M = "to_1m"
    TO_5M = "to_5m"
    OVER_5M = "over_5m"


TITLES: Final[Mapping[StrEnum, Saying]] = {
    Became.PERFORMING: Saying("按约还款中"),
    Became.REPAID: Saying("已还清"),
    Became.OVERDUE: Saying("逾期"),
    Became.DEFAULT: Saying("违约"),
    Decision.APPROVED: Saying("通过"),
    Decision.REFUSED: Saying("不通过"),
    Decision.REFERRED: Saying("转人工"),
    Amount.TO_100K: Saying("10 万元及以下"),
    Amount.TO_500K: Saying("10 万至 50 万元"),
    Amount.TO_1M: Saying("50 万至 100 万元"),
    Amount.TO_5M: Saying("100 万至 500 万元"),
    Amount.OVER_5M: Saying("500 万元以上"),
}
ADVERSE: Final = frozenset({Became.OVERDUE, Became.DEFAULT})


@dataclass(frozen=True, slots=True)
class Outcome:
    """Observed from `since` until `until`, known on `known_on`; days overdue where it is, and for what speaks against
    the business the day on which it was told so beforehand (征信业管理条例 §15)."""

    became: Became
    since: date
    until: date
    known_on: date
    overdue_days: int | None = None
    notified_on: date | None = None

    @property
    def on(self) -> date:
        return self.known_on

    @property
    def key(self) -> tuple[What, str]:
        return What.OUTCOME, ""

    def faults(self, looked_on: date) -> Iterator[Saying]:
        if not looked_on <= self.since <= self.until <= self.known_on:
            yield Saying("日子应是：查询 {day} → 观察起 → 观察止 → 得知，后面的不早于前面的", day=looked_on.isoformat())
        if (self.overdue_days is not None) != (self.became is Became.OVERDUE):
            yield Saying("逾期的写明逾期天数，别的不写")
        if self.overdue_days is not None and not 0 < self.overdue_days <= MOST_DAYS:
            yield Saying("逾期天数是 1 至 {most} 的整数", most=MOST_DAYS)
        if (self.notified_on is not None) != (self.became in ADVERSE):
            yield Saying("逾期、违约的写明事先告知企业的日子，别的不写")
        if self.notified_on is not None and self.notified_on < self.since:
            yield Saying("告知企业的日子早于观察起")

    def as_json(self) -> dict[str, Any]:
        return {
            "became": self.became.value,
            "since": self.since.isoformat(),
            "until": self.until.isoformat(),
            "known_on": self.known_on.isoformat(),
            "overdue_days": self.overdue_days,
            "notified_on": self.notified_on and self.notified_on.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class ModelResult:
    """What the institution's own model and decision came to on a day. The score has at most four places."""

    model: str
    version: str
    decision: Decision
    decided_on: date
    score: Decimal | None = None
    grade: str = ""
    amount: Amount | None = None

    @property
    def on(self) -> date:
        return self.decided_on

    @property
    def key(self) -> tuple[What, str]:
        return What.RESULT, self.model

    def faults(self, looked_on: date) -> Iterator[Saying]:
        if self.decided_on < looked_on:
            yield Saying("作出结果的日子早于查询 {day}", day=looked_on.isoformat())
        if not self.model or not self.version or max(map(len, (self.model, self.version, self.grade))) > LONGEST_NAME:
            yield Saying("写明模型和版本；模型、版本、等级各不超过 {most} 个字", most=LONGEST_NAME)
        if self.score is None and not self.grade:
            yield Saying("分数和等级至少写一个")
        if self.score is not None and not _fits(self.score):
            yield Saying("分数在正负 {most} 之间，最多 {places} 位小数", most=LARGEST_SCORE, places=PLACES)
        if self.amount is not None and self.decision is not Decision.APPROVED:
            yield Saying("额度档只在通过的时候写")

    def as_json(self) -> dict[str, Any]:
        return {
            "model": self.model,
            "version": self.version,
            "decision": self.decision.value,
            "decided_on": self.decided_on.isoformat(),
            "score": None if self.score is None else f"{self.score:f}",
            "grade": self.grade,
            "amount": self.amount and self.amount.value,
        }


Content = Outcome | ModelResult


@dataclass(frozen=True, slots=True)
class Said:
    """One entry: of which business, by the receipt of which look. The code is there to catch a wrong number."""

    uscc: Uscc
    receipt: ReceiptNumber
    content: Content


def _fits(score: Decimal) -> bool:
    exponent = score.as_tuple().exponent
    return score.is_finite() and abs(score) <= LARGEST_SCORE and isinstance(exponent, int) and exponent >= -PLACES


def recalled(what: str, said: Mapping[str, Any]) -> Content:
    """What was kept."""
    return outcome(said) if what == What.OUTCOME else result(said)


def outcome(said: Mapping[str, Any]) -> Outcome:
    """From its JSON. Raises `ValueError`, `KeyError`, `TypeError` where it is none."""
    days = said.get("overdue_days")
    return Outcome(
        Became(said["became"]),
        date.fromisoformat(said["since"]),
        date.fromisoformat(said["until"]),
        date.fromisoformat(said["known_on"]),
        int(days) if days else None,
        date.fromisoformat(said["notified_on"]) if said.get("notified_on") else None,
    )


def result(said: Mapping[str, Any]) -> ModelResult:
    """From its JSON, as `outcome`; a score that is no number raises `ArithmeticError`."""
    return ModelResult(
        said["model"].strip(),
        said["version"].strip(),
        Decision(said["decision"]),
        date.fromisoformat(said["decided_on"]),
        Decimal(said["score"]) if said.get("score") else None,
        (said.get("grade") or "").strip(),
        Amount(said["amount"]) if said.get("amount") else None,
    )
