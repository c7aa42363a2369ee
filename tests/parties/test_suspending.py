"""暂停接入: an institution's access is stopped at once, by every way in, and taken up again by a second person."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.authorisation.builders import a_grant
from tests.disclosure.builders import World, a_world
from tests.disclosure.test_races import ends, in_the_midst, told_under
from tests.disclosure.test_verification import ask as verified
from tests.disclosure.test_watching import begin, changed, monitoring
from tests.notices.test_feed import read, said
from tests.parties.builders import BANK, NOW, TODAY, a_person, a_program
from xinqiao.authorisation.errors import AgreementNotInForce as NoGrantNow
from xinqiao.disclosure import subscribing, watching
from xinqiao.disclosure.door import MANY, Asked
from xinqiao.disclosure.errors import AccessSuspended
from xinqiao.disclosure.pushed import Wanted
from xinqiao.kernel.ids import PersonId
from xinqiao.ledger import checking, sequencing
from xinqiao.parties import errors, queries, roles, suspending, tokens
from xinqiao.parties.queries import SuspensionView
from xinqiao.parties.reach import Detail, Service
from xinqiao.parties.rules import Role


@pytest.fixture
def world(city_db: str) -> World:
    return a_world()


def an_operator(name: str = "平台值班员") -> PersonId:
    person = a_person(name)
    roles.give(person=person, role=Role.OPERATOR, now=NOW)
    return person


def suspended(by: PersonId, until: date | None = None, **other: Any) -> SuspensionView:
    said: dict[str, Any] = {"ground": "查看从未放款的企业", "until": until, "by": by, "today": TODAY, "now": NOW}
    return suspending.suspend(BANK, **(said | other))


def resumed(by: PersonId, **other: Any) -> SuspensionView:
    said: dict[str, Any] = {"because": "已经整改", "by": by, "today": TODAY, "now": NOW}
    return suspending.resume(BANK, **(said | other))


def test_from_its_commit_on_every_way_in_is_refused_and_what_was_granted_stands(world: World) -> None:
    asked = Asked(BANK, MANY, "loan_review", NOW, world.officer)
    wanted = subscribing.begin(asked, Wanted(("administrative_penalty",)))
    program, operator = a_program(), an_operator()
    suspended(operator)
    with pytest.raises(AccessSuspended) as refused:
        world.ask()
    assert refused.value.type == "agreement-not-in-force"
    with pytest.raises(AccessSuspended):
        subscribing.order(wanted.id, asked, full=True)
    with pytest.raises(AccessSuspended):
        verified(world, "no_tax_arrears")
    with pytest.raises(NoGrantNow):
        a_grant(world.business, by=world.representative, items=["electricity_arrears"])
    with pytest.raises(errors.AccessSuspended):
        tokens.issue(
            assertion=program.assertion(),
            call=program.call(),
            reach=(Detail(Service.REPORT, "loan_review"),),
            today=TODAY,
            now=NOW,
        )
    resumed(an_operator("第二位值班员"))
    assert world.ask().number
    assert world.grant.live(NOW)
    sequencing.sequence(NOW)
    assert checking.check().sound


def test_who_suspended_does_not_resume_and_nobody_else_than_an_operator_does_either(world: World) -> None:
    operator = an_operator()
    with pytest.raises(errors.NotAnOperator):
        suspended(world.officer)
    with pytest.raises(errors.ReasonMissing):
        suspended(operator, ground=" 查 ")
    suspended(operator)
    with pytest.raises(errors.AlreadySuspended):
        suspended(operator)
    with pytest.raises(errors.FourEyes):
        resumed(operator)
    second = an_operator("第二位值班员")
    assert resumed(second).ended_because == "已经整改"
    with pytest.raises(errors.NotSuspended):
        resumed(second)


def test_a_suspension_with_a_last_day_holds_on_that_day_and_not_a_day_more(world: World) -> None:
    last = TODAY + timedelta(days=3)
    with pytest.raises(errors.ScopeInvalid):
        suspended(an_operator(), TODAY - timedelta(days=1))
    suspended(an_operator(), last)
    assert queries.agreement_in_force(BANK, last) is None
    assert queries.agreement_in_force(BANK, last + timedelta(days=1)) is not None
    after = NOW + timedelta(days=4)
    assert suspending.end_lapsed(today=last, now=after) == 0
    assert [suspending.end_lapsed(today=last + timedelta(days=1), now=after) for _ in "ab"] == [1, 0]
    told = [kind for kind, _ in said(read(after=2))]
    assert told == ["access.suspended", "access.resumed"]


def test_the_suspended_hears_no_more_that_what_it_watched_has_changed(world: World) -> None:
    begin(world, monitoring(world))
    suspended(an_operator())
    news = changed(world, "2026-05")
    assert news is not None
    assert "watch.news" not in [kind for kind, _ in said(read())]
    with pytest.raises(AccessSuspended):
        watching.fetch(news, asker=BANK, client="core", now=NOW)
    resumed(an_operator("第二位值班员"))
    assert watching.fetch(news, asker=BANK, client="core", now=NOW).number


def test_no_report_is_told_after_the_suspension_has_committed(world: World) -> None:
    operator = an_operator()
    in_the_midst(world, AccessSuspended, lambda: suspended(operator))
    assert max(told_under(world.grant.id)) < ends("parties:access:suspended")
