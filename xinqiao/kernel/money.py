"""Amounts of money: yuan, exact to the fen. Never a float, never rounded without being asked."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal, Inexact, InvalidOperation
from functools import total_ordering
from typing import Final, Self

from xinqiao.kernel.problems import Kind, Problem
from xinqiao.kernel.sayings import Saying

FEN: Final = Decimal("0.01")
WAN: Final = Decimal(10_000)
LARGEST: Final = Decimal("9999999999999999.99")  # what a column of numeric(18, 2) holds; China's whole GDP is 14 digits
WRITTEN: Final = re.compile(r"[+-]?([0-9]{1,3}(,[0-9]{3})+|[0-9]+)(\.[0-9]+)?")
_EXACT: Final = Context(prec=40, traps=[Inexact, InvalidOperation])
_ROUNDED: Final = Context(prec=40)


class NotMoney(Problem):
    """The text or number cannot be an amount to the fen."""

    type = "money-invalid"
    kind = Kind.INVALID
    title = "金额有误"


@total_ordering
@dataclass(frozen=True, slots=True)
class Money:
    """`yuan` always has two decimals. Made by `of` and `of_wan`; the constructor expects what they check."""

    yuan: Decimal

    @classmethod
    def of(cls, amount: str | int | Decimal) -> Self:
        """An amount in yuan: "1,234.50", 1234, Decimal("1234.5"). Raises `NotMoney`: floats and parts of a fen too."""
        return cls(_to_the_fen(_read(amount)))

    @classmethod
    def of_wan(cls, amount: str | int | Decimal) -> Self:
        """An amount in 万元, whose sixth decimal is the fen: "0.000001" is 0.01 yuan. Raises `NotMoney`."""
        return cls(_to_the_fen(_ROUNDED.multiply(_read(amount), WAN)))

    @property
    def fen(self) -> int:
        return int(self.yuan.scaleb(2, _EXACT))

    def in_wan(self) -> Decimal:
        """Exact, six decimals at most, without idle zeros."""
        plain = _ROUNDED.divide(self.yuan, WAN).normalize(_ROUNDED)
        return plain.quantize(Decimal(1), context=_ROUNDED) if plain == plain.to_integral_value() else plain

    def times(self, factor: int | Decimal, *, rounded: bool = False) -> Self:
        """`rounded` lets a part of a fen be rounded half up; without it such a product raises `NotMoney`."""
        if isinstance(factor, float | bool):
            raise NotMoney(Saying("金额只能乘以整数或十进制小数"))
        product = _ROUNDED.multiply(self.yuan, Decimal(factor))
        return type(self)(_to_the_fen(product.quantize(FEN, ROUND_HALF_UP, _ROUNDED) if rounded else product))

    def __add__(self, other: "Money") -> Self:
        return type(self)(_to_the_fen(_EXACT.add(self.yuan, other.yuan)))

    def __sub__(self, other: "Money") -> Self:
        return type(self)(_to_the_fen(_EXACT.subtract(self.yuan, other.yuan)))

    def __neg__(self) -> Self:
        return type(self)(_to_the_fen(_EXACT.minus(self.yuan)))

    def __lt__(self, other: "Money") -> bool:
        return self.yuan < other.yuan

    def __bool__(self) -> bool:
        return bool(self.yuan)

    def __str__(self) -> str:
        """The form facts keep: two decimals, no grouping."""
        return f"{self.yuan:f}"


def _read(amount: str | int | Decimal) -> Decimal:
    match amount:
        case str() if WRITTEN.fullmatch(amount.strip()):
            return Decimal(amount.strip().replace(",", ""))
        case bool() | float():
            raise NotMoney(Saying("金额不能用浮点数表示"))
        case int():
            return Decimal(amount)
        case Decimal() if amount.is_finite():
            return amount
        case _:
            raise NotMoney(Saying("“{amount}”不是金额", amount=str(amount)))


def _to_the_fen(amount: Decimal) -> Decimal:
    if amount.copy_abs() > LARGEST:
        raise NotMoney(Saying("金额过大"))
    try:
        return _EXACT.add(amount.quantize(FEN, context=_EXACT), Decimal(0))  # adding nothing turns -0.00 into 0.00
    except (Inexact, InvalidOperation):
        raise NotMoney(Saying("金额精确到分，不能再有更小的零头")) from None
