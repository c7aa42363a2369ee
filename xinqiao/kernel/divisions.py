"""行政区划代码, the code of an administrative division (GB/T 2260): province, city, county, two digits each."""

from typing import Final, Self

from xinqiao.kernel.problems import Kind, Problem
from xinqiao.kernel.sayings import Saying

LENGTH: Final = 6
DIGITS: Final = frozenset("0123456789")


class NotADivisionCode(Problem):
    """The text is not six digits beginning with a province."""

    type = "division-invalid"
    kind = Kind.INVALID
    title = "行政区划代码有误"

    def __init__(self) -> None:
        super().__init__(Saying("行政区划代码应为六位数字，前两位是省级代码"))


class DivisionCode(str):
    """Well formed; whether the division exists, and since when, is in the city's own list."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises `NotADivisionCode`."""
        code = text.strip()
        if len(code) != LENGTH or not DIGITS.issuperset(code) or code[0] == "0":
            raise NotADivisionCode
        return cls(code)

    @property
    def stem(self) -> str:
        """What every division inside this one begins with: "41", "4104", "410402"."""
        if self.endswith("0000"):
            return self[:2]
        return self[:4] if self.endswith("00") else str(self)

    def holds(self, other: str) -> bool:
        """Whether `other` is this division or lies inside it."""
        return other.startswith(self.stem)
