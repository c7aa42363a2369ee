"""The act behind a line was annulled: its source says so, the line goes, and whoever was told it hears."""

from datetime import date
from typing import Any

import pytest

from tests.disclosure.builders import PENALTY
from tests.evaluation.worlds import models_in_force
from tests.parties.builders import BANK, NOW, a_person
from tests.rights.builders import ITEM, SOURCE, City, a_city, days
from tests.rights.test_objections import line_of
from xinqiao import work
from xinqiao.creditfile import standing
from xinqiao.creditfile.rules import Standing
from xinqiao.disclosure import corrected
from xinqiao.evaluation import following as regrading
from xinqiao.evaluation import grading
from xinqiao.ledger import checking, sequencing
from xinqiao.parties import roles
from xinqiao.parties.rules import Role, Scope
from xinqiao.rights import annulled, annulling, following
from xinqiao.rights.annulled import AnnulmentView
from xinqiao.rights.errors import NotParty, SecondPerson, UnknownLine, WordsInvalid, WrongState
from xinqiao.rights.rules.annulments import State

pytestmark = pytest.mark.furnished(by=a_city)

OPERATOR = Scope(None, Role.OPERATOR)


@pytest.fixture
def city(furnished: City) -> City:
    return furnished


def reported(city: City, **changed: Any) -> AnnulmentView:
    said: dict[str, Any] = {
        "source": SOURCE,
        "item": ITEM,
        "uscc": city.world.code,
        "key": "平环罚[2026]1号",
        "document": "平环撤〔2026〕3号",
        "annulled_on": date(2026, 5, 30),
        "text": "复议决定撤销了处罚。",
        "by": city.clerk,
        "now": NOW,
    }
    return annulling.report(**(said | changed))


def test_confirmed_the_line_is_gone_from_the_next_answer_and_the_grade_is_given_anew(city: City) -> None:
    models_in_force(now=NOW)
    grading.grade(city.world.business, now=NOW)
    one = reported(city)
    assert line_of(city.world.ask().report, city.penalty) is not None
    ended, _ = annulling.confirm(one.number, by=city.operator, now=NOW)
    assert (ended.state, standing.of(city.penalty)) == (State.CONFIRMED, Standing.WITHDRAWN)
    assert line_of(city.world.ask(now=NOW + days(1)).report, city.penalty) is None
    sequencing.sequence(NOW)
    assert regrading.follow(NOW) == 1
    assert checking.check().sound


def test_every_institution_that_was_told_the_line_is_told_once_that_it_is_withdrawn(city: City) -> None:
    told = city.world.ask().number
    one = reported(city)
    _, receipts = annulling.confirm(one.number, by=city.operator, now=NOW)
    work.drain()
    assert annulling.tell_recipients(one.number, now=NOW) == []
    [notice] = corrected.newest(BANK)
    assert [notice.receipt] == receipts
    assert (notice.said["outcome"], notice.said["because"]) == ("withdrawn", "annulment")
    assert [report["receipt"] for report in notice.said["reports"]] == [told]


def test_the_clock_is_one_working_day_and_the_overdue_stand_first_before_the_operator(city: City) -> None:
    one = reported(city)  # a Monday
    assert one.clock().due == date(2026, 6, 2)
    assert not one.clock().late(date(2026, 6, 2))
    assert one.clock().late(date(2026, 6, 3))
    assert [late.number for late in annulled.annulments(OPERATOR, open_=True)] == [one.number]
    ended, _ = annulling.confirm(one.number, by=city.operator, now=NOW + days(2))
    assert ended.clock().late(date(2026, 6, 3))  # late it stays


@pytest.mark.parametrize(
    "changed",
    [{"key": "平环罚〔2026〕2号"}, {"item": "tax_declared_sales", "key": "2026-04"}, {"key": " "}],
    ids=["another number", "another source's line", "no number"],
)
def test_a_source_names_its_own_line_or_none(city: City, changed: dict[str, Any]) -> None:
    with pytest.raises(UnknownLine):
        reported(city, **changed)


def test_who_does_not_act_for_the_source_reports_nothing_and_who_reported_confirms_nothing(city: City) -> None:
    with pytest.raises(NotParty):
        reported(city, by=city.operator)
    with pytest.raises(WordsInvalid):
        reported(city, annulled_on=date(2026, 6, 2))
    one = reported(city)
    assert reported(city) == one
    roles.give(person=city.clerk, role=Role.OPERATOR, organisation="", now=NOW)
    with pytest.raises(SecondPerson):
        annulling.confirm(one.number, by=city.clerk, now=NOW)
    with pytest.raises(NotParty):
        annulling.confirm(one.number, by=a_person("路人"), now=NOW)
    assert standing.of(city.penalty) is Standing.GOOD


def test_declined_the_line_stands_and_the_source_may_report_anew(city: City) -> None:
    one = reported(city)
    declined = annulling.decline(one.number, because="撤销的是另一份决定", by=city.operator, now=NOW)
    assert (declined.state, standing.of(city.penalty)) == (State.DECLINED, Standing.GOOD)
    with pytest.raises(WrongState):
        annulling.confirm(one.number, by=city.operator, now=NOW)
    assert reported(city).number != one.number


def test_the_annulled_act_sent_anew_with_something_changed_goes_as_well(city: City) -> None:
    annulling.confirm(reported(city).number, by=city.operator, now=NOW)
    newer = city.redelivered([{"facts": "改过的写法"}])
    following.follow(NOW)
    assert standing.of(newer) is Standing.WITHDRAWN
    another = city.redelivered([{"doc_no": "平环罚〔2026〕5号"}, {"facts": PENALTY["facts"]}], delivery=10)
    following.follow(NOW)
    assert standing.of(another) is not Standing.GOOD
