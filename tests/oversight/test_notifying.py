"""安全事件通知: nobody is told by one alone, everybody concerned with the approval; the log has the times."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.authorisation.builders import a_business
from tests.oversight.builders import City, a_city
from tests.parties.builders import BANK, NOW
from xinqiao.disclosure import queries as disclosure
from xinqiao.ledger import checking, sequencing
from xinqiao.ledger.tracing import events_about
from xinqiao.oversight import incidents, notifying
from xinqiao.oversight.errors import NotFound, NotParty, SecondPerson, WordsInvalid, WrongState
from xinqiao.oversight.notifying import Notice
from xinqiao.oversight.rules.incidents import Act, State, after

NOTICE = Notice("联系电话，发错了收件人，可能接到骚扰电话", "已经要求对方删除；不要相信来电", "0375-0000000")


@pytest.fixture
def city(city_db: str) -> City:
    return a_city()


def test_those_concerned_read_the_three_contents_once_two_have_agreed(city: City) -> None:
    firm, other = city.world.business, a_business(2, "另一家示例有限公司")
    one = notifying.report(what="一份名单发错了人", by=city.inspector, now=NOW)
    told = {"must_tell": True, "because": "名单里有联系电话", "by": city.operator, "now": NOW}
    with pytest.raises(WordsInvalid):
        notifying.assess(one.number, NOTICE, affected=[], **told)  # type: ignore[arg-type]
    notifying.assess(one.number, NOTICE, affected=[firm, other], **told)  # type: ignore[arg-type]
    with pytest.raises(SecondPerson):
        notifying.approve(one.number, by=city.operator, now=NOW)
    notifying.turn_back(one.number, because="另一家不在名单里", by=city.second, now=NOW)
    notifying.assess(one.number, NOTICE, affected=disclosure.told_about(BANK, NOW), **told)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        notifying.read(one.number, firm, by=city.world.representative, now=NOW)
    notifying.approve(one.number, by=city.second, now=NOW)
    assert incidents.told_to(other) == []
    for _ in range(2):
        seen = notifying.read(one.number, firm, by=city.world.representative, now=NOW)
    assert (seen.kinds, seen.measures, seen.contact) == (NOTICE.kinds, NOTICE.measures, NOTICE.contact)
    done = notifying.notify(
        one.number, authority="平顶山市网信办", reference="平信报〔2026〕1号", by=city.second, now=NOW
    )
    assert (done.state, done.affected, done.told, done.read) == (State.NOTIFIED, 1, 1, 1)
    assert [event.kind.split(":")[-1] for event in events_about({"incident": one.number})] == [
        "reported", "assessed", "concerns", "turned_back", "assessed", "concerns",
        "approved", "told", "read", "notified",
    ]  # fmt: skip
    sequencing.sequence(NOW)
    assert checking.check().sound


def test_where_harm_is_kept_away_nobody_need_be_told_but_the_authority_is(city: City) -> None:
    with pytest.raises(NotParty):
        notifying.report(what="一份名单发错了人", by=city.world.officer, now=NOW)
    one = notifying.report(what="一台电脑丢了，硬盘是加密的", by=city.operator, now=NOW)
    said = {"must_tell": False, "because": "硬盘加密，密钥没有丢", "affected": [city.world.business]}
    notifying.assess(one.number, NOTICE, **said, by=city.operator, now=NOW)  # type: ignore[arg-type]
    notifying.approve(one.number, by=city.second, now=NOW)
    assert incidents.told_to(city.world.business) == []
    assert incidents.incident(one.number).open
    with pytest.raises(WrongState):
        notifying.approve(one.number, by=city.second, now=NOW)


@given(st.lists(st.sampled_from(Act), max_size=12))
def test_the_authority_is_told_of_nothing_that_two_have_not_looked_at(acts: list[Act]) -> None:
    state, done = State.REPORTED, list[Act]()
    for act in acts:
        led = after(state, act)
        if led is not None:
            state, done = led, [*done, act]
    if state is State.NOTIFIED:
        assert done[-3:] == [Act.ASSESS, Act.APPROVE, Act.NOTIFY]
