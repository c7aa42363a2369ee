"""What Pingdingshan's own files must say."""

from collections import Counter
from datetime import date

import pytest

from tests.catalogue.builders import PACK, the_city
from tests.catalogue.judge import disagreements
from xinqiao import catalogue
from xinqiao.catalogue.schema import AdverseNature, FieldType, Item, Nature, SharingClass
from xinqiao.kernel.subject_kinds import SubjectKind

WHOLE = {
    "registration_basics",
    "individual_business",
    "cooperative",
    "rural_collective",
    "registration_exit",
    "judgment_defaulter",
    "tax_credit_level",
    "tax_declared_sales",
    "tax_arrears",
    "insured_headcount",
    "environmental_rating",
    "real_estate_mortgage",
    "administrative_licence",
    "administrative_penalty",
    "abnormal_operation",
    "honour",
    "electricity_arrears",
    "high_tech_enterprise",
    "government_guarantee",
    "tender_award",
    "invoice_line",
    "credit_repair",
    "housing_fund_monthly",
    "credit_commitment",
    "self_declared_operation",
    "small_business_directory",
}
# 113 collected items of the draft, two of them split in two, and the invoice line.
ITEMS = 113 + 2 + 1
# 平政办〔2023〕7号 二（二）
BODIES = (
    *("发展和改革委员会", "市场监督管理局", "农业农村局", "税务局", "中级人民法院", "生态环境局", "自然资源和规划局"),
    *("住房和城乡建设局", "科学技术局", "金融工作局", "大数据", "人力资源和社会保障局", "医疗保障局", "机关事务管理局"),
    *("公共资源交易中心", "住房公积金", "自来水", "供电公司", "燃气"),
)
NOT_COLLECTED = {"DEC-02", "DEC-03", "DEC-04", "DEC-05", "FIN-06", "FIN-07"}


def items() -> list[Item]:
    return list(the_city().items.values())


def test_the_pack_has_no_mistake_and_says_what_is_open_or_unverified() -> None:
    report = catalogue.check(PACK)
    assert [str(m) for m in report.mistakes] == []
    assert (report.items, report.whole) == (ITEMS, len(WHOLE))
    assert report.cases >= 6 * len(WHOLE)
    assert report.open_lists
    assert report.unverified


def test_every_collected_item_is_there_and_the_platforms_own_records_are_not() -> None:
    assert len(items()) == ITEMS
    assert {item.item for item in items() if item.whole} == WHOLE
    assert not NOT_COLLECTED & {item.code for item in items()}


@pytest.mark.parametrize("name", sorted(the_city().items))
def test_the_ten_elements_of_article_11_are_all_stated(name: str) -> None:
    item = the_city().item(name)
    elements = (
        item.code,
        item.title,
        item.formats,
        item.sources,
        item.subject.kinds,
        item.nature,
        item.sharing,
        item.coverage,
        item.cadence,
        item.fields,
    )
    assert all(elements)
    assert item.basis


def test_the_whole_items_cover_all_eleven_families_and_all_four_kinds() -> None:
    whole = the_city().whole_items()
    assert {item.family for item in whole} == set(the_city().families)
    assert len(the_city().families) == 12
    assert {kind for item in whole for kind in item.subject.kinds} == set(SubjectKind)


def test_each_kind_of_subject_is_brought_in_by_exactly_one_item() -> None:
    brought = Counter(k for item in items() if item.introduces for k in item.subject.kinds)
    assert brought == dict.fromkeys(SubjectKind, 1)


def test_who_represents_a_subject_of_any_kind_is_named_by_one_item_in_use() -> None:
    named = Counter(k for item in the_city().whole_items() if item.represented for k in item.subject.kinds)
    assert named == dict.fromkeys(SubjectKind, 1)


@pytest.mark.parametrize("name", sorted(WHOLE))
def test_every_case_of_a_whole_item_judges_as_it_says(name: str) -> None:
    item = the_city().item(name)
    cases = catalogue.cases_of(the_city(), name)
    wrong = {case.name: list(disagreements(the_city(), item, case)) for case in cases}
    assert {name: said for name, said in wrong.items() if said} == {}


@pytest.mark.parametrize("name", sorted(WHOLE))
def test_the_cases_have_a_good_row_for_each_kind_of_subject(name: str) -> None:
    beginnings = {"enterprise": "91", "individual_business": "92", "cooperative": "93", "rural_collective": "N"}
    item = the_city().item(name)
    codes = [
        cell.upper() for case in catalogue.cases_of(the_city(), name) if not case.findings for cell in case.row.values()
    ]
    folded = [code.translate({c: c - 0xFEE0 for c in range(0xFF01, 0xFF5F)}) for code in codes]
    for kind in item.subject.kinds:
        assert any(code.startswith(beginnings[kind]) and len(code) == 18 for code in folded), kind


def test_only_the_closed_list_of_article_20_is_called_breach() -> None:
    """Penalties that are final, coercive enforcement, refused judgments, and what a law has found: nothing else."""
    breach = {
        item.item
        for item in items()
        if AdverseNature.BREACH in {item.adverse.otherwise, *(c.nature for c in item.adverse.cases)}
    }
    assert breach == {
        "administrative_penalty",
        "registration_exit",
        "judgment_defaulter",
        "debt_evasion",
        "major_tax_violation",
        "market_serious_violation",
        "serious_dishonesty_list",
        "wage_arrears_list",
        "other_administrative_act",
    }


def test_utilities_are_market_information_and_unconfirmed_arrears_are_nothing_bad() -> None:
    for item in items():
        if item.family == "utilities":
            assert item.nature is Nature.MARKET
    for name in ("water_arrears", "electricity_arrears", "gas_arrears"):
        item = the_city().item(name)
        unconfirmed = {"confirmed": False, "amount": "100.00"}
        assert catalogue.adverse_nature(item, unconfirmed) is AdverseNature.NONE
        assert catalogue.adverse_nature(item, unconfirmed | {"confirmed": True}) is AdverseNature.ATTENTION
        assert item.sharing.classed is SharingClass.AUTHORISED


def test_identity_numbers_are_sealed_and_persons_names_masked_everywhere() -> None:
    for item in items():
        for name, field in item.fields.items():
            if field.mask == "id_number" or field.type is FieldType.ID_NUMBER:
                assert catalogue.field_class(item, name) is SharingClass.SECRET, (item.item, name)
                assert name in catalogue.sealed_fields(item), (item.item, name)
            if field.type is FieldType.PERSON_NAME:
                assert field.mask == "name", (item.item, name)


def test_no_code_list_lies_about_unused() -> None:
    used = {field.codes for item in items() for field in item.fields.values()}
    assert set(the_city().codes) - used == set()


def test_every_body_the_plan_obliges_is_a_source() -> None:
    titles = " ".join(name.title for source in the_city().sources.values() for name in source.names)
    for body in BODIES:
        assert body in titles, body


def test_a_source_is_called_what_it_was_called_at_the_time() -> None:
    names = the_city().sources["tax_bureau"].names
    assert [n.title for n in names if n.since <= date(2018, 1, 1)][-1].startswith("平顶山市国家税务局")
    assert names[-1].title == "国家税务总局平顶山市税务局"


def test_old_division_codes_lead_to_the_present_ones() -> None:
    divisions = the_city().divisions
    assert divisions["410424"].now == "410482"
    assert divisions["410426"].now is None  # 襄城县 belongs to another city
    assert {d.title for d in divisions.values() if not d.statutory} >= {"平顶山高新技术产业开发区"}


def test_industries_have_all_sections_and_all_divisions() -> None:
    industries = the_city().industries
    assert [code for code in industries if code.isalpha()] == list("ABCDEFGHIJKLMNOPQRST")
    assert {code for code in industries if code.isdigit()} == {f"{n:02d}" for n in range(1, 98)}


def test_the_calendar_of_2026_is_the_announced_one() -> None:
    calendar = the_city().calendar
    assert calendar.is_working(date(2026, 1, 4))  # a Sunday
    assert not calendar.is_working(date(2026, 2, 23))
    assert calendar.add_working_days(date(2026, 9, 24), 5) == date(2026, 10, 9)
    for year in (2025, 2026):  # both years are commonly counted at 248 working days
        assert calendar.working_days_between(date(year - 1, 12, 31), date(year, 12, 31)) == 248


def test_individual_businesses_count_as_natural_persons_and_the_rules_know_their_codes() -> None:
    assert the_city().natural_persons.kinds == (SubjectKind.INDIVIDUAL_BUSINESS,)
    conditions = [
        when
        for check in the_city().item("administrative_penalty").checks
        if check.rule == "refuse_when"
        for when in check.all
        if when.natural_person
    ]
    assert {when.starts_with for when in conditions} == {("92",)}


def test_the_statutory_clocks_name_their_clauses() -> None:
    clocks = the_city().clocks
    assert (clocks["delivery_verified"].within, clocks["delivery_verified"].unit) == (5, "working_day")
    assert (clocks["objection_with_source"].within, clocks["source_answers_objection"].within) == (7, 3)
    assert all(clock.basis for clock in clocks.values())
