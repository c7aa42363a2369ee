"""Random edits, deletes and inserts behind the program's back, over every covered table: each one is named.

200 of them in `make soak`, a taste in `make test`. Each is made in a transaction that is rolled back after the check.
"""

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest
from django.db import transaction

from tests.conftest import _clone, _pointed_at
from tests.soak import edits, past, whole_city
from tests.soak.campaign import SEED, WHOLE, outcome, progress, say
from tests.soak.edits import Edit, Refused
from xinqiao.ledger import checking, covering, witnessing
from xinqiao.ledger.checking import Found
from xinqiao.ledger.checking.own_notes import GUARDED

pytestmark = pytest.mark.soak

EDITS: Final = 200 if WHOLE else 12
# A table of which every edit is refused by its own constraints would otherwise be tried for ever.
TRIES: Final = 40


@pytest.fixture(scope="module")
def city(server: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("city")
    with pytest.MonkeyPatch.context() as patched, _clone(server, template) as url, _pointed_at(url):
        patched.setenv("XINQIAO_WITNESS", str(folder / "witness"))
        with past.kept(_all_tables()):
            whole_city.furnish(folder)
        yield folder


def test_the_city_has_rows_in_every_covered_table_and_is_sound(city: Path) -> None:
    assert whole_city.empty_tables() == []
    assert checking.check().in_words().endswith("一致。")


def test_each_random_edit_behind_the_program_s_back_is_named(city: Path) -> None:
    say(f"{EDITS} random edits of {len(_all_tables())} tables, each checked and undone (seed {SEED})")
    rng, witnessed = random.Random(SEED), witnessing.seen()
    missed, ways, tables = [], Counter[str](), set()
    for number in range(EDITS):
        edit, found = _an_edit(rng, _table(number), witnessed)
        tables.add(edit.table)
        ways[edit.way] += 1
        if unnamed := edit.unnamed((f.table, f.key) for f in found):
            missed.append((str(edit), [sorted(row) for row in unnamed], [str(f) for f in found][:5]))
            say(f"NOT NAMED: {edit}")
        progress("edits behind the log's back", number + 1, EDITS)
    how = ", ".join(f"{n} {way}" for way, n in ways.most_common())
    outcome(f"{EDITS - len(missed)} of {EDITS} edits named ({how}; {len(tables)} of {len(_all_tables())} tables)")
    assert missed == [], f"{len(missed)} of {EDITS} edits (seed {SEED}) were not named"
    assert checking.check().in_words().endswith("一致。"), "every edit was undone"
    if WHOLE:
        assert tables == set(_all_tables())


def _all_tables() -> list[str]:
    return sorted({covered.relation for covered in covering.registered().values()} | GUARDED)


def _table(number: int) -> str:
    """Every table in turn, in another order each time round."""
    tables = _all_tables()
    random.Random(SEED + number // len(tables)).shuffle(tables)
    return tables[number % len(tables)]


class _Undone(Exception):
    """Takes an edit back."""


def _an_edit(rng: random.Random, table: str, witnessed: Mapping[str, str]) -> tuple[Edit, list[Found]]:
    """A random edit of the table and what the check finds; undone when this returns."""
    for _ in range(TRIES):
        outcome: tuple[Edit, list[Found]] | None = None
        try:
            with transaction.atomic():
                edit = edits.make(rng, table)
                outcome = edit, checking.compare(witnessed=witnessed).found
                raise _Undone
        except (_Undone, Refused):
            if outcome is not None:
                return outcome
    raise AssertionError(f"no edit of {table} was possible")
