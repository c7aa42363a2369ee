"""docs/abuse-cases.md names a test for each way of abuse that touches what exists; each of them is there."""

import re
from pathlib import Path

TESTS = Path(__file__).parent
PAGE = TESTS.parent / "docs/abuse-cases.md"


def test_every_abuse_case_is_tried_by_a_test_or_waits_for_its_part_of_the_house() -> None:
    numbers: set[int] = set()
    for first, last, row in re.findall(r"^\| (\d+)(?:–(\d+))? \| (.*)$", PAGE.read_text("utf-8"), re.MULTILINE):
        numbers.update(range(int(first), int(last or first) + 1))
        named = re.findall(r"`([\w/]+\.py)::(\w+)`", row)
        assert named or "later" in row, row
        for file, test in named:
            assert f"def {test}(" in (TESTS / file).read_text("utf-8"), (file, test)
    assert numbers == set(range(1, 51))
