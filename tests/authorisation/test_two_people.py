"""双人办理: one prepares, another confirms; revoking and pausing take one; what nobody confirms lapses."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count
from typing import TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.authorisation.builders import a_bank_under_agreement, a_business, a_grant, a_representative
from tests.disclosure.builders import a_world
from tests.parties.builders import BANK, NOW, a_person
from xinqiao.authorisation import asking, changing, expiring, grants, mandates, notices, queries, steps, two_people
from xinqiao.authorisation.errors import (
    BySize,
    FourEyes,
    NotFound,
    NotLive,
    NotOn,
    NotParty,
    OnePersonOnly,
    SignerNotAuthorised,
)
from xinqiao.authorisation.queries import GrantView
from xinqiao.authorisation.rules import State
from xinqiao.authorisation.two_people import Size
from xinqiao.disclosure.errors import NotAuthorised
from xinqiao.kernel.ids import GrantId, PersonId, SubjectId
from xinqiao.kernel.problems import Problem
from xinqiao.parties import roles
from xinqiao.parties.rules import Role

LATER = NOW + timedelta(hours=1)
NUMBERS = count(100)
T = TypeVar("T")


def confirm(grant: GrantId, by: PersonId, now: datetime = LATER) -> GrantView:
    return grants.confirm(grant, notice=notices.current("loan_review"), by=by, now=now)


def an_agent(subject_id: SubjectId, name: str = "赵会计") -> PersonId:
    person = a_person(name)
    mandates.give(person=person, subject_id=subject_id, capacity=mandates.Capacity.AGENT, now=NOW)
    return person


def test_a_grant_prepared_by_one_opens_nothing_until_another_confirms_it(city_db: str) -> None:
    world = a_world()
    changing.revoke(world.grant.id, by=world.representative, now=NOW)
    agent = an_agent(world.business)
    two_people.begin(world.business, by=agent, now=NOW)
    prepared = a_grant(world.business, by=agent, items=["tax_declared_sales"])
    assert prepared.state(NOW) is State.PREPARED
    assert a_grant(world.business, by=agent, items=["tax_declared_sales"]).id == prepared.id  # pressed twice
    with pytest.raises(NotAuthorised):
        world.ask()
    with pytest.raises(FourEyes):
        confirm(prepared.id, agent)
    with pytest.raises(NotFound):
        confirm(prepared.id, a_person("别人"))
    given = confirm(prepared.id, world.representative)
    assert (given.state(LATER), given.prepared_by, given.given_by) == (State.GIVEN, agent, "王小明")
    world.ask(now=LATER)
    assert queries.known(given.id).terms.used.total == 1
    assert [(one.step, one.by) for one in steps.of(given.id)] == [("prepared", "赵会计"), ("given", "王小明")]
    changing.pause(given.id, by=agent, now=LATER)
    assert changing.revoke(given.id, by=agent, now=LATER).state(LATER) is State.REVOKED


def test_what_an_institution_asks_for_takes_two_people_as_well(city_db: str) -> None:
    world = a_world()
    agent = an_agent(world.business)
    two_people.begin(world.business, by=agent, now=NOW)
    said = {"institution": BANK, "subject_id": world.business, "items": ["tax_arrears"], "purpose": "loan_review"}
    asked = asking.ask(**said, until=world.grant.until, officer=world.officer, now=NOW)  # type: ignore[arg-type]
    notice = notices.current("loan_review")
    assert grants.agree(asked.id, notice=notice, by=agent, now=NOW).state(NOW) is State.PREPARED
    with pytest.raises(NotLive):
        grants.agree(asked.id, notice=notice, by=world.representative, now=NOW)
    mandates.end(person=agent, subject_id=world.business, now=NOW)
    with pytest.raises(SignerNotAuthorised):  # who prepared it has left
        confirm(asked.id, world.representative)
    assert grants.decline(asked.id, by=world.representative, now=LATER).state(LATER) is State.DECLINED


def test_what_nobody_confirms_in_time_lapses(city_db: str) -> None:
    a_bank_under_agreement()
    business = a_business()
    one, other = a_representative(business), an_agent(business)
    two_people.begin(business, by=one, now=NOW)
    prepared = a_grant(business, by=one)
    week = NOW + timedelta(days=7)
    with pytest.raises(NotLive):
        confirm(prepared.id, other, now=week)
    assert expiring.expire(week) == 1
    assert steps.of(prepared.id)[-1].step == "expired"


def test_ending_it_takes_two_people_and_by_size_it_is_not_the_firms_to_end(city_db: str) -> None:
    business, operator = a_business(), a_person("值班员")
    one = a_representative(business)
    with pytest.raises(OnePersonOnly):
        two_people.begin(business, by=one, now=NOW)
    other = an_agent(business)
    two_people.begin(business, by=one, now=NOW)
    assert two_people.end(business, by=one, now=NOW) is False
    with pytest.raises(FourEyes):
        two_people.end(business, by=one, now=NOW)
    two_people.keep(business, by=other, now=NOW)
    assert two_people.end(business, by=other, now=NOW) is False
    assert two_people.end(business, by=one, now=NOW) is True
    assert not two_people.needed(business)
    with pytest.raises(NotParty):
        two_people.record_size(business, Size.MEDIUM, by=one, now=NOW)
    roles.give(person=operator, role=Role.OPERATOR, now=NOW)
    two_people.record_size(business, Size.MEDIUM, by=operator, now=NOW)
    assert two_people.needed(business)
    with pytest.raises(BySize):
        two_people.end(business, by=one, now=NOW)
    two_people.record_size(business, Size.SMALL, by=operator, now=NOW)
    assert not two_people.needed(business)
    with pytest.raises(NotOn):
        two_people.end(business, by=one, now=NOW)


class TwoOfThree(RuleBasedStateMachine):
    """Three people of a firm prepare, confirm, refuse, revoke and leave, in every order, as days pass."""

    @initialize()
    def begin(self) -> None:
        self.now = NOW
        self.firm = a_business(next(NUMBERS))
        self.here = [an_agent(self.firm, name) for name in ("甲", "乙", "丙")]
        self.left: set[PersonId] = set()
        self.grants: dict[GrantId, PersonId] = {}
        self.two: dict[GrantId, bool] = {}

    @rule(who=st.integers(0, 2))
    def takes_two_from_now_on(self, who: int) -> None:
        self._tried(lambda: two_people.begin(self.firm, by=self.here[who], now=self.now))

    @rule(who=st.integers(0, 2))
    def one_wants_it_ended(self, who: int) -> None:
        self._tried(lambda: two_people.end(self.firm, by=self.here[who], now=self.now))

    @rule(who=st.integers(0, 2), item=st.sampled_from(["tax_arrears", "tax_declared_sales"]))
    def gives(self, who: int, item: str) -> None:
        two, by = two_people.needed(self.firm), self.here[who]
        given = self._tried(lambda: a_grant(self.firm, by=by, items=[item], now=self.now))
        assert (given is None) == (by in self.left)
        if given is not None and given.id not in self.grants:
            self.grants[given.id], self.two[given.id] = by, two
            assert given.state(self.now) is (State.PREPARED if two else State.GIVEN)

    @rule(who=st.integers(0, 2), data=st.data())
    def confirms(self, who: int, data: st.DataObject) -> None:
        by, number = self.here[who], self._one(data)
        if number is None:
            return
        may = (
            queries.known(number).state(self.now) is State.PREPARED
            and by != self.grants[number]
            and not {by, self.grants[number]} & self.left
        )
        assert (self._tried(lambda: confirm(number, by, self.now)) is not None) == may

    @rule(who=st.integers(0, 2), data=st.data(), act=st.sampled_from([grants.decline, changing.revoke]))
    def takes_it_back(self, who: int, data: st.DataObject, act: Callable[..., GrantView]) -> None:
        if (number := self._one(data)) is not None:
            self._tried(lambda: act(number, by=self.here[who], now=self.now))

    @rule(who=st.integers(0, 2))
    def leaves(self, who: int) -> None:
        if self.here[who] not in self.left:
            mandates.end(person=self.here[who], subject_id=self.firm, now=self.now)
            self.left.add(self.here[who])

    @rule(days=st.integers(1, 5))
    def days_pass(self, days: int) -> None:
        self.now += timedelta(days=days)

    @invariant()
    def nothing_made_by_two_was_signed_by_one(self) -> None:
        for number, first in getattr(self, "grants", {}).items():
            view = queries.known(number)
            if view.given_at is not None and self.two[number]:
                signer = next(one for one in steps.of(number) if one.step == "given")
                assert view.prepared_by == first
                assert signer.by != view.prepared_by_name

    def _one(self, data: st.DataObject) -> GrantId | None:
        return data.draw(st.sampled_from(sorted(self.grants))) if self.grants else None

    @staticmethod
    def _tried(act: Callable[[], T]) -> T | None:
        try:
            return act()
        except Problem:
            return None


def test_in_every_order_of_acts_two_people_are_two(city_db: str) -> None:
    a_bank_under_agreement()
    run_state_machine_as_test(TwoOfThree, settings=settings(max_examples=15, stateful_step_count=12, deadline=None))
