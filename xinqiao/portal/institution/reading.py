"""A report as its reader sees it on the page: the report as told, put into the order of a desk."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from xinqiao.authorisation import queries as authorisation
from xinqiao.kernel.ids import GrantId
from xinqiao.language import said
from xinqiao.portal import graded, naming, showing, wording

Json = Mapping[str, Any]
NAMED: Final = 2  # kinds of information in a line that must be read in a glance
QUIET_NAMED: Final = 1


@dataclass(frozen=True, slots=True)
class Key:
    """One of the three lines on top: what it is about, what it says, why, and where on the page it is told whole."""

    tone: str
    about: str
    says: str
    because: str
    at: str = ""


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source that did not answer in time, or never for some of what it was asked: what we would have from it."""

    title: str
    items: str
    word: str
    last: str


@dataclass(frozen=True, slots=True)
class ReportPage:
    number: str
    purpose: str
    basis: str
    name: str
    uscc: str
    about: tuple[str, ...]
    grade: graded.ShownGrade | None
    no_grade: graded.Absent
    keys: tuple[Key, ...]
    families: tuple[showing.Family, ...]
    nothing: str
    unheard: str
    silent: tuple[SourceLine, ...]
    answered: int
    withheld: tuple[str, ...]
    wanting: tuple[str, ...]  # for want of a natural person's separate consent
    uses: int
    as_of: str
    disclaimer: str


def page(report: Json) -> ReportPage:
    """From the report the door told (docs/evidence-format.md says what each part is)."""
    subject, quiet = report["subject"], [one for one in report["sources"] if one["state"] != "answered"]
    families = showing.families(report["families"], subject["uscc"])
    grade = graded.shown(report["grade"]) if report["grade"] else None
    no_grade = graded.absent(report["grade_state"])
    return ReportPage(
        number=report["number"],
        purpose=report["purpose"]["purpose"],
        basis=_basis(report),
        name=subject["name"],
        uscc=subject["uscc"],
        about=tuple(_about(subject)),
        grade=grade,
        no_grade=no_grade,
        keys=(_worst(report, families), _graded(grade, no_grade), _sources(report["sources"])),
        families=tuple(families),
        nothing=showing.empty_families(report, heard=True),
        unheard=showing.empty_families(report, heard=False),
        silent=tuple(_silent(report["sources"])),
        answered=len(report["sources"]) - len(quiet),
        withheld=_not_told(report, "grant"),
        wanting=_not_told(report, "person_consent"),
        uses=report["uses"]["count"],
        as_of=as_of(report),
        disclaimer=said(report["disclaimer"]),
    )


def _not_told(report: Json, wants: str) -> tuple[str, ...]:
    """The items that are not in it, by what would open them."""
    return tuple(naming.item(one["item"]) for one in report["not_included"] if one["wants"] == wants)


def as_of(report: Json) -> str:
    """数据截至…: the hour for people, the place in the log for proof."""
    told = report["data_as_of"]
    at = wording.instant(datetime.fromisoformat(told["at"]))
    return _("数据截至 %(at)s，日志第 %(n)s 位") % {"at": at, "n": wording.count(told["position"])}


def _basis(report: Json) -> str:
    """By which grants, for what, until when."""
    granted = [authorisation.grant(GrantId(number)) for number in report["basis"]["grants"]]
    until = max((grant.until for grant in granted if grant is not None), default=None)
    words = {
        "n": _("、").join(map(str, report["basis"]["grants"])),
        "why": naming.purpose(report["purpose"]["purpose"]),
    }
    if until is None:
        return words["why"]
    return _("依据授权书 %(n)s（%(why)s，至 %(until)s）") % {**words, "until": until.isoformat()}


def _about(subject: Json) -> list[str]:
    words = [
        naming.kind(subject["kind"]),
        naming.status(subject["status"]),
        naming.division(subject["division"]),
        naming.industry(subject["industry"]),
    ]
    established = subject["established"]
    return [str(word) for word in words if word] + ([_("%(on)s 成立") % {"on": established}] if established else [])


def _worst(report: Json, families: Sequence[showing.Family]) -> Key:
    """The line the report itself calls the worst, in few words; the list below has it whole."""
    about, fact = _("最该先看"), report["highlights"][0].get("fact")
    found = {line.fact: line for family in families for line in family.lines if line.fact is not None}
    place = next((family.name for family in families if any(line.fact == fact for line in family.lines)), "")
    if fact is None or fact not in found:
        because = _("未授权的和没有回答的来源不在其内")
        return Key("good", about, _("没有失信或需要关注的信息"), because)
    worst = found[fact]
    alike = [line for line in found.values() if line.nature == worst.nature]
    titles = dict.fromkeys([worst.title, *(line.title for line in alike)])
    named = _("、").join(list(titles)[:NAMED]) + (_("等") if len(titles) > NAMED else "")
    breach = worst.nature == "breach"
    says = _("%(n)s 条失信：%(what)s") if breach else _("%(n)s 条需要关注：%(what)s")
    words = [worst.since, worst.amount, *(chip.word for chip in worst.chips[1:]), worst.source]
    because = " · ".join(word for word in words if word)
    return Key("bad" if breach else "care", about, says % {"n": len(alike), "what": named}, because, place)


def _graded(grade: graded.ShownGrade | None, no_grade: graded.Absent) -> Key:
    about = _("评价，仅供参考")
    if grade is None:
        return Key("care", about, no_grade.title, no_grade.detail)
    without = _("不计有异议的信息是 %(words)s。") % {"words": grade.without_disputed} if grade.without_disputed else ""
    beside = _("人工调整为 %(grade)s，到 %(until)s。") % grade.override if grade.override else ""
    return Key("", about, grade.words, f"{grade.moved}{grade.lead}{without}{beside}", "grade")


def _sources(sources: Sequence[Json]) -> Key:
    """Who has not answered, by name; else that all have. What nobody ever delivered is named either way."""
    about, quiet = _("来源"), [one for one in sources if one["state"] != "answered"]
    lacking = _lacking(sources)
    if not quiet:
        because = lacking or _("没有沉默或逾期的来源")
        return Key(
            "" if lacking else "good", about, _("%(n)s 个来源都已回答") % {"n": len(sources)}, because, "sources"
        )
    named = _("、").join(naming.source(one["source"]) for one in quiet[:QUIET_NAMED])
    said = {"n": len(quiet), "named": named, "rest": len(sources) - len(quiet)}
    says = _("%(named)s没有及时回答") if len(quiet) <= QUIET_NAMED else _("%(named)s等 %(n)s 个来源没有及时回答")
    because = _("其余 %(rest)s 个已回答。没有回答不等于没有信息。") % said
    return Key("care", about, says % said, f"{because}{lacking}", "sources")


def _lacking(sources: Sequence[Json]) -> str:
    """Kinds of information that a source which does answer has never delivered."""
    titles = [naming.item(item["item"]) for one in sources if one["state"] != "silent" for item in one["never"]]
    if not titles:
        return ""
    named = _("、").join(titles[:NAMED]) + (_("等") if len(titles) > NAMED else "")
    return _("%(n)s 类从未提供过：%(named)s。") % {"n": len(titles), "named": named}


def _silent(sources: Sequence[Json]) -> Iterator[SourceLine]:
    """Who did not answer first; then who did, and never told something it was asked for."""
    for one in sources:
        if one["state"] != "answered":
            yield _line(one, one["items"], _how(one))
    for one in sources:
        if one["state"] == "answered" and one["never"]:
            yield _line(one, [item["item"] for item in one["never"]], _("从未提供"))


def _how(source: Json) -> str:
    """Why nothing of it is here, or nothing new. A source that is asked live has no arrears, only no answer."""
    if source["asked"] is not None or source["state"] == "resting":
        return {
            "refused": _("现查：没有提供"),
            "silent": _("现查：没有回答"),
            "unfit": _("现查：回答有误，没有采用"),
        }.get(source["state"], _("现查：连接有故障，暂停调用"))
    return _("还没有报送") if source["state"] == "silent" else _("逾期未更新")


def _line(source: Json, items: Sequence[str], word: str) -> SourceLine:
    last = source["last_received_on"]
    named = _("、").join(naming.item(name) for name in items)
    told = _("上次报送 %(on)s") % {"on": last} if last else ""
    return SourceLine(naming.source(source["source"]), named, word, told)
