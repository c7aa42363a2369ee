"""双公示: licences and penalties as the two generations of the publicity standard lay their columns out.

No real file was to be had; these are written to the published field lists (2015 and 2018 revision), with the oddities
real ones show: days as 2017/7/18 and 2016-08-04, codes empty or old registration numbers, 万元 with six decimals, and
columns one generation has and the other has not.
"""

from pathlib import Path

import pytest

from tests.intake.builders import a_code, all_rows, an_item, businesses, csv_of, judged
from xinqiao.intake import queries
from xinqiao.intake.rules.states import State

LICENCE_2015 = {
    "XK_WSH": "平新市监许〔2016〕104号",
    "XK_XMMC": "食品经营许可",
    "XK_SPLB": "普通",
    "XK_NR": "准予食品销售",
    "XK_XDR": "平顶山市第1商贸有限公司",
    "XK_XDR_SHXYM": "",
    "XK_XDR_ZDM": "",
    "XK_XDR_GSDJ": "410402000000123",
    "XK_XDR_SWDJ": "",
    "XK_XDR_SFZ": "",
    "XK_FR": "赵明",
    "XK_JDRQ": "2016-08-04",
    "XK_JZQ": "2017/7/18",
    "XK_XZJG": "新华区市场监督管理局",
    "XK_ZT": "正常",
    "DFBM": "410402",
    "SJC": "2016/8/5",
    "BZ": "",
}
LICENCE_2018 = {
    "XK_XDR_MC": "平顶山市第1商贸有限公司",
    "XK_XDR_LB": "法人及非法人组织",
    "XK_XDR_SHXYM": "",
    "XK_XDR_GSZC": "",
    "XK_XDR_ZZJG": "",
    "XK_XDR_SWDJ": "",
    "XK_XDR_SYDW": "",
    "XK_XDR_SHZZ": "",
    "XK_FRDB": "赵明",
    "XK_FR_ZJLX": "",
    "XK_FR_ZJHM": "",
    "XK_XDR_ZJLX": "",
    "XK_XDR_ZJHM": "",
    "XK_XKWS": "准予行政许可决定书",
    "XK_WSH": "平市监许字〔2026〕00123号",
    "XK_XKLB": "普通",
    "XK_XKZS": "食品经营许可证",
    "XK_XKBH": "JY14104020012345",
    "XK_NR": "准予食品销售",
    "XK_JDRQ": "2026/1/8",
    "XK_YXQZ": "2026/1/8",
    "XK_YXQZI": "2099-12-31",
    "XK_XKJG": "平顶山市市场监督管理局",
    "XK_XKJGDM": "11410400005555558G",
    "XK_ZT": "有效",
    "XK_LYDW": "平顶山市市场监督管理局",
    "XK_LYDWDM": "11410400005555558G",
    "BZ": "",
}
PENALTY_2015 = {
    "CF_WSH": "平市监罚〔2016〕8号",
    "CF_CFMC": "无照经营",
    "CF_CFLB1": "罚款",
    "CF_CFLB2": "",
    "CF_SY": "未取得许可从事经营",
    "CF_YJ": "无证无照经营查处办法第十三条",
    "CF_XDR_MC": "平顶山市第1商贸有限公司",
    "CF_XDR_SHXYM": "",
    "CF_XDR_ZDM": "",
    "CF_XDR_GSDJ": "410402000000123",
    "CF_XDR_SWDJ": "",
    "CF_XDR_SFZ": "",
    "CF_FR": "赵明",
    "CF_JG": "罚款五千元",
    "CF_NR_FK": "0.500000",
    "CF_JDRQ": "2016-08-04",
    "CF_XZJG": "平顶山市市场监督管理局",
    "CF_ZT": "正常",
    "DFBM": "410400",
    "SJC": "2016/8/5",
    "BZ": "",
}
PENALTY_2018 = {
    "CF_XDR_MC": "平顶山市第1商贸有限公司",
    "CF_XDR_LB": "法人及非法人组织",
    "CF_XDR_SHXYM": "",
    "CF_FRDB": "赵明",
    "CF_WSH": "平市监罚字〔2026〕00021号",
    "CF_WFXW": "违反食品安全法",
    "CF_SY": "销售超过保质期的食品",
    "CF_YJ": "食品安全法第一百二十四条",
    "CF_CFLB": "罚款",
    "CF_NR": "罚款一万零五元零一分",
    "CF_NR_FK": "1.000501",
    "CF_NR_WFFF": "0.000001",
    "CF_NR_ZKDX": "",
    "CF_JDRQ": "2026/3/1",
    "CF_YXQ": "2099-12-31",
    "CF_GSJZQ": "2029/3/1",
    "CF_CFJG": "平顶山市市场监督管理局",
    "CF_CFJGDM": "11410400005555558G",
    "CF_SJLY": "平顶山市市场监督管理局",
    "CF_SJLYDM": "11410400005555558G",
    "BZ": "",
}


def sent(row: dict[str, str], code: str) -> dict[str, str]:
    column = next(name for name in row if name.endswith("_XDR_SHXYM"))
    return row | {column: code}


@pytest.mark.parametrize(
    ("item", "row", "money"),
    [
        ("administrative_licence", LICENCE_2015, {}),
        ("administrative_licence", LICENCE_2018, {}),
        ("administrative_penalty", PENALTY_2015, {"fine": "5000.00"}),
        ("administrative_penalty", PENALTY_2018, {"fine": "10005.01", "confiscated": "0.01"}),
    ],
    ids=["licence-2015", "licence-2018", "penalty-2015", "penalty-2018"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_both_generations_are_read_without_a_word_left_over(
    city_db: str, tmp_path: Path, item: str, row: dict[str, str], money: dict[str, str], encoding: str
) -> None:
    (code,) = businesses(tmp_path, 1)
    content = csv_of([sent(row, code)]).decode().encode(encoding)
    view = judged(item, content, tmp_path)
    assert view.state is State.ACCEPTED, queries.findings(view.number).findings
    assert queries.findings(view.number).findings == []
    frame = all_rows(queries.accepted_frames(view.number))
    assert {name: str(frame[name][0]) for name in money} == money
    assert frame["uscc"].to_list() == [code]
    assert str(frame["decided_on"][0]) in ("2016-08-04", "2026-01-08", "2026-03-01")


@pytest.mark.parametrize(
    ("code", "rule"), [("", "required"), ("410402000000123", "type"), (a_code(1)[:-1] + "?", "type")]
)
def test_a_row_without_a_code_or_with_an_old_number_in_its_place_goes_back(
    city_db: str, tmp_path: Path, code: str, rule: str
) -> None:
    view = judged("administrative_licence", csv_of([sent(LICENCE_2015, code)]), tmp_path)
    assert view.state is State.RETURNED
    assert [(f.field, f.rule) for f in queries.findings(view.number).findings] == [("uscc", rule)]


def test_a_source_may_send_one_generation_today_and_the_other_tomorrow(city_db: str, tmp_path: Path) -> None:
    """An item knows both sets of columns, so nobody has to say which one a file has."""
    (code,) = businesses(tmp_path, 1)
    old = judged("administrative_penalty", csv_of([sent(PENALTY_2015, code)]), tmp_path, period="2026-07-13")
    new = judged("administrative_penalty", csv_of([sent(PENALTY_2018, code)]), tmp_path, period="2026-07-14")
    assert (old.accepted, new.accepted) == (1, 1)
    assert an_item("administrative_penalty").delivery.key == ("doc_no",)
