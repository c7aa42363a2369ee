"""Nothing is told under a grant once its revocation has committed: 100,000 answers in `make soak`, else a taste.

Three workers, processes of their own, answer one bank about one business as fast as they can, reports, queries and
repeats under a key; meanwhile the business gives a grant, revokes it some milliseconds later, and gives another. After
some grants it is another business's turn: one with a thousand of them is none there is.

The log's order is the order of commits on one grant: every answer stands before the revocation of each grant it names.
"""

import random
import subprocess
import sys
import time
from pathlib import Path
from typing import Final

import pytest
from django.db import connection

from tests.authorisation.builders import a_business, a_code, a_grant, a_representative
from tests.disclosure.builders import a_world
from tests.parties.builders import BANK, NOW
from tests.soak.campaign import SEED, WHOLE, outcome, progress, say
from xinqiao.authorisation import changing
from xinqiao.ledger import checking, sequencing

pytestmark = pytest.mark.soak

ANSWERS: Final = 100_000 if WHOLE else 60
WORKERS: Final = 3
ITEM: Final = "tax_declared_sales"
LONGEST: Final = 0.2  # seconds a grant lives
GRANTS: Final = 20 if WHOLE else 4  # of one business

_RACED: Final = """
WITH told AS (
    SELECT p.position, unnest(r.grants) AS number
      FROM disclosure_receipt r JOIN ledger_position p ON p.event = r.event),
revoked AS (
    SELECT p.position, (e.body::json -> 'about' ->> 'grant')::bigint AS number
      FROM ledger_event e JOIN ledger_position p ON p.event = e.id WHERE e.kind = 'authorisation:grant:revoked')
SELECT count(*), count(*) FILTER (WHERE told.position > revoked.position)
  FROM told JOIN revoked USING (number)
"""
_TOLD: Final = "SELECT count(*) FROM disclosure_receipt WHERE grants <> '{}'"


def test_nothing_is_told_under_a_grant_whose_revocation_has_committed(city_db: str, tmp_path: Path) -> None:
    say(f"{ANSWERS:,} answers raced against revocations by {WORKERS} workers (seed {SEED})")
    world, rng, grants, businesses = a_world(), random.Random(SEED), 0, 1
    whose, by = world.business, world.representative
    given, file = world.grant, _told_to(tmp_path / "business", world.code)
    command = [sys.executable, "-m", "tests.soak.asking", BANK, str(world.officer), str(file), ITEM]
    asking = [subprocess.Popen([*command, str(n)], stdout=subprocess.PIPE, text=True) for n in range(WORKERS)]
    try:
        assert all(one.stdout is not None and one.stdout.readline() == "begun\n" for one in asking)
        told = 0
        while told < ANSWERS:
            time.sleep(rng.uniform(0, LONGEST))
            changing.revoke(given.id, by=by, now=NOW)
            grants += 1
            if grants % GRANTS == 0:
                sequencing.sequence(NOW)
                told = _count(_TOLD)[0]
                progress("answers raced against revocations", told, ANSWERS)
                businesses += 1
                whose = a_business(businesses)
                by = a_representative(whose)
                _told_to(file, a_code(businesses))
            given = a_grant(whose, by=by, items=[ITEM])
        changing.revoke(given.id, by=by, now=NOW)
    finally:
        for one in asking:
            one.terminate()
    said = [one.communicate(timeout=60)[0].split() for one in asking]
    sequencing.sequence(NOW)
    raced, late = _count(_RACED)
    refused = sum(int(refused) for _, refused in said)
    assert raced >= ANSWERS
    assert refused
    assert late == 0, f"seed {SEED}: {late} answers after the revocation"
    assert checking.check().sound
    outcome(f"{raced:,} answers, {grants:,} revocations, {refused:,} refusals: {late} told after the revocation")


def _told_to(file: Path, code: str) -> Path:
    """In one piece: a worker reads it whenever it likes."""
    file.with_suffix(".new").write_text(code)
    return file.with_suffix(".new").replace(file)


def _count(statement: str) -> tuple[int, ...]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return tuple(cursor.fetchone())
