"""Revocation against reports already on their way: each is told wholly before it, or refused after it."""

import itertools
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from tests.authorisation.builders import a_grant
from tests.disclosure.builders import World, a_world
from tests.parties.builders import BANK, NOW, TODAY
from xinqiao.authorisation import changing, queries
from xinqiao.authorisation.clocks import Wish
from xinqiao.authorisation.rules import State
from xinqiao.disclosure import reading
from xinqiao.disclosure.errors import AgreementNotInForce, GrantExhausted, GrantRevoked
from xinqiao.disclosure.writing import Material
from xinqiao.kernel.ids import GrantId
from xinqiao.ledger import sequencing
from xinqiao.parties import agreements
from xinqiao.parties import queries as parties

WORKERS, ROUNDS = 4, 5


@pytest.fixture
def world(city_db: str) -> World:
    return a_world()


def ends(kind: str) -> int:
    """The place in the log of the last act of a kind: the log's order is the order of commits on one aggregate."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(p.position) FROM ledger_position p JOIN ledger_event e ON e.id = p.event WHERE e.kind = %s",
            [kind],
        )
        return int(cursor.fetchone()[0])


def told_under(grant: GrantId) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.position FROM disclosure_receipt r JOIN ledger_position p ON p.event = r.event"
            " WHERE %s = ANY(r.grants) ORDER BY 1",
            [grant],
        )
        return [position for (position,) in cursor.fetchall()]


def until_refused(
    world: World, refusal: type[Exception], begun: threading.Barrier, turns: "itertools.count[int]"
) -> int:
    """Ask again and again, two hours later each time, as often as the grant allows; how often it was told."""
    told = 0
    try:
        world.ask(now=NOW + timedelta(hours=2 * next(turns)))
        begun.wait(timeout=30)
        while True:
            world.ask(now=NOW + timedelta(hours=2 * next(turns)))
            told += 1
    except refusal:
        return told
    finally:
        connection.close()


def in_the_midst(world: World, refusal: type[Exception], act: Callable[[], object]) -> None:
    begun, turns = threading.Barrier(WORKERS + 1), itertools.count()
    with ThreadPoolExecutor(WORKERS) as pool:
        asking = [pool.submit(until_refused, world, refusal, begun, turns) for _ in range(WORKERS)]
        begun.wait(timeout=30)
        act()
        for one in asking:
            one.result(timeout=30)
    sequencing.sequence(NOW)


def test_no_report_is_told_after_the_revocation_has_committed(world: World) -> None:
    given = world.grant
    for _ in range(ROUNDS):
        in_the_midst(world, GrantRevoked, lambda g=given: changing.revoke(g.id, by=world.representative, now=NOW))  # type: ignore[misc]
        told = told_under(given.id)
        assert len(told) >= WORKERS
        assert max(told) < ends("authorisation:grant:revoked")
        given = a_grant(world.business, by=world.representative, items=["tax_declared_sales"])


def test_no_report_is_told_after_the_agreement_has_ended(world: World) -> None:
    held = parties.agreement_in_force(BANK, TODAY)
    assert held is not None
    in_the_midst(world, AgreementNotInForce, lambda: agreements.end(held.id, because="机构退出", now=NOW))
    assert max(told_under(world.grant.id)) < ends("parties:agreement:ended")


def test_a_revocation_waits_for_the_report_being_written_and_the_next_one_is_refused(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Held at the very moment between the decision and the receipt."""
    decided, go_on = threading.Event(), threading.Event()
    material = reading.material

    def slow(*args: Any, **named: Any) -> Material:
        decided.set()
        assert go_on.wait(timeout=30)
        return material(*args, **named)

    monkeypatch.setattr(reading, "material", slow)
    with ThreadPoolExecutor(2) as pool:
        telling = pool.submit(_and_close, world.ask)
        assert decided.wait(timeout=30)
        revoking = pool.submit(_and_close, lambda: changing.revoke(world.grant.id, by=world.representative, now=NOW))
        with pytest.raises(TimeoutError):
            revoking.result(timeout=0.3)
        go_on.set()
        telling.result(timeout=30)
        revoking.result(timeout=30)
    with pytest.raises(GrantRevoked):
        world.ask()
    sequencing.sequence(NOW)
    assert max(told_under(world.grant.id)) < ends("authorisation:grant:revoked")


def test_of_fifty_questions_at_once_exactly_as_many_are_answered_as_the_grant_has_uses(world: World) -> None:
    changing.revoke(world.grant.id, by=world.representative, now=NOW)
    seven = a_grant(world.business, by=world.representative, items=["tax_declared_sales"], wish=Wish(most_uses=7))

    def ask(_: int) -> bool:
        try:
            return bool(_and_close(world.ask))
        except GrantExhausted:
            return False

    with ThreadPoolExecutor(10) as pool:
        answered = list(pool.map(ask, range(50)))
    sequencing.sequence(NOW)
    assert sum(answered) == len(told_under(seven.id)) == 7
    assert queries.known(seven.id).state(NOW) is State.EXHAUSTED


def _and_close(act: Callable[[], object]) -> object:
    try:
        return act()
    finally:
        connection.close()
