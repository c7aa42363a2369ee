"""A report in the words of a printed page, from the report as it was told. Pure: nothing is read, nothing decided.

The printed report is an official document of the city, so it is in Chinese whoever asks for it.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from xinqiao.catalogue import City
from xinqiao.catalogue.schema import FieldType
from xinqiao.disclosure.composing import Json
from xinqiao.kernel.city_time import CITY_TIME, day_of

Told = Mapping[str, Any]
Pairs = list[list[str]]

MONEY: Final = frozenset({FieldType.MONEY_YUAN.value, FieldType.MONEY_WAN.value})
NUMBERS: Final = frozenset({FieldType.INTEGER.value, FieldType.DECIMAL.value})
NATURES: Final = {"breach": "失信", "attention": "关注"}
STANDINGS: Final = {"disputed": "有异议", "repaired": "已修复", "expired": "已到期", "withdrawn": "已撤下"}
GRADE_STATES: Final = {"renewing": "正在重新评价，稍后可再次查询。", "none": "还没有评价。"}
EVALUATIONS: Final = "evaluations"  # the chapter the grade stands in
NOTES: Final = (
    "每一条都写明来源单位、交付批次和行号、收到日期；内容变过的，写明为什么变了。",
    "有来源没有及时回答的，列在“来源”一节：没有回答不等于没有，也不等于有。",
    "标“有异议”的，主体已经提出异议，正在处理。标“〓”的是字库里没有的字，后面是它的国际编码。",
    "扫描右上角的码，或者在平台的“验证”页交上这个文件，可以查它是不是本平台出具、出具以后有没有改过。",
)


def printed(report: Told, city: City) -> Json:
    """What a template prints, all of it text; the marks, the code and the signature's words are added to it."""
    return {
        "number": report["number"],
        "city": city.title,
        "title": "公共信用信息报告",
        "day": _day_parts(report["generated_at"]),
        "generated_at": moment(report["generated_at"]),
        "as_of": f"日志第 {report['data_as_of']['position']:,} 位，{moment(report['data_as_of']['at'])}",
        "name": report["subject"]["name"],
        "uscc": report["subject"]["uscc"],
        "for": _for(report),
        "statement": statement(report),
        "highlights": [{name: one[name] for name in ("tone", "title", "detail")} for one in report["highlights"]],
        "basics": _basics(report["subject"]),
        "summary": [_counted(one) for one in report["sections"]],
        "sections": [_section(one, report, city) for one in report["sections"]],
        "sources": [_source(one) for one in report["sources"]],
        "not_included": [one["title"] for one in report["not_included"]],
        "uses": f"{report['uses']['meaning']}：{report['uses']['count']} 次。",
        "looks": [_look(one) for one in report["uses"].get("looks", ())],
    }


def statement(report: Told) -> list[str]:
    """报告说明."""
    return [report["disclaimer"], *NOTES]


def moment(told: str) -> str:
    return datetime.fromisoformat(told).astimezone(CITY_TIME).strftime("%Y-%m-%d %H:%M")


def recipient(report: Told) -> str:
    """For whom it was made, as it stands on every page."""
    told = report["recipient"]
    return " · ".join(part for part in (told.get("name"), told.get("branch"), told.get("officer")) if part)


def _day_parts(told: str) -> list[int]:
    day = datetime.fromisoformat(told).astimezone(CITY_TIME)
    return [day.year, day.month, day.day]


def _for(report: Told) -> Pairs:
    basis = report["basis"]
    ground = basis["ground"]
    if basis["grants"]:
        ground += f"（授权书 {'、'.join(map(str, basis['grants']))}）"
    pairs = [["出具给", recipient(report)], ["用途", report["purpose"]["title"]], ["依据", ground]]
    if (days := basis.get("keep_days")) is not None:
        pairs.append(["保存到", f"{_end(report['generated_at'], days)}，到期须删除并书面证明"])
    return pairs


def _end(told: str, days: int) -> date:
    return day_of(datetime.fromisoformat(told)) + timedelta(days=days)


def _basics(subject: Told) -> Pairs:
    told = [
        ["名称", subject["name"]],
        ["统一社会信用代码", subject["uscc"]],
        ["主体类型", subject["kind_title"]],
        ["登记状态", subject["status_title"] or subject["status"]],
        ["成立日期", subject["established"]],
        ["所在区划", subject["division_title"] or subject["division"]],
        ["行业", subject["industry_title"] or subject["industry"]],
    ]
    return [[label, str(value) if value else "没有数据"] for label, value in told]


def _counted(section: Told) -> list[str]:
    facts, breach = (sum(item[name] for item in section["items"]) for name in ("facts", "breach"))
    return [section["title"], str(section["asked"]), str(facts), str(breach)]


def _section(section: Told, report: Told, city: City) -> Json:
    named = {item["item"] for item in section["items"]}
    items = [item for family in report["families"] for item in family["items"] if item["item"] in named]
    return {
        "title": section["title"],
        "items": [_item(item, city) for item in items],
        "grade": _grade(report) if section["section"] == EVALUATIONS else None,
        "empty": "" if items else _empty(section, report, city),
    }


def _empty(section: Told, report: Told, city: City) -> str:
    """Nothing is said only of what sources have told of; silence is said too."""
    if not section["asked"]:
        return "没有可以提供的数据项。"
    unheard = {item for source in report["sources"] if source["state"] == "silent" for item in source["items"]}
    unheard |= {one["item"] for source in report["sources"] for one in source["never"]}
    if any(city.section_of[item] == section["section"] for item in unheard):
        return "没有内容。有来源还没有提供过这一类信息，不能当作没有。"
    return "来源提供过的信息里没有。"


def _item(item: Told, city: City) -> Json:
    withheld = "、".join(one["title"] for one in item["withheld"])
    return {
        "title": item["title"],
        "nature": "市场信用信息" if item["nature"] == "market" else "公共信用信息",
        "withheld": f"依规定不显示：{withheld}" if withheld else "",
        "lines": [line(one, item, city) for one in item["lines"]],
    }


def line(told: Told, item: Told, city: City) -> Json:
    days = [told["valid_from"], told["valid_to"]]
    return {
        "fields": [
            [_label(field), in_words(field, told["values"][field["field"]], item["codes"].get(field["field"], {}))]
            for field in item["fields"]
            if field["field"] in told["values"]
        ],
        "marks": [word for word in kind_of(told) if word],
        "tone": told["nature"],
        "days": " 至 ".join(day for day in days if day),
        "from": came_from(told, city),
        "changed": _changed(told["changed"]),
        "notes": [f"{note['by']}：{note['text']}" for note in told["annotations"] if note["text"]],
    }


def kind_of(line: Told) -> tuple[str, str]:
    """Whether it is adverse, and how it stands, in a word each; nothing where there is nothing to say."""
    return NATURES.get(line["nature"], ""), STANDINGS.get(line["standing"], "")


def came_from(line: Told, city: City) -> str:
    """Which department, which delivery and row, when: by it a line can be found again at its source."""
    source = city.sources.get(line["source"])
    title, place = source.names[-1].title if source else line["source"], f"第 {line['delivery']} 批第 {line['line']} 行"
    return f"{title}，{place}，{line['received_on']} 收到，信息编号 {line['fact']}"


def _changed(told: Told | None) -> str:
    return "" if told is None else f"{told['why']}；原来的 {told['received_on']} 收到，编号 {told['earlier']}"


def _label(field: Told) -> str:
    """A money field's title may name its unit; ours stands beside the number."""
    title = str(field["title"])
    return title.removesuffix("（万元）").removesuffix("（元）") if field["type"] in MONEY else title


def in_words(field: Told, value: Any, codes: Mapping[str, str]) -> str:
    """One value as people read it."""
    if isinstance(value, list):
        return "、".join(in_words(field, one, codes) for one in value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if field["type"] in MONEY:
        return f"{_number(value)} 元"
    if field["type"] in NUMBERS:
        return f"{_number(value)} {field['unit'] or ''}".rstrip()
    return codes.get(str(value), str(value))


def _number(value: Any) -> str:
    try:
        return f"{Decimal(str(value)):,f}"
    except InvalidOperation:
        return str(value)


def _grade(report: Told) -> Json:
    grade = report["grade"]
    if grade is None:
        return {"words": GRADE_STATES[report["grade_state"]], "parts": [], "reasons": [], "note": ""}
    score = "" if grade["score"] is None else f"，{grade['score']} 分（满分 {grade['scale']}）"
    without = grade["without_disputed"]
    apart = f"；剔除有异议的信息后为 {without['grade']}" if without else ""
    return {
        "words": f"{grade['grade']} {grade['title']}{score}{apart}{_overridden(grade.get('override'))}",
        "parts": [[part["title"], f"{part['points']} / {part['max_points']}"] for part in grade["parts"]],
        "reasons": [*grade["reasons"], *(f"{one['title']}：{one['reason']}" for one in grade["limits"])],
        "note": f"{grade['note']} {grade['model_title']} {grade['version']}，{grade['on']} 评价。",
    }


def _overridden(override: Told | None) -> str:
    """Beside the model's own, as everywhere."""
    if override is None:
        return ""
    words = f"{override['grade']} {override['title']}，到 {override['until']}（{override['reason']}）"
    return f"；平台两人批准的人工调整：{words}"


def _source(source: Told) -> list[str]:
    never = "、".join(one["title"] for one in source["never"])
    return [source["title"], source["state_title"], source["last_received_on"] or "—", never or "—"]


def _look(look: Told) -> list[str]:
    who = " · ".join(part for part in (look["name"] or "平台运营", look["officer"]) if part)
    return [moment(look["at"]), who, look["purpose_title"], f"回执 {look['receipt']}"]


def watermark(report: Told) -> Sequence[str]:
    """The visible mark: for whom, for what, when, under which number."""
    return list(_watermark(report))


def _watermark(report: Told) -> Iterator[str]:
    yield f"仅供 {recipient(report)}"
    yield f"{report['purpose']['title']} · {moment(report['generated_at'])} · {report['number']}"
