"""Claims: their rules hold for any facts, and every mistake in their files is named with its line."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.catalogue.builders import a_copy, replaced, the_city
from xinqiao import catalogue
from xinqiao.catalogue import claim_meaning
from xinqiao.catalogue.claim_meaning import NO, UNKNOWN, YES, Asked, Because, Heard, Row, normal, verdict
from xinqiao.catalogue.claims import Bands, Claim, Match
from xinqiao.catalogue.meaning import months_after
from xinqiao.catalogue.schema import Item

ON = date(2026, 7, 15)
MONTHS = [months_after(date(2026, 7, 1), -back).strftime("%Y-%m") for back in range(1, 25)]
CLAIMS = sorted(the_city().claims)


def asked_of(name: str) -> tuple[Claim, Item]:
    claim = the_city().claims[name]
    return claim, the_city().item(claim.item)


# ── the rules ────────────────────────────────────────────────────────────────────────────────────────────────────────

DAYS = st.dates(date(2023, 1, 1), date(2027, 12, 31))
ROWS = st.lists(
    st.builds(
        lambda owed, settled, since, until, name, licence, grade, disputed: Row(
            {
                "arrears_balance": f"{owed}.00",
                "settled_on": settled and settled.isoformat(),
                "removed_on": settled and settled.isoformat(),
                "legal_person_name": name,
                "licence_no": licence,
                "licence_kind": "1",
                "current_status": "V",
                "domicile_division": "410423",
                "status": "K",
                "grade": grade,
            },
            since,
            until,
            disputed,
        ),
        owed=st.integers(0, 10**6),
        settled=st.none() | DAYS,
        since=DAYS,
        until=st.none() | DAYS,
        name=st.sampled_from(["王小明", "李四"]),
        licence=st.none() | st.sampled_from(["A-1", "B-2"]),
        grade=st.sampled_from("ABMCD"),
        disputed=st.booleans(),
    ),
    max_size=6,
)
BY_PRESENCE = [name for name in CLAIMS if the_city().claims[name].asks.form in {"some", "none", "match"}]


@given(name=st.sampled_from(BY_PRESENCE), rows=ROWS, heard=st.sampled_from([Heard.STALE, Heard.SILENT]))
def test_silence_never_denies_and_never_acquits(name: str, rows: list[Row], heard: Heard) -> None:
    """What a silent or late source makes certain is only what a fact says that is there."""
    claim, item = asked_of(name)
    found = verdict(claim, item, rows, Asked(ON, heard, value="王小明"))
    by_fact = NO if claim.asks.form == "none" else YES
    assert found.answer in {by_fact, UNKNOWN}
    assert (found.answer == UNKNOWN) is (found.because is not None) is (not found.made_by)


@given(name=st.sampled_from(BY_PRESENCE), rows=ROWS)
def test_an_answer_rests_on_the_facts_that_make_it_and_no_other(name: str, rows: list[Row]) -> None:
    claim, item = asked_of(name)
    asked = Asked(ON, value="王小明")
    found = verdict(claim, item, rows, asked)
    behind = [rows[place] for place in found.made_by]
    if behind:
        assert verdict(claim, item, behind, asked).answer == found.answer
    without = [row for place, row in enumerate(rows) if place not in found.made_by]
    if found.made_by and not isinstance(claim.asks, Match):
        assert verdict(claim, item, without, asked).answer != found.answer


@given(rows=ROWS)
def test_what_is_not_disputed_is_all_that_counts_without_the_disputed(rows: list[Row]) -> None:
    claim, item = asked_of("no_tax_arrears")
    good = [row for row in rows if not row.disputed]
    apart = claim_meaning.without_disputed(claim, item, rows, Asked(ON))
    assert apart.answer == verdict(claim, item, good, Asked(ON)).answer


@given(value=st.decimals(-(10**12), 10**12, places=2), name=st.sampled_from(CLAIMS))
def test_every_number_lies_in_one_band_and_a_greater_one_in_no_lower(value: Decimal, name: str) -> None:
    asks = the_city().claims[name].asks
    if isinstance(asks, Bands):
        order = [band.band for band in asks.bands]
        here, above = (order.index(claim_meaning.band_of(asks.bands, v)) for v in (value, value + 1))
        assert here <= above


@given(there=st.sets(st.sampled_from(MONTHS)), heard=st.sets(st.sampled_from(MONTHS)))
def test_a_month_nobody_spoke_of_is_never_taken_for_a_month_of_nothing(there: set[str], heard: set[str]) -> None:
    """Full lists (人社) make an absence certain, changes (税务) never do; a month without a word is not known."""
    for name in ("insured_every_month", "declared_sales_in_a_year"):
        claim, item = asked_of(name)
        rows = [Row({"period": m, "insured_total": "3", "sales": "1.00"}, date.fromisoformat(f"{m}-01")) for m in there]
        found = verdict(claim, item, rows, Asked(ON, months=frozenset(heard)))
        count = claim.asks.months  # type: ignore[union-attr]
        last = date.fromisoformat(f"{max(heard, default=MONTHS[0])}-01")
        months = {months_after(last, -back).strftime("%Y-%m") for back in range(count)}
        missing = months - there
        if name == "insured_every_month" and missing & heard:
            assert found.answer == NO
        elif missing or not rows:
            assert (found.answer, found.because) == (UNKNOWN, Because.MONTHS if rows else Because.NO_DATA)
        else:
            assert found.answer != UNKNOWN


@given(name=st.sampled_from(CLAIMS), on=DAYS)
def test_it_looks_no_further_back_than_it_says(name: str, on: date) -> None:
    claim, _ = asked_of(name)
    since = claim_meaning.needs_since(claim, on)
    if since is not None:
        assert on - timedelta(days=38 * 31) < since < on


@pytest.mark.parametrize(
    ("one", "other"),
    [("王 小明", "王小明"), ("阿依古丽•买买提", "阿依古丽·买买提"), ("（豫）１２", "(豫)12"), ("a〔2025〕", "A[2025]")],
)
def test_one_value_written_in_two_ways_is_one(one: str, other: str) -> None:
    assert normal(one, "code") == normal(other, "code")


@given(st.text())
def test_the_one_spelling_is_its_own(text: str) -> None:
    for normalised in ("name", "code"):
        once = normal(text, normalised)
        assert normal(once, normalised) == once


# ── the files ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_claim_of_the_city_has_its_cases_and_they_hold() -> None:
    assert len(CLAIMS) >= 10
    assert catalogue.check(the_city().folder).ok


MISTAKES = [
    ("item: tax_arrears", "item: tax_arrear", "没有名为“tax_arrear”"),
    ("item: tax_arrears", "item: social_insurance_payment", "可以交付的数据项"),
    ("claim: no_tax_arrears", "claim: tax_arrears_none", "文件名应与核验的名字一致"),
    ("form: none", "form: nothing", "没有规则“nothing”"),
    ("{field: settled_on, filled: false}", "{field: setled_on, filled: false}", "没有名为“setled_on”"),
    ("{field: settled_on, filled: false}", "{field: tax_kind, is_in: [VAT]}", "没有代码“VAT”"),
    ('{field: arrears_balance, at_least: "0.01"}', '{field: notice_no, at_least: "0.01"}', "不是数字"),
    ("no: 有", "maybe: 有", "不认识这个词"),
    (
        "  - {name: 税务局按期公告而这家不在其中, answer: yes}",
        "  - {name: 税务局按期公告而这家不在其中, answer: no}",
        "应为 no，实为 yes",
    ),
    (
        "heard: silent, answer: unknown, because: source-silent",
        "heard: silent, answer: unknown, because: no-data",
        "应为 no-data",
    ),
    ("heard: silent, answer: unknown, because: source-silent", "heard: silent, answer: never", "不是它的回答"),
    ("    without_disputed: yes", "    without_disputed: no", "剔除异议"),
]


@pytest.mark.parametrize(("right", "wrong", "said"), MISTAKES)
def test_a_mistake_in_a_claim_is_named_with_its_file_and_line(
    tmp_path: Path, right: str, wrong: str, said: str
) -> None:
    folder, file = a_copy(tmp_path), "claims/no_tax_arrears.yml"
    line = replaced(folder, file, right, wrong)
    found = [m for m in catalogue.check(folder).mistakes if m.file == file and said in m.message]
    assert found, catalogue.check(folder).mistakes
    assert min(abs(m.line - line - 1) for m in found) <= 4


OTHER_MISTAKES = [
    ("declared_sales_in_a_year", 'below: "5000000"', 'below: "500000"', "一档比一档高"),
    ("declared_sales_in_a_year", ', below: "20000000"', "", "只有最后一档没有上限"),
    ("declared_sales_in_a_year", "band: over_20m, ", "band: unknown, ", "已有别的意思"),
    ("declared_sales_in_a_year", "months: 12", "months: 120", "应在 1 和 36"),
    ("declared_sales_in_a_year", "field: sales", "field: subject_name", "不能这样问"),
    ("insured_every_month", "month: period", "month: insured_total", "不能这样问"),
    ("no_electricity_arrears", "    last_months: 12\n", "", "应写明看现在"),
    ("legal_representative_is", "field: legal_person_name", "field: reg_capital", "不能这样问"),
    ("licence_number_held", "field: licence_no", "field: legal_person_id", "更严"),
    ("no_penalty_in_a_year", "rows: {last_months: 12}", "rows: {}", "没有写哪些信息算数"),
    ("tax_credit_good", "    last_months: 24", "    last_months: 99", "应在 1 和 36"),
]


@pytest.mark.parametrize(("claim", "right", "wrong", "said"), OTHER_MISTAKES)
def test_what_could_not_be_asked_so_is_a_mistake(tmp_path: Path, claim: str, right: str, wrong: str, said: str) -> None:
    folder, file = a_copy(tmp_path), f"claims/{claim}.yml"
    replaced(folder, file, right, wrong)
    assert any(said in m.message for m in catalogue.check(folder).mistakes if m.file == file)


def test_a_claim_with_an_answer_no_case_shows_is_a_mistake(tmp_path: Path) -> None:
    folder, file = a_copy(tmp_path), "claims/registered_in_division.yml"
    replaced(folder, file, 'value: "410422", answer: no', 'value: "410423", answer: yes')
    assert any("没有用例得出：no" in m.message for m in catalogue.check(folder).mistakes)


def test_a_new_claim_is_a_new_file_and_nothing_else(tmp_path: Path) -> None:
    folder = a_copy(tmp_path)
    claim = (folder / "claims/not_abnormal_operation.yml").read_text("utf-8")
    (folder / "claims/never_abnormal.yml").write_text(
        claim.replace("not_abnormal_operation", "never_abnormal"), "utf-8"
    )
    assert catalogue.check(folder).ok
    assert "never_abnormal" in catalogue.load(folder).claims
