"""The people and institutions a test needs, made the way the product makes them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Any
from uuid import uuid4

from joserfc import jwt
from joserfc.jwk import ECKey, OKPKey

from xinqiao import catalogue
from xinqiao.kernel.ids import BranchId, InstitutionId, PersonId
from xinqiao.parties import (
    agreements,
    assessing,
    assessment_queries,
    branches,
    clients,
    draft_queries,
    drafting,
    identities,
    institutions,
    letters,
    people,
    proofs,
    purposes,
    roles,
    sharing,
    signing,
)
from xinqiao.parties.applying import Applied
from xinqiao.parties.assessing import Assessed
from xinqiao.parties.drafting import Terms
from xinqiao.parties.proofs import Call
from xinqiao.parties.rules import InstitutionKind, Method, Role, Shown
from xinqiao.parties.sharing import Declared
from xinqiao.parties.sign_on import Vouched, Way
from xinqiao_city import codes

NOW = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)  # nine in the morning in Pingdingshan
TODAY = date(2026, 6, 1)
BANK = InstitutionId("pds_sample_bank")
TOKEN_ADDRESS = "https://xinqiao.test/oauth/token"


def a_bank(name: str = BANK) -> InstitutionId:
    bank = institutions.admit(
        id=name, name="平顶山示例银行", kind=InstitutionKind.BANK, contact="0375-0000001", now=NOW
    )
    assessed(bank)
    return bank


TEXT = "为审查企业自己申请的融资所必需，由企业授权，只在授权的范围和期限内提供。"


def assessed(institution: InstitutionId, *, now: datetime = NOW, today: date = TODAY) -> None:
    """Its impact assessment for everything there is, written by one operator and approved by another."""
    if assessment_queries.of(institution):
        return
    said = Assessed(
        institution,
        frozenset(catalogue.city().items),
        frozenset(purposes.purposes()),
        *(TEXT, TEXT, TEXT),
        again=today + timedelta(days=1000),
        grade=True,
    )
    number = assessing.assess(said, by=an_operator("评估员", now=now), today=today, now=now)
    assessing.approve(number, by=an_operator("安全负责人", now=now), now=now)


def an_agreement(
    institution: str = BANK,
    *,
    items: Iterable[str] = ("tax_arrears",),
    purposes: Iterable[str] = ("loan_review", "post_loan"),
    since: date = TODAY,
    until: date = date(2029, 5, 31),
    feedback: bool = True,
    now: datetime = NOW,
) -> int:
    said = {"document": "示例协议", "items": items, "purposes": purposes, "since": since, "until": until}
    return agreements.make(institution=institution, feedback=feedback, now=now, **said)  # type: ignore[arg-type]


def a_person(name: str = "周经理") -> PersonId:
    return people.add(name=name, now=NOW)


def an_officer(institution: str = BANK, name: str = "周经理") -> PersonId:
    person = a_person(name)
    roles.give(person=person, role=Role.OFFICER, organisation=institution, now=NOW)
    sworn(person, institution)
    return person


def sworn(person: PersonId, institution: str = BANK, *, now: datetime = NOW) -> None:
    """An officer has signed her letter of confidentiality."""
    digest = letters.confidentiality(person, institution).digest
    letters.sign_confidentiality(institution, digest=digest, by=person, shown=shown(now), now=now)


@dataclass(frozen=True)
class Program:
    """An institution's program with the private key it never shows us."""

    id: str
    key: OKPKey | ECKey
    sender: OKPKey | ECKey = field(default_factory=lambda: OKPKey.generate_key("Ed25519"))  # signs its proofs

    def assertion(self, *, now: datetime = NOW, algorithm: str | None = None, **claims: Any) -> str:
        said: dict[str, object] = {
            "iss": self.id,
            "sub": self.id,
            "aud": TOKEN_ADDRESS,
            "exp": int((now + timedelta(minutes=2)).timestamp()),
            "jti": uuid4().hex,
        }
        return _signed({"alg": algorithm}, said | claims, self.key)

    def proof(
        self,
        method: str = "POST",
        address: str = TOKEN_ADDRESS,
        token: str | None = None,
        *,
        now: datetime = NOW,
        head: Mapping[str, object] = MappingProxyType({}),
        **claims: Any,
    ) -> str:
        said = {"htm": method, "htu": address, "iat": int(now.timestamp()), "jti": uuid4().hex}
        said |= {} if token is None else {"ath": proofs.hash_of(token)}
        named = {"typ": "dpop+jwt", "jwk": self.sender.as_dict(private=False)}
        return _signed({"alg": None, **named, **head}, said | claims, self.sender)

    def call(self, method: str = "POST", address: str = TOKEN_ADDRESS, token: str | None = None, **more: Any) -> Call:
        return Call(method, address, self.proof(method, address, token, **more))


def _signed(head: Mapping[str, Any], claims: Mapping[str, Any], key: OKPKey | ECKey) -> str:
    """What stands as None is left out; the algorithm is the key's own unless another is named."""
    alg = head["alg"] or ("Ed25519" if isinstance(key, OKPKey) else "ES256")
    kept = {name: value for name, value in claims.items() if value is not None}
    named = {name: value for name, value in head.items() if value is not None}
    return jwt.encode({**named, "alg": alg}, kept, key, algorithms=[alg])


def a_program(institution: str = BANK, name: str = "sample_bank_core", key: OKPKey | ECKey | None = None) -> Program:
    key = key or OKPKey.generate_key("Ed25519")
    clients.register(id=name, institution=institution, public_jwk=key.as_dict(private=False), now=NOW)
    return Program(name, key)


DEPARTMENT = InstitutionId("market_regulation")


def a_department(name: str = DEPARTMENT) -> InstitutionId:
    department = institutions.admit(
        id=name, name="平顶山市市场监督管理局", kind=InstitutionKind.DEPARTMENT, contact="0375-0000009", now=NOW
    )
    assessed(department)
    return department


def an_operator(name: str = "平台值班员", *, now: datetime = NOW) -> PersonId:
    person = people.add(name=name, now=now)
    roles.give(person=person, role=Role.OPERATOR, now=now)
    return person


def a_sharing_basis(
    *, now: datetime = NOW, since: date = TODAY, until: date = TODAY + timedelta(days=700), **other: Any
) -> int:
    """Declared by one operator and approved by another."""
    said: dict[str, Any] = {
        "department": DEPARTMENT,
        "law": "河南省社会信用条例第十八条",
        "duty": "行政许可审查",
        "items": {"administrative_penalty"},
    } | other
    said |= {name: frozenset(said[name]) for name in ("items", "persons", "clients") if name in said}
    number = sharing.declare(Declared(since=since, until=until, **said), by=an_operator(), now=now)
    sharing.approve(number, by=an_operator("平台复核员"), now=now)
    return number


def an_administrator(organisation: str = BANK, branch: BranchId | None = None, name: str = "李行长") -> PersonId:
    person = a_person(name)
    roles.give(person=person, role=Role.ADMINISTRATOR, organisation=organisation, branch=branch, now=NOW)
    return person


def a_branch(by: PersonId, name: str, under: BranchId | None = None, organisation: str = BANK) -> BranchId:
    return branches.open_(organisation, name=name, under=under, by=by, now=NOW).id


def at_branch(
    branch: BranchId | None, name: str, role: Role = Role.OFFICER, organisation: str = BANK
) -> tuple[PersonId, int]:
    """Somebody who works there, and the number of her role."""
    person = a_person(name)
    number = roles.give(person=person, role=role, organisation=organisation, branch=branch, now=NOW)
    if role is Role.OFFICER:
        sworn(person, organisation)
    return person, number


def vouched_for(name: str, account: str = "1") -> PersonId:
    """Somebody who has signed on by 政务服务网, which vouches for the name."""
    return identities.recognise(Vouched(Way.GOV_SERVICE, account, name, number=None, licence=None), now=NOW)


def shown(now: datetime = NOW) -> Shown:
    """Who signs has shown who she is just before."""
    return Shown(Method.PASSKEY, now)


def terms(signatory: PersonId, **other: Any) -> Terms:
    said: dict[str, Any] = {
        "institution": BANK,
        "items": frozenset({"tax_arrears"}),
        "purposes": frozenset({"loan_review"}),
        "since": TODAY,
        "until": TODAY + timedelta(days=365),
    } | other
    return Terms(signatory=signatory, **said)


def signed_on_line(said: Terms, *, now: datetime = NOW) -> int:
    """Drafted by one operator, signed by the institution, then by another operator; the agreement's number."""
    number = drafting.draft(said, by=an_operator("起草员", now=now), now=now)
    digest = draft_queries.draft(number, now).digest
    signing.sign(number, digest=digest, by=said.signatory, shown=shown(now), now=now)
    return signing.countersign(number, digest=digest, by=an_operator("签字员", now=now), shown=shown(now), now=now)


def an_application(**other: Any) -> Applied:
    """What a village bank says when it asks to be let in."""
    said: dict[str, Any] = {
        "name": "鲁山示例村镇银行",
        "uscc": codes.uscc("91", "410423", 77),
        "kind": "bank",
        "licence": "B0001H341040001",
        "contact": "0375-0000077",
        "county": "410423",
        "items": frozenset({"tax_arrears"}),
        "purposes": frozenset({"loan_review"}),
        "why": "审查本县小微企业和合作社的贷款申请。",
        "administrator": "孙行长",
    } | other
    return Applied(**said)
