"""统一社会信用代码, the unified social credit code (GB 32100-2015).

Eighteen characters: registering department, category, division (GB/T 2260), organisation code (GB 11714, with a check
character of its own), check character. Codes of rural collectives begin with N; validators that expect eight leading
digits refuse them.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import Final, Self

from xinqiao.kernel.problems import Kind, Problem
from xinqiao.kernel.sayings import Saying

ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # without I, O, S, V, Z: they look like digits
WEIGHTS: Final = tuple(pow(3, i, 31) for i in range(17))
ORGANISATION_ALPHABET: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ORGANISATION_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)

# Registering department → categories it may give out (GB 32100-2015 table 1 and its amendment for rural collectives).
CATEGORIES: Final = {
    "1": "1239",
    "2": "19",
    "3": "123459",
    "4": "19",
    "5": "1239",
    "6": "129",
    "7": "129",
    "8": "19",
    "9": "1239",
    "A": "19",
    "N": "1239",
    "Y": "1",
}
LENGTH: Final = 18


class Fault(StrEnum):
    """The first thing wrong with a code, in the order a reader would check it."""

    LENGTH = "length"
    CHARACTER = "character"
    DEPARTMENT = "department"
    DIVISION = "division"
    ORGANISATION_CHECK = "organisation-check"
    CHECK = "check"


SAYING: Final = {
    Fault.LENGTH: Saying("统一社会信用代码应为18位"),
    Fault.CHARACTER: Saying("统一社会信用代码含有不允许的字符（只用数字和除 I、O、S、V、Z 外的大写字母）"),
    Fault.DEPARTMENT: Saying("前两位不是有效的登记管理部门和机构类别"),
    Fault.DIVISION: Saying("第3至8位应为六位数字的行政区划代码"),
    Fault.ORGANISATION_CHECK: Saying("第17位（组织机构代码校验位）不对"),
    Fault.CHECK: Saying("第18位（校验位）不对"),
}


def check_character(first17: str) -> str:
    """The 18th character that GB 32100 gives to 17 characters of its alphabet."""
    total = sum(ALPHABET.index(c) * w for c, w in zip(first17, WEIGHTS, strict=True))
    return ALPHABET[(31 - total % 31) % 31]


def organisation_check_character(first8: str) -> str:
    """The ninth character that GB 11714 gives to the eight of an organisation code."""
    total = sum(ORGANISATION_ALPHABET.index(c) * w for c, w in zip(first8, ORGANISATION_WEIGHTS, strict=True))
    remainder = 11 - total % 11
    return {10: "X", 11: "0"}.get(remainder, str(remainder))


def fault_in(code: str) -> Fault | None:
    """The first fault of an upper-cased, stripped code, or None when it is well formed and both checks pass."""
    return next((fault for fault, holds in _FAULTS if holds(code)), None)


# In the order a reader would check them: a later test may rely on the earlier ones.
_FAULTS: Final[tuple[tuple[Fault, Callable[[str], bool]], ...]] = (
    (Fault.LENGTH, lambda code: len(code) != LENGTH),
    (Fault.CHARACTER, lambda code: any(c not in ALPHABET for c in code)),
    (Fault.DEPARTMENT, lambda code: code[1] not in CATEGORIES.get(code[0], "")),
    (Fault.DIVISION, lambda code: not code[2:8].isdigit()),
    (Fault.ORGANISATION_CHECK, lambda code: organisation_check_character(code[8:16]) != code[16]),
    (Fault.CHECK, lambda code: check_character(code[:17]) != code[17]),
)


class NotAUscc(Problem):
    """The text is not a unified social credit code."""

    type = "subject-invalid"
    kind = Kind.INVALID
    title = "统一社会信用代码有误"

    def __init__(self, fault: Fault) -> None:
        super().__init__(SAYING[fault])
        self.fault = fault


class Uscc(str):
    """A well-formed code whose two check characters are right; whether it was ever given out is another matter."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a code as people send it (spaces around, lower case); raises `NotAUscc`."""
        code = text.strip().upper()
        if (fault := fault_in(code)) is not None:
            raise NotAUscc(fault)
        return cls(code)

    @property
    def department(self) -> str:
        return self[0]

    @property
    def category(self) -> str:
        return self[:2]

    @property
    def division(self) -> str:
        return self[2:8]

    @property
    def organisation_code(self) -> str:
        return self[8:17]
