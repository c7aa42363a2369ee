"""公民身份号码, the citizen's number (GB 11643-1999): 18 characters, or the 15 digits in use before 1999.

Division of first registration, date of birth, sequence, check character (ISO 7064 MOD 11-2). Old numbers have neither
century nor check; records of the 1990s still carry them.
"""

from datetime import date
from enum import StrEnum
from typing import Final, Self

from xinqiao.kernel.problems import Kind, Problem
from xinqiao.kernel.sayings import Saying

LENGTH: Final = 18
OLD_LENGTH: Final = 15
DIGITS: Final = frozenset("0123456789")
CHECKS: Final = "10X98765432"
WEIGHTS: Final = tuple(pow(2, 17 - i, 11) for i in range(17))
EARLIEST_BIRTH: Final = date(1850, 1, 1)  # nobody who was ever given a number was born before; such a date is a slip
# GB/T 2260 provinces; 83: Taiwan residents' permits (2018), 9: foreigners' permanent residence cards (2023).
PROVINCES: Final = frozenset(
    str(code)
    for codes in (
        range(11, 16),
        range(21, 24),
        range(31, 38),
        range(41, 47),
        range(50, 55),
        range(61, 66),
        (71, 81, 82, 83),
    )
    for code in codes
)
FOREIGN: Final = "9"


class Fault(StrEnum):
    """The first thing wrong with a number, in the order a reader would check it."""

    LENGTH = "length"
    CHARACTER = "character"
    DIVISION = "division"
    DATE = "date"
    CHECK = "check"


SAYING: Final = {
    Fault.LENGTH: Saying("身份证号码应为18位（旧号码15位）"),
    Fault.CHARACTER: Saying("身份证号码前17位只用数字，末位只用数字和 X"),
    Fault.DIVISION: Saying("身份证号码前两位不是有效的省级代码"),
    Fault.DATE: Saying("身份证号码里的出生日期不存在"),
    Fault.CHECK: Saying("身份证号码的校验位不对"),
}


def check_character(first17: str) -> str:
    """The eighteenth character that GB 11643 gives to seventeen digits."""
    return CHECKS[sum(int(c) * w for c, w in zip(first17, WEIGHTS, strict=True)) % 11]


def fault_in(number: str) -> Fault | None:
    """The first fault of an upper-cased, stripped number of either length, or None."""
    if len(number) not in {LENGTH, OLD_LENGTH}:
        return Fault.LENGTH
    if not DIGITS.issuperset(number[:17]) or not DIGITS.union("X").issuperset(number[17:]):
        return Fault.CHARACTER
    if number[:2] not in PROVINCES and not (number[0] == FOREIGN and len(number) == LENGTH):
        return Fault.DIVISION
    if _birth(number) is None:
        return Fault.DATE
    if len(number) == LENGTH and check_character(number[:17]) != number[17]:
        return Fault.CHECK
    return None


def _birth(number: str) -> date | None:
    """Old numbers were given out before 1999 only, and to people born in the twentieth century."""
    eight = number[6:14] if len(number) == LENGTH else "19" + number[6:12]
    try:
        born = date(int(eight[:4]), int(eight[4:6]), int(eight[6:]))
    except ValueError:
        return None
    return born if born >= EARLIEST_BIRTH else None


class NotAnIdNumber(Problem):
    """The text is not a citizen's number."""

    type = "id-number-invalid"
    kind = Kind.INVALID
    title = "身份证号码有误"

    def __init__(self, fault: Fault) -> None:
        super().__init__(SAYING[fault])
        self.fault = fault


class IdNumber(str):
    """A well-formed number; whose it is, and whether it was ever given out, is another matter."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a number as people send it (spaces around, small x); raises `NotAnIdNumber`."""
        number = text.strip().upper()
        if (fault := fault_in(number)) is not None:
            raise NotAnIdNumber(fault)
        return cls(number)

    @property
    def birth(self) -> date:
        born = _birth(self)
        assert born is not None  # noqa: S101 — `parse` is the only way in
        return born

    @property
    def division(self) -> str:
        """Where the number was first given, not where its holder lives."""
        return self[:6]

    def in_full(self) -> "IdNumber":
        """The 18-character form, under which the same person is found whichever form was sent."""
        if len(self) == LENGTH:
            return self
        first17 = self[:6] + "19" + self[6:]
        return IdNumber(first17 + check_character(first17))
