from datetime import timedelta

import pytest

from tests.parties.builders import BANK, NOW, a_bank, a_person, an_officer
from xinqiao.kernel.ids import PersonId
from xinqiao.parties import people, queries, roles
from xinqiao.parties.errors import AlreadyThere, ScopeInvalid, UnknownPerson, UnknownRole
from xinqiao.parties.rules import Role, Scope

pytestmark = pytest.mark.usefixtures("db")


def test_an_officer_who_leaves_acts_for_the_institution_no_longer() -> None:
    a_bank()
    person = a_person()
    number = roles.give(person=person, role=Role.OFFICER, organisation=BANK, now=NOW)
    assert queries.acts_as(person, Role.OFFICER, BANK, NOW)
    assert queries.scopes_of(person, NOW) == [Scope(person, Role.OFFICER, BANK)]
    roles.end(number, now=NOW + timedelta(hours=1))
    assert not queries.acts_as(person, Role.OFFICER, BANK, NOW + timedelta(hours=1))
    assert queries.acts_as(person, Role.OFFICER, BANK, NOW + timedelta(minutes=59))
    assert queries.scopes_of(person, NOW + timedelta(hours=1)) == []
    roles.end(number, now=NOW + timedelta(hours=2))  # again: changes nothing


def test_a_role_at_one_institution_is_none_at_another() -> None:
    a_bank()
    a_bank("pds_another_bank")
    person = an_officer(BANK)
    assert not queries.acts_as(person, Role.OFFICER, "pds_another_bank", NOW)
    assert not queries.acts_as(person, Role.OPERATOR, "", NOW)


def test_a_person_may_have_several_roles_but_none_twice() -> None:
    person = a_person()
    roles.give(person=person, role=Role.PROVIDER, organisation="tax_bureau", now=NOW)
    roles.give(person=person, role=Role.OPERATOR, now=NOW)
    assert [scope.role for scope in queries.scopes_of(person, NOW)] == [Role.PROVIDER, Role.OPERATOR]
    assert queries.scopes_of(person, NOW)[0].source == "tax_bureau"
    assert queries.scopes_of(person, NOW)[1].source is None
    with pytest.raises(AlreadyThere):
        roles.give(person=person, role=Role.OPERATOR, now=NOW)


@pytest.mark.parametrize(
    ("role", "organisation", "zone"),
    [
        (Role.PROVIDER, "", ""),
        (Role.PROVIDER, "no_such_source", ""),
        (Role.OFFICER, "no_such_bank", ""),
        (Role.OPERATOR, BANK, ""),
        (Role.OPERATOR, "", "999999"),
    ],
)
def test_a_role_for_nobody_is_refused(role: Role, organisation: str, zone: str) -> None:
    person = a_person()
    with pytest.raises(ScopeInvalid):
        roles.give(person=person, role=role, organisation=organisation, zone=zone, now=NOW)


def test_roles_need_a_person_and_ending_needs_a_role() -> None:
    with pytest.raises(UnknownPerson):
        roles.give(person=PersonId(404), role=Role.OPERATOR, now=NOW)
    with pytest.raises(UnknownRole):
        roles.end(404, now=NOW)


def test_a_sign_in_belongs_to_one_person() -> None:
    from django.contrib.auth import authenticate

    person = people.add(name="周经理", username="zhou", password="a long enough phrase", now=NOW)
    user = authenticate(username="zhou", password="a long enough phrase")
    assert user is not None
    assert user.pk is not None
    assert queries.person_of_user(user.pk) == queries.person(person)
    assert queries.person_of_user(user.pk + 1) is None
    with pytest.raises(AlreadyThere):
        people.add(name="另一位", username="zhou", password="x", now=NOW)
