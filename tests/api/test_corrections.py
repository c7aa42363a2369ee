"""An institution's program reads what it was told that turned out wrong, and nobody else's."""

import json
from collections.abc import Iterator
from hashlib import sha256
from typing import Any

import pytest
from django.test import override_settings
from django.utils import timezone

from tests.api.test_interface import Caller, problem
from tests.parties.builders import BANK, NOW, a_bank, a_program, an_officer
from tests.rights.builders import ITEM, City, a_city
from xinqiao.creditfile import queries as creditfile
from xinqiao.disclosure.canonical import canonical
from xinqiao.ledger import sequencing


@pytest.fixture(autouse=True)
def _at_nine_in_the_morning(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    with override_settings(ROOT_URLCONF="xinqiao.api.urls", MIDDLEWARE=[]):
        yield


@pytest.fixture
def city(city_db: str) -> City:
    return a_city()


def read(caller: Caller, after: int | None = None) -> Any:
    answer = caller.get("/api/v1/corrections" + ("" if after is None else f"?after={after}"))
    assert answer.status_code == 200, answer.content
    return json.loads(answer.content)


def test_a_program_reads_on_from_where_it_was_and_misses_none(city: City) -> None:
    caller = Caller(a_program())
    first = city.world.ask()
    assert read(caller) == {"corrections": [], "next": -1}
    city.uphold(city.object())
    sequencing.sequence(NOW)
    page = read(caller)
    [one] = page["corrections"]
    assert [line["item"] for line in one["correction"]["lines"]] == [ITEM]
    assert [told["receipt"] for told in one["correction"]["reports"]] == [first.number]
    assert page["next"] == one["position"]
    assert read(caller, page["next"]) == {"corrections": [], "next": page["next"]}
    sales = creditfile.facts_of(city.world.business, items=("tax_declared_sales",))[0].id
    city.uphold(city.object(fact=sales))
    sequencing.sequence(NOW)
    assert [
        line["fact"] for one in read(caller, page["next"])["corrections"] for line in one["correction"]["lines"]
    ] == [sales]


def test_what_is_read_is_the_notice_its_receipt_is_over(city: City) -> None:
    city.world.ask()
    city.uphold(city.object())
    sequencing.sequence(NOW)
    caller = Caller(a_program())
    [one] = read(caller)["corrections"]
    evidence = json.loads(caller.get(f"/api/v1/receipts/{one['receipt']}").content)
    digest = sha256(canonical(one["correction"]).encode()).hexdigest()
    assert evidence["receipt"]["report_digest"] == digest
    assert evidence["receipt"]["purpose"] == "correction"


def test_another_institution_reads_nothing_of_it(city: City) -> None:
    city.world.ask()
    city.uphold(city.object())
    sequencing.sequence(NOW)
    a_bank("pds_other_bank")
    an_officer("pds_other_bank")
    other = Caller(a_program("pds_other_bank", "other_core"))
    assert read(other) == {"corrections": [], "next": -1}
    [mine] = read(Caller(a_program(BANK)))["corrections"]
    assert other.get(f"/api/v1/receipts/{mine['receipt']}").status_code == 404


def test_a_token_for_one_business_does_not_read_of_all(city: City) -> None:
    narrow = Caller(a_program(), [{"type": "xinqiao_report", "uscc": city.world.code}])
    answer = narrow.get("/api/v1/corrections")
    assert (answer.status_code, problem(answer)["type"]) == (403, "scope-exceeded")


def test_a_place_that_is_none_is_malformed(city: City) -> None:
    caller = Caller(a_program())
    for after in ("-2", "x", str(2**60)):
        assert problem(caller.get(f"/api/v1/corrections?after={after}"))["type"] == "malformed"
