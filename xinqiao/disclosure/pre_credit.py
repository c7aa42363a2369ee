"""预授信测算: an institution's own rules over catalogued indicators of one business, under a live grant that opens all
of them that are not open to everybody. Told through the door; every estimate is a use of the grant.

What it says is the institution's estimate by its own rules: neither the platform's grade nor an offer. The business
sees that one was made, by whom and from which items; the rules are the institution's.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from xinqiao import catalogue
from xinqiao.catalogue.schema import SharingClass
from xinqiao.disclosure.answering import Answer, Question, answer
from xinqiao.disclosure.composing import Json
from xinqiao.disclosure.door import Allowed, Asked
from xinqiao.disclosure.errors import NotOfThisKind
from xinqiao.disclosure.live import Heard
from xinqiao.disclosure.measured import Found, measured, told_of
from xinqiao.disclosure.reading import AsRead
from xinqiao.disclosure.telling import Content
from xinqiao.disclosure.writing import Frame, header, subject_json
from xinqiao.evaluation import estimating, indicator_files, rule_sets
from xinqiao.evaluation.estimate_language import Decision
from xinqiao.evaluation.estimating import Estimate, Met
from xinqiao.evaluation.indicator_files import Indicators
from xinqiao.evaluation.rule_sets import RuleSetView
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import GrantId, InstitutionId, PersonId, ReceiptNumber
from xinqiao.kernel.problems import Problem
from xinqiao.kernel.sayings import Saying
from xinqiao.kernel.uscc import Uscc
from xinqiao.ledger.events import Kind
from xinqiao.parties import limits, purposes
from xinqiao.parties.limits import Limit

FORMAT: Final = "xinqiao-estimate/1"
IN_ORDER: Final = frozenset({"indicators"})
# A decision takes one, a change of mind a few more. By trying rules nobody learns more than the bands the indicator
# service tells (`estimating`); this keeps the business's own list of looks readable.
PER_BUSINESS: Final = Limit("estimates", 10, timedelta(days=1))
NOTE: Final = Saying("仅供参考。这是机构按自己的规则作的测算，不是平台的信用评价，也不是贷款承诺。")
SAID: Final[Mapping[Decision, Saying]] = {
    Decision.ESTIMATED: Saying("可以预授信"),
    Decision.NOT_ADMITTED: Saying("没有达到准入条件"),
    Decision.REFERRED: Saying("有不知道的信息，转人工审查"),
    Decision.NO_AMOUNT: Saying("达到准入条件，测算额度为零"),
}


def estimate(
    *,
    asker: InstitutionId,
    officer: PersonId | None,
    uscc: str,
    rules: str,
    now: datetime,
    client: str = "",
    on_behalf: str = "",
    grant: GrantId | None = None,
    key: str = "",
) -> Answer:
    """Tell an institution what its rules of this name come to for a business; the purpose is the rules' own.

    Raises `NotAUscc`, `NoSuchRules`, `RulesFaulty`, `TooOften`, `NotOfThisKind`, and as `answer`.
    """
    code, mine = Uscc.parse(uscc), rule_sets.in_force(rules, of=asker)
    found, city = indicator_files.load(catalogue.city()), catalogue.city()
    limits.count(PER_BUSINESS, f"{asker}\n{code}", now=now)
    items = items_of(mine, found)
    closed = frozenset(name for name in items if city.item(name).sharing.classed is not SharingClass.OPEN)
    asked = Asked(asker, code, mine.rules.purpose, now, officer, client, on_behalf, closed, grant)
    question = Question(
        asked,
        partial(_compose, mine, found),
        Kind.ESTIMATE_TOLD,
        Kind.ESTIMATE_REFUSED,
        (mine.rules.rules, mine.number),
        partial(_of_kind, mine),
        items=items,
    )
    return answer(question, key=key)


def items_of(mine: RuleSetView, found: Indicators) -> frozenset[str]:
    """What the rules are read from."""
    return frozenset(found.catalogue.indicators[name].reads for name in mine.rules.reads)


def _of_kind(mine: RuleSetView, allowed: Allowed) -> Problem | None:
    return None if allowed.subject.kind in mine.rules.kinds else NotOfThisKind()


def _compose(
    mine: RuleSetView,
    found: Indicators,
    allowed: Allowed,
    now: datetime,
    *,
    again: AsRead | None,
    before: ReceiptNumber | None,
    heard: Heard,
) -> Callable[[ReceiptNumber], Content]:
    city, day, rules = catalogue.city(), day_of(now), mine.rules
    names = tuple(rules.reads)
    come_to = measured(names, found, allowed.subject, allowed.reader, city=city, on=day, again=again, heard=heard)
    apart = any(one.reading is not None and one.reading.disputed for one in come_to.found.values())
    body = {
        "subject": subject_json(allowed.subject, city),
        "rules": {"rules": rules.rules, "title": rules.title, "version": rules.version, "sha256": mine.sha256},
        "note": str(NOTE),
        "estimate": _told(mine, _judged(mine, found, come_to.found)),
        "without_disputed": _told(mine, _judged(mine, found, come_to.found, disputed=False)) if apart else None,
        "indicators": [told_of(name, one, found, city) for name, one in come_to.found.items()],
        "rows_withheld": list(come_to.withheld),
        "sources": come_to.sources,
    }
    frame = Frame(allowed.to, allowed.basis, purposes.purpose(allowed.basis.purpose).title, day, now)
    return lambda number: Content(
        header(FORMAT, number, come_to.position, frame, city) | body,
        (),
        come_to.items,
        IN_ORDER,
        rests_on=come_to.rests_on,
        signed={"estimated": {"rules_sha256": mine.sha256}},
    )


def _judged(mine: RuleSetView, found: Indicators, come_to: Mapping[str, Found], *, disputed: bool = True) -> Estimate:
    """By the bands alone; with `disputed` False without what the business disputes."""
    values = {}
    for name, one in come_to.items():
        read = None if one.because is not None else one.reading
        read = read if disputed or read is None else read.without or read
        values[name] = estimating.judged_by(found.catalogue.indicators[name], read)
    return estimating.judge(mine.rules, values)


def _told(mine: RuleSetView, one: Estimate) -> Json:
    grade = one.grade
    return {
        "decision": one.decision.value,
        "decision_title": str(SAID[one.decision]),
        "grade": grade and {"grade": grade.grade, "title": grade.title},
        "points": one.score if grade else None,
        "amount": f"{one.amount:f}" if one.decision is Decision.ESTIMATED else None,
        "terms": grade.terms if grade and one.decision is Decision.ESTIMATED else None,
        "conditions": list(_conditions(mine, one.conditions)),
        "parts": [{"indicator": name, "points": points} for name, points in one.points.items()],
    }


def _conditions(mine: RuleSetView, came: Sequence[Met]) -> Iterator[dict[str, Any]]:
    for one, met in zip(mine.rules.admission, came, strict=True):
        yield {"indicator": one.indicator, "sentence": one.sentence, "met": met.value}
