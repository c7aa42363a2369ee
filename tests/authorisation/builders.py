"""Businesses, the people who may speak for them, and what they allow, made the way the product makes them."""

from collections.abc import Iterable
from datetime import date, datetime

from tests.parties.builders import BANK, NOW, a_bank, a_person, an_agreement
from xinqiao.authorisation import grants, mandates, notices
from xinqiao.authorisation.clocks import NOTHING_SPECIAL, Wish
from xinqiao.authorisation.queries import GrantView
from xinqiao.kernel.ids import PersonId, SubjectId
from xinqiao.kernel.subject_kinds import SubjectKind
from xinqiao.kernel.uscc import ALPHABET, Uscc, check_character, organisation_check_character
from xinqiao.subjects import registration
from xinqiao.subjects.rules import Introduction

ITEMS = ("electricity_arrears", "housing_fund_monthly", "tax_arrears", "tax_declared_sales")
UNTIL = date(2026, 8, 29)


def a_code(number: int = 1, category: str = "91") -> Uscc:
    """A code with both check characters right; the number makes it another one."""
    organisation = f"MA{number:06d}"
    first17 = f"{category}410402{organisation}{organisation_check_character(organisation)}"
    assert all(c in ALPHABET for c in first17)
    return Uscc.parse(first17 + check_character(first17))


def a_business(number: int = 1, name: str = "鲁山县示例农产品有限公司") -> SubjectId:
    code = a_code(number)
    row = Introduction(
        uscc=code,
        name=name,
        kind=SubjectKind.ENTERPRISE,
        division="410423",
        industry="13",
        established=date(2020, 3, 1),
        status="K",
    )
    return registration.introduce([row], now=NOW)[code]


def a_representative(subject_id: SubjectId, name: str = "王小明") -> PersonId:
    person = a_person(name)
    mandates.give(person=person, subject_id=subject_id, now=NOW)
    return person


def a_grant(
    subject_id: SubjectId,
    *,
    by: PersonId,
    to: str = BANK,
    items: Iterable[str] = ("tax_arrears",),
    purpose: str = "loan_review",
    until: date = UNTIL,
    now: datetime = NOW,
    wish: Wish = NOTHING_SPECIAL,
) -> GrantView:
    return grants.give(
        subject_id=subject_id,
        to=to,
        items=items,
        purpose=purpose,
        until=until,
        wish=wish,
        notice=notices.current(purpose),
        by=by,
        now=now,
    )


def a_bank_under_agreement(name: str = BANK, items: Iterable[str] = ITEMS) -> None:
    a_bank(name)
    an_agreement(name, items=items)
