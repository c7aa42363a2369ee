"""Whether a person is whom the register names: the rule alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinqiao.kernel.ids import FactId
from xinqiao.rights.rules.representing import Fit, Named, alike, fit, same

NAMES = st.text("王李小晓明敏·买提A", min_size=1, max_size=5).filter(lambda name: name.strip("·") != "")


@given(NAMES, NAMES)
def test_what_may_be_the_same_name_is_never_taken_for_another(one: str, other: str) -> None:
    line = Named(other, None, FactId(1))
    found, _ = fit(one, set(), [line])
    assert alike(one, other) == alike(other, one)
    assert (found is Fit.SAME) == same(one, other)
    assert (found is Fit.LIKE_NAME) == (alike(one, other) and not same(one, other))


@pytest.mark.parametrize(
    ("name", "other", "found"),
    [
        ("阿依古丽·买买提", "阿依古丽 • 买买提", Fit.SAME),
        ("王小明", "王晓明", Fit.LIKE_NAME),
        ("欧阳娜娜", "欧阳娜", Fit.LIKE_NAME),
        ("王小明", "李四", Fit.OTHER_NAME),
        ("王小明", "李小明明", Fit.OTHER_NAME),
    ],
)
def test_spellings_of_one_name_and_names_of_two(name: str, other: str, found: Fit) -> None:
    assert fit(name, set(), [Named(other, None, FactId(1))])[0] is found


def test_a_number_that_both_sides_vouch_for_decides() -> None:
    mine, others = b"mine", b"others"
    assert fit("王小明", {mine}, [Named("王晓明", mine, FactId(1))])[0] is Fit.SAME
    assert fit("王小明", {mine}, [Named("王小明", others, FactId(1))])[0] is Fit.OTHER_NUMBER
    assert fit("王小明", set(), [Named("王小明", others, FactId(1))])[0] is Fit.SAME, "nobody vouched for his"
    two = [Named("王小明", None, FactId(1)), Named("李四", None, FactId(2))]
    assert fit("王小明", {mine}, two) == (Fit.DISAGREEING, FactId(2))
    assert fit("王小明", {mine}, []) == (Fit.NOT_NAMED, None)
