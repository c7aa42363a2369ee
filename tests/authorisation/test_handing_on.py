"""移交: whoever leaves hands on what is open; the business reads who has it now; nobody's work is left with nobody."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any, TypeVar

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.authorisation.builders import UNTIL, a_bank_under_agreement, a_business, a_representative
from tests.parties.builders import BANK, NOW, TODAY, a_branch, an_administrator, an_operator, at_branch
from xinqiao.authorisation import asking, cases, grants, papers, persons, steps
from xinqiao.authorisation.paper_queries import OnPaper
from xinqiao.authorisation.persons import Named
from xinqiao.authorisation.queries import GrantView
from xinqiao.authorisation.rules import Fetch
from xinqiao.kernel.ids import BranchId, InstitutionId, PersonId, SubjectId
from xinqiao.kernel.problems import Problem
from xinqiao.ledger import sequencing
from xinqiao.ledger.checking import check
from xinqiao.parties import branch_queries, branches, charges, queries, staff_queries, staffing
from xinqiao.parties.charges import Work
from xinqiao.parties.people_errors import BranchInUse, NotAColleague, WorkToHandOn
from xinqiao.parties.rules import Role, Scope, reaches
from xinqiao.parties.staffing import HandOver

BANK_ID = InstitutionId(BANK)
NUMBERS = count(100)
T = TypeVar("T")


def asked(firm: SubjectId, officer: PersonId, purpose: str = "loan_review") -> GrantView:
    said: dict[str, Any] = {"institution": BANK, "items": ["tax_arrears"], "purpose": purpose, "until": UNTIL}
    return asking.ask(subject_id=firm, officer=officer, now=NOW, **said)


@dataclass
class Bank:
    """A head office with its administrator, two branches, and an officer with everything an officer can have open."""

    firm: SubjectId
    owner: PersonId
    head: PersonId
    lushan: BranchId
    baofeng: BranchId
    zhou: PersonId
    role: int
    grant: GrantView


@pytest.fixture
def bank(city_db: str) -> Bank:
    a_bank_under_agreement(items=("tax_arrears", "administrative_penalty"))
    firm, head = a_business(), an_administrator()
    owner, lushan, baofeng = a_representative(firm), a_branch(head, "鲁山支行"), a_branch(head, "宝丰支行")
    zhou, role = at_branch(lushan, "周经理")
    grant = asked(firm, zhou)
    persons.ask(grant.id, Named("王小明", "1", "legal_representative"), by=zhou, now=NOW)
    says = OnPaper(firm, ("tax_arrears",), "loan_review", Fetch.PERIODIC, UNTIL, "王小明", TODAY)
    papers.hand_in(says, b"%PDF-1.7\n%%EOF\n", institution=BANK_ID, by=zhou, now=NOW)
    cases.open_case(institution=BANK_ID, subject_id=firm, reference="2026-1", officer=zhou, now=NOW)
    return Bank(firm, owner, head, lushan, baofeng, zhou, role, grant)


def test_whoever_leaves_hands_on_everything_to_named_colleagues_at_once(bank: Bank) -> None:
    with pytest.raises(WorkToHandOn):
        staffing.end(bank.role, by=bank.head, now=NOW)
    for wrong in (at_branch(bank.baofeng, "吴经理")[0], bank.head, bank.zhou, bank.owner):
        with pytest.raises(NotAColleague):
            staffing.end(bank.role, to=HandOver(wrong), by=bank.head, now=NOW)
    assert queries.acts_as(bank.zhou, Role.OFFICER, BANK, NOW)  # refused: nothing of it happened
    near, above = at_branch(bank.lushan, "陈立")[0], at_branch(None, "赵敏")[0]
    paper = next(one.key for one in charges.open_with(bank.zhou, BANK, NOW) if one.work is Work.PAPER)
    handed = staffing.end(bank.role, to=HandOver(near, {paper: above}), by=bank.head, now=NOW)
    assert {one.work for one in handed} == {Work.ASK, Work.CONSENT, Work.PAPER, Work.CASE}
    assert charges.open_with(bank.zhou, BANK, NOW) == []
    assert {one.work for one in charges.open_with(above, BANK, NOW)} == {Work.PAPER}
    assert {one.branch for one in charges.open_with(near, BANK, NOW)} == {bank.lushan}
    assert not queries.acts_as(bank.zhou, Role.OFFICER, BANK, NOW)
    assert (steps.of(bank.grant.id)[-1].step, steps.of(bank.grant.id)[-1].by) == ("handed_on", "陈立")
    assert charges.contacts(Work.ASK, [bank.grant.id])[bank.grant.id] == charges.Contact("陈立", "鲁山支行")
    sequencing.sequence(NOW)
    assert check().sound


def test_what_is_done_is_handed_to_nobody(bank: Bank) -> None:
    grants.decline(bank.grant.id, by=bank.owner, now=NOW)
    works = {one.work for one in charges.open_with(bank.zhou, BANK, NOW)}
    assert Work.ASK not in works
    assert Work.PAPER in works


def test_who_is_on_leave_keeps_her_role_and_gives_away_what_is_named(bank: Bank) -> None:
    near = at_branch(bank.lushan, "陈立")[0]
    one = charges.open_with(bank.zhou, BANK, NOW)[0]
    staffing.relieve(bank.role, to=HandOver(each={one.key: near}), by=bank.head, now=NOW)
    assert [piece.key for piece in charges.open_with(near, BANK, NOW)] == [one.key]
    assert len(charges.open_with(bank.zhou, BANK, NOW)) == 3
    assert queries.acts_as(bank.zhou, Role.OFFICER, BANK, NOW)


def test_who_is_moved_takes_her_work_along_and_the_branch_she_left_sees_it_no_more(bank: Bank) -> None:
    there, away = (Scope(bank.head, Role.OFFICER, BANK, branch=one) for one in (bank.baofeng, bank.lushan))
    assert charges.numbers(Work.ASK, there) == frozenset()
    staffing.move(bank.role, branch=bank.baofeng, by=bank.head, now=NOW)
    assert charges.numbers(Work.ASK, there) == frozenset({int(bank.grant.id)})
    assert charges.numbers(Work.ASK, away) == frozenset()
    assert charges.numbers(Work.ASK, Scope(bank.head, Role.OFFICER, BANK)) is None  # the head office sees all
    branches.close(bank.lushan, of=BANK, by=bank.head, now=NOW)


def test_the_platform_ends_a_role_at_once_and_what_nobody_has_then_waits_for_a_colleague(bank: Bank) -> None:
    staffing.end(bank.role, by=an_operator(), now=NOW)
    waiting = charges.waiting(BANK, None, NOW)
    assert len(waiting) == 4
    with pytest.raises(BranchInUse):
        branches.close(bank.lushan, of=BANK, by=bank.head, now=NOW)
    with pytest.raises(NotAColleague):
        staffing.assign(
            waiting[0].key, organisation=BANK, to=at_branch(bank.baofeng, "吴经理")[0], by=bank.head, now=NOW
        )
    near = at_branch(bank.lushan, "陈立")[0]
    for one in waiting:
        staffing.assign(one.key, organisation=BANK, to=near, by=bank.head, now=NOW)
    with pytest.raises(WorkToHandOn):
        staffing.assign(waiting[0].key, organisation=BANK, to=near, by=bank.head, now=NOW)
    assert charges.waiting(BANK, None, NOW) == []


class Branches(RuleBasedStateMachine):
    """People come, ask, are moved, relieved and ended, branches open and close, by whoever tries, in every order."""

    @initialize()
    def begin(self) -> None:
        number = next(NUMBERS)
        self.bank, self.firm = f"pds_bank_{number}", a_business(number)
        a_bank_under_agreement(self.bank)
        self.head = an_administrator(self.bank)
        self.people: list[PersonId] = [self.head]
        self.firms = 0
        for level, name in enumerate(("甲", "乙", "丙")):
            under = None if level < 2 else branch_queries.branches(self.bank)[0].id
            a_branch(self.head, name, under, self.bank)

    @rule(data=st.data(), role=st.sampled_from([Role.OFFICER, Role.OFFICER, Role.ADMINISTRATOR]))
    def comes(self, data: st.DataObject, role: Role) -> None:
        place = self._place(data)
        given = self._tried(lambda: at_branch(place, "某人", role, self.bank))
        if given is not None:
            self.people.append(given[0])

    @rule(data=st.data())
    def asks(self, data: st.DataObject) -> None:
        by = data.draw(st.sampled_from(self.people))
        acts = queries.acts_as(by, Role.OFFICER, self.bank, NOW)
        self.firms += 1
        said: dict[str, Any] = {"institution": InstitutionId(self.bank), "reference": f"n{self.firms}"}
        before = len(charges.open_with(by, self.bank, NOW))
        self._tried(lambda: cases.open_case(subject_id=self.firm, officer=by, now=NOW, **said))
        assert len(charges.open_with(by, self.bank, NOW)) == before + acts

    @rule(data=st.data(), what=st.sampled_from(["end", "move", "relieve", "close"]))
    def is_changed(self, data: st.DataObject, what: str) -> None:
        by, place = data.draw(st.sampled_from(self.people)), self._place(data)
        staff = staff_queries.staff(self.bank, None, NOW)
        one = data.draw(st.sampled_from(staff))
        to = HandOver(data.draw(st.sampled_from([None, *self.people])))
        hers = staff_queries.place_of(by, Role.ADMINISTRATOR, self.bank, NOW)
        above = branch_queries.parents(self.bank)
        acts: dict[str, Callable[[], object]] = {
            "end": lambda: staffing.end(one.role, to=to, by=by, now=NOW),
            "move": lambda: staffing.move(one.role, branch=place, to=to, by=by, now=NOW),
            "relieve": lambda: staffing.relieve(one.role, to=to, by=by, now=NOW),
            "close": lambda: branches.close(place or BranchId(0), of=self.bank, by=by, now=NOW),
        }
        done = self._tried(acts[what]) is not None
        target = place if what == "close" else one.branch
        if done:  # nobody reaches beyond her own place
            assert hers is not None
            assert reaches(hers.branch, target, above)
            assert what != "move" or reaches(hers.branch, place, above)

    @invariant()
    def no_open_work_is_without_somebody_who_may_do_it(self) -> None:
        above = branch_queries.parents(self.bank)
        staff = {one.person: one for one in staff_queries.staff(self.bank, None, NOW) if one.acts_as is Role.OFFICER}
        for piece in charges.open_at(self.bank, {None, *above}, NOW):
            assert piece.acts
            assert reaches(staff[piece.person].branch, piece.branch, above)

    @invariant()
    def somebody_keeps_the_head_office_and_nobody_is_at_a_closed_branch(self) -> None:
        closed = {one.id for one in branch_queries.branches(self.bank, closed=True) if one.closed_at}
        staff = staff_queries.staff(self.bank, None, NOW)
        assert any(one.acts_as is Role.ADMINISTRATOR and one.branch is None for one in staff)
        assert not closed & {one.branch for one in staff}

    def _place(self, data: st.DataObject) -> BranchId | None:
        there = [one.id for one in branch_queries.branches(self.bank, closed=True)]
        return data.draw(st.sampled_from([None, *there]))

    @staticmethod
    def _tried(act: Callable[[], T]) -> T | None:
        try:
            return act()
        except Problem:
            return None


def test_no_work_is_ever_with_nobody_and_nobody_reaches_beyond_her_place(db: None) -> None:
    run_state_machine_as_test(Branches, settings=settings(max_examples=6, stateful_step_count=10, deadline=None))
