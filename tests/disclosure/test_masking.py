from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinqiao.disclosure import masking


@pytest.mark.parametrize(
    ("mask", "plain", "told"),
    [
        (masking.name, "王小明", "王**"),
        (masking.name, "王五", "王*"),
        (masking.name, "买买提·艾力", "买*****"),
        (masking.name, "王", "王*"),
        (masking.id_number, "410402199001011234", "4104************34"),
        (masking.id_number, "410402900101123", "4104*********23"),
        (masking.phone, "13812341234", "138****1234"),
        (masking.account, "6222020200001234", "************1234"),
        (masking.account, "1234", "****"),
        (masking.phone, "1381234", "*******"),
        (masking.id_number, "41040", "*****"),
        (masking.phone, "", "*"),
    ],
)
def test_what_is_left_of_a_particular(mask: Callable[[str], str], plain: str, told: str) -> None:
    assert mask(plain) == told


@given(st.text(min_size=2, max_size=30))
def test_no_mask_ever_tells_the_whole(text: str) -> None:
    for name, mask in masking.MASKS.items():
        told = mask(text)
        assert len(told) == len(text)
        hidden = sum(a == "*" for a in told)
        assert hidden >= (1 if name == "name" else min(len(text), 2))
