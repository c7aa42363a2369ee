"""The sample city's institutions: admitted, assessed by one operator and approved by another, agreed with.

In this order, as in a real city: no agreement is made before an assessment that covers it (个人信息保护法 §55).
"""

from datetime import date, datetime, timedelta
from typing import Final

from xinqiao.cli.sample import BANK, INSTITUTIONS
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import PersonId

AGREEMENT_DAYS: Final = 730
ASSESSED_DAYS: Final = 1_000
LAWFUL: Final = "企业自己申请融资并授权，机构依法审查；范围以用途和模板的上限为界，目的明确、必要。"
IMPACT: Final = "结果影响是否获得融资和费率；个体工商户的经营者、企业里的自然人会受到同样的影响。风险中等。"
MEASURES: Final = "一家机构一份授权，随时撤回；姓名号码遮盖或不提供；查看全部告知本人；到期证明删除。"


def admit(now: datetime) -> None:
    from xinqiao.parties import institutions
    from xinqiao.parties.rules import InstitutionKind

    for one in INSTITUTIONS:
        institutions.admit(id=one.id, name=one.name, kind=InstitutionKind(one.kind), contact=one.contact, now=now)


def assess(now: datetime) -> int:
    """For those that have no assessment; also in a city made before there were any. Returns how many were written."""
    from xinqiao import catalogue
    from xinqiao.parties import assessing, assessment_queries
    from xinqiao.parties import queries as parties
    from xinqiao.parties.rules import PUBLIC

    assessed = {one.institution for one in assessment_queries.every()}
    wanting = {one.id for one in parties.institutions(PUBLIC)} - assessed
    operator, reviewer = person("operator"), person("reviewer")
    if operator is None or reviewer is None:
        return 0
    items = frozenset(one.item for one in catalogue.city().whole_items())
    again = day_of(now) + timedelta(days=ASSESSED_DAYS)
    written = [one for one in INSTITUTIONS if one.id in wanting]
    for one in written:
        said = assessing.Assessed(one.id, items, frozenset(one.purposes), LAWFUL, IMPACT, MEASURES, again)
        assessing.approve(assessing.assess(said, by=operator, today=day_of(now), now=now), by=reviewer, now=now)
    return len(written)


BRANCHES: Final = (("鲁山支行", "410423"), ("宝丰支行", "410421"))


def branch_out(now: datetime) -> None:
    """The bank's administrator opens two branches and puts an officer at the first; also in a city made before."""
    from xinqiao.cli.sample import BANK
    from xinqiao.parties import branch_queries, branches, people, roles
    from xinqiao.parties.rules import Role

    head = person("manager")
    if head is None or branch_queries.branches(BANK, closed=True):
        return
    opened = [branches.open_(BANK, name=name, division=county, by=head, now=now) for name, county in BRANCHES]
    officer = people.add(name="鲁山支行客户经理", now=now)
    roles.give(person=officer, role=Role.OFFICER, organisation=BANK, branch=opened[0].id, by=head, now=now)


def person(login: str) -> PersonId | None:
    from django.contrib.auth import get_user_model

    from xinqiao.parties import queries as parties

    user = get_user_model().objects.filter(username=login).first()
    person = None if user is None else parties.person_of_user(user.pk)
    return None if person is None else person.id


def agree(now: datetime) -> None:
    from xinqiao import catalogue
    from xinqiao.parties import agreements

    for one in INSTITUTIONS:
        agreements.make(
            institution=one.id,
            document=f"信用信息共享协议（样例）：{one.name}",
            items=[item.item for item in catalogue.city().whole_items()],
            purposes=one.purposes,
            since=day_of(now) - timedelta(days=1),
            until=day_of(now) + timedelta(days=AGREEMENT_DAYS),
            feedback=True,
            now=now,
        )


def sign_on_line(now: datetime) -> int:
    """The bank's agreement as both sides sign it at the pages, in the place of the one on paper; and a draft for its
    renewal that waits for the bank. Also in a city made before; returns how many drafts were written."""
    from xinqiao.parties import draft_queries

    manager, operator, reviewer = person("manager"), person("operator"), person("reviewer")
    if manager is None or operator is None or reviewer is None or draft_queries.of(BANK, now):
        return 0
    until = day_of(now) + timedelta(days=AGREEMENT_DAYS)
    _sign(_draft(manager, operator, day_of(now), until, now), manager, reviewer, now)
    _draft(manager, operator, until + timedelta(days=1), until + timedelta(days=ASSESSED_DAYS - AGREEMENT_DAYS), now)
    return 2


def _draft(signatory: PersonId, operator: PersonId, since: date, until: date, now: datetime) -> int:
    from xinqiao import catalogue
    from xinqiao.parties import drafting

    items = frozenset(one.item for one in catalogue.city().whole_items())
    (bank,) = (one for one in INSTITUTIONS if one.id == BANK)
    said = drafting.Terms(BANK, items, frozenset(bank.purposes), since, until, signatory, feedback=True)
    return drafting.draft(said, by=operator, now=now)


def _sign(number: int, signatory: PersonId, operator: PersonId, now: datetime) -> None:
    from xinqiao.parties import draft_queries, signing
    from xinqiao.parties.rules import Method, Shown

    read = {"digest": draft_queries.draft(number, now).digest, "shown": Shown(Method.CODE, now), "now": now}
    signing.sign(number, by=signatory, **read)  # type: ignore[arg-type]
    signing.countersign(number, by=operator, **read)  # type: ignore[arg-type]


def sworn(now: datetime) -> int:
    """The sample's officers sign their letters of confidentiality, also in a city made before; returns how many."""
    from xinqiao.parties import letters, queries
    from xinqiao.parties.rules import PUBLIC, Method, Role, Shown

    asking = [one.id for one in queries.institutions(PUBLIC)]
    every = [(one, who) for one in asking for who in queries.people_in(Role.OFFICER, one, now)]
    owing = [(institution, who) for institution, who in every if letters.needed(who, institution)]
    for institution, who in owing:
        digest = letters.confidentiality(who, institution).digest
        shown = Shown(Method.CODE, now)
        letters.sign_confidentiality(institution, digest=digest, by=who, shown=shown, now=now)
    return len(owing)


APPLICANT: Final = "91410423MA0124NR70"


def apply(now: datetime) -> int:
    """A village bank that asks to be let in, so that the operators' list has something to do; also in a city made
    before. Returns how many applications were written: none where there is any."""
    from xinqiao.parties import application_queries, applying

    if application_queries.every():
        return 0
    said = applying.Applied(
        name="鲁山示例村镇银行",
        uscc=APPLICANT,
        kind="bank",
        licence="样例-许可证-0001",
        contact="0375-0000077",
        county="410423",
        items=frozenset({"registration_basics", "tax_arrears", "tax_credit_level"}),
        purposes=frozenset({"loan_review"}),
        why="审查本县小微企业和合作社的贷款申请，核对登记和纳税情况。",
        administrator="孙行长",
    )
    applying.apply(said, now=now)
    return 1
