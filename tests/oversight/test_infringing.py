"""查处侵权: from what was noticed to what came of it, whatever is tried in whatever order."""

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.oversight.builders import City, a_city
from tests.parties.builders import BANK, NOW, a_bank, an_officer
from xinqiao.disclosure.errors import AccessSuspended
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import InstitutionId, PersonId, ReceiptNumber
from xinqiao.kernel.problems import Problem
from xinqiao.ledger import checking, sequencing
from xinqiao.ledger.tracing import events_about
from xinqiao.oversight import infringements, infringing
from xinqiao.oversight.errors import EvidenceMismatch, NotFound, NotParty, SecondPerson, TooEarly, WrongState
from xinqiao.oversight.infringements import InfringementView
from xinqiao.oversight.rules.infringements import Finding, Origin, State
from xinqiao.parties import queries as parties
from xinqiao.parties.rules import Role, Scope

WHY = "机构的说明站得住脚与否，都写在这里。"


@pytest.fixture
def city(city_db: str) -> City:
    return a_city()


def test_a_case_goes_its_way_to_the_regulator_and_each_step_is_in_the_log(city: City) -> None:
    one = city.case()
    assert (one.receipts, one.concerned) == ((city.look,), (city.world.business,))
    infringing.suspend(one.number, by=city.operator, now=NOW)
    with pytest.raises(AccessSuspended):
        city.world.ask()
    infringing.answer(one.number, text="客户经理误操作。", by=city.world.officer, now=NOW)
    infringing.propose(one.number, finding="infringed", because=WHY, by=city.operator, now=NOW)
    infringing.confirm(one.number, by=city.second, now=NOW)
    said = {"regulator": "国家金融监督管理总局平顶山监管分局", "reference": "平信移〔2026〕1号"}
    ended = infringing.refer(one.number, **said, outcome="移送处理，接入继续暂停。", by=city.second, now=NOW)
    assert (ended.state, ended.reference_there) == (State.REFERRED, "平信移〔2026〕1号")
    assert parties.suspension_of(BANK, day_of(NOW)) is not None
    assert [event.kind.split(":")[-1] for event in events_about({"infringement": one.number})] == [
        "opened", "suspended", "answered", "proposed", "established", "referred",
    ]  # fmt: skip
    sequencing.sequence(NOW)
    assert checking.check().sound


def test_nobody_is_found_against_before_being_heard_or_having_had_the_time_for_it(city: City) -> None:
    one = city.case()
    act = {"finding": "infringed", "because": WHY, "by": city.operator}
    with pytest.raises(TooEarly):
        infringing.propose(one.number, **act, now=NOW)  # type: ignore[arg-type]
    due = one.answer_clock().due
    assert due is not None
    late = NOW + (due - day_of(NOW)) + timedelta(days=1)
    assert infringing.propose(one.number, **act, now=late).state is State.PROPOSED  # type: ignore[arg-type]


def test_where_there_was_no_infringement_access_is_taken_up_again_with_the_decision(city: City) -> None:
    one = city.case()
    infringing.suspend(one.number, by=city.second, now=NOW)
    infringing.propose(one.number, finding="not_infringed", because=WHY, by=city.operator, now=NOW)
    ended = infringing.confirm(one.number, by=city.second, now=NOW)  # who suspended does not resume: who proposed does
    assert ended.state is State.DISMISSED
    assert city.world.ask().number > city.look


def test_each_sees_its_own_and_evidence_is_of_looks_of_this_institution(city: City) -> None:
    one, other = city.case(), InstitutionId("pds_other_bank")
    a_bank(other)
    with pytest.raises(EvidenceMismatch):
        city.case(institution=other)
    with pytest.raises(EvidenceMismatch):
        city.case(receipts=[ReceiptNumber(999_999)])
    with pytest.raises(NotFound):
        infringements.infringement(one.number, of=Scope(an_officer(other), Role.OFFICER, other))
    assert infringements.infringements(Scope(city.world.officer, Role.OFFICER, BANK), open_=True) == [one]
    assert infringements.concerning(city.world.business) == [one]
    with pytest.raises(NotParty):
        city.case(origin=Origin.INSPECTOR)
    assert city.case(origin=Origin.INSPECTOR, by=city.inspector).origin is Origin.INSPECTOR


class Case(RuleBasedStateMachine):
    """Anything by anybody at any time. The model knows who proposed what, who was heard, and what has ended."""

    city: City

    @initialize()
    def opened(self) -> None:
        self.now: datetime = NOW
        self.number = self.city.case(now=NOW, receipts=[]).number
        self.proposed: tuple[PersonId, str] | None = None
        self.decided = self.ended = self.answered = False

    @property
    def view(self) -> InfringementView:
        return infringements.infringement(self.number)

    def do(self, refused: type[Problem] | None, act: str, **said: object) -> None:
        if refused is None:
            getattr(infringing, act)(self.number, now=self.now, **said)
        else:
            with pytest.raises(refused):
                getattr(infringing, act)(self.number, now=self.now, **said)

    @rule(days=st.integers(1, 9))
    def days_pass(self, days: int) -> None:
        self.now += timedelta(days=days)

    @rule()
    def the_institution_answers(self) -> None:
        allowed = not (self.answered or self.proposed or self.decided)
        self.do(None if allowed else WrongState, "answer", text=WHY, by=self.city.world.officer)
        self.answered = self.answered or allowed

    @rule(first=st.booleans(), finding=st.sampled_from(Finding))
    def one_proposes(self, first: bool, finding: Finding) -> None:
        by = self.city.operator if first else self.city.second
        heard = self.answered or self.view.heard(day_of(self.now)) or finding is Finding.NOT_INFRINGED
        refused = WrongState if self.proposed or self.decided else None if heard else TooEarly
        self.do(refused, "propose", finding=finding, because=WHY, by=by)
        self.proposed = self.proposed if refused else (by, finding)

    @rule(first=st.booleans())
    def one_confirms(self, first: bool) -> None:
        by = self.city.operator if first else self.city.second
        waits = self.proposed is not None and not self.decided
        refused = None if waits and self.proposed and self.proposed[0] != by else (SecondPerson, WrongState)
        self.do(refused, "confirm", by=by)  # type: ignore[arg-type]
        self.decided = self.decided or refused is None
        self.ended = self.ended or (
            refused is None and self.proposed is not None and self.proposed[1] == "not_infringed"
        )

    @rule()
    def one_turns_it_back(self) -> None:
        allowed = self.proposed is not None and not self.decided
        self.do(None if allowed else WrongState, "turn_back", because=WHY, by=self.city.operator)
        self.proposed = None if allowed else self.proposed

    @rule(refer=st.booleans())
    def it_is_ended(self, refer: bool) -> None:
        allowed = self.decided and not self.ended
        said = {"regulator": "监管分局", "reference": "平信移〔2026〕1号"} if refer else {}
        self.do(
            None if allowed else WrongState, "refer" if refer else "close", outcome=WHY, by=self.city.second, **said
        )
        self.ended = self.ended or allowed

    @invariant()
    def what_stands_was_heard_and_decided_by_two(self) -> None:
        view = self.view
        assert view.open == (not self.ended)
        assert not view.found or view.heard(day_of(self.now))
        assert (view.decided_at is not None) == self.decided


def test_whatever_is_tried_nobody_decides_alone_or_unheard_and_what_has_ended_stays_so(city: City) -> None:
    Case.city = city
    quick = settings(
        max_examples=12, stateful_step_count=12, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    run_state_machine_as_test(Case, settings=quick)
