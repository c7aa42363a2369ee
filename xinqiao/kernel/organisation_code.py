"""组织机构代码, the organisation code (GB 11714): eight characters and a check character; the middle of every USCC."""

from enum import StrEnum
from typing import Final, Self

from xinqiao.kernel.problems import Kind, Problem
from xinqiao.kernel.sayings import Saying
from xinqiao.kernel.uscc import ORGANISATION_ALPHABET, organisation_check_character

LENGTH: Final = 9
CHECK_ALPHABET: Final = "0123456789X"


class Fault(StrEnum):
    LENGTH = "length"
    CHARACTER = "character"
    CHECK = "check"


SAYING: Final = {
    Fault.LENGTH: Saying("组织机构代码应为8位本体代码加1位校验码"),
    Fault.CHARACTER: Saying("组织机构代码只用数字和大写字母，校验码只用数字和 X"),
    Fault.CHECK: Saying("组织机构代码的校验码不对"),
}


def fault_in(code: str) -> Fault | None:
    """The first fault of an upper-cased code without hyphen, or None."""
    if len(code) != LENGTH:
        return Fault.LENGTH
    if any(c not in ORGANISATION_ALPHABET for c in code[:8]) or code[8] not in CHECK_ALPHABET:
        return Fault.CHARACTER
    return None if organisation_check_character(code[:8]) == code[8] else Fault.CHECK


class NotAnOrganisationCode(Problem):
    """The text is not an organisation code."""

    type = "organisation-code-invalid"
    kind = Kind.INVALID
    title = "组织机构代码有误"

    def __init__(self, fault: Fault) -> None:
        super().__init__(SAYING[fault])
        self.fault = fault


class OrganisationCode(str):
    """Nine characters without the hyphen that is often written before the last."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a code as people send it (`41690001-X`, spaces, lower case); raises `NotAnOrganisationCode`."""
        code = text.strip().upper()
        if len(code) == LENGTH + 1 and code[LENGTH - 1] == "-":
            code = code[: LENGTH - 1] + code[LENGTH]
        if (fault := fault_in(code)) is not None:
            raise NotAnOrganisationCode(fault)
        return cls(code)
