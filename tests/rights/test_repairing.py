"""A business prepares an application for repair, hands it over complete, follows its number; the result comes back."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.authorisation.builders import a_business, a_representative
from tests.catalogue.builders import the_city
from tests.parties.builders import BANK, NOW
from tests.rights.builders import City, a_city, days
from tests.rights.test_proofs import PDF
from xinqiao import work
from xinqiao.catalogue.meaning import months_after
from xinqiao.cli import road
from xinqiao.creditfile import standing
from xinqiao.creditfile.rules import Standing
from xinqiao.disclosure import corrected
from xinqiao.intake import inspection
from xinqiao.intake import queries as intake
from xinqiao.kernel.city_time import day_of
from xinqiao.keys import NotForProduction
from xinqiao.ledger import checking, sequencing
from xinqiao.rights import credit_china, following, papers, proofs, pulling, repairing, repairs, results, ways
from xinqiao.rights.cases import About
from xinqiao.rights.credit_china import Simulator
from xinqiao.rights.errors import PapersMissing, RepairNotOpen, SignerNotAuthorised, UnknownLine, WrongState
from xinqiao.rights.repairs import RepairView
from xinqiao.rights.rules.repairs import May, State, guidance

pytestmark = pytest.mark.furnished(by=a_city)

AUTHORITY = "平顶山市生态环境局"
READY = NOW + days(90)  # the penalty is of 2026-05-12 and general: three months have to pass


@pytest.fixture
def city(furnished: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> City:
    monkeypatch.setattr(credit_china, "window", lambda: Simulator(tmp_path / "window"))
    return furnished


def begun(city: City, **other: Any) -> RepairView:
    said: dict[str, Any] = {"subject_id": city.world.business, "fact": city.penalty, "by": city.world.representative}
    return repairing.begin(**(said | {"now": READY} | other))


def with_papers(city: City, *named: str) -> RepairView:
    one = begun(city)
    for paper in named or ("performance", "commitment"):
        proofs.add(About.REPAIR, one.number, PDF, paper=paper, by=city.world.representative, now=READY)
    return one


def submitted(city: City) -> RepairView:
    return repairing.submit(with_papers(city).number, by=city.world.representative, now=READY)


# ── guidance ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@given(
    decided=st.dates(date(2020, 1, 1), date(2030, 1, 1)), after=st.integers(0, 2000), severity=st.sampled_from("123")
)
def test_the_shortest_and_the_longest_time_count_from_the_document(decided: date, after: int, severity: str) -> None:
    item, today = the_city().item("administrative_penalty"), decided + timedelta(days=after)
    values = {"decided_on": decided.isoformat(), "severity": severity, "penalty_kind": ["2"], "is_final": "true"}
    told = guidance(item, values, today, has_way=True)
    least, most = {"1": (0, 3), "2": (3, 12), "3": (12, 36)}[severity]
    first, last = months_after(decided, least) + timedelta(days=1), months_after(decided, most)
    assert told.ends == last
    if severity == "1" or today > last:
        assert told.may is May.NOT_NEEDED
    else:
        assert told.since == first
        assert told.may is (May.NOW if today >= first else May.LATER)


def test_a_day_before_the_shortest_time_is_over_nothing_is_taken(city: City) -> None:
    with pytest.raises(RepairNotOpen, match="2026-08-13"):
        begun(city, now=NOW + days(72))
    assert begun(city, now=NOW + days(73)).state is State.PREPARING


def test_every_way_of_the_city_leads_somewhere() -> None:
    found, mistakes = ways.load(the_city().folder, the_city())
    assert mistakes == []
    assert found["administrative_penalty"].applied_for_here
    assert {way.item for way in found.values()} <= {item.item for item in the_city().whole_items()}


# ── applying ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_missing_is_named_and_nothing_is_handed_over(city: City) -> None:
    one = with_papers(city, "performance")
    with pytest.raises(PapersMissing, match="信用修复承诺书"):
        repairing.submit(one.number, by=city.world.representative, now=READY)
    assert repairs.repair(one.number).state is State.PREPARING


def test_a_complete_application_is_with_credit_china_under_its_number_and_its_clock_runs(city: City) -> None:
    one = submitted(city)
    assert (one.state, one.tracking) == (State.HANDED_OVER, f"SIM-{one.reference}")
    clock = one.clock()
    assert clock is not None
    assert (clock.name, clock.due) == ("repair_answered", date(2026, 9, 11))
    assert repairing.hand_over(one.number, now=READY) == one  # the job finds it done
    with pytest.raises(WrongState):
        proofs.add(About.REPAIR, one.number, PDF, by=city.world.representative, now=READY)


def test_an_application_waits_while_credit_china_does_not_answer_and_is_handed_over_once(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = with_papers(city)
    with monkeypatch.context() as patch:
        patch.setattr(Simulator, "hand_over", lambda *_: (_ for _ in ()).throw(ConnectionError))
        with pytest.raises(ConnectionError):
            repairing.submit(one.number, by=city.world.representative, now=READY)
    assert repairs.repair(one.number).state is State.SUBMITTED
    work.drain()
    assert repairs.repair(one.number).state is State.HANDED_OVER


def test_nobody_applies_for_anothers_line(city: City) -> None:
    other = a_business(2, "另一家示例有限公司")
    stranger = a_representative(other, "刘二")
    with pytest.raises(SignerNotAuthorised):
        begun(city, by=stranger)
    with pytest.raises(UnknownLine):
        begun(city, subject_id=other, by=stranger)
    with pytest.raises(SignerNotAuthorised):
        repairing.submit(with_papers(city).number, by=stranger, now=READY)


def test_the_simulator_says_so_and_production_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in = credit_china.window().stand_in
    assert stand_in is not None
    assert "模拟" in stand_in
    monkeypatch.setenv("XINQIAO_MODE", "production")
    with pytest.raises(NotForProduction):
        credit_china.window()


# ── the result ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_result_comes_as_a_delivery_and_ends_in_the_bank_being_told(city: City) -> None:
    told = city.world.ask().number
    one = submitted(city)
    simulator = credit_china.window()
    assert isinstance(simulator, Simulator)
    assert simulator.decide(one.tracking, granted=True, authority=AUTHORITY, on=day_of(READY))
    [number] = pulling.pull(READY)
    assert pulling.pull(READY + days(1)) == [number]  # the same day's file is no second delivery
    inspection.inspect(number, now=READY)
    assert intake.delivery(number).accepted == 1
    road.settle(READY)
    following.follow(READY)
    ended = repairs.repair(one.number)
    assert (ended.state, standing.of(city.penalty)) == (State.GRANTED, Standing.REPAIRED)
    assert ended.result is not None
    assert not repairs.result(ended.result).clock().late(day_of(READY))
    results.tell_recipients(ended.result, now=READY)
    [notice] = corrected.newest(BANK)
    assert notice.said["reports"][0]["receipt"] == told
    sequencing.sequence(READY)
    assert checking.check().sound
    with pytest.raises(RepairNotOpen):
        begun(city)


def test_a_refusal_leaves_the_line_and_the_business_may_apply_anew(city: City) -> None:
    one = submitted(city)
    simulator = credit_china.window()
    assert isinstance(simulator, Simulator)
    simulator.decide(one.tracking, granted=False, authority=AUTHORITY, on=day_of(READY))
    for number in pulling.pull(READY):
        inspection.inspect(number, now=READY)
    road.settle(READY)
    following.follow(READY)
    assert repairs.repair(one.number).state is State.REFUSED
    assert standing.of(city.penalty) is Standing.GOOD
    assert begun(city).number != one.number


def test_an_application_that_was_left_off_frees_its_line(city: City) -> None:
    one = with_papers(city)
    repairing.drop(one.number, by=city.world.representative, now=READY)
    assert begun(city).number != one.number
    assert len(papers.of_case(About.REPAIR, one.number)) == 2
