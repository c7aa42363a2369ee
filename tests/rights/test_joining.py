"""A business joins by its representative, who is whom the register names; and what becomes of that when he is not."""

from datetime import timedelta

import pytest
from django.db import connection

from tests.authorisation.builders import a_bank_under_agreement, a_business, a_code, a_grant
from tests.disclosure.builders import REGISTRATION, on_file
from tests.parties.builders import NOW, a_person
from xinqiao.authorisation import changing, doubting, inviting, mandate_queries, mandates, queries
from xinqiao.authorisation.capacities import Because, Capacity, May
from xinqiao.authorisation.errors import (
    AlreadyDecided,
    CeilingExceeded,
    MandateUnknown,
    NotLive,
    NotParty,
    ReasonMissing,
    SignerNotAuthorised,
)
from xinqiao.authorisation.mandate_queries import Why
from xinqiao.authorisation.rules import State
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import PersonId, SubjectId
from xinqiao.ledger.events import Kind
from xinqiao.parties import identities, roles
from xinqiao.parties import queries as parties
from xinqiao.parties.people_errors import NotInvited, SignOnFirst
from xinqiao.parties.rules import Role
from xinqiao.parties.sign_on import Capacity as As
from xinqiao.parties.sign_on import Licence, Vouched, Way
from xinqiao.rights import committing, following, joining, promises
from xinqiao.rights.errors import LicenceNotShown
from xinqiao.rights.errors import SignerNotAuthorised as CannotSpeak

UNTIL = day_of(NOW) + timedelta(days=90)

pytestmark = pytest.mark.usefixtures("city_db")


def signs_on(name: str, *, licence: As | None = None, number: str = "") -> PersonId:
    """By the e-licence of the business where it is said as what, else by the government portal."""
    held = licence and Licence(a_code(), "鲁山县示例农产品有限公司", licence)
    way = Way.E_LICENCE if held else Way.GOV_SERVICE
    return identities.recognise(Vouched(way, name, name, number or f"号{name}", held or None), now=NOW)


def registered(name: str, *, delivery: int = 1, **other: object) -> SubjectId:
    """The business, and the register's latest word of who represents it."""
    business = a_business() if delivery == 1 else next(iter(mandate_queries.representing(None, NOW))).subject_id
    row = REGISTRATION | {"legal_person_name": name, "uscc": a_code()} | other
    on_file(business, "registration_basics", [row], delivery=delivery)
    following.follow(NOW)
    return business


def a_joined(name: str = "王小明") -> tuple[SubjectId, PersonId]:
    business = registered(name)
    wang = signs_on(name, licence=As.REPRESENTATIVE)
    assert joining.join(wang, now=NOW).mandate is not None
    return business, wang


def an_operator() -> PersonId:
    operator = a_person("平台值班员")
    roles.give(person=operator, role=Role.OPERATOR, now=NOW)
    return operator


def helps(business: SubjectId, by: PersonId, name: str, capacity: Capacity, *may: May) -> PersonId:
    """Invited by the representative, signs on and accepts."""
    asked = inviting.invite(subject_id=business, name=name, capacity=capacity, may=may, until=UNTIL, by=by, now=NOW)
    person = signs_on(name)
    inviting.accept(inviting.code_of(asked.number), by=person, now=NOW)
    return person


def logged(kind: Kind) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_event WHERE kind = %s", [kind])
        return int(cursor.fetchone()[0])


# ── joining ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_whom_the_register_names_acts_for_the_business_at_once() -> None:
    business, wang = a_joined()
    assert queries.acts_for(wang, business, NOW, May.GRANT)
    assert parties.acts_as(wang, Role.BUSINESS, "", NOW)
    assert joining.business(wang, NOW).id == business


def test_another_is_put_before_an_operator_and_can_do_nothing_meanwhile() -> None:
    business = registered("王小明")
    for name, why in (("李四", Why.OTHER_NAME), ("王晓明", Why.LIKE_NAME)):
        person = signs_on(name, licence=As.REPRESENTATIVE)
        joined = joining.join(person, now=NOW)
        assert joined.mandate is None
        assert joined.doubt is not None
        assert joined.doubt.why is why
        assert joining.join(person, now=NOW).doubt == joined.doubt, "asked once"
        assert not queries.acts_for(person, business, NOW)
    first, second = mandate_queries.doubts()
    operator = an_operator()
    with pytest.raises(NotParty):
        doubting.decide(first.number, represents=True, because="看过", by=first.person, now=NOW)
    with pytest.raises(ReasonMissing):
        doubting.decide(first.number, represents=True, because=" ", by=operator, now=NOW)
    doubting.decide(first.number, represents=False, because="登记簿上不是他", by=operator, now=NOW)
    doubting.decide(second.number, represents=True, because="持身份证和执照到场", by=operator, now=NOW)
    assert not queries.acts_for(first.person, business, NOW)
    assert queries.acts_for(second.person, business, NOW, May.DELEGATE)
    with pytest.raises(AlreadyDecided):
        doubting.decide(first.number, represents=True, because="改主意", by=operator, now=NOW)


def test_nobody_joins_without_having_just_shown_the_licence_as_representative() -> None:
    registered("王小明")
    wang = signs_on("王小明")
    with pytest.raises(LicenceNotShown):
        joining.join(wang, now=NOW)
    with pytest.raises(CannotSpeak):
        joining.join(signs_on("王小明", licence=As.CLERK), now=NOW)
    shown = signs_on("王小明", licence=As.REPRESENTATIVE)
    with pytest.raises(LicenceNotShown):
        joining.join(shown, now=NOW + identities.FRESH)
    assert logged(Kind.MANDATE_REFUSED) == 3


def test_where_nothing_in_the_register_vouches_an_operator_looks() -> None:
    a_business()
    joined = joining.join(signs_on("王小明", licence=As.REPRESENTATIVE), now=NOW)
    assert joined.doubt is not None
    assert joined.doubt.why is Why.NOT_NAMED


# ── those who help ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_accountant_gives_no_grants_unless_the_scope_says_so() -> None:
    business, wang = a_joined()
    a_bank_under_agreement()
    accountant = helps(business, wang, "赵敏", Capacity.ACCOUNTANT, May.SPEAK)
    with pytest.raises(SignerNotAuthorised):
        a_grant(business, by=accountant)
    given = a_grant(business, by=wang)
    with pytest.raises(SignerNotAuthorised):
        changing.revoke(given.id, by=accountant, now=NOW)
    form = promises.promises()["fair_trade"]
    signed = {"subject_id": business, "promise": form.commitment, "version": form.version, "now": NOW}
    committing.sign(**signed, by=accountant)  # type: ignore[arg-type]
    other = helps(business, wang, "陈立", Capacity.ACCOUNTANT, May.GRANT)
    changing.revoke(given.id, by=other, now=NOW)
    assert a_grant(business, by=other).state(NOW) is State.GIVEN
    with pytest.raises(CannotSpeak):
        committing.sign(**signed, by=other)  # type: ignore[arg-type]


def test_only_the_representative_invites_and_whoever_is_invited_comes_by_that_real_name() -> None:
    business, wang = a_joined()
    agent = helps(business, wang, "陈立", Capacity.AGENT, May.GRANT, May.SPEAK, May.DELEGATE)
    more = {"subject_id": business, "capacity": Capacity.AGENT, "may": (), "now": NOW}
    with pytest.raises(SignerNotAuthorised):
        inviting.invite(name="赵敏", until=UNTIL, by=agent, **more)  # type: ignore[arg-type]
    with pytest.raises(CeilingExceeded):
        inviting.invite(name="赵敏", until=UNTIL + timedelta(days=366), by=wang, **more)  # type: ignore[arg-type]
    asked = inviting.invite(name="赵敏", until=UNTIL, by=wang, **more)  # type: ignore[arg-type]
    code = inviting.code_of(asked.number)
    with pytest.raises(NotInvited):
        inviting.accept(code, by=agent, now=NOW)
    with pytest.raises(SignOnFirst):
        inviting.accept(code, by=a_person("赵敏"), now=NOW)
    with pytest.raises(NotLive):
        inviting.accept(code, by=signs_on("赵敏"), now=NOW + mandate_queries.ANSWER_WITHIN)
    inviting.withdraw(asked.number, by=wang, now=NOW)
    with pytest.raises(NotLive):
        inviting.accept(code, by=signs_on("赵敏"), now=NOW)


def test_what_was_delegated_ends_with_its_term_by_the_representative_or_by_oneself() -> None:
    business, wang = a_joined()
    agent, other = (helps(business, wang, name, Capacity.AGENT, May.GRANT) for name in ("陈立", "赵敏"))
    [mine, theirs] = [one for one in mandate_queries.of_subject(business, NOW) if one.under]
    with pytest.raises(SignerNotAuthorised):
        inviting.end(theirs.number, of=business, by=agent, now=NOW)
    [own] = mandate_queries.representing([business], NOW)
    with pytest.raises(MandateUnknown):
        inviting.end(own.number, of=business, by=wang, now=NOW)
    inviting.end(mine.number, of=business, by=agent, now=NOW)
    assert not queries.acts_for(agent, business, NOW)
    over = NOW + timedelta(days=91)
    assert queries.acts_for(other, business, over - timedelta(days=1))
    assert not queries.acts_for(other, business, over)
    assert mandates.expire(over) == 1
    ended = {one.name: one.because for one in mandate_queries.over(NOW - timedelta(1), over, subject_id=business)}
    assert ended == {"陈立": Because.RESIGNED, "赵敏": Because.EXPIRED}


# ── the register names another ───────────────────────────────────────────────────────────────────────────────────────


def test_with_another_representative_the_old_mandate_ends_and_what_was_given_under_it_and_grants_stand() -> None:
    business, wang = a_joined()
    a_bank_under_agreement()
    agent = helps(business, wang, "陈立", Capacity.AGENT, May.GRANT)
    given = a_grant(business, by=agent)
    registered("王小明", delivery=2, address="鲁山县新路 9 号")
    assert queries.acts_for(wang, business, NOW), "a new address is no new representative"
    registered("李四", delivery=3)
    assert queries.people_of(business, NOW) == []
    assert queries.known(given.id).state(NOW) is State.GIVEN
    told = {one.name: one.because for one in mandate_queries.over(NOW - timedelta(1), NOW, subject_id=business)}
    assert told == {"王小明": Because.REPLACED, "陈立": Because.WITH_IT}
    li = signs_on("李四", licence=As.REPRESENTATIVE)
    assert joining.join(li, now=NOW).mandate is not None
    changing.revoke(given.id, by=li, now=NOW)


def test_a_name_that_may_be_written_otherwise_ends_nothing_and_an_operator_is_told() -> None:
    business, wang = a_joined()
    agent = helps(business, wang, "陈立", Capacity.AGENT, May.GRANT)
    registered("王晓明", delivery=2)
    assert {wang, agent} <= set(queries.people_of(business, NOW))
    [doubt] = mandate_queries.doubts()
    assert (doubt.person, doubt.why) == (wang, Why.LIKE_NAME)
    doubting.decide(doubt.number, represents=False, because="登记机关说换了人", by=an_operator(), now=NOW)
    assert queries.people_of(business, NOW) == []


def test_a_spelling_the_register_puts_right_ends_no_mandate_of_somebody_it_never_named() -> None:
    business = registered("王小明")
    other = a_person("示例负责人")
    mandates.give(person=other, subject_id=business, now=NOW)
    registered("王晓明", delivery=2)
    assert queries.acts_for(other, business, NOW)
    [doubt] = mandate_queries.doubts()
    assert (doubt.person, doubt.why) == (other, Why.OTHER_NAME)
    registered("李四", delivery=3)
    assert not queries.acts_for(other, business, NOW), "another representative is another matter"
