"""Secret fields outlive three generations of their key, and the log answers for every row all the while."""

import pytest
from django.db import connection

from tests.disclosure.builders import World, a_world
from tests.parties.builders import NOW
from xinqiao import keys
from xinqiao.creditfile import queries, resealing, secrets
from xinqiao.keys.software import SoftwareKeys, generation_of
from xinqiao.ledger import checking, sequencing

ITEM = "tax_declared_sales"


def generations() -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM creditfile_secret")
        return {generation_of(bytes(sealed)) for (sealed,) in cursor.fetchall()}


def told(world: World) -> list[object]:
    facts = queries.facts_of(world.business, items=[ITEM], with_secret=[ITEM])
    return [dict(fact.values) for fact in facts]


@pytest.mark.usefixtures("city_db")
def test_secrets_are_sealed_anew_three_times_and_say_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    world = a_world()
    before, seen = told(world), generations()
    for _ in range(3):
        generation = resealing.renew(now=NOW)
        assert generations() == {generation}
        assert generation not in seen
        seen.add(generation)
        assert told(world) == before
    sequencing.sequence(NOW)
    assert checking.check().sound
    room = keys.provider()
    assert isinstance(room, SoftwareKeys)
    for old in sorted(seen)[:-1]:
        room.destroy_data_key(secrets.PURPOSE, old)
    assert told(world) == before
