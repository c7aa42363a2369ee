"""People at their desks: everybody who signs in to the pages, made with verbs, as of today."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from tests.authorisation.builders import a_code
from tests.parties.builders import assessed, sworn
from xinqiao.authorisation import grants, mandates, notices
from xinqiao.authorisation.queries import GrantView
from xinqiao.kernel.ids import PersonId, SubjectId
from xinqiao.kernel.subject_kinds import SubjectKind
from xinqiao.kernel.uscc import Uscc
from xinqiao.parties import agreements, institutions, people, roles
from xinqiao.parties.rules import InstitutionKind, Method, Role, Shown
from xinqiao.portal import proving
from xinqiao.subjects import registration
from xinqiao.subjects.rules import Introduction

PASSWORD = "long-enough-for-a-test"
BANK, GUARANTOR = "pds_sample_bank", "pds_sample_guarantee"
ITEMS = ("tax_declared_sales", "tax_credit_level", "insured_headcount", "electricity_arrears", "real_estate_mortgage")
WITH_PERSONS = "administrative_penalty"  # open to everybody, but for what is of the persons who stand in it
SOURCE = "tax_bureau"


def today() -> date:
    return timezone.localdate()


def a_bank(name: str = BANK, title: str = "平顶山示例银行", kind: InstitutionKind = InstitutionKind.BANK) -> None:
    """An institution with an agreement in force."""
    purposes = {InstitutionKind.BANK: ("loan_review", "post_loan"), InstitutionKind.GUARANTOR: ("guarantee_review",)}[
        kind
    ]
    now = timezone.now()
    assessed(
        institutions.admit(id=name, name=title, kind=kind, contact="0375-0000000", now=now), now=now, today=today()
    )
    agreements.make(
        institution=name,
        document="平信共〔2026〕1号",
        items=[*ITEMS, WITH_PERSONS],
        purposes=purposes,
        since=today() - timedelta(days=30),
        until=today() + timedelta(days=700),
        feedback=True,
        now=now,
    )


def a_person(username: str, name: str, role: Role, organisation: str = "") -> PersonId:
    now = timezone.now()
    person = people.add(name=name, username=username, password=PASSWORD, now=now)
    roles.give(person=person, role=role, organisation=organisation, now=now)
    if role is Role.OFFICER:
        sworn(person, organisation, now=now)
    return person


def a_business(number: int = 1, name: str = "鲁山县示例种植专业合作社") -> tuple[SubjectId, Uscc]:
    code = a_code(number, category="93")
    row = Introduction(code, name, SubjectKind.COOPERATIVE, "410423", "A", date(2018, 3, 2), "K")
    return registration.introduce([row], now=timezone.now())[code], code


@dataclass(frozen=True)
class Business:
    subject: SubjectId
    uscc: Uscc
    person: PersonId


def a_business_on_its_phone(username: str = "li", number: int = 1, name: str = "鲁山县示例种植专业合作社") -> Business:
    """A business, and the person who acts for it."""
    subject, code = a_business(number, name)
    person = a_person(username, "李秀兰", Role.BUSINESS)
    mandates.give(person=person, subject_id=subject, now=timezone.now())
    return Business(subject, code, person)


def a_grant(
    business: Business, to: str = BANK, purpose: str = "loan_review", items: tuple[str, ...] = ITEMS[:3], days: int = 90
) -> GrantView:
    return grants.give(
        subject_id=business.subject,
        to=to,
        items=items,
        purpose=purpose,
        until=today() + timedelta(days=days),
        notice=notices.current(purpose),
        by=business.person,
        now=timezone.now(),
    )


def signed_in(username: str, client: Client | None = None) -> Client:
    """A browser in which this person has just signed in; `test_entrance` and `test_factors` walk the way in itself."""
    client = client or Client()
    client.force_login(get_user_model().objects.get(username=username))
    session = client.session
    proving.remember(session, Shown(Method.PASSKEY, timezone.now()))
    session.save()
    return client
