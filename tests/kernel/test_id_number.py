from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinqiao.kernel.id_number import DIGITS, PROVINCES, Fault, IdNumber, NotAnIdNumber, check_character, fault_in


def _number(province: str, place: str, born: date, sequence: str) -> str:
    first17 = province + place + f"{born:%Y%m%d}" + sequence
    return first17 + check_character(first17)


digits = "0123456789"
numbers = st.builds(
    _number,
    st.sampled_from(sorted(PROVINCES)),
    st.text(digits, min_size=4, max_size=4),
    st.dates(date(1850, 1, 1), date(2030, 12, 31)),
    st.text(digits, min_size=3, max_size=3),
)


@given(numbers)
def test_every_number_with_a_real_day_and_the_right_check_is_accepted(number: str) -> None:
    assert IdNumber.parse(number.lower()) == number


@given(numbers, st.integers(0, 17), st.sampled_from(sorted(DIGITS)))
def test_one_wrong_digit_is_always_found(number: str, place: int, wrong: str) -> None:
    spoilt = number[:place] + wrong + number[place + 1 :]
    assert (fault_in(spoilt) is None) == (spoilt == number)


@given(numbers.filter(lambda number: number[6:8] == "19"))
def test_the_old_form_of_a_number_leads_to_the_new_one(number: str) -> None:
    old = IdNumber.parse(number[:6] + number[8:17])
    assert old.in_full() == number
    assert old.birth == IdNumber.parse(number).birth


def test_the_example_of_the_standard_is_read() -> None:
    number = IdNumber.parse("11010519491231002x")
    assert (number.division, number.birth) == ("110105", date(1949, 12, 31))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("1101051949123100", Fault.LENGTH),
        ("11010519491231X02X", Fault.CHARACTER),
        ("11010549123100X", Fault.CHARACTER),
        ("١١٠١٠٥١٩٤٩١٢٣١٠٠٢X", Fault.CHARACTER),
        ("00010519491231002X", Fault.DIVISION),
        ("910105491231002", Fault.DIVISION),
        ("11010519490231002X", Fault.DATE),
        ("11010517491231002X", Fault.DATE),
        ("110105490231002", Fault.DATE),
        ("110105194912310021", Fault.CHECK),
    ],
)
def test_the_first_fault_is_named(text: str, fault: Fault) -> None:
    with pytest.raises(NotAnIdNumber) as refusal:
        IdNumber.parse(text)
    assert refusal.value.fault == fault
