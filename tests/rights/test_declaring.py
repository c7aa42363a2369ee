"""A business says something of itself: judged as any delivery, told as its own word, corrected and taken back by it."""

from types import SimpleNamespace
from typing import Any

import pytest

from tests.catalogue.builders import the_city
from tests.parties.builders import NOW, a_person
from tests.rights.builders import City, a_city, days
from xinqiao.cli import road
from xinqiao.creditfile import queries as creditfile
from xinqiao.creditfile.queries import Fact
from xinqiao.creditfile.rules import Standing
from xinqiao.evaluation.lawfulness import _may_read
from xinqiao.intake import inspection
from xinqiao.ledger import checking
from xinqiao.rights import committing, declaration_rows, declaring, promises
from xinqiao.rights.declarations import DeclarationView
from xinqiao.rights.errors import CommitmentMissing, DeclarationInvalid, SignerNotAuthorised, WrongState
from xinqiao.rights.rules.declarations import State

ITEM = "self_declared_operation"
APRIL = {"period": "2026-04", "revenue": "120000", "staff": "7"}


@pytest.fixture
def city(city_db: str) -> City:
    return a_city()


def committed(city: City) -> City:
    form = promises.promises()["truthful_declaration"]
    said: dict[str, Any] = {"subject_id": city.world.business, "by": city.world.representative, "now": NOW}
    committing.sign(promise=form.commitment, version=form.version, **said)
    return city


def declared(city: City, **other: Any) -> DeclarationView:
    said: dict[str, Any] = {"subject_id": city.world.business, "item": ITEM, "values": APRIL}
    return declaring.declare(**(said | {"by": city.world.representative, "now": NOW} | other))


def filed(city: City) -> list[Fact]:
    """As the worker does it."""
    for delivery in declaration_rows.write(NOW):
        inspection.inspect(delivery, now=NOW)
    road.settle(NOW)
    return [one for one in creditfile.facts_of(city.world.business, items=(ITEM,)) if one.known_to is None]


def test_nothing_is_declared_without_the_commitment_a_mandate_and_a_row_the_gate_takes(city: City) -> None:
    with pytest.raises(CommitmentMissing):
        declared(city)
    committed(city)
    with pytest.raises(SignerNotAuthorised):
        declared(city, by=a_person("路人"))
    with pytest.raises(DeclarationInvalid):
        declared(city, values=APRIL | {"staff": "七"})
    wrong = {"period": "2026-04", "revenue": "-1", "staff": "x"}
    assert set(declaring.faults(city.world.business, ITEM, wrong, NOW)) == {"revenue", "staff"}


def test_declared_it_stands_as_its_own_word_with_its_proof_and_a_correction_is_the_next_version(city: City) -> None:
    one = declared(committed(city))
    assert declared(city) == one  # a button pressed twice
    proof = declaring.prove(one.number, b"%PDF-1.7\n%%EOF\n", by=city.world.representative, now=NOW)
    [line] = filed(city)
    assert (line.provider, line.values["revenue"], line.values["evidence_hash"]) == (
        *("subjects_themselves", "120000.00"),
        proof.digest,
    )
    newer = declared(city, values=APRIL | {"revenue": "130000"})
    [line] = filed(city)
    assert (line.values["declaration_no"], line.values["revenue"]) == (newer.reference, "130000.00")
    assert checking.check().sound


def test_taken_back_it_is_told_to_nobody_and_may_be_declared_anew(city: City) -> None:
    one = declared(committed(city))
    filed(city)
    taken, _ = declaring.withdraw(one.number, by=city.world.representative, now=NOW)
    assert taken.state is State.WITHDRAWN
    [line] = filed(city)
    assert line.standing is Standing.WITHDRAWN
    assert one.reference not in str(city.world.ask(now=NOW + days(1)).report)
    with pytest.raises(WrongState):
        declaring.withdraw(one.number, by=city.world.representative, now=NOW)
    declared(city)
    assert [one.standing for one in filed(city)] == [Standing.GOOD]


def test_no_public_grade_may_read_what_a_business_says_of_itself() -> None:
    item = the_city().item(ITEM)
    reader = SimpleNamespace(kind=item.subject.kinds[0])
    assert any("市场信用信息" in said for _, said in _may_read(reader, the_city(), item, ()))  # type: ignore[arg-type]
