"""Persons told apart by whoever the business allowed to look, and by nobody who compares notes with another."""

from datetime import timedelta
from typing import Any

import pytest

from tests.authorisation.builders import a_bank_under_agreement, a_business, a_code, a_grant, a_representative
from tests.disclosure.builders import PENALTY, World, a_world, on_file
from tests.parties.builders import BANK, NOW, an_officer
from xinqiao import keys
from xinqiao.disclosure import own_file, pseudonyms
from xinqiao.disclosure.errors import TransitionInvalid
from xinqiao.disclosure.querying import query
from xinqiao.disclosure.reports import disclose_report
from xinqiao.kernel.ids import InstitutionId
from xinqiao.ledger.checking import check

ITEM, NUMBER = "administrative_penalty", str(PENALTY["legal_person_id"])
OTHER = "pds_other_bank"
Told = list[list[dict[str, Any]]]


@pytest.fixture
def world(city_db: str) -> World:
    return a_world(["tax_declared_sales", "electricity_arrears"])


def whose(report: Any, field: str = "legal_person_name", item: str = ITEM) -> Told:
    told = [one for family in report["families"] for one in family["items"] if one["item"] == item]
    return [line["pseudonyms"][field] for one in told for line in one["lines"] if field in line["pseudonyms"]]


def another(world: World, number: str | None, to: str = BANK) -> Told:
    """Who stands, under this number, in the file of another business that the bank may look at too."""
    business = a_business(2, "另一家示例公司")
    owner = a_representative(business, "李经理")
    on_file(business, ITEM, [PENALTY | {"legal_person_id": number}], delivery=20)
    a_grant(business, by=owner, to=to, items=["tax_declared_sales"])
    asked = {"asker": InstitutionId(to), "officer": an_officer(to), "purpose": "loan_review", "now": NOW}
    return whose(disclose_report(uscc=a_code(2), **asked).report)  # type: ignore[arg-type]


def test_one_person_is_the_same_in_two_files_however_her_number_was_written(world: World) -> None:
    assert another(world, f" {NUMBER[:6]} {NUMBER[6:]}") == whose(world.ask().report)
    spelt = {
        pseudonyms.spelling(one, "person")
        for one in ("410402198501010037", "４１０４０２198501010037", "410402850101003")
    }
    assert spelt == {"410402198501010037"}  # the fifteen digits of before 1999 are hers too
    assert pseudonyms.spelling("e1234567x", "person") == "E1234567X"  # a passport's
    assert pseudonyms.spelling("410402850101003", "electricity_account") == "410402850101003"


def test_a_namesake_is_another_and_whose_number_nobody_sent_has_none(world: World) -> None:
    [hers] = whose(world.ask().report)
    [his] = another(world, "41040219850101003X")
    assert his != hers
    assert another(world, None)[1:] == []


def test_two_recipients_are_never_told_the_same_and_the_mask_leads_nowhere(world: World) -> None:
    [[ours]] = whose(world.ask().report)
    a_bank_under_agreement(OTHER)
    [[theirs]] = another(world, NUMBER, to=OTHER)
    assert ours["value"] != theirs["value"]
    guesses = {pseudonyms._text(keys.pseudonym("anybody-else", f"person\n{NUMBER}".encode()))}
    assert ours["value"] not in guesses
    assert NUMBER not in world.ask().text


def test_an_account_has_one_of_its_own_kind(world: World) -> None:
    [[one]] = whose(world.ask().report, "account_no", "electricity_arrears")
    assert len(one["value"]) == 43


def test_nobody_the_business_did_not_allow_is_told_any(world: World) -> None:
    asked = {"asker": BANK, "officer": world.officer, "uscc": world.code, "purpose": "loan_review", "now": NOW}
    openly = query(items=frozenset({ITEM}), **asked)  # type: ignore[arg-type]
    named = query(items=frozenset({"electricity_arrears"}), grant=world.grant.id, **asked)  # type: ignore[arg-type]
    assert [line["pseudonyms"] for line in openly.report["items"][0]["lines"]] == [{}]
    assert list(named.report["items"][0]["lines"][0]["pseudonyms"]) == ["account_no"]
    own = own_file.own_file(subject_id=world.business, person=world.representative, now=NOW)
    assert whose(own.report) == []


def test_three_generations_follow_each_other_two_side_by_side_while_one_takes_over(world: World) -> None:
    told, given = [whose(world.ask().report)[0]], [1]
    for months in (1, 2):
        renewed = NOW + timedelta(days=30 * months)
        given.append(pseudonyms.renew(BANK, transition=timedelta(days=10), now=renewed))
        told.append(whose(world.ask(now=renewed).report)[0])
    first, second, third = given
    assert [[one["generation"] for one in ones] for ones in told] == [[first], [second, first], [third, second]]
    assert told[1][1:] == told[0]
    assert told[2][1] == told[1][0]
    assert len({one["value"] for ones in told for one in ones}) == 3
    [after] = whose(world.ask(now=renewed + timedelta(days=10)).report)
    assert after == told[2][:1]
    assert check().sound


def test_after_a_leak_no_old_one_stands_beside_and_nobody_joins_the_two_for_long(world: World) -> None:
    given = pseudonyms.renew(BANK, transition=timedelta(0), now=NOW)
    assert [one["generation"] for one in whose(world.ask().report)[0]] == [given]
    with pytest.raises(TransitionInvalid):
        pseudonyms.renew(BANK, transition=pseudonyms.LONGEST + timedelta(days=1), now=NOW)
