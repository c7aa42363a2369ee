"""Credit China has repaired a line: it is gone from every answer, graded anew, and whoever was told it hears."""

from datetime import date
from typing import Any

import pytest

from tests.catalogue.builders import the_city
from tests.disclosure.builders import PENALTY, on_file
from tests.evaluation.worlds import models_in_force
from tests.parties.builders import BANK, NOW
from tests.rights.builders import ITEM, City, a_city, days
from tests.rights.test_objections import line_of
from xinqiao import work
from xinqiao.catalogue.meaning import needs_grant
from xinqiao.creditfile import queries as creditfile
from xinqiao.creditfile import standing
from xinqiao.creditfile.rules import Standing
from xinqiao.disclosure import corrected
from xinqiao.disclosure.rules import Reader, plan
from xinqiao.evaluation import following as regrading
from xinqiao.evaluation import grading
from xinqiao.ledger import checking, sequencing
from xinqiao.rights import following, results
from xinqiao.rights.models import RepairResult
from xinqiao.rights.rules.objections import State

pytestmark = pytest.mark.furnished(by=a_city)

DECIDED: dict[str, Any] = {
    "subject_name": "鲁山县示例农产品有限公司",
    "target_kind": "1",
    "target_doc_no": PENALTY["doc_no"],
    "decided_on": date(2026, 6, 1),
    "decision": "1",
    "authority": "平顶山市生态环境局",
    "effective_on": date(2026, 6, 1),
}


@pytest.fixture
def city(furnished: City) -> City:
    return furnished


def decided(city: City, *, delivery: int = 20, **changed: Any) -> None:
    """Credit China's decision arrives, and who follows the log reads on."""
    on_file(city.world.business, results.ITEM, [DECIDED | changed], delivery=delivery)
    following.follow(NOW)


def test_a_repaired_line_is_gone_from_the_next_answer_and_from_the_grade(city: City) -> None:
    models_in_force(now=NOW)
    grading.grade(city.world.business, now=NOW)
    assert line_of(city.world.ask().report, city.penalty) is not None
    decided(city)
    assert standing.of(city.penalty) is Standing.REPAIRED
    report = city.world.ask(now=NOW + days(1)).report
    assert line_of(report, city.penalty) is None
    assert str(PENALTY["doc_no"]) not in str(report)  # nor does the record of the repair tell what it repaired
    sequencing.sequence(NOW)
    assert regrading.follow(NOW) == 1


def test_no_grant_opens_the_record_of_a_repair_that_would_tell_what_was_repaired() -> None:
    record = the_city().item(results.ITEM)
    assert plan(record, Reader(granted=frozenset({results.ITEM}))) is None
    assert plan(record, Reader(own=True)) is not None
    assert not needs_grant(record)  # so that no business is asked to open it


def test_every_institution_that_was_told_it_is_told_once_that_it_may_not_use_it(city: City) -> None:
    told = city.world.ask().number
    decided(city)
    work.drain()
    results.tell_recipients(1, now=NOW)
    [notice] = corrected.newest(BANK)
    assert (notice.said["outcome"], notice.said["because"]) == ("repaired", "repair")
    assert [one["receipt"] for one in notice.said["reports"]] == [told]
    sequencing.sequence(NOW)
    assert checking.check().sound


@pytest.mark.parametrize(
    "typed", ["平环罚〔2026〕1号", "平环罚[2026]1号", " 平环罚（２０２６）１号"], ids=["as is", "square", "wide"]
)
def test_the_line_is_found_by_its_document_however_its_number_was_typed(city: City, typed: str) -> None:
    decided(city, target_doc_no=typed)
    assert standing.of(city.penalty) is Standing.REPAIRED


@pytest.mark.parametrize(
    "changed",
    [{"decision": "2", "effective_on": None}, {"target_doc_no": "平环罚〔2026〕2号"}, {"target_kind": "2"}],
    ids=["refused", "another document", "another kind of target"],
)
def test_nothing_else_repairs_a_line(city: City, changed: dict[str, Any]) -> None:
    decided(city, **changed)
    assert standing.of(city.penalty) is Standing.GOOD


def test_a_repair_that_takes_effect_later_waits_for_its_day(city: City) -> None:
    decided(city, effective_on=date(2026, 6, 3))
    assert results.carry_out_due(NOW + days(1)) == 0
    assert results.carry_out_due(NOW + days(2)) == 1
    assert standing.of(city.penalty) is Standing.REPAIRED


def test_a_result_that_comes_before_its_line_is_carried_out_when_the_line_comes(city: City) -> None:
    decided(city, target_doc_no="平环罚〔2026〕9号")
    assert RepairResult.objects.get().carried_at is None
    on_file(city.world.business, ITEM, [PENALTY | {"doc_no": "平环罚〔2026〕9号"}], delivery=21)
    following.follow(NOW)
    late = creditfile.facts_of(city.world.business, items=(ITEM,))[0]
    assert late.standing is Standing.REPAIRED
    assert standing.of(city.penalty) is Standing.GOOD


def test_a_repaired_line_sent_anew_with_something_changed_stays_repaired(city: City) -> None:
    decided(city)
    newer = city.redelivered([{"facts": "改过的写法"}])
    assert standing.of(newer) is Standing.GOOD  # for the moment until who follows has read it
    following.follow(NOW)
    assert standing.of(newer) is Standing.REPAIRED
    sequencing.sequence(NOW)
    assert checking.check().sound


def test_an_objection_open_at_the_time_can_still_be_decided(city: City) -> None:
    one = city.object()
    decided(city)
    city.reject(city.answer(one, "right"))
    assert standing.of(city.penalty) is Standing.REPAIRED
    assert one.state is State.ASKED
