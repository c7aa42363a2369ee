"""The report as its reader gets it: the sections of 公共信用信息报告标准 (2022), and what Henan adds.

Header and statement, basic facts, summary, details by family, grade, sources, use made of the file (条例 §40). Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal

from xinqiao.catalogue import City
from xinqiao.catalogue.schema import Industry
from xinqiao.creditfile.queries import Fact
from xinqiao.disclosure import composing
from xinqiao.disclosure.composing import Contents, Json
from xinqiao.disclosure.highlights import highlights
from xinqiao.disclosure.telling import Basis, Content, Recipient, instant, report_number
from xinqiao.intake.health import Health, Timing
from xinqiao.kernel.ids import FactId, Position
from xinqiao.kernel.sayings import Saying
from xinqiao.kernel.subject_kinds import TITLES, SubjectKind
from xinqiao.subjects.queries import SubjectView

FORMAT: Final = "xinqiao-report/1"
DISCLAIMER: Final = Saying(
    "本报告依据有关单位提供的信息生成，仅供参考，不构成对任何主体的评级或者担保；内容以信息提供单位的记录为准。"
)
SECTIONS: Final = "ABCDEFGHIJKLMNOPQRST"  # of GB/T 4754-2017
IN_ORDER: Final = frozenset({"families"})
USES_COUNTED: Final = "最近一年内各机构查询本档案的次数"


@dataclass(frozen=True, slots=True)
class Graded:
    """A grade to be told. `state`: given; renewing, where what it rested on has changed; none, where there is none."""

    state: Literal["given", "renewing", "none", "repeated", "repeated-withheld"]
    grade: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Material:
    """All that was read for one report. `sources` tells how each has answered; `uses` how often the file was read."""

    subject: SubjectView
    asked: Contents
    facts: Sequence[Fact]
    graded: Graded
    sources: Sequence[Json]
    uses: int
    position: Position
    looks: Sequence[Json] | None = None  # who looked; to the business itself only


@dataclass(frozen=True, slots=True)
class Frame:
    """For whom and why it is written."""

    to: Recipient
    basis: Basis
    purpose_title: str
    day: date
    now: datetime


def write(number: int, material: Material, frame: Frame, city: City) -> Content:
    """The whole report, JSON-ready, with the ids of every fact in it or behind its grade."""
    told, graded = material.asked, material.graded
    composing.answer(told, material.facts, city=city, on=frame.day)
    report: Json = {
        **header(FORMAT, number, material.position, frame, city),
        "subject": subject_json(material.subject, city),
        "highlights": highlights(told, graded.grade, material.sources, city, renewing=graded.state == "renewing"),
        "summary": composing.summary(told, city),
        "sections": composing.sections(told, city),
        "families": composing.families(told, city),
        "grade": graded.grade,
        "grade_state": graded.state,
        "sources": material.sources,
        "not_included": told.closed,
        "uses": _uses(material),
    }
    facts = list(dict.fromkeys([*told.facts, *facts_behind(graded.grade)]))
    return Content(report, facts, tuple(told.items), IN_ORDER)


def _uses(material: Material) -> Json:
    """How the file has been used (条例 §40): others learn how often, the business itself by whom."""
    told: Json = {"count": material.uses, "meaning": USES_COUNTED}
    return told if material.looks is None else {**told, "looks": list(material.looks)}


def facts_behind(grade: Mapping[str, Any] | None) -> list[FactId]:
    """The facts a grade rests on: should one turn out wrong, whoever was told the grade is told that too."""
    if grade is None:
        return []
    told = [fact for part in grade["parts"] for one in part["indicators"] for fact in one["facts"]]
    told += [fact for limit in grade["limits"] for fact in limit["facts"]]
    return sorted(set(told))


def header(form: str, number: int, position: Position, frame: Frame, city: City) -> Json:
    """What stands over every answer: its number, as of when, for whom, why and on what ground."""
    return {
        "format": form,
        "number": report_number(number, frame.now),
        "city": {"code": city.code, "title": city.title},
        "generated_at": instant(frame.now),
        "data_as_of": {"position": position, "at": instant(frame.now)},
        "disclaimer": DISCLAIMER,
        "recipient": frame.to.as_json(),
        "purpose": {"purpose": frame.basis.purpose, "title": frame.purpose_title},
        "basis": frame.basis.as_json(),
    }


def subject_json(subject: SubjectView, city: City) -> Json:
    """Basic facts (基础信息), with the words beside the codes."""
    division, industry = city.divisions.get(subject.division or ""), industry_of(subject.industry or "", city)
    return {
        "uscc": str(subject.uscc),
        "name": subject.name,
        "kind": str(subject.kind),
        "kind_title": TITLES[SubjectKind(subject.kind)],
        "division": subject.division,
        "division_title": division.title if division else None,
        "industry": subject.industry,
        "industry_title": industry.title if industry else None,
        "established": subject.established.isoformat() if subject.established else None,
        "status": subject.status,
        "status_title": _status(subject, city),
    }


def industry_of(code: str, city: City) -> Industry | None:
    """The division a GB/T 4754 code belongs to, or its section: of F5212 division 52, of F section F."""
    return city.industries.get(code.lstrip(SECTIONS)[:2]) or city.industries.get(code[:1])


def _status(subject: SubjectView, city: City) -> str | None:
    """The words of a registration status, by the code list of the item that introduces subjects of this kind."""
    for item in city.whole_items():
        if item.introduces is None or item.introduces.status is None or subject.kind not in item.subject.kinds:
            continue
        codes = city.codes.get(item.fields[item.introduces.status].codes or "")
        if codes is not None and subject.status in codes.values:
            return codes.values[subject.status].title
    return None


STATE_TITLES: Final = {"answered": "已回答", "stale": "逾期未更新", "silent": "尚未提供"}


def sources_json(told: Contents, health: Mapping[tuple[str, str], Health], city: City) -> list[Json]:
    """Every source that was asked, and how it has answered."""
    return [_source(name, items, health, city) for name, items in told.sources.items()]


def _source(name: str, items: Sequence[str], health: Mapping[tuple[str, str], Health], city: City) -> Json:
    """A source that was asked: whether it has answered, is stale or silent, when it last delivered, and what of what it
    was asked for has never come from it."""
    known = [health[name, item] for item in items if (name, item) in health]
    days = [one.last_received_on for one in known if one.last_received_on is not None]
    state = "silent" if not days else "stale" if any(one.timing is Timing.LATE for one in known) else "answered"
    entry = city.sources.get(name)
    return {
        "source": name,
        "title": entry.names[-1].title if entry else name,
        "items": list(items),
        "state": state,
        "state_title": STATE_TITLES[state],
        "last_received_on": max(days).isoformat() if days else None,
        "never": [
            {"item": one.item, "title": city.item(one.item).title} for one in known if one.timing is Timing.NEVER
        ],
        "asked": None,
    }
