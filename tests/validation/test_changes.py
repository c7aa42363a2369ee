"""Who moved from one grade to another, and who is let in by one model and not by the other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinqiao.validation.changes import migration, swap

ORDER = ("A", "B", "C", "D")
GRADES = st.lists(st.tuples(*[st.sampled_from([*ORDER, None])] * 2), max_size=30)


def test_moves_are_counted_from_grade_to_grade() -> None:
    found = migration(["A", "A", "B", "D", None, "C"], ["A", "B", "A", "A", "B", None], order=ORDER)

    assert found.moves == {("A", "A"): 1, ("A", "B"): 1, ("B", "A"): 1, ("D", "A"): 1}
    assert (found.stayed, found.up, found.down, found.within_one) == (0.25, 0.5, 0.25, 0.75)
    assert (found.came, found.went) == (1, 1)


@given(GRADES)
def test_everybody_is_counted_once(pairs: list[tuple[str | None, str | None]]) -> None:
    before, after = [a for a, _ in pairs], [b for _, b in pairs]
    found = migration(before, after, order=ORDER)

    nobody = sum(a is None and b is None for a, b in pairs)
    assert sum(found.moves.values()) + found.came + found.went + nobody == len(pairs)
    if found.moves:
        assert sum((found.stayed, found.up, found.down)) == pytest.approx(1)  # type: ignore[arg-type]
    else:
        assert found.stayed is None


def test_a_grade_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="'E'"):
        migration(["A"], ["E"], order=ORDER)


def test_swapped_in_and_out_are_compared_by_what_is_known_of_them() -> None:
    champion, challenger = [1, 1, 1, 0, 0, 0], [1, 1, 0, 1, 1, 0]
    found = swap(champion, challenger, [False, True, True, False, None, None])

    assert (found.both_in.count, found.both_in.bad_rate) == (2, 0.5)
    assert (found.swapped_out.count, found.swapped_out.bad_rate) == (1, 1.0)
    assert (found.swapped_in.count, found.swapped_in.known, found.swapped_in.bad_rate) == (2, 1, 0.0)
    assert (found.both_out.count, found.both_out.bad_rate) == (1, None)
