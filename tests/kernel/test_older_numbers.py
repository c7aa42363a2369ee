import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinqiao.kernel import organisation_code, registration_number
from xinqiao.kernel.organisation_code import NotAnOrganisationCode, OrganisationCode
from xinqiao.kernel.registration_number import NotARegistrationNumber, RegistrationNumber, check_digit
from xinqiao.kernel.uscc import ORGANISATION_ALPHABET, Uscc, organisation_check_character

digits = "0123456789"


@given(st.text(digits, min_size=14, max_size=14), st.integers(0, 14), st.sampled_from(digits))
def test_one_wrong_digit_of_a_registration_number_is_always_found(first14: str, place: int, wrong: str) -> None:
    number = first14 + check_digit(first14)
    assert RegistrationNumber.parse(f" {number} ") == number
    spoilt = number[:place] + wrong + number[place + 1 :]
    assert (registration_number.fault_in(spoilt) is None) == (spoilt == number)


@pytest.mark.parametrize("number", ["110108000000016", "440301103097413"])
def test_registration_numbers_in_use_are_read(number: str) -> None:
    assert RegistrationNumber.parse(number).division == number[:6]


@pytest.mark.parametrize("text", ["", "11010800000001", "11010800000001X", "110108000000017"])
def test_what_is_no_registration_number_is_refused(text: str) -> None:
    with pytest.raises(NotARegistrationNumber):
        RegistrationNumber.parse(text)


@given(st.text(ORGANISATION_ALPHABET, min_size=8, max_size=8))
def test_an_organisation_code_is_read_with_and_without_its_hyphen(body: str) -> None:
    check = organisation_check_character(body)
    assert OrganisationCode.parse(f"{body}-{check}") == OrganisationCode.parse(f"{body}{check}".lower()) == body + check


@given(st.text(ORGANISATION_ALPHABET, min_size=8, max_size=8), st.sampled_from("0123456789X"))
def test_a_wrong_check_character_of_an_organisation_code_is_found(body: str, check: str) -> None:
    right = organisation_check_character(body) == check
    assert (organisation_code.fault_in(body + check) is None) == right


@pytest.mark.parametrize("text", ["", "4169001X", "4169-001X", "4169000-1A", "ＡB123456-1"])
def test_what_is_no_organisation_code_is_refused(text: str) -> None:
    with pytest.raises(NotAnOrganisationCode):
        OrganisationCode.parse(text)


def test_the_middle_of_a_unified_code_is_an_organisation_code() -> None:
    assert OrganisationCode.parse(Uscc.parse("91110000600037341L").organisation_code) == "600037341"
