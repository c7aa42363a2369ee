"""Every address of the pages, tried by everybody: what is not one's own is answered like what is not there."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.test import Client
from django.urls import URLPattern
from django.utils import timezone

from tests.browser.world import a_file, a_row, delivered
from tests.disclosure.builders import PENALTY, REGISTRATION, on_file
from tests.evaluation.estimates import RULES
from tests.evaluation.worlds import models_in_force
from tests.parties.builders import an_application, shown, signed_on_line, terms
from tests.portal.builders import (
    BANK,
    GUARANTOR,
    ITEMS,
    PASSWORD,
    Business,
    a_bank,
    a_business_on_its_phone,
    a_grant,
    a_person,
    signed_in,
    today,
)
from xinqiao.authorisation import inviting, papers
from xinqiao.authorisation.capacities import Capacity
from xinqiao.authorisation.paper_queries import OnPaper
from xinqiao.authorisation.rules import Fetch
from xinqiao.disclosure import feedback, feeding_back, pushing, subscribing
from xinqiao.disclosure.door import MANY, Asked
from xinqiao.disclosure.papers import CSV, checked_at
from xinqiao.disclosure.pushed import Wanted
from xinqiao.disclosure.reports import hand_out_report
from xinqiao.evaluation import overriding, rule_sets, trials
from xinqiao.evaluation.overriding import Said
from xinqiao.kernel.ids import FactId, InstitutionId, PersonId, ReceiptNumber
from xinqiao.ledger import sequencing
from xinqiao.notices import following, webhooks
from xinqiao.oversight import complaining, infringing, inspecting, notifying
from xinqiao.oversight.complaining import Target
from xinqiao.oversight.notifying import Notice
from xinqiao.oversight.rules.infringements import Origin
from xinqiao.parties import applying, appointing, branches, institutions, letters
from xinqiao.parties.rules import InstitutionKind, Role
from xinqiao.portal import urls
from xinqiao.rights import annulling, committing, declaring, objections, promises, proofs, repairing
from xinqiao.rights.cases import About
from xinqiao_city import codes

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')
ROLE_OF = {
    "my": "business",
    "institution": "bank",
    "provider": "clerk",
    "operator": "operator",
    "inspector": "inspector",
    "organisation": "administrator",
    "association": "associate",
}
PEOPLE = ("business", "bank", "clerk", "operator", "inspector", "administrator", "associate")
OFFICERS_ROLE = 6  # in the order the fixture gives roles
OPEN = {
    "",
    "sign-in",
    "sign-on",
    "simulated",
    "sign-out",
    "account",
    "language",
    "verify",
    "grades",
    "indicators",
    "complain",
    "apply",
    "clocks",
    "clocks.json",
}
ITEM = "registration_basics"
NAMED = {"item": ITEM, "model": "enterprise", "promise": "fair_trade", "institution": BANK, "organisation": BANK}


def one_of_everything() -> Business:
    """One of everything with number 1: a grant, a paper, a receipt, a delivery with findings, a fact that is objected
    to, a webhook."""
    a_bank()
    a_bank(GUARANTOR, "平顶山示例融资担保公司", InstitutionKind.GUARANTOR)
    li = a_business_on_its_phone("business")
    officer = a_person("bank", "周经理", Role.OFFICER, BANK)
    a_person("other_bank", "陈经理", Role.OFFICER, GUARANTOR)
    _answers_for(a_person("clerk", "王科员", Role.PROVIDER, "market_regulation"))
    a_person("other_clerk", "赵科员", Role.PROVIDER, "tax_bureau")
    operator = a_person("operator", "平台值班员", Role.OPERATOR)
    a_business_on_its_phone("other_business", number=2, name="宝丰县示例合作社")
    a_grant(li)
    asks = {"capacity": Capacity.AGENT, "may": (), "until": today() + timedelta(days=30)}
    inviting.invite(subject_id=li.subject, name="陈立", by=li.person, now=timezone.now(), **asks)  # type: ignore[arg-type]
    asked = Asked(InstitutionId(BANK), li.uscc, "loan_review", timezone.now(), officer)
    hand_out_report(asked, CSV, check=checked_at(str))
    _of_its_own(li, officer)
    _a_grant_on_paper(li, officer, operator)
    applying.apply(an_application(), now=timezone.now())
    _an_agreement_on_line(a_person("manager", "李行长", Role.ADMINISTRATOR, BANK))
    on_file(li.subject, ITEM, [REGISTRATION], now=timezone.now())
    objections.open_(
        subject_id=li.subject, fact=FactId(1), reason="wrong", text="地址不对", by=li.person, now=timezone.now()
    )
    penalty = PENALTY | {"decided_on": today() - timedelta(days=200)}
    on_file(li.subject, "administrative_penalty", [penalty], delivery=2, now=timezone.now())
    repairing.begin(subject_id=li.subject, fact=FactId(2), by=li.person, now=timezone.now())
    form = promises.promises()["licence_by_commitment"]
    said_by = {"subject_id": li.subject, "by": li.person, "now": timezone.now()}
    committing.sign(promise=form.commitment, version=form.version, **said_by)  # type: ignore[arg-type]
    form = promises.promises()["truthful_declaration"]
    committing.sign(promise=form.commitment, version=form.version, **said_by)  # type: ignore[arg-type]
    month = {"period": "2026-05", "staff": "3"}
    declaring.declare(item="self_declared_operation", values=month, **said_by)  # type: ignore[arg-type]
    proofs.add(About.OBJECTION, 1, b"%PDF-1.7\n%%EOF\n", by=li.person, now=timezone.now())
    clerk = a_person("penalties", "赵科员", Role.PROVIDER, "public_credit_platform")
    said = {"document": "平环撤〔2026〕3号", "annulled_on": today(), "text": "复议撤销了。", "by": clerk}
    where = {"source": "public_credit_platform", "item": "administrative_penalty", "key": str(PENALTY["doc_no"])}
    annulling.report(uscc=li.uscc, now=timezone.now(), **where, **said)  # type: ignore[arg-type]
    _a_delivery_with_findings()
    webhooks.register(institution=InstitutionId(BANK), url="https://hooks.bank.example/", now=timezone.now())
    wants = Asked(InstitutionId(BANK), MANY, "loan_review", timezone.now(), officer)
    order = subscribing.order(subscribing.begin(wants, Wanted((ITEM,))).id, wants, full=True).order
    assert order is not None
    pushing.make(order.id, now=timezone.now())
    _models(li, operator)
    _watched_over(li, operator)
    _an_organisation()
    sequencing.sequence(timezone.now())
    following.follow(timezone.now())
    return li


pytestmark = pytest.mark.furnished(by=one_of_everything)


@pytest.fixture
def city(furnished: Business) -> Business:
    return furnished


def _a_delivery_with_findings() -> None:
    good = a_row(ITEM, uscc=codes.uscc("91", "410402", 500))
    bad = a_row(ITEM, uscc=codes.uscc("91", "410402", 501), established_on="2062-05-12")
    with TemporaryDirectory() as folder:
        file = a_file(Path(folder), "登记", [good, bad])
        delivered(ITEM, (today() - timedelta(days=1)).isoformat(), file, mode="changes")


def _of_its_own(li: Business, officer: PersonId) -> None:
    """What the bank fed back, and rules of its own that wait."""
    rule_sets.propose(RULES.encode(), of=InstitutionId(BANK), by=officer, now=timezone.now())
    paid = feedback.Outcome(feedback.Became.PERFORMING, today(), today(), today())
    told = [feedback.Said(li.uscc, ReceiptNumber(1), paid)]
    feeding_back.take_in(told, by=feeding_back.Teller(InstitutionId(BANK), officer), now=timezone.now())


def _answers_for(clerk: PersonId) -> None:
    digest, proof = letters.responsibility("market_regulation").digest, shown(timezone.now())
    letters.sign_responsibility("market_regulation", digest=digest, by=clerk, shown=proof, now=timezone.now())


def _models(li: Business, operator: PersonId) -> None:
    """Two in force, one of them monitored; an override that waits."""
    models_in_force("enterprise", "cooperative", now=timezone.now())
    trials.monitor(1, now=timezone.now())
    overridden = Said(li.subject, "C", "登记信息正在更正，暂按中等看", today())
    overriding.propose(overridden, by=operator, now=timezone.now())


def _an_organisation() -> None:
    """A bank's administrator with a branch and an invitation that waits; an association with one of its staff."""
    head = a_person("administrator", "李行长", Role.ADMINISTRATOR, BANK)
    branch = branches.open_(BANK, name="鲁山支行", by=head, now=timezone.now()).id
    asks = {"organisation": BANK, "name": "陈立", "role": Role.OFFICER, "branch": branch, "by": head}
    appointing.invite(now=timezone.now(), **asks)  # type: ignore[arg-type]
    kind = InstitutionKind.ASSOCIATION
    institutions.admit(id="pds_chamber", name="平顶山示例商会", kind=kind, contact="0375-0000008", now=timezone.now())
    a_person("associate", "孙秘书", Role.ASSOCIATE, "pds_chamber")


def _declared(address: str) -> str:
    """Not every item is declared; the first inspection and paper are the bank's, the first agreements on paper."""
    for one in ("operator/inspections", "operator/window"):
        address = address.replace(f"{one}/<int:number>", f"{one}/2")
    for staff in ("organisation/people/<int:number>", "<slug:organisation>/<int:number>"):
        address = address.replace(staff, staff.replace("<int:number>", str(OFFICERS_ROLE)))
    address = address.replace("provider/letters/<int:number>", "provider/letters/3")
    for files in ("agreement/<int:number>/file", "agreements/files/<int:number>"):
        address = address.replace(files, files.replace("<int:number>", "3"))
    return address.replace("declarations/new/<slug:item>", "declarations/new/self_declared_operation")


def _watched_over(li: Business, operator: PersonId) -> None:
    """A case, a check of the bank and one of the operator, a complaint that went above it, an incident."""
    said_of = {"institution": BANK, "origin": Origin.OPERATOR, "facts": "看了没有申请过贷款的企业", "by": operator}
    infringing.open_(now=timezone.now(), **said_of)  # type: ignore[arg-type]
    inspector = a_person("inspector", "检查员", Role.INSPECTOR)
    bank = Target("institution", BANK)
    made = complaining.by_business(li.subject, bank, text="看了不该看的", by=li.person, now=timezone.now())
    complaining.answer(made.number, text="已经查过", by=operator, now=timezone.now())
    complaining.escalate_own(made.number, li.subject, why="没有查清", by=li.person, now=timezone.now())
    leaked = notifying.report(what="一份名单发错了人", by=operator, now=timezone.now())
    second = a_person("second", "平台复核员", Role.OPERATOR)
    words = {"must_tell": True, "because": "名单里有联系电话", "affected": [li.subject], "by": operator}
    notifying.assess(leaked.number, Notice("联系电话", "已经收回", "0375-0000000"), now=timezone.now(), **words)  # type: ignore[arg-type]
    notifying.approve(leaked.number, by=second, now=timezone.now())
    for checked in (BANK, None):
        inspecting.open_(institution=checked, scope="查询用途", by=inspector, now=timezone.now())


def _a_grant_on_paper(li: Business, officer: PersonId, operator: PersonId) -> None:
    says = OnPaper(li.subject, ITEMS[:1], "loan_review", Fetch.PERIODIC, today(), "李秀兰", today())
    bank, scan = InstitutionId(BANK), b"%PDF-1.7\n%%EOF\n"
    paper = papers.hand_in(says, scan, institution=bank, by=officer, now=timezone.now())
    colleague = a_person("colleague", "吴经理", Role.OFFICER, BANK)
    said = {"subject_id": li.subject, "signed_on": today(), "until": today()}
    papers.accept(paper.number, **said, of=bank, by=colleague, now=timezone.now())  # type: ignore[arg-type]
    papers.hand_in(says, scan, institution=bank, by=operator, now=timezone.now(), window=True)


def _an_agreement_on_line(signatory: PersonId) -> None:
    """It takes over from the one on paper."""
    said = {"institution": BANK, "items": frozenset(ITEMS), "purposes": frozenset({"loan_review"})}
    term = {"since": today(), "until": today() + timedelta(days=700)}
    signed_on_line(terms(signatory, **said, **term), now=timezone.now())


def addresses() -> Iterator[str]:
    for pattern in urls.urlpatterns:
        assert isinstance(pattern, URLPattern)
        yield "/" + re.sub(r"<\w+:(\w+)>", lambda found: NAMED.get(found[1], "1"), _declared(str(pattern.pattern)))


GUARDED = [one for one in addresses() if one.split("/")[1] not in OPEN]


def owner(address: str) -> str:
    return ROLE_OF[address.split("/")[1]]


def also(address: str, who: str) -> bool:
    """An institution's agreement is its officers' to read, and its administrator's to sign."""
    return who == "administrator" and address.startswith("/institution/agreement/")


def bare(client: Client, address: str) -> tuple[int, str]:
    answer = client.get(address)
    text = TOKEN.sub("", answer.content.decode(errors="replace"))
    return answer.status_code, text.replace(f'"{address}"', '""')


def test_everybody_of_another_role_gets_the_page_that_is_not_there(city: Business) -> None:
    for who in PEOPLE:
        client = signed_in(who)
        nowhere = bare(client, "/no/such/page/")
        assert nowhere[0] == 404
        others = [one for one in GUARDED if owner(one) != who and not also(one, who)]
        differing = [one for one in others if bare(client, one) != nowhere]
        assert differing == []


def test_the_owner_of_each_address_is_answered_and_nothing_is_kept_framed_or_guessed_at(city: Business) -> None:
    for who in PEOPLE:
        client = signed_in(who)
        answers = {one: client.get(one) for one in GUARDED if owner(one) == who}
        assert {one: told.status_code for one, told in answers.items() if told.status_code not in {200, 302}} == (
            {"/operator/held/1/": 409} if who == "operator" else {}
        )
        for address, told in answers.items():
            headers = told.headers
            assert "no-store" in headers["Cache-Control"], address
            assert headers["X-Frame-Options"] == "DENY"
            assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
            assert "unsafe" not in headers["Content-Security-Policy"]
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("who", ["other_business", "other_bank", "other_clerk"])
def test_another_of_the_same_role_finds_a_strangers_number_as_absent_as_one_nobody_has(
    city: Business, who: str
) -> None:
    role = {"other_business": "my", "other_bank": "institution", "other_clerk": "provider"}[who]
    client = signed_in(who)
    for address in [one for one in GUARDED if one.split("/")[1] == role and "/1/" in one]:
        theirs, nobodys = bare(client, address), bare(client, address.replace("/1/", "/999999/"))
        assert theirs[0] == nobodys[0] == 404, address
        assert theirs[1] == nobodys[1].replace(address.replace("/1/", "/999999/"), ""), address


def test_a_stranger_is_asked_to_sign_in_and_led_back(city: Business) -> None:
    for address in GUARDED:
        assert Client().get(address).headers["Location"] == f"/sign-in/?next={address}"


def test_no_form_is_taken_without_its_token_from_its_own_visitor_either(city: Business) -> None:
    for who in PEOPLE:
        client = Client(enforce_csrf_checks=True)
        client.force_login(_user(who))
        for address in [one for one in GUARDED if owner(one) == who]:
            assert client.post(address, {}).status_code == 403, address


def test_the_session_a_stranger_brings_is_not_the_one_they_sign_in_with(city: Business) -> None:
    client = Client()
    client.cookies["session"] = "a" * 32
    answer = client.post("/sign-in/", {"username": "bank", "password": PASSWORD})
    cookie = answer.cookies["session"]
    assert cookie.value != "a" * 32
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["max-age"], "the session must end with the browser"
    before = cookie.value
    client.post("/sign-out/")
    thief = Client()
    thief.cookies["session"] = before
    assert thief.get("/institution/").status_code == 302


@pytest.mark.parametrize(
    "wanted",
    [
        "https://example.org/",
        "//example.org/",
        "/\\example.org",
        "javascript:alert(1)",
        "http:example.org",
        "\thttps://x.y",
    ],
)
def test_the_way_back_stays_in_the_house(city: Business, wanted: str) -> None:
    sent = Client().post("/sign-in/", {"username": "business", "password": PASSWORD, "next": wanted})
    assert sent.headers["Location"] == "/"
    assert signed_in("bank").get("/sign-in/", {"next": wanted}).headers["Location"] == "/"
    assert Client().post("/language/", {"language": "en", "next": wanted}).headers["Location"] == "/"


def test_a_name_that_is_code_or_turns_the_text_round_stays_a_name(city_db: str) -> None:
    """In every place a name comes to: the page itself, its title, and the evidence inside it."""
    name = '</script><script>alert(1)</script><img src=x onerror=alert(1)>"\u202e'
    a_bank(title=name)
    li = a_business_on_its_phone("business", name=name)
    a_person("bank", name, Role.OFFICER, BANK)
    grant, bank, mine = a_grant(li), signed_in("bank"), signed_in("business")
    pages = [bank.post("/institution/report/", {"uscc": li.uscc, "purpose": "loan_review"})]
    pages += [bank.get(one) for one in ("/institution/?q=script", "/institution/asked/", "/account/")]
    looked = (
        "/my/",
        "/my/file/",
        "/my/grants/",
        f"/my/grants/{grant.id}/",
        f"/my/grants/{grant.id}/revoke/",
        "/my/looks/",
    )
    pages += [mine.get(one) for one in (*looked, "/my/grants/new/")]
    for page in pages:
        text = page.content.decode()
        assert page.status_code == 200
        assert "alert(1)" in text, page.request["PATH_INFO"]
        assert "<script>alert" not in text
        assert "<img" not in text


def _user(username: str):  # type: ignore[no-untyped-def]
    from django.contrib.auth import get_user_model

    return get_user_model().objects.get(username=username)
