"""The ledger's tests answer for the ledger's own tables; what the other domains register, theirs and the soak check."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ledger.builders import a_shelf
from xinqiao.ledger import covering, following


@pytest.fixture(autouse=True)
def own_witness(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A witness remembers the city it has seen; each test is another city."""
    monkeypatch.setenv("XINQIAO_WITNESS", str(tmp_path / "witness"))


@pytest.fixture(autouse=True)
def own_tables_only() -> Iterator[None]:
    before = covering.registered()
    covering._covered.clear()
    covering.register(following.covered())
    yield
    covering._covered.clear()
    covering._covered.update(before)


@pytest.fixture
def shelf(city_db: str) -> Iterator[str]:
    """An empty city with two covered tables of our own."""
    with a_shelf():
        yield city_db
