"""Risk signals: raised once by what is new, explained by the rules that raised them, told while their facts stand."""

from datetime import date

import pytest

from tests.evaluation import worlds
from tests.evaluation.worlds import NOW, TODAY
from xinqiao import catalogue
from xinqiao.creditfile import queries as creditfile
from xinqiao.creditfile import standing
from xinqiao.creditfile.rules import Standing
from xinqiao.disclosure import reading
from xinqiao.evaluation import following, raised, signal_files, signalling
from xinqiao.evaluation.signal_language import SignalSet
from xinqiao.kernel.ids import SubjectId
from xinqiao.ledger import checking, sequencing

SINCE = date(2025, 11, 24)


def told(subject: SubjectId) -> list[tuple[str, str]]:
    return [(one.signal, str(one.reason)) for one in raised.of(subject, since=SINCE)]


def test_the_citys_rules_come_out_as_their_cases_say() -> None:
    file = signal_files.load(catalogue.city())
    assert list(signal_files.differences(catalogue.city(), file)) == []
    assert {name for case in file.cases for name in case.raised} == set(file.rules.signals)


def test_a_rule_with_two_limits_or_none_is_refused() -> None:
    written = signal_files.load(catalogue.city()).rules.model_dump(mode="json")
    for limits in ({"at_most": "1"}, {"at_least": None}):
        wrong = written["signals"]["serious_penalty"] | limits
        with pytest.raises(ValueError, match="at_least"):
            SignalSet.model_validate(written | {"signals": {"serious_penalty": wrong}})


def test_news_raises_a_signal_once_and_a_new_fact_raises_it_again(city_db: str) -> None:
    (first, second, *_) = worlds.a_city()
    worlds.delivered("judgment_defaulter", worlds.defaulter(1))
    assert signalling.follow(NOW) > 0
    [(name, reason)] = told(first)
    assert (name, reason.startswith("在失信被执行人名单上，有 1 条")) == ("court_default_listed", True)
    [fact] = creditfile.facts_of(first, items=["judgment_defaulter"])
    [signal] = raised.of(first, since=SINCE)
    assert (signal.facts, signal.level, signal.on, signal.version) == ((fact.id,), "high", TODAY, "2026.1")
    worlds.delivered("administrative_penalty", worlds.penalty(1))
    signalling.follow(NOW)
    assert len(told(first)) == 1, "the list has nothing new on it"
    another = worlds.defaulter(1, case_no="（2026）豫0423执7号")
    worlds.delivered("judgment_defaulter", worlds.defaulter(1), another, period="2026-11-21")
    signalling.follow(NOW)
    assert told(first)[0][1].startswith("在失信被执行人名单上，有 2 条")
    assert told(second) == []
    sequencing.sequence(NOW)
    assert checking.check().sound


def test_a_grade_that_falls_to_the_lowest_raises_the_graver_signal_alone(city_db: str) -> None:
    (first, second, *_) = worlds.a_city()
    worlds.delivered("administrative_penalty", worlds.penalty(1), worlds.penalty(2))
    following.follow(NOW)
    sequencing.sequence(NOW)
    worlds.delivered("judgment_defaulter", worlds.defaulter(1))
    following.follow(NOW)
    sequencing.sequence(NOW)
    signalling.follow(NOW)
    fallen = [one for one in raised.of(first, since=SINCE) if one.grade_event is not None]
    assert [(one.signal, one.reason) for one in fallen] == [("fell_to_lowest", "公共信用评价由 B 降到 D")]
    assert not [one for one in raised.of(second, since=SINCE) if one.grade_event is not None]


def test_a_signal_is_told_no_more_once_its_fact_is_repaired(city_db: str) -> None:
    (first, *_) = worlds.a_city()
    worlds.delivered("judgment_defaulter", worlds.defaulter(1))
    signalling.follow(NOW)
    [fact] = creditfile.facts_of(first, items=["judgment_defaulter"])
    assert len(reading.signals(first, on=TODAY)) == 1
    standing.mark(fact.id, Standing.DISPUTED, because="主体提出异议", by="受理员", now=NOW)
    assert len(reading.signals(first, on=TODAY)) == 1, "what is disputed goes on counting"
    standing.mark(fact.id, Standing.REPAIRED, because="信用修复", by="受理员", now=NOW)
    assert reading.signals(first, on=TODAY) == []
    assert len(told(first)) == 1, "what was raised stays on the record"
