"""The three lines a reader finds in ten seconds: what is worst, the grade, who has not answered. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from xinqiao.catalogue import City
from xinqiao.catalogue.schema import FieldType, Item
from xinqiao.disclosure.composing import Contents, Json

RANK: Final = {"breach": 0, "attention": 1}
MONEY: Final = frozenset({FieldType.MONEY_YUAN, FieldType.MONEY_WAN})
WAN: Final = 10_000
NAMED: Final = 3  # silent sources named; the rest are counted
RENEWING: Final[Json] = {
    "line": "grade",
    "tone": "care",
    "title": "正在重新评价",
    "detail": "原来的评价所依据的信息刚有变化（有异议、已修复或已到期），稍后可再次查询",
}


def highlights(
    told: Contents, grade: Mapping[str, Any] | None, sources: Sequence[Json], city: City, *, renewing: bool = False
) -> list[Json]:
    """Exactly three: adverse, grade, sources. Each has a tone in a word: bad, care, good or plain."""
    return [_worst(told, city), RENEWING if renewing else _grade(grade), _silent(sources)]


def _worst(told: Contents, city: City) -> Json:
    adverse = sorted(_adverse(told), key=lambda one: (RANK[one[1]["nature"]], _newest_first(one[1])))
    if not adverse:
        return {
            "line": "adverse",
            "tone": "plain",
            "title": "没有查到失信或需要关注的信息",
            "detail": "只说明已提供的信息中没有；未授权和没有回答的来源不在其内",
        }
    item, worst = adverse[0]
    alike = sum(line["nature"] == worst["nature"] and one is item for one, line in adverse)
    sources = city.sources.get(worst["source"])
    parts = [sources.names[-1].title if sources else worst["source"], worst["valid_from"], _amount(item, worst)]
    if worst["standing"] == "disputed":
        parts.append("有异议")
    breach = worst["nature"] == "breach"
    return {
        "line": "adverse",
        "tone": "bad" if breach else "care",
        "title": f"{alike} 条{item.title}{'，属失信信息' if breach else '，需要关注'}",
        "detail": " · ".join(part for part in parts if part),
        "fact": worst["fact"],
    }


def _adverse(told: Contents) -> Iterator[tuple[Item, Json]]:
    for lines in told.items.values():
        for line in lines.lines:
            if line["nature"] in RANK:
                yield lines.plan.item, line


def _newest_first(line: Json) -> tuple[int, ...]:
    day = line["valid_from"] or line["received_on"]
    return tuple(-ord(c) for c in day)


def _amount(item: Item, line: Json) -> str:
    """The largest sum of money a line speaks of, as people say it; nothing where every sum is nought."""
    sums = [Decimal(value) for name, value in line["values"].items() if item.fields[name].type in MONEY]
    yuan = max(sums, key=abs, default=Decimal(0))
    if not yuan:
        return ""
    return f"{yuan / WAN:,.2f} 万元" if abs(yuan) >= WAN else f"{yuan:,.2f} 元"


def _grade(grade: Mapping[str, Any] | None) -> Json:
    if grade is None:
        return {"line": "grade", "tone": "care", "title": "还没有评价", "detail": "数据尚未齐备，评价完成后可再次查询"}
    score = "" if grade["score"] is None else f" · {grade['score']} 分"
    details = [*grade["reasons"][:1]]
    if (without := grade.get("without_disputed")) is not None:
        apart = "" if without["score"] is None else f" {without['score']} 分"
        details.append(f"有异议处理中，剔除后为 {without['grade']}{apart}")
    if (override := grade.get("override")) is not None:
        details.append(f"人工调整为 {override['grade']}，到 {override['until']}")
    return {
        "line": "grade",
        "tone": "plain",
        "title": f"{grade['grade']} {grade['title']}{score}{_moved(grade)}",
        "detail": "；".join([*details, grade["note"]]),
    }


def _moved(grade: Mapping[str, Any]) -> str:
    before = grade.get("before")
    if before is None or before["score"] is None or grade["score"] is None:
        return ""
    change = grade["score"] - before["score"]
    if change == 0:
        return "，与上次相同"
    return f"，比上次{'高' if change > 0 else '低'} {abs(change)} 分"


def _silent(sources: Sequence[Json]) -> Json:
    quiet = [s for s in sources if s["state"] != "answered"]
    lacking = _never(sources)
    answered = len(sources) - len(quiet)
    if not quiet:
        return {
            "line": "sources",
            "tone": "plain" if lacking else "good",
            "title": f"{answered} 个来源都已回答",
            "detail": f"没有沉默或逾期的来源{lacking}",
        }
    named = "、".join(f"{s['title']}（{s['state_title']}）" for s in quiet[:NAMED])
    more = f"等 {len(quiet)} 个" if len(quiet) > NAMED else ""
    return {
        "line": "sources",
        "tone": "care",
        "title": f"没有及时回答的来源：{named}{more}",
        "detail": f"其余 {answered} 个来源已回答；没有回答不等于没有信息{lacking}",
    }


def _never(sources: Sequence[Json]) -> str:
    """What sources that do answer have never delivered."""
    titles = [item["title"] for s in sources if s["state"] != "silent" for item in s["never"]]
    if not titles:
        return ""
    more = f"等 {len(titles)} 类" if len(titles) > NAMED else ""
    return f"；还没有提供过：{'、'.join(titles[:NAMED])}{more}"
