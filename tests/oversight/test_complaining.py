"""投诉: by a business or by anybody, answered in time or taken above the operator; what is published of the clocks."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.oversight.builders import City, a_city
from tests.parties.builders import BANK, NOW, a_person
from xinqiao.ledger import checking, sequencing
from xinqiao.ledger.tracing import events_about
from xinqiao.oversight import complaining, complaints, infringements, published
from xinqiao.oversight.complaining import Target
from xinqiao.oversight.errors import NotFound, NotParty, TooEarly, WordsInvalid, WrongState
from xinqiao.oversight.rules.complaints import State
from xinqiao.oversight.rules.figures import FEWEST, TOGETHER, Course, broken_down, figure
from xinqiao.oversight.rules.infringements import Origin
from xinqiao.parties.rules import Role, Scope

TEXT = "客户经理没有我的授权就问到了我的纳税情况。"
THE_BANK = Target("institution", BANK)


@pytest.fixture
def city(city_db: str) -> City:
    return a_city()


def test_a_business_is_answered_and_where_it_is_not_content_those_above_answer(city: City) -> None:
    mine = {"by": city.world.representative, "now": NOW}
    one = complaining.by_business(city.world.business, THE_BANK, text=TEXT, **mine)  # type: ignore[arg-type]
    inspector = Scope(city.inspector, Role.INSPECTOR)
    with pytest.raises(TooEarly):
        complaining.escalate_own(one.number, city.world.business, why="不想等了", **mine)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        complaints.complaint(one.number, of=inspector)  # what did not go above is no inspector's to read
    assert complaining.open_case(one.number, facts="没有授权的询问", by=city.operator, now=NOW) == 1
    case = infringements.infringement(1)
    assert (case.origin, case.concerned) == (Origin.COMPLAINT, (city.world.business,))
    complaining.answer(one.number, text="已经立案。", by=city.operator, now=NOW)
    complaining.escalate_own(one.number, city.world.business, why="太慢了，等不起", **mine)  # type: ignore[arg-type]
    with pytest.raises(NotParty):
        complaining.settle(one.number, text="平台自己办结", by=city.operator, now=NOW)
    said = {"regulator": "监管分局", "reference": "平信转〔2026〕2号", "text": "已经转给监管部门。"}
    ended = complaining.refer(one.number, **said, by=city.inspector, now=NOW)
    assert (ended.state, complaints.complaints_of(city.world.business)) == (State.REFERRED, [ended])
    assert [event.kind.split(":")[-1] for event in events_about({"complaint": one.number})] == [
        "made", "taken_up", "answered", "escalated", "referred",
    ]  # fmt: skip
    sequencing.sequence(NOW)
    assert checking.check().sound


def test_anybody_complains_and_reads_the_answer_by_a_code_told_once(city: City) -> None:
    one, code = complaining.by_anybody(Target("platform"), text="电话一直打不通。", now=NOW)
    assert complaints.by_code(one.number, code.lower()).text == "电话一直打不通。"
    for wrong in ("", code[:-1], "A" * 12):
        with pytest.raises(NotFound):
            complaints.by_code(one.number, wrong)
    with pytest.raises(NotFound):
        complaints.complaint(one.number, of=city.world.business)
    late = NOW + timedelta(days=40)
    assert complaining.escalate_by_code(one.number, code, why="没有人答复", now=late).state is State.ESCALATED
    with pytest.raises(WrongState):
        complaining.answer(one.number, text="迟来的答复", by=city.operator, now=late)
    with pytest.raises(WordsInvalid):
        complaining.by_anybody(Target("source", "nobody"), text=TEXT, now=NOW)
    with pytest.raises(NotParty):
        complaining.by_business(city.world.business, THE_BANK, text=TEXT, by=a_person("路人"), now=NOW)


def test_what_is_published_counts_in_time_late_and_open_and_tells_few_as_a_number_alone(city: City) -> None:
    for number in range(FEWEST + 1):
        if number == FEWEST - 1:
            few = {one.name: one.whole for one in published.statistics(NOW).kinds}["complaints"]
            assert (few.count, few.late) == (FEWEST - 1, None)
        one, _ = complaining.by_anybody(Target("platform"), text=f"第 {number} 件", now=NOW)
        if number:
            complaining.answer(one.number, text="已经答复", by=city.operator, now=NOW + timedelta(days=3))
    told = published.as_json(published.statistics(NOW + timedelta(days=40)))["kinds"]["complaints"]
    assert told == {"count": 11, "in_time": 10, "late": 1, "open": 0, "median_days": 3.0, "by_source": []}


COURSES = st.lists(
    st.builds(
        Course,
        came=st.just(date(2026, 6, 1)),
        due=st.none() | st.dates(date(2026, 6, 1), date(2026, 6, 30)),
        met=st.none() | st.dates(date(2026, 6, 1), date(2026, 6, 30)),
        group=st.sampled_from("abcde"),
    ),
    max_size=120,
)


@given(COURSES)
def test_no_group_of_fewer_than_ten_can_be_reckoned_from_what_is_published(courses: list[Course]) -> None:
    today = date(2026, 6, 20)
    groups = broken_down(courses, today)
    assert all(one.count >= FEWEST for one in groups.values())
    assert not groups or sum(one.count for one in groups.values()) == len(courses)
    assert set(groups) <= {*"abcde", TOGETHER}
    whole = figure(courses, today)
    if whole.in_time is not None and whole.late is not None and whole.open is not None:
        assert whole.in_time + whole.late + whole.open == whole.count == len(courses) >= FEWEST
