"""`python -m tests.browser.screenshots FOLDER`: a picture of every stop of the tour, and on paper.

For people to look at; pictures are not committed. Makes a city of its own, like a test.
"""

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def main(folder: str, *only: str) -> int:
    """Runs the one test below under pytest, which knows how to make a city."""
    taking = Taking(Path(folder).resolve(), only)
    return int(
        pytest.main(["-q", "-p", "no:cacheprovider", "-n", "0", f"{HERE / 'picture_taking.py'}"], plugins=[taking])
    )


class Taking:
    """Where the pictures go, and of which stops."""

    def __init__(self, folder: Path, only: tuple[str, ...]) -> None:
        self.folder, self.only = folder, only

    @pytest.fixture
    def pictures(self) -> "Taking":
        return self


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
