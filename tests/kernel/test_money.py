from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinqiao.kernel.money import LARGEST, Money, NotMoney

fens = st.integers(-(10**18) + 1, 10**18 - 1)


@given(fens)
def test_what_is_written_is_read_again(fen: int) -> None:
    money = Money.of(Decimal(fen).scaleb(-2))
    assert Money.of(str(money)) == money
    assert money.fen == fen
    assert str(money)[-3] == "."


@given(fens)
def test_wan_and_yuan_are_the_same_money(fen: int) -> None:
    money = Money.of(Decimal(fen).scaleb(-2))
    assert Money.of_wan(money.in_wan()) == money


@given(st.integers(-(10**15), 10**15), st.integers(-(10**15), 10**15))
def test_sums_are_exact_whatever_the_surrounding_precision(one: int, other: int) -> None:
    with localcontext(prec=5, rounding=ROUND_HALF_EVEN):
        total = Money.of(Decimal(f"{one}e-2")) + Money.of(Decimal(f"{other}e-2"))
        assert (total - Money.of(Decimal(f"{other}e-2"))).fen == one
        assert (-total).fen == -one - other


@pytest.mark.parametrize(
    ("text", "yuan"),
    [("0.000001", "0.01"), ("12.5", "125000.00"), ("1,234.567890", "12345678.90"), ("-3", "-30000.00"), ("-0", "0.00")],
)
def test_wan_is_read_to_the_sixth_decimal(text: str, yuan: str) -> None:
    assert str(Money.of_wan(text)) == yuan


@pytest.mark.parametrize("text", ["0.005", "1.001", "", "1e3", "NaN", "١", "1,23", "12元", "--1", str(LARGEST + 1)])
def test_nothing_is_rounded_or_guessed(text: str) -> None:
    with pytest.raises(NotMoney):
        Money.of(text)


@pytest.mark.parametrize("value", [0.1, True, None, Decimal("NaN"), Decimal("Infinity")])
def test_floats_and_stranger_things_are_refused(value: Any) -> None:
    with pytest.raises(NotMoney):
        Money.of(value)


def test_the_seventh_decimal_of_wan_is_refused() -> None:
    with pytest.raises(NotMoney):
        Money.of_wan("0.0000001")


def test_a_product_is_rounded_only_where_that_is_asked_for() -> None:
    money = Money.of("10.01")
    assert money.times(3) == Money.of("30.03")
    assert money.times(Decimal("0.5"), rounded=True) == Money.of("5.01")
    with pytest.raises(NotMoney):
        money.times(Decimal("0.5"))
    with pytest.raises(NotMoney):
        money.times(0.5)  # type: ignore[arg-type]


def test_money_is_ordered_and_zero_is_nothing() -> None:
    assert Money.of(1) < Money.of("1.01") <= Money.of("1.01") > Money.of(0)
    assert not Money.of("0.00")
    with pytest.raises(NotMoney):
        Money(LARGEST) + Money.of("0.01")
