"""An organisation keeps its own people: who may let in, move and end whom, and where."""

from datetime import timedelta

import pytest

from tests.parties.builders import (
    BANK,
    NOW,
    a_bank,
    a_branch,
    a_person,
    an_administrator,
    an_operator,
    at_branch,
    vouched_for,
)
from xinqiao.database import statements
from xinqiao.kernel.ids import BranchId, PersonId
from xinqiao.ledger.events import Kind
from xinqiao.parties import appointing, branches, queries, staff_queries, staffing
from xinqiao.parties.errors import (
    AlreadyThere,
    FourEyes,
    ScopeInvalid,
    UnknownRole,
)
from xinqiao.parties.people_errors import (
    AppointmentNotOpen,
    BranchClosed,
    BranchInUse,
    CeilingExceeded,
    InvitationUnknown,
    LastAdministrator,
    NotAnAdministrator,
    NotInvited,
    SignOnFirst,
    UnknownBranch,
)
from xinqiao.parties.rules import Role, Scope

pytestmark = pytest.mark.usefixtures("db")


def test_the_first_administrator_is_let_in_by_two_operators_and_invites_the_others_herself() -> None:
    a_bank()
    one, other = an_operator(), an_operator("平台复核员")
    asked = appointing.propose(organisation=BANK, name="李行长", document="平示银〔2026〕8号", by=one, now=NOW)
    li, code = vouched_for("李行长"), appointing.code_of(asked.number)
    with pytest.raises(AppointmentNotOpen):
        appointing.accept(code, by=li, now=NOW)
    with pytest.raises(FourEyes):
        appointing.confirm(asked.number, by=one, now=NOW)
    appointing.confirm(asked.number, by=other, now=NOW)
    appointing.accept(code, by=li, now=NOW)
    with pytest.raises(AppointmentNotOpen):
        appointing.accept(code, by=li, now=NOW)
    assert queries.scopes_of(li, NOW) == [Scope(li, Role.ADMINISTRATOR, BANK)]
    yuying = a_branch(li, "育英路支行")
    invited = appointing.invite(organisation=BANK, name="陈立", role=Role.OFFICER, branch=yuying, by=li, now=NOW)
    chen = vouched_for("陈立", "2")
    appointing.accept(appointing.code_of(invited.number), by=chen, now=NOW)
    assert queries.scopes_of(chen, NOW) == [Scope(chen, Role.OFFICER, BANK, branch=yuying)]


def test_an_invitation_is_for_one_name_that_somebody_vouches_for() -> None:
    a_bank()
    li = an_administrator()
    code = appointing.code_of(
        appointing.invite(organisation=BANK, name="陈立", role=Role.OFFICER, by=li, now=NOW).number
    )
    with pytest.raises(SignOnFirst):
        appointing.accept(code, by=a_person("陈立"), now=NOW)
    with pytest.raises(NotInvited):
        appointing.accept(code, by=vouched_for("赵敏"), now=NOW)
    with pytest.raises(InvitationUnknown):
        appointing.accept(code[:-1] + ("0" if code[-1] != "0" else "1"), by=vouched_for("陈立", "2"), now=NOW)
    late = NOW + appointing.OPEN_FOR + timedelta(days=1)
    with pytest.raises(AppointmentNotOpen):
        appointing.accept(code, by=vouched_for("陈立", "2"), now=late)


def test_what_an_administrator_asked_goes_with_her() -> None:
    a_bank()
    an_administrator()
    wang, number = at_branch(None, "王主任", Role.ADMINISTRATOR)
    asked = appointing.invite(organisation=BANK, name="陈立", role=Role.OFFICER, by=wang, now=NOW)
    staffing.end(number, by=an_operator(), now=NOW)
    assert appointing.waiting(BANK, None, NOW) == []
    with pytest.raises(AppointmentNotOpen):
        appointing.accept(appointing.code_of(asked.number), by=vouched_for("陈立"), now=NOW)


def test_an_administrator_keeps_her_branch_and_what_hangs_below_and_nothing_beside_or_above() -> None:
    a_bank()
    head = an_administrator()
    lushan, baofeng = a_branch(head, "鲁山支行"), a_branch(head, "宝丰支行")
    below = a_branch(head, "鲁山人民路网点", lushan)
    hers = an_administrator(branch=lushan, name="赵行长")
    for place in (lushan, below):
        appointing.invite(organisation=BANK, name="陈立", role=Role.OFFICER, branch=place, by=hers, now=NOW)
    beyond: tuple[BranchId | None, ...] = (baofeng, None)
    for where in beyond:
        with pytest.raises(UnknownBranch):
            appointing.invite(organisation=BANK, name="陈立", role=Role.OFFICER, branch=where, by=hers, now=NOW)
        with pytest.raises(UnknownBranch):
            branches.open_(BANK, name="新网点", under=where, by=hers, now=NOW)
        _, number = at_branch(where, "周经理")
        with pytest.raises(UnknownRole):
            staffing.end(number, by=hers, now=NOW)
        with pytest.raises(UnknownRole):
            staffing.move(number, branch=below, by=hers, now=NOW)
    _, near = at_branch(below, "吴柜员")
    moved = staffing.move(near, branch=lushan, by=hers, now=NOW)
    with pytest.raises(UnknownBranch):
        staffing.move(moved, branch=baofeng, by=hers, now=NOW)
    assert {one.name for one in staff_queries.staff(BANK, lushan, NOW)} == {"赵行长", "吴柜员"}


def test_nobody_else_keeps_an_organisations_people() -> None:
    a_bank()
    a_bank("pds_another_bank")
    an_administrator()
    _, number = at_branch(None, "周经理")
    for stranger in (an_administrator("pds_another_bank"), at_branch(None, "吴经理")[0], a_person("路人")):
        with pytest.raises(UnknownRole):
            staffing.end(number, by=stranger, now=NOW)
        with pytest.raises(NotAnAdministrator):
            appointing.invite(organisation=BANK, name="陈立", role=Role.OFFICER, by=stranger, now=NOW)
    with pytest.raises(NotAnAdministrator):  # operators let in the first one only
        appointing.invite(organisation=BANK, name="陈立", role=Role.OFFICER, by=an_operator(), now=NOW)
    refused = statements.rows("SELECT id FROM ledger_event WHERE kind = $1", str(Kind.PEOPLE_REFUSED))
    assert len(refused) == 7


def test_an_organisation_has_the_roles_of_its_sort() -> None:
    a_bank()
    li = an_administrator()
    for role in (Role.PROVIDER, Role.OPERATOR, Role.ASSOCIATE):
        with pytest.raises(ScopeInvalid):
            appointing.invite(organisation=BANK, name="陈立", role=role, by=li, now=NOW)
    bureau = an_administrator("tax_bureau")
    asked = appointing.invite(organisation="tax_bureau", name="陈立", role=Role.PROVIDER, by=bureau, now=NOW)
    chen = vouched_for("陈立")
    appointing.accept(appointing.code_of(asked.number), by=chen, now=NOW)
    assert queries.scopes_of(chen, NOW)[0].source == "tax_bureau"


def test_the_last_administrator_stays_until_there_is_another_unless_the_platform_ends_her() -> None:
    a_bank()
    li, number = at_branch(None, "李行长", Role.ADMINISTRATOR)
    branch = a_branch(li, "鲁山支行")
    an_administrator(branch=branch, name="赵行长")
    with pytest.raises(LastAdministrator):
        staffing.end(number, by=li, now=NOW)
    with pytest.raises(LastAdministrator):
        staffing.move(number, branch=branch, by=li, now=NOW)
    _, second = at_branch(None, "王主任", Role.ADMINISTRATOR)
    staffing.end(number, by=li, now=NOW)
    staffing.end(second, by=an_operator(), now=NOW)
    assert [one.name for one in staff_queries.administrators(BANK, NOW)] == ["赵行长"]


def test_a_branch_closes_when_everybody_has_gone_and_takes_nobody_after() -> None:
    a_bank()
    li = an_administrator()
    lushan = a_branch(li, "鲁山支行")
    below = a_branch(li, "鲁山人民路网点", lushan)
    _, number = at_branch(below, "吴柜员")
    asked = appointing.invite(organisation=BANK, name="陈立", role=Role.OFFICER, branch=below, by=li, now=NOW)
    for place, who in ((below, "吴柜员"), (lushan, "吴柜员、鲁山人民路网点")):
        with pytest.raises(BranchInUse) as refused:
            branches.close(place, of=BANK, by=li, now=NOW)
        assert who in str(refused.value.detail)
    staffing.move(number, branch=None, by=li, now=NOW)
    branches.close(below, of=BANK, by=li, now=NOW)
    with pytest.raises(BranchClosed):
        appointing.accept(appointing.code_of(asked.number), by=vouched_for("陈立"), now=NOW)
    with pytest.raises(BranchClosed):
        at_branch(below, "新人")
    with pytest.raises(BranchClosed):
        branches.open_(BANK, name="再一个", under=below, by=li, now=NOW)
    assert a_branch(li, "鲁山人民路网点", lushan) != below  # the name is free again


@pytest.mark.parametrize(("name", "division"), [("", ""), ("x" * 61, ""), ("支行", "999999")])
def test_a_branch_is_named_and_where_it_says_it_is(name: str, division: str) -> None:
    a_bank()
    with pytest.raises(ScopeInvalid):
        branches.open_(BANK, name=name, division=division, by=an_administrator(), now=NOW)


def test_branches_hang_three_levels_below_the_head_office_at_most() -> None:
    a_bank()
    li, place = an_administrator(), None
    for name in ("平顶山分行", "鲁山支行", "人民路网点"):
        place = a_branch(li, name, place)
    with pytest.raises(CeilingExceeded):
        a_branch(li, "自助点", place)
    with pytest.raises(AlreadyThere):
        a_branch(li, "鲁山支行")
    with pytest.raises(UnknownBranch):
        a_branch(li, "别处", BranchId(404))
    with pytest.raises(UnknownRole):
        staffing.end(404, by=PersonId(li), now=NOW)
