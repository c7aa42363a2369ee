from datetime import date, timedelta

import pytest

from tests.parties.builders import BANK, NOW, TODAY, a_bank, an_agreement
from xinqiao.catalogue import UnknownItem
from xinqiao.kernel.problems import Problem
from xinqiao.parties import agreements, institutions, queries
from xinqiao.parties.errors import (
    AgreementsOverlap,
    AlreadyEnded,
    AlreadyThere,
    PurposeUnknown,
    ScopeInvalid,
    UnknownAgreement,
    UnknownInstitution,
)
from xinqiao.parties.rules import PUBLIC, InstitutionKind, Role, Scope

pytestmark = pytest.mark.usefixtures("db")


def test_an_agreement_holds_on_its_first_and_last_day_and_not_a_day_more() -> None:
    a_bank()
    an_agreement(since=TODAY, until=date(2026, 6, 30))
    held = {day: queries.agreement_in_force(BANK, day) is not None for day in _days(date(2026, 5, 31), 32)}
    assert [day for day, holds in held.items() if holds] == _days(TODAY, 30)


def _days(since: date, count: int) -> list[date]:
    return [since + timedelta(days=i) for i in range(count)]


def test_ending_an_agreement_takes_effect_at_once() -> None:
    a_bank()
    number = an_agreement()
    assert queries.agreement_in_force(BANK, TODAY) is not None
    agreements.end(number, because="机构退出", now=NOW)
    assert queries.agreement_in_force(BANK, TODAY) is None
    with pytest.raises(AlreadyEnded):
        agreements.end(number, because="再来一次", now=NOW)


def test_a_change_of_scope_needs_the_old_agreement_ended_first() -> None:
    a_bank()
    old = an_agreement(items=["tax_arrears"])
    with pytest.raises(AgreementsOverlap):
        an_agreement(items=["tax_arrears", "tax_credit_level"])
    agreements.end(old, because="扩大范围", now=NOW)
    an_agreement(items=["tax_arrears", "tax_credit_level"])
    view = queries.agreement_in_force(BANK, TODAY)
    assert view is not None
    assert view.items == {"tax_arrears", "tax_credit_level"}
    assert [held.ended_at is None for held in queries.agreements_of(BANK)] == [True, False]


def test_agreements_may_follow_one_another_without_a_gap() -> None:
    a_bank()
    an_agreement(since=TODAY, until=date(2026, 6, 30))
    an_agreement(since=date(2026, 7, 1), until=date(2026, 12, 31))
    assert queries.agreement_in_force(BANK, date(2026, 7, 1)) is not None


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"institution": "nobody"}, UnknownInstitution),
        ({"items": ["gossip"]}, UnknownItem),
        ({"purposes": ["curiosity"]}, PurposeUnknown),
        ({"purposes": []}, ScopeInvalid),
        ({"purposes": ["guarantee_review"]}, ScopeInvalid),  # a bank guarantees nothing
        ({"until": date(2026, 5, 31)}, ScopeInvalid),
    ],
)
def test_an_agreement_that_makes_no_sense_is_refused_by_name(wrong: dict[str, object], refusal: type[Problem]) -> None:
    a_bank()
    with pytest.raises(refusal):
        an_agreement(**wrong)  # type: ignore[arg-type]


def test_ending_an_unknown_agreement_is_refused() -> None:
    with pytest.raises(UnknownAgreement):
        agreements.end(404, because="没有", now=NOW)


def test_admitting_the_same_institution_again_changes_nothing_and_another_under_its_id_is_refused() -> None:
    assert a_bank() == a_bank() == BANK
    with pytest.raises(AlreadyThere):
        institutions.admit(id=BANK, name="另一家", kind=InstitutionKind.BANK, contact="0375", now=NOW)
    with pytest.raises(ScopeInvalid):
        institutions.admit(id="../etc", name="坏名字", kind=InstitutionKind.BANK, contact="0375", now=NOW)


def test_anybody_may_know_who_has_access_and_an_officer_sees_its_own_first() -> None:
    a_bank("pds_another_bank")
    a_bank()
    assert [i.id for i in queries.institutions(PUBLIC)] == ["pds_another_bank", BANK]
    officer = Scope(person=None, role=Role.OFFICER, organisation=BANK)
    assert [i.id for i in queries.institutions(officer)] == [BANK, "pds_another_bank"]
    with pytest.raises(UnknownInstitution):
        queries.institution("nobody")
