"""`catalogue check` finds every mistake in one run, each with its file and the line it stands on."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.catalogue.builders import PACK, a_copy, replaced
from tests.catalogue.judge import disagreements
from xinqiao import catalogue
from xinqiao.catalogue.schema import Item, RowCase

ARREARS = "items/tax_arrears.yml"
PENALTY = "items/administrative_penalty.yml"
BASICS = "items/registration_basics.yml"
POWER = "items/electricity_arrears.yml"


@dataclass(frozen=True)
class Slip:
    """One wrong place: what a hurried official might write instead, and what must be said about it."""

    file: str
    old: str
    new: str
    said: str
    below: int = 0  # on which line after the changed one the mistake stands


# ruff: noqa: E501 - a slip reads best on one line
SLIPS = (
    # words and types
    Slip("items/honour.yml", "nature: public", "nature: open", "不在可用的词里"),
    Slip("items/honour.yml", "coverage: ", "covrage: ", "不认识这个词"),
    Slip("items/honour.yml", "granted_on: {title: 授予日期", "granted_on: {titel: 授予日期", "不认识这个词"),
    Slip("items/cooperative.yml", "is_union: {title: 是否联合社", "is_union: {tytle: 是否联合社", "缺少这一项"),
    Slip("items/cooperative.yml", 'max_drop: "0.05"', "max_drop: 1_000", "0.2 的形式"),
    Slip("items/branch.yml", "type: uscc, required: true}\n  branch_uscc", "type: uscc, required: yes}\n  branch_uscc", "true 或 false"),
    Slip("items/patent.yml", "by_day: 15", "by_day: 015", "12 的形式"),
    Slip("items/court_hearing.yml", "code: JUD-05", "code: JUD-5", "不合写法"),
    Slip("items/annual_report.yml", "网店, type: boolean}", "网店, type: bool}", "不在可用的词里"),
    # rules
    Slip("items/land_grant.yml", "whole: false", "checks:\n  - {rule: not_bfore, field: price, other: area, reason: x}\nwhole: false", "没有规则", 1),
    # references
    Slip(ARREARS, "sources: [tax_bureau]", "sources: [tax_buro]", "没有名为“tax_buro”的提供单位"),
    Slip(ARREARS, "family: tax\n", "family: taxes\n", "没有名为“taxes”的类别"),
    Slip(ARREARS, "codes: tax_kind", "codes: tax_kinds", "没有名为“tax_kinds”的代码表"),
    Slip(ARREARS, "order_by: notice_on", "order_by: noticed_on", "没有名为“noticed_on”的信息项"),
    Slip(ARREARS, "other: notice_on, reason", "other: announced_on, reason", "没有名为“announced_on”的信息项"),
    Slip(ARREARS, "key: [tax_kind]", "key: [tax_sort]", "没有名为“tax_sort”的信息项"),
    Slip(BASICS, "represented: {name: legal_person_name}", "represented: {name: legal_name}", "没有名为“legal_name”的信息项"),
    Slip("items/key_personnel.yml", "only: is_legal_rep", "only: position", "要由是否型的信息项决定"),
    Slip(ARREARS, "counted_from: notice_on", "counted_from: notice_no", "应从一个日期"),
    Slip(ARREARS, "years: 5", "years: 7", "最长保存 5 年"),
    Slip(ARREARS, 'is_in: ["0.00"]', 'is_in: ["0"]', "读成之后的写法"),
    Slip(ARREARS, "until: settled_on", "until: authority", "有效期的起止应是日期"),
    # conditions and lists
    Slip(PENALTY, 'all: [{field: xdr_type, is_in: ["2"]}, {field: procedure, is_in: ["01"]}]', 'all: [{field: xdr_type, is_in: ["2"]}, {field: procedure, is_in: ["1"]}]', "没有代码“1”"),
    Slip(PENALTY, 'separators: [、, ；, ，, /, "|", 并处], required', 'separators: [、, 罚款], required', "不能又作分隔符"),
    Slip(PENALTY, '- when: [{field: severity, is_in: ["3"]}]', '- when: [{field: severity, only_in: ["3"]}]', "写 is_in 就可以"),
    Slip("items/honour.yml", "type: code, codes: administrative_level", "type: text, separators: [、]", "没有意义"),
    Slip(ARREARS, ", form: 15至20位半角数字和字母", "", "要写明该怎么填"),
    Slip(PENALTY, "type: money_wan, headers: [CF_NR_FK", "type: money_wan, pattern: '.*', headers: [CF_NR_FK", "没有意义"),
    Slip(PENALTY, "headers: [CF_CXLB, 处罚程序]", "headers: [CF_CXLB, CF_WSH]", "同时属于"),
    Slip(PENALTY, "ignore: [CF_CFMC,", "ignore: [CF_YJ,", "不能又忽略"),
    Slip(PENALTY, "headers: [CF_XDR_ZJHM, CF_XDR_SFZ, 居民身份证号], classed: secret, mask", "headers: [CF_XDR_ZJHM, CF_XDR_SFZ, 居民身份证号], mask", "至少是 secret"),
    Slip(PENALTY, "headers: [CF_FRDB, CF_FR, 法定代表人姓名], mask: name", "headers: [CF_FRDB, CF_FR, 法定代表人姓名]", "遮盖方式"),
    Slip(PENALTY, "      basis: 河南省社会信用条例第二十条第二项\n", "", "应写明依据", -2),
    # the law
    Slip(POWER, "- nature: attention\n", "- nature: breach\n", "市场信用信息不能认定为失信", -3),
    Slip(BASICS, "postal_code: {title: 邮政编码", "postal_code: {title: 指纹", "不得归集“指纹”"),
    Slip(BASICS, r"pattern: '\d{6}', form: 六位行政区划代码, reference: division", r"pattern: '(?=\d)\d{6}', form: 六位行政区划代码, reference: division", "前后断言"),
    Slip(BASICS, "name: subject_name\n  division", "name: trade_name\n  division", "没有名为“trade_name”的信息项"),
    Slip(BASICS, "subject: {field: uscc,", "subject: {field: reg_no,", "主体代码必须是必填的"),
    # the rest of the city
    Slip("codes/currency.yml", "also: [港币, HKD]", "also: [港币, CNY]", "既是"),
    Slip("codes/severity.yml", "list: severity", "list: severities", "文件名应与"),
    Slip("sources/tax_bureau.yml", "since: 2018-07-05", "since: 1990-01-01", "先后排列", -2),
    Slip("calendar/2026.yml", "working: [2026-01-04]", "working: [2026-01-05]", "本来就是工作日"),
    Slip("divisions.yml", 'now: "410481"', 'now: "410499"', "不在表里"),
    Slip("industries.yml", '{code: "97", title: 国际组织, section: T}', '{code: "96", title: 国际组织, section: T}', "已在"),
    Slip("clocks.yml", "  - clock: penalty_submitted", "  - clock: delivery_verified", "已在"),
    Slip("families.yml", "title: 生态, title_en: Ecology", "title: 生态", "缺少这一项"),
    Slip("items/tender_award.cases.yml", "row: {section: \"\"}", "row: {sektion: \"\"}", "没有名为“sektion”"),
    Slip("items/tender_award.cases.yml", "findings: [section:required]", "findings: [section]", "信息项:规则"),
    Slip("items/tender_award.cases.yml", "like: 企业中标\n    row: {awarded_on: 2026-07-16}", "like: 企业没中标\n    row: {awarded_on: 2026-07-16}", "前面没有名为"),
)  # fmt: skip


def _rounds() -> list[tuple[Slip, ...]]:
    """The slips in rounds with one a file: two in one file could hide each other, as a file that cannot be read does."""
    rounds: list[dict[str, Slip]] = []
    for slip in SLIPS:
        free = next((r for r in rounds if slip.file not in r), None)
        if free is None:
            rounds.append(free := {})
        free[slip.file] = slip
    return [tuple(r.values()) for r in rounds]


@pytest.mark.parametrize("slips", _rounds(), ids=len)
def test_every_mistake_is_found_in_one_run_on_its_line(slips: tuple[Slip, ...], tmp_path: Path) -> None:
    folder = a_copy(tmp_path)
    lines = {slip: replaced(folder, slip.file, slip.old, slip.new) + slip.below for slip in slips}
    found = catalogue.check(folder).mistakes
    for slip, line in lines.items():
        here = [m for m in found if m.file == slip.file and slip.said in m.message]
        assert line in {m.line for m in here}, "\n".join([str(slip), *map(str, found)])


def test_a_city_with_a_mistake_does_not_load(tmp_path: Path) -> None:
    folder = a_copy(tmp_path)
    replaced(folder, ARREARS, "years: 5", "years: 9")
    with pytest.raises(catalogue.CatalogueFaults, match=r"items/tax_arrears\.yml:\d+:"):
        catalogue.load(folder)


def test_a_whole_item_without_cases_or_with_too_few_is_told(tmp_path: Path) -> None:
    folder = a_copy(tmp_path)
    (folder / "items/honour.cases.yml").unlink()
    cases = folder / "items/cooperative.cases.yml"
    cases.write_text(cases.read_text("utf-8").split("  - name: 联合社")[0], "utf-8")
    said = [str(m) for m in catalogue.check(folder).mistakes]
    assert any("items/honour.yml" in s and "必须有用例" in s for s in said)
    assert any("items/cooperative.cases.yml" in s and "至少要有 6 个用例" in s for s in said)


def test_a_whole_item_may_not_lean_on_an_open_list(tmp_path: Path) -> None:
    folder = a_copy(tmp_path)
    replaced(folder, "items/patent.yml", "whole: false", "whole: true")
    said = [m.message for m in catalogue.check(folder).mistakes if m.file == "items/patent.yml"]
    assert any("patent_status" in s and "不能算完整" in s for s in said)


def test_a_file_nobody_reads_is_told(tmp_path: Path) -> None:
    folder = a_copy(tmp_path)
    (folder / "items/tax_arrears.yaml").write_text("x: 1\n")
    (folder / "itmes").mkdir()
    (folder / "items/nobody.cases.yml").write_text("cases: []\n")
    files = {m.file for m in catalogue.check(folder).mistakes}
    assert files == {"items/tax_arrears.yaml", "itmes", "items/nobody.cases.yml"}


def test_a_folder_that_is_no_city_says_what_is_missing(tmp_path: Path) -> None:
    missing = {m.file for m in catalogue.check(tmp_path).mistakes}
    assert missing == {"city.yml", "families.yml", "divisions.yml", "industries.yml", "clocks.yml", "sections.yml"}


def test_a_withdrawn_division_is_followed_by_one_in_force_and_never_in_a_circle(tmp_path: Path) -> None:
    folder = a_copy(tmp_path)
    line = replaced(folder, "divisions.yml", 'now: "410481"', 'now: "410412"')
    (mistake,) = catalogue.check(folder).mistakes
    assert (mistake.file, mistake.line) == ("divisions.yml", line)
    assert "自己也已撤销" in mistake.message


def test_a_case_that_judges_otherwise_is_told_at_its_place(tmp_path: Path) -> None:
    folder = a_copy(tmp_path)
    line = replaced(folder, "items/honour.cases.yml", "findings: [level:codes]", "findings: [level:required]")

    def judge(city: catalogue.City, item: Item, case: RowCase) -> list[str]:
        return list(disagreements(city, item, case))

    (mistake,) = catalogue.check(folder, judge).mistakes
    assert (mistake.file, mistake.line) == ("items/honour.cases.yml", line - 3)
    assert "level:codes" in mistake.message


def test_the_counts_of_open_and_unverified_follow_the_files(tmp_path: Path) -> None:
    before = catalogue.check(PACK)
    folder = a_copy(tmp_path)
    replaced(folder, "items/honour.yml", "verified: true}", "verified: false}")
    (folder / "codes/performance_rating.yml").write_text(
        "list: performance_rating\ntitle: x\nvalues: {A: {title: a}}\n"
    )
    after = catalogue.check(folder)
    assert len(after.unverified) == len(before.unverified) + 2
    assert set(before.open_lists) - set(after.open_lists) == {"performance_rating"}
