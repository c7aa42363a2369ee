"""工商注册号, the 15-digit registration number of before the USCC; older individual businesses still carry one.

Six digits of the registering authority's division, eight of sequence, one check digit (GS 15-2006: the hybrid system
MOD 11,10 of ISO 7064).
"""

from enum import StrEnum
from typing import Final, Self

from xinqiao.kernel.problems import Kind, Problem
from xinqiao.kernel.sayings import Saying

LENGTH: Final = 15
DIGITS: Final = frozenset("0123456789")


class Fault(StrEnum):
    LENGTH = "length"
    CHARACTER = "character"
    CHECK = "check"


SAYING: Final = {
    Fault.LENGTH: Saying("注册号应为15位"),
    Fault.CHARACTER: Saying("注册号只用数字"),
    Fault.CHECK: Saying("注册号第15位（校验位）不对"),
}


def check_digit(first14: str) -> str:
    """The fifteenth digit that ISO 7064 MOD 11,10 gives to fourteen."""
    product = 10
    for digit in first14:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - product) % 10)


def fault_in(number: str) -> Fault | None:
    """The first fault of a stripped number, or None."""
    if len(number) != LENGTH:
        return Fault.LENGTH
    if not DIGITS.issuperset(number):
        return Fault.CHARACTER
    return None if check_digit(number[:14]) == number[14] else Fault.CHECK


class NotARegistrationNumber(Problem):
    """The text is not a 15-digit registration number."""

    type = "registration-number-invalid"
    kind = Kind.INVALID
    title = "工商注册号有误"

    def __init__(self, fault: Fault) -> None:
        super().__init__(SAYING[fault])
        self.fault = fault


class RegistrationNumber(str):
    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a number as people send it (spaces around); raises `NotARegistrationNumber`."""
        number = text.strip()
        if (fault := fault_in(number)) is not None:
            raise NotARegistrationNumber(fault)
        return cls(number)

    @property
    def division(self) -> str:
        """Where it was registered; the entity may have moved since."""
        return self[:6]
