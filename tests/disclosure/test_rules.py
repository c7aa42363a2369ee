"""What of a fact is told to whom, item by item of the real catalogue: deny by default."""

from datetime import date

import pytest

from xinqiao import catalogue
from xinqiao.authorisation.rules import Range
from xinqiao.catalogue.meaning import shown_until
from xinqiao.catalogue.schema import AdverseNature, Item, SharingClass
from xinqiao.disclosure.rules import Plan, Reader, fields_told, in_range, nature, plan, row_told

DAY = date(2026, 6, 1)
SINCE_JUNE = Range(since=date(2024, 6, 1))
ANYBODY = Reader()
OWN = Reader(own=True)


def item(name: str) -> Item:
    return catalogue.city().item(name)


def planned(name: str, reader: Reader) -> Plan:
    found = plan(item(name), reader)
    assert found is not None
    return found


PENALTY = {
    "xdr_name": "鲁山县示例农产品有限公司",
    "legal_person_name": "王小明",
    "legal_person_id": "410402199001011234",
    "doc_no": "平环罚〔2026〕1号",
    "penalty_kind": "2",
    "fine": "42000.00",
    "decided_on": "2026-05-12",
    "severity": "2",
    "is_final": True,
}


def test_only_open_items_are_told_without_a_grant() -> None:
    told = {one.item for one in catalogue.city().whole_items() if plan(one, ANYBODY) is not None}
    assert all(
        item(name).sharing.classed is SharingClass.OPEN
        or any(case.classed is SharingClass.OPEN for case in item(name).sharing.cases)
        for name in told
    )
    assert "registration_basics" in told
    assert {"tax_declared_sales", "electricity_arrears", "real_estate_mortgage", "invoice_line"}.isdisjoint(told)


GRANTABLE = [one for one in catalogue.city().whole_items() if one.sharing.classed is not SharingClass.SHARED]


@pytest.mark.parametrize("name", [one.item for one in GRANTABLE])
def test_a_grant_opens_the_item_it_names_and_no_other(name: str) -> None:
    reader = Reader(frozenset({name}))
    opened = {one.item for one in catalogue.city().whole_items() if plan(one, reader) is not None}
    without = {one.item for one in catalogue.city().whole_items() if plan(one, ANYBODY) is not None}
    assert opened - without <= {name}
    assert name in opened


def test_secret_values_are_told_only_where_the_item_itself_was_granted_as_secret() -> None:
    reader = Reader(frozenset({"tax_declared_sales", "administrative_penalty"}))
    sales = planned("tax_declared_sales", reader)
    assert "sales" in sales.told
    assert sales.opens
    penalty = planned("administrative_penalty", reader)
    assert {"legal_person_id", "id_no"}.isdisjoint(penalty.told)
    assert {"legal_person_id", "id_no"} <= set(penalty.withheld)
    assert not penalty.opens


def test_names_of_people_are_covered_for_institutions() -> None:
    told = fields_told(planned("administrative_penalty", ANYBODY), PENALTY)
    assert told["legal_person_name"] == "王**"
    assert "legal_person_id" not in told
    assert told["fine"] == "42000.00"


def test_the_business_itself_reads_everything_but_whole_document_numbers() -> None:
    own = planned("administrative_penalty", OWN)
    assert own.withheld == ()
    told = fields_told(own, PENALTY)
    assert told["legal_person_name"] == "王小明"
    assert told["legal_person_id"] == "4104************34"


def test_every_personal_field_of_the_catalogue_is_covered_or_withheld_for_institutions() -> None:
    everything = Reader(frozenset(catalogue.city().items))
    for one in GRANTABLE:
        found = planned(one.item, everything)
        for name, field in one.fields.items():
            if field.mask is not None or field.type.value in {"person_name", "id_number", "phone"}:
                assert name in found.masked or name not in found.told, (one.item, name)


def test_empty_values_are_left_out_and_false_and_zero_are_not() -> None:
    told = fields_told(planned("administrative_penalty", ANYBODY), {"is_final": False, "fine": "", "doc_no": None})
    assert told == {"is_final": False}


def test_a_minor_penalty_is_not_public_and_a_grant_opens_it() -> None:
    minor = PENALTY | {"severity": "1"}
    assert not row_told(planned("administrative_penalty", ANYBODY), minor, "good", None, DAY)
    granted = planned("administrative_penalty", Reader(frozenset({"administrative_penalty"})))
    assert row_told(granted, minor, "good", None, DAY)
    assert row_told(planned("administrative_penalty", ANYBODY), PENALTY, "good", None, DAY)


@pytest.mark.parametrize("standing", ["expired", "repaired"])
def test_what_is_repaired_or_expired_is_told_to_nobody_but_the_business(standing: str) -> None:
    granted = planned("administrative_penalty", Reader(frozenset({"administrative_penalty"})))
    assert not row_told(granted, PENALTY, standing, None, DAY)
    assert row_told(planned("administrative_penalty", OWN), PENALTY, standing, None, DAY)


def test_a_penalty_leaves_disclosure_the_day_after_its_publicity_ends() -> None:
    found, last = planned("administrative_penalty", ANYBODY), shown_until(item("administrative_penalty"), PENALTY)
    assert last == date(2027, 5, 12)
    assert row_told(found, PENALTY, "good", last, last)
    assert not row_told(found, PENALTY, "good", last, date(2027, 5, 13))
    assert row_told(planned("administrative_penalty", OWN), PENALTY, "good", last, date(2027, 5, 13))


def test_a_disputed_line_is_told_and_marked() -> None:
    assert row_told(planned("administrative_penalty", ANYBODY), PENALTY, "disputed", None, DAY)


def test_only_a_final_penalty_is_a_breach() -> None:
    found = planned("administrative_penalty", ANYBODY)
    assert nature(found, PENALTY) is AdverseNature.BREACH
    assert nature(found, PENALTY | {"is_final": False}) is AdverseNature.ATTENTION
    assert nature(found, PENALTY | {"severity": "1"}) is AdverseNature.NONE


@pytest.mark.parametrize(
    ("name", "since", "until", "told"),
    [
        pytest.param("invoice_line", date(2021, 1, 5), None, False, id="an invoice is of its day"),
        pytest.param("invoice_line", date(2024, 6, 1), None, True, id="the first day belongs to it"),
        pytest.param("tax_declared_sales", date(2024, 5, 1), None, False, id="a month's sales are of their month"),
        pytest.param("tax_declared_sales", date(2024, 6, 1), None, True, id="the month the days begin in"),
        pytest.param("insured_headcount", date(2024, 5, 1), None, False, id="a month's headcount, from a list"),
        pytest.param("electricity_arrears", date(2021, 3, 1), None, True, id="owed since, and not settled"),
        pytest.param("electricity_arrears", date(2021, 3, 1), date(2021, 9, 1), False, id="settled long ago"),
        pytest.param("real_estate_mortgage", date(2015, 3, 1), None, True, id="mortgaged long ago, and still is"),
        pytest.param("real_estate_mortgage", date(2015, 3, 1), date(2024, 7, 1), True, id="and was until lately"),
        pytest.param("tax_credit_level", date(2020, 4, 1), date(2021, 3, 31), False, id="a rating of years ago"),
        pytest.param("tax_arrears", None, None, True, id="without any day it cannot be kept apart"),
    ],
)
def test_a_line_belongs_to_the_days_it_was_going_on_in(
    name: str, since: date | None, until: date | None, told: bool
) -> None:
    assert in_range(item(name), SINCE_JUNE, since, until) is told
