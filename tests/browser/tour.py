"""A walk through every page and every state of it, as the people of the city would: what they do, then a look.

The same walks serve the test (`test_every_page`) and the screenshots (`python -m tests.browser.screenshots`).
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

import pyotp
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Browser, Page

from tests.browser.harness import Watched, opened
from tests.browser.world import World
from tests.browser.world import today as world_day
from tests.parties.builders import an_application
from tests.portal.builders import BANK, PASSWORD, signed_in
from xinqiao.parties import people, roles
from xinqiao.parties.rules import Role

Look = Callable[[str, Watched], None]
"""Called at each stop with its name."""

OBJECTED = "地址不对"


def bring_in(page: Page, origin: str, login: str) -> None:
    """Signed in already: by what journey is tried elsewhere."""
    cookie = signed_in(login).cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": origin}])


@dataclass
class Tour:
    """Who walks where. `look` is called at each stop; `world` knows the people and moves the city's work on."""

    browser: Browser
    origin: str
    world: World
    look: Look
    idle: list[Watched] = field(default_factory=list)  # whoever comes next sits down there: opening one takes a while

    @contextmanager
    def somebody(self, login: str = "") -> Iterator[Watched]:
        """A browser that knows nobody else, signed in."""
        there = self.idle.pop() if self.idle else opened(self.browser, self.origin)
        if login:
            self._sign_in(there.page, login)
        yield there
        there.page.goto("about:blank")
        there.page.context.clear_cookies()
        self.idle.append(there)

    def _sign_in(self, page: Page, login: str) -> None:
        bring_in(page, self.origin, login)
        page.goto("/")
        page.wait_for_url(re.compile(r"/(my|institution|provider|operator|inspector|organisation)/"))

    def see(self, there: Watched, name: str, address: str = "", *, refused: bool = False) -> None:
        """Go there (or stay) and look. A refusal's own status is the one message a console may show."""
        there.expected = ["the server responded with a status of"] if refused else []
        if address:
            there.page.goto(address)
        there.page.wait_for_load_state("load")
        self.look(name, there)
        there.expected = []


def the_public(tour: Tour) -> None:
    with tour.somebody() as there:
        tour.see(there, "home", "/")
        tour.see(there, "grades", "/grades/")
        tour.see(there, "indicators", "/indicators/")
        there.page.click("details.panel summary >> nth=0")
        tour.see(there, "indicators-open")
        tour.see(there, "grades-cooperative", "/grades/?kind=cooperative")
        tour.see(there, "sign-in", "/sign-in/")
        there.page.fill("#username", "nobody")
        there.page.fill("#password", "wrong")
        there.expected = ["the server responded with a status of"]
        there.page.click("form:has(#password) button")
        tour.see(there, "sign-in-refused", refused=True)
        there.page.goto("/sign-in/")
        there.page.click("form[action*=e_licence] button")
        tour.see(there, "simulated")
        tour.see(there, "not-found", "/nowhere/", refused=True)
        tour.see(there, "verify", "/verify/")
        there.page.fill("#number", "R-20261123-000001")
        there.page.fill("#digest", "0" * 64)
        there.page.click("form:has(#number) button")
        tour.see(there, "verify-not-ours")


def a_clerk(tour: Tour) -> None:
    with tour.somebody("provider") as there:
        tour.see(there, "due")
        tour.see(there, "upload-choose", "/provider/upload/")
        there.page.click("main .lines a >> nth=0")
        tour.see(there, "upload")
        wrong = tour.world.wrong_file
        there.page.goto(f"/provider/upload/{wrong.item}/")
        there.page.select_option("#period", wrong.period)
        there.page.check("input[name=mode][value=changes]")
        there.page.set_input_files("#file", wrong.path)
        there.page.click("main form button")
        there.page.wait_for_url("**/provider/deliveries/*/")
        tour.see(there, "delivery-waiting")
        tour.world.work()
        there.page.wait_for_selector("#h-why", timeout=10_000)  # the page asks again by itself
        tour.see(there, "delivery-partial")
        there.page.click("text=逐行看")
        tour.see(there, "findings")
        tour.see(there, "delivery-held", f"/provider/deliveries/{tour.world.held}/")
        tour.see(there, "delivery-returned", f"/provider/deliveries/{tour.world.returned}/")
        tour.see(there, "deliveries", "/provider/deliveries/")
        there.page.goto(f"/provider/upload/{wrong.item}/")
        there.page.select_option("#period", wrong.period)
        there.page.set_input_files("#file", wrong.other)
        there.page.click("main form button")
        there.page.wait_for_selector("[role=alert]")
        tour.see(there, "upload-conflict")
        tour.see(there, "not-your-desk", "/operator/", refused=True)
        tour.see(there, "sharing", "/provider/sharing/")
        there.page.fill("#usccs", f"{tour.world.business}")
        there.page.fill("#matter", "平许〔2026〕17号")
        there.page.click("main form button")
        tour.see(there, "sharing-answered")


def a_business(tour: Tour) -> None:
    with tour.somebody("newcomer") as there:
        tour.see(there, "my-home-empty")
        tour.see(there, "my-grants-empty", "/my/grants/")
        tour.see(there, "my-looks-empty", "/my/looks/")
        tour.see(there, "my-grade-empty", "/my/grade/")
    with tour.somebody("business") as there:
        tour.see(there, "my-home")
        tour.see(there, "my-file", "/my/file/")
        there.page.click("main summary >> nth=0")
        tour.see(there, "my-file-open")
        tour.see(there, "present", "/my/file/present/")
        tour.see(there, "my-grade", "/my/grade/")
        there.page.click("details.panel summary >> nth=0")
        tour.see(there, "my-grade-open")
        tour.see(there, "my-changes", "/my/grade/changes/")
        tour.see(there, "my-profile", "/my/profile/")
        tour.see(there, "my-grants", "/my/grants/")
        tour.see(there, "account", "/account/")
        tour.see(there, "my-people", "/my/people/")
        tour.see(there, "invite", "/my/people/invite/")
        tour.see(there, "join-nothing-shown", "/account/join/")
        _authorise(tour, there)
        _revoke(tour, there)


def _authorise(tour: Tour, there: Watched) -> None:
    """Six steps, one question each, and a confirmation."""
    there.page.goto("/my/grants/")
    there.page.click("main >> text=授权一家机构")
    tour.see(there, "authorise-1-who")
    there.page.check("input[value=pds_sample_guarantee]")
    there.page.click("main form button")
    tour.see(there, "authorise-2-why")
    there.page.click("main form button")
    tour.see(there, "authorise-3-what")
    there.page.click("main form button")
    tour.see(there, "authorise-4-until")
    there.page.click("main form button")
    tour.see(there, "authorise-5-risks")
    there.page.check("input[name=read]")
    there.page.click("main form button")
    tour.see(there, "authorise-6-check")
    there.page.click("main form button")
    tour.see(there, "authorised")


def commitments_and_repairs(tour: Tour) -> None:
    """A commitment is read, signed, said to be broken and answered; and the desks where repairs are followed."""
    with tour.somebody("business") as there:
        tour.see(there, "my-repairs", "/my/repairs/")
        tour.see(there, "my-commitments-empty", "/my/commitments/")
        there.page.goto("/my/commitments/new/licence_by_commitment/")
        tour.see(there, "commit")
        there.page.check("input[name=read]")
        there.page.click("main form button")
        tour.see(there, "committed")
        number = re.search(r"/my/commitments/(\d+)/", there.page.url)
    assert number is not None
    with tour.somebody("provider") as there:
        tour.see(there, "commitments-to-us", "/provider/commitments/")
        there.page.goto(f"/provider/commitments/{number[1]}/")
        there.page.click("main details summary")
        tour.see(there, "commitment-to-us")
        there.page.fill("#facts", "六十天内没有补交材料")
        there.page.fill("#evidence", "平市监函〔2026〕9号")
        there.page.click("main details button")
        tour.see(there, "breach-proposed")
    with tour.somebody("business") as there:
        tour.see(there, "my-home-said-broken")
        tour.see(there, "my-commitment-said-broken", f"/my/commitments/{number[1]}/")
        there.page.fill("#text", "材料已经寄出")
        there.page.click("main form:has(#text) button")
        tour.see(there, "my-commitment-answered")
        tour.see(there, "my-commitments", "/my/commitments/")
    with tour.somebody("operator") as there:
        tour.see(there, "commitments", "/operator/commitments/")
        there.page.goto(f"/operator/commitments/{number[1]}/")
        there.page.check("input[value=establish]")
        there.page.fill("#because", "核实无误")
        there.page.click("main form button")
        tour.see(there, "breach-established")
        tour.see(there, "repairs", "/operator/repairs/")
        tour.see(there, "annulments", "/operator/annulments/")
    with tour.somebody("business") as there:
        tour.see(there, "my-commitment-broken", f"/my/commitments/{number[1]}/")


def a_declaration(tour: Tour) -> None:
    """The commitment to be truthful, a form with a mistake, the same mended, a number."""
    with tour.somebody("business") as there:
        there.page.goto("/my/commitments/new/truthful_declaration/")
        there.page.check("input[name=read]")
        there.page.click("main form button")
        tour.see(there, "my-declarations-empty", "/my/declarations/")
        tour.see(there, "declare", "/my/declarations/new/self_declared_operation/")
        there.page.fill("#period", "2026-05")
        there.page.fill("#staff", "七")
        there.expected = ["the server responded with a status of"]
        there.page.click("main form button")
        tour.see(there, "declare-wrong", refused=True)
        there.page.fill("#staff", "7")
        there.page.click("main form button")
        tour.see(there, "declare-check")
        there.page.click("main button[value=send]")
        tour.see(there, "declared")
        tour.see(there, "my-declarations", "/my/declarations/")


def an_institution_asks_for_a_grant(tour: Tour) -> None:
    """It asks, the business answers on one page, lets it wait and go on."""
    with tour.somebody("guarantor") as there:
        there.page.goto(f"/institution/?q={tour.world.business}")
        there.page.click("main >> text=请求授权")
        tour.see(there, "request-grant")
        there.page.check("input[name=way] >> nth=0")
        there.page.check("input[name=items] >> nth=0")
        there.page.click("text=发出请求")
        tour.see(there, "grant-requested")
    with tour.somebody("business") as there:
        tour.see(there, "my-home-asked")
        there.page.click("main >> text=去看 >> nth=0")
        tour.see(there, "answer")
        there.page.check("input[name=read]")
        there.page.click("text=同意授权")
        tour.see(there, "answered")
        there.page.click("button:has-text('暂停')")
        tour.see(there, "paused")
        tour.see(there, "my-grants-paused", "/my/grants/")
        there.page.click("main .quiet-link >> nth=0")
        there.page.click("button:has-text('恢复')")
        tour.see(there, "resumed")


def two_people(tour: Tour) -> None:
    """From now on a grant takes two: one prepares it, the other finds it at home and confirms."""
    with tour.somebody("operator") as there:
        tour.see(there, "sizes", "/operator/sizes/")
    with tour.somebody("business") as there:
        tour.see(there, "two-people", "/my/grants/two-people/")
        there.page.click("main form button")
        tour.see(there, "two-people-on")
        there.page.goto("/my/grants/new/?to=pds_sample_bank&way=loan_review_once&step=items")
        for step in ("until", "risks", "check"):
            there.page.check("input[name=read]") if step == "check" else None
            there.page.click("main form button")
        there.page.click("main form button")
        tour.see(there, "prepared")
    with tour.somebody("partner") as there:
        tour.see(there, "my-home-prepared", "/my/")
        tour.see(there, "my-grants-prepared", "/my/grants/")
        there.page.click("main section:has(#h-prepared) a.button >> nth=0")
        tour.see(there, "confirm-as-second")
        there.page.check("input[name=read]")
        there.page.click("text=确认授权")
        tour.see(there, "confirmed-by-second")


def an_inspection(tour: Tour) -> None:
    """An inspector checks the operator, and looks over everybody."""
    with tour.somebody("inspector") as there:
        there.page.goto("/inspector/inspections/new/")
        there.page.select_option("#institution", "-")
        there.page.fill("#text", "岗位和账号，今年上半年")
        tour.see(there, "inspection-new")
        there.page.click("main form button")
        there.page.fill("#findings", "两个离岗人员的账号没有收回")
        there.page.fill("#mend", "收回账号")
        there.page.fill("#due", (world_day() + timedelta(days=9)).isoformat())
        tour.see(there, "inspection-finding")
        there.page.click("main form button")
        tour.see(there, "inspection")
        tour.see(there, "inspections", "/inspector/inspections/")
        tour.see(there, "overview", "/inspector/")
        tour.see(there, "inspected-operator", "/inspector/platform/")
        tour.see(there, "inspected-assessments", "/inspector/assessments/")
        tour.see(there, "inspected-marks", "/inspector/marks/pds_sample_bank/")


def complaints(tour: Tour) -> None:
    """Somebody complains without signing in, a business on its pages; it is answered, and taken above the platform."""
    with tour.somebody() as there:
        tour.see(there, "complain", "/complain/")
        there.page.select_option("#whom", "platform")
        there.page.fill("#text", "电话一直打不通")
        there.page.click("main form button")
        tour.see(there, "complained")
        number, code = there.page.inner_text(".number").split()[-1], there.page.inner_text("main code")
        tour.see(there, "complaint-answer", "/complain/answer/")
        there.page.fill("#reference", number)
        there.page.fill("#code", code)
        there.page.click("main form button")
        tour.see(there, "complaint-read")
        tour.see(there, "clocks", "/clocks/")
    with tour.somebody("business") as there:
        tour.see(there, "my-complaints", "/my/complaints/")
        there.page.select_option("#whom", "institution:pds_sample_bank")
        there.page.fill("#text", "没有授权就问我的纳税情况")
        there.page.click("main form button")
        tour.see(there, "my-complaint")
    with tour.somebody("operator") as there:
        tour.see(there, "complaints", "/operator/complaints/")
        there.page.click("main .lines a >> nth=1")
        tour.see(there, "one-complaint")
        there.page.fill("#text", "已经查过，机构说明在案件里")
        there.page.click("button[value=answer]")
    with tour.somebody("business") as there:
        there.page.goto("/my/complaints/2/")
        there.page.click("main details summary")
        tour.see(there, "my-complaint-answered")
        there.page.fill("#text", "没有说清楚")
        there.page.click("main details button")
    with tour.somebody("inspector") as there:
        tour.see(there, "complaints-above", "/inspector/complaints/")
        there.page.click("main .lines a >> nth=0")
        tour.see(there, "complaint-above")


def an_incident(tour: Tour) -> None:
    """Reported in haste, assessed, and told with the second person's approval."""
    with tour.somebody("operator") as there:
        tour.see(there, "incidents-none", "/operator/incidents/")
        there.page.fill("#what", "一份名单发错了人")
        there.page.click("main form button")
        tour.see(there, "incident-reported")
        there.page.fill("#kinds", "联系电话，发错了收件人")
        there.page.fill("#measures", "已经收回，请留意来电")
        there.page.fill("#contact", "0375-0000000")
        there.page.check("input[name=must_tell][value=yes]")
        there.page.fill("#because", "名单里有联系电话")
        there.page.fill("#codes", tour.world.business)
        there.page.click("button[value=assess]")
        tour.see(there, "incident-assessed")
    with tour.somebody("reviewer") as there:
        there.page.goto("/operator/incidents/1/")
        tour.see(there, "incident-to-approve")
        there.page.click("button[value=approve]")
        tour.see(there, "incident-approved")
    with tour.somebody("business") as there:
        tour.see(there, "my-home-after-an-incident", "/my/")
        tour.see(there, "my-incident", "/my/incidents/1/")
    with tour.somebody("inspector") as there:
        tour.see(there, "inspected-incidents", "/inspector/incidents/")
        tour.see(there, "inspected-incident", "/inspector/incidents/1/")


def a_case(tour: Tour) -> None:
    """An inspector opens a case, the bank answers, one operator proposes; access is suspended meanwhile."""
    with tour.somebody("inspector") as there:
        tour.see(there, "inspected-cases-none", "/inspector/cases/")
        there.page.click("main >> text=立案 >> nth=0")
        there.page.select_option("#institution", "pds_sample_bank")
        there.page.fill("#facts", "看了没有申请过贷款的企业")
        there.page.fill("#receipts", "1")
        tour.see(there, "case-new")
        there.page.click("main form button")
        tour.see(there, "inspected-case")
    with tour.somebody("bank") as there:
        tour.see(there, "ask-with-a-case")
        tour.see(there, "our-cases", "/institution/cases/")
        tour.see(there, "our-case", "/institution/cases/1/")
        there.page.fill("#because", "客户经理误操作，已经批评教育")
        there.page.click("main form button")
        tour.see(there, "our-case-answered")
    with tour.somebody("operator") as there:
        tour.see(there, "cases", "/operator/cases/")
        tour.see(there, "inspections-of-us", "/operator/inspections/")
        tour.see(there, "inspection-of-us", "/operator/inspections/1/")
        there.page.goto("/operator/cases/1/")
        there.page.click("details.panel summary >> nth=0")
        tour.see(there, "case")
        there.page.click("button[value=suspend]")
        tour.see(there, "case-suspended")
        there.page.check("input[value=infringed]")
        there.page.fill("#because", "查看没有依据")
        there.page.click("button[value=propose]")
        tour.see(there, "case-proposed")
        tour.see(there, "institutions", "/operator/institutions/")
        tour.see(there, "institution-suspended", "/operator/institutions/pds_sample_bank/")
        tour.see(there, "institution", "/operator/institutions/pds_sample_guarantee/")
    with tour.somebody("bank") as there:
        tour.see(there, "ask-suspended")
    with tour.somebody("business") as there:
        tour.see(there, "my-home-standing-still")
        tour.see(there, "my-grants-standing-still", "/my/grants/")
        tour.see(there, "my-looks-with-a-case", "/my/looks/")


def _revoke(tour: Tour, there: Watched) -> None:
    there.page.click("text=回到我的授权")
    there.page.click("article:has-text('担保') >> text=撤回")
    tour.see(there, "revoke")
    there.page.click("text=确认撤回")
    tour.see(there, "revoked")


def a_bank(tour: Tour) -> None:
    with tour.somebody("bank") as there:
        tour.see(there, "ask")
        there.page.fill("#q", tour.world.business_name[2:6])
        there.page.press("#q", "Enter")
        tour.see(there, "ask-found")
        tour.see(there, "ask-nothing", "/institution/?q=没有这样的名字")
        there.page.goto(f"/institution/?q={tour.world.business}")
        there.page.click("main table >> text=查询报告")
        there.page.wait_for_selector("#h-receipt")
        tour.see(there, "report")
        with there.page.expect_download() as download:
            there.page.click("[data-save]")
        tour.world.evidence = Path(download.value.path()).read_bytes()
        there.page.goto(f"/institution/?q={tour.world.business}")
        there.page.click("main table >> text=看画像")
        there.page.wait_for_selector("#group")
        tour.see(there, "profile")
        there.page.select_option("#group", "declared_sales")
        there.page.click("form:has(#group) button")
        there.page.wait_for_selector("#h-group")
        tour.see(there, "indicator-group")
        tour.see(there, "asked", "/institution/asked/")
        tour.see(there, "terms", "/institution/terms/")
        tour.see(there, "our-feedback", "/institution/feedback/")
        tour.see(there, "our-rules-none", "/institution/rules/")
        tour.see(there, "estimate-none", "/institution/estimate/")
        tour.see(there, "our-marks", "/institution/asked/marks/")
        tour.see(there, "news", "/institution/news/")
        tour.see(there, "webhooks", "/institution/webhooks/")
        tour.see(there, "pushes-none", "/institution/pushes/")
        there.page.check("[name=items][value=registration_basics]")
        there.page.click("main button >> text=订阅")
        there.page.click("main button >> text=要全量")
        tour.see(there, "pushes-making")
        tour.world.work()
        tour.see(there, "pushes", "/institution/pushes/")
        tour.see(there, "papers-none", "/institution/papers/")
        tour.see(there, "paper-new", "/institution/papers/new/")
    with tour.somebody("guarantor") as there:
        tour.see(there, "ask-empty")
        tour.see(there, "asked-empty", "/institution/asked/")
        there.expected = ["the server responded with a status of"]
        _ask_without_a_grant(there, tour.world.business)
        tour.see(there, "report-refused", refused=True)


def _ask_without_a_grant(there: Watched, uscc: str) -> None:
    """What the page never offers, sent all the same: the form of another business with the code changed."""
    there.page.goto("/account/")
    there.page.evaluate(
        """(uscc) => {
          const form = document.querySelector("main form");
          form.action = "/institution/report/";
          for (const [name, value] of [["uscc", uscc], ["purpose", "guarantee_review"]]) {
            const field = document.createElement("input");
            Object.assign(field, { type: "hidden", name, value });
            form.append(field);
          }
          form.requestSubmit();
        }""",
        uscc,
    )
    there.page.wait_for_url("**/institution/report/")


def by_law(tour: Tour) -> None:
    with tour.somebody("operator") as there:
        tour.see(there, "assessments", "/operator/assessments/")
        tour.see(there, "assessment-new", f"/operator/assessments/?institution={BANK}")
        tour.see(there, "sharing-bases", "/operator/sharing/")
        tour.see(there, "sharing-basis-new", "/operator/sharing/?department=market_regulation")


def who_i_am(tour: Tour) -> None:
    """What is asked beside the password, and what is changed about it."""
    with tour.somebody() as there:
        there.page.goto("/sign-in/")
        there.page.fill("#username", "bank")
        there.page.fill("#password", tour.world.passwords["bank"])
        there.page.click("form:has(#password) button")
        tour.see(there, "second")
    with tour.somebody("business") as there:
        tour.see(there, "confirm", "/account/confirm/")
        tour.see(there, "factors-none", "/account/factors/")
        tour.see(there, "factor-code", "/account/factors/code/")
        secret = there.page.inner_text("main code").replace(" ", "")
        there.page.fill("#code", pyotp.TOTP(secret).at(timezone.now()))  # the house's clock
        there.page.click("form:has(#code) button")
        tour.see(there, "recovery-codes")
        tour.see(there, "factors", "/account/factors/")
    with tour.somebody("operator") as there:
        there.page.goto("/operator/resets/")
        there.page.fill("#login", "bank")
        there.page.fill("#because", "持身份证到场核实")
        there.page.click("form:has(#login) button")
        tour.see(there, "resets")


def an_operator(tour: Tour) -> None:
    with tour.somebody("operator") as there:
        tour.see(there, "health")
        tour.see(there, "all-deliveries", "/operator/deliveries/")
        tour.see(there, "doubts-none", "/operator/mandates/")
        tour.see(there, "one-delivery", f"/operator/deliveries/{tour.world.returned}/")
        tour.see(there, "held", "/operator/held/")
        there.page.click("main .lines .button")
        tour.see(there, "decide")
        there.page.check("input[value=release]")
        there.page.fill("#reason", "已电话核实，确为集中注销")
        there.page.click("main form button")
        tour.see(there, "released")
        tour.see(there, "held-empty", "/operator/held/")
        tour.see(there, "whose-copy", "/operator/copies/")
        there.page.set_input_files("#file", {"name": "x.txt", "mimeType": "text/plain", "buffer": b"nothing of ours"})
        there.page.click("main form button")
        tour.see(there, "whose-copy-nobodys")
        tour.see(there, "overdue", "/operator/keeping/")
        tour.see(there, "marks", "/operator/marks/")
        tour.see(there, "calls-none", "/operator/calls/")
        tour.see(there, "window-none", "/operator/window/")
        tour.see(there, "window-to-whom", "/operator/window/new/")
        tour.see(there, "window-new", f"/operator/window/new/?to={BANK}")
        tour.see(there, "marks-of", "/operator/marks/?to=pds_sample_bank")
        tour.see(there, "trace", "/operator/trace/")
        tour.see(there, "trace-subject", f"/operator/trace/?kind=subject&x={tour.world.business}")
        tour.see(there, "trace-delivery", "/operator/trace/?kind=delivery&x=1")
        tour.see(there, "trace-receipt", "/operator/trace/?kind=receipt&x=1")
        tour.see(there, "trace-nothing", "/operator/trace/?kind=receipt&x=999999")
        tour.see(there, "ledger-empty", "/operator/ledger/")
        there.page.click("main form button")
        tour.see(there, "ledger-running")
        tour.world.work()
        there.page.wait_for_selector("#h-rows", timeout=10_000)
        tour.see(there, "ledger-sound")


def after_the_bank_has_asked(tour: Tour) -> None:
    with tour.somebody("business") as there:
        tour.see(there, "my-looks", "/my/looks/")
        tour.see(there, "my-feedback", "/my/feedback/")
        tour.see(there, "my-looks-own", "/my/looks/?own=yes")
    with tour.somebody() as there:
        there.page.goto("/verify/")
        there.page.set_input_files(
            "#file", {"name": "evidence.json", "mimeType": "application/json", "buffer": tour.world.evidence}
        )
        there.page.click("form:has(#file) button")
        tour.see(there, "verify-genuine")


def a_person_is_asked(tour: Tour) -> None:
    """The bank asks somebody who stands in the file; she shows who she is, agrees, and takes it back."""
    number = "410402199001010019"
    with tour.somebody("bank") as there:
        there.page.goto("/institution/")
        there.page.click("main >> text=个人同意 >> nth=0")
        tour.see(there, "persons-none")
        there.page.fill("#name", "李秀兰")
        there.page.fill("#number", number)
        there.page.check("input[value=legal_representative]")
        there.page.click("main form button")
        tour.see(there, "persons-asked")
        link = there.page.inner_text("main li code")
    with tour.somebody("business") as there:
        tour.see(there, "consents-none", "/account/consents/")
        tour.see(there, "invitation", link)
        there.page.fill("#number", number)
        there.page.click("main form button")
        tour.see(there, "consent-asked")
        there.page.check("input[name=read]")
        there.page.click("main >> button[value=yes]")
        tour.see(there, "consent-given")
        tour.see(there, "consents-given", "/account/consents/")
        there.page.click("main >> text=撤回 >> nth=0")
        there.page.click("main >> button[value=revoke]")
        tour.see(there, "consent-revoked")


def an_objection(tour: Tour) -> None:
    """From the line in the business's file to the notice at the bank that had read it, desk by desk."""
    with tour.somebody("newcomer") as there:
        tour.see(there, "my-objections-empty", "/my/objections/")
    with tour.somebody("guarantor") as there:
        tour.see(there, "corrections-empty", "/institution/corrections/")
    with tour.somebody("provider") as there:
        tour.see(there, "asked-objections-empty", "/provider/objections/")
    with tour.somebody("business") as there:
        there.page.goto("/my/file/")
        there.page.click("#registration a.objecting >> nth=0")
        tour.see(there, "object")
        there.page.check("input[value=wrong]")
        there.page.fill("#text", "住所已经在三月变更，登记的还是旧地址。")
        there.page.click("main form button")
        tour.see(there, "object-check")
        there.page.click("main form button >> nth=0")
        tour.see(there, "objected")
        there.page.click("text=撤回异议")
        tour.see(there, "objection-withdraw")
        tour.see(there, "my-objections", "/my/objections/")
    with tour.somebody("provider") as there:
        tour.see(there, "asked-objections", "/provider/objections/")
        there.page.click("main .lines a >> nth=0")
        tour.see(there, "asked-objection")
        there.page.check("input[value=remove]")
        there.page.fill("#text", "查过底档，地址登记有误。")
        there.page.click("main form button")
        tour.see(there, "answered-objection")
    _decided(tour)
    with tour.somebody("bank") as there:
        tour.see(there, "corrections", "/institution/corrections/")
    with tour.somebody("business") as there:
        there.page.goto("/my/objections/")
        there.page.click("main .lines a:has-text('登记') >> nth=0")
        tour.see(there, "my-objection-upheld")


def _decided(tour: Tour) -> None:
    with tour.somebody("operator") as there:
        tour.see(there, "objections", "/operator/objections/")
        there.page.click("main .lines a:has-text('处罚') >> nth=0")
        there.page.click("details.panel summary >> nth=0")
        tour.see(there, "objection-unanswered")
        there.page.fill("#note", "请第三方检测机构复核，约五天")
        there.page.click("button[value=pause]")
        tour.see(there, "objection-paused")
        there.page.goto("/operator/objections/")
        there.page.click("main .lines a:has-text('登记') >> nth=0")
        there.page.check("input[value=uphold]")
        there.page.fill("#because", "来源单位确认登记有误")
        there.page.click("main form button >> nth=0")
        tour.see(there, "objection-upheld")


def an_organisation(tour: Tour) -> None:
    """Its administrator opens a branch, invites, hands on what a leaver has, and ends her; the operators look on."""
    with tour.somebody("head") as there:
        tour.see(there, "staff")
        there.page.fill("#name", "宝丰支行")
        there.page.select_option("#county", "410421")
        there.page.click("form:has(#county) button")
        tour.see(there, "staff-branch")
        link = _invites(tour, there)
        there.page.goto("/organisation/")
        there.page.click("main .lines a:has-text('吴经理')")
        tour.see(there, "colleague")
        there.page.check("input[value=end]")
        there.page.click("main form button")
        tour.see(there, "colleague-check")
        there.page.click("main form button")
        tour.see(there, "staff-ended")
    with tour.somebody("newcomer") as there:
        tour.see(there, "appointed", link)
    with tour.somebody("operator") as there:
        tour.see(there, "organisations", "/operator/people/")
        there.page.select_option("#organisation", "tax_bureau")
        there.page.fill("#name", "孙科长")
        there.page.fill("#document", "平税函〔2026〕3号")
        there.page.click("main form:has(#document) button")
        tour.see(there, "organisations-proposed")
        tour.see(there, "staff-of", f"/operator/people/of/{BANK}/")
    with tour.somebody("reviewer") as there:
        tour.see(there, "organisations-to-confirm", "/operator/people/")


def _invites(tour: Tour, there: Watched) -> str:
    tour.see(there, "invite-colleague", "/organisation/invite/")
    there.page.fill("#name", "陈立")
    there.page.click("main form button")
    tour.see(there, "invite-colleague-check")
    there.page.click("main form button")
    tour.see(there, "staff-invited")
    return there.page.input_value("main input[readonly]")


def an_institution_comes_in(tour: Tour) -> None:
    """From the application anybody can make to the agreement both have signed, a letter, and the end of it."""
    with tour.somebody() as there:
        mine = _applies(tour, there)
    with tour.somebody("operator") as there:
        tour.see(there, "applications", "/operator/applications/")
        there.page.click("main .lines a >> nth=0")
        tour.see(there, "application")
        there.page.fill("#id", "lushan_village_bank")
        there.page.click("main button[value=propose]")
        tour.see(there, "application-proposed")
    with tour.somebody("reviewer") as there:
        tour.see(there, "application-to-admit", "/operator/applications/1/")
        there.page.click("main button[value=admit]")
        tour.see(there, "application-admitted")
        there.page.click("main .actions a:has-text('起草')")
        tour.see(there, "papers-nobody-signs")
    with tour.somebody() as there:
        _follows(there, mine)
        tour.see(there, "applied-admitted")
    _agrees(tour)
    _swears(tour)
    _ends(tour)


def _applies(tour: Tour, there: Watched) -> tuple[str, str]:
    """Its reference and its code."""
    said, page = an_application(), there.page
    tour.see(there, "apply", "/apply/")
    for name in ("name", "licence", "contact", "why", "administrator"):
        page.fill(f"#{name}", getattr(said, name))
    page.fill("#uscc", said.uscc[:-1])
    page.select_option("#county", said.county)
    page.click("main form summary")
    for value in (*said.purposes, *said.items):
        page.check(f"input[value={value}]")
    there.expected = ["the server responded with a status of"]
    page.click("main button[value=check]")
    tour.see(there, "apply-fault", refused=True)
    page.fill("#uscc", said.uscc)
    page.click("main button[value=check]")
    tour.see(there, "apply-check")
    page.click("main button[value=send]")
    tour.see(there, "apply-sent")
    mine = page.inner_text("main .number").split()[-1], page.inner_text("main .done code")
    tour.see(there, "applied-which", "/apply/state/")
    _follows(there, mine)
    tour.see(there, "applied-waiting")
    return mine


def _follows(there: Watched, mine: tuple[str, str]) -> None:
    there.page.goto("/apply/state/")
    there.page.fill("#reference", mine[0])
    there.page.fill("#code", mine[1])
    there.page.click("main form button")


def _agrees(tour: Tour) -> None:
    """Drafted by one operator, changed, read and signed at the institution, signed by another operator."""
    with tour.somebody("operator") as there:
        tour.see(there, "papers", "/operator/agreements/")
        there.page.click("main .lines a:has-text('平顶山示例银行')")
        tour.see(there, "papers-of")
        there.page.click("main form button:has-text('起草')")
        tour.see(there, "draft")
        there.page.click("main a:has-text('改一稿')")
        tour.see(there, "draft-change")
        there.page.uncheck("input[name=items] >> nth=0")
        there.page.fill("#until", (world_day() + timedelta(days=20)).isoformat())
        there.page.click("main form:has(#until) button")
        tour.see(there, "draft-changed")
    with tour.somebody("head") as there:
        tour.see(there, "our-agreement", "/institution/agreement/")
        there.page.click("main a.button")
        tour.see(there, "our-draft")
        there.page.click("main button[value=sign]")
        tour.see(there, "our-draft-signed")
    with tour.somebody("operator") as there:
        tour.see(there, "draft-to-countersign-by-another", "/operator/agreements/drafts/2/")
    with tour.somebody("reviewer") as there:
        tour.see(there, "draft-to-countersign", "/operator/agreements/drafts/2/")
        there.page.click("main button[value=sign]")
        tour.see(there, "draft-countersigned")
        tour.see(there, "papers-due", "/operator/agreements/")
    with tour.somebody("head") as there:
        tour.see(there, "our-agreement-signed", "/institution/agreement/")


def _swears(tour: Tour) -> None:
    """Whoever joined an institution signs before her first look; the operators see who has not."""
    now = timezone.now()
    zheng = people.add(name="郑经理", username="joined", password=PASSWORD, now=now)
    roles.give(person=zheng, role=Role.OFFICER, organisation=BANK, now=now)
    with tour.somebody("operator") as there:
        tour.see(there, "papers-unsworn", "/operator/agreements/")
        tour.see(there, "papers-of-unsworn", f"/operator/agreements/of/{BANK}/")
    with tour.somebody("joined") as there:
        tour.see(there, "letter")
        there.page.click("main button[value=sign]")
        there.page.wait_for_url("**/institution/")
        tour.see(there, "letter-signed", "/institution/letter/")
    with tour.somebody("head") as there:
        there.page.goto("/institution/agreement/")
        with there.page.expect_download() as letter:
            there.page.click("main a:has-text('保密承诺书')")
        assert letter.value.suggested_filename.startswith("xinqiao-letter-")
    with tour.somebody("provider") as there:
        tour.see(there, "source-letter", "/provider/letter/")
        there.page.click("main button[value=sign]")
        tour.see(there, "source-letter-signed")


def _ends(tour: Tour) -> None:
    with tour.somebody("head") as there:
        there.page.goto("/institution/agreement/")
        there.page.click("main summary:has-text('终止')")
        tour.see(there, "our-agreement-to-end")
        there.page.check("input[name=ground] >> nth=0")
        there.page.fill("main textarea", "不再做这项业务")
        there.page.check("input[value=now]")
        there.page.click("main button[value=end]")
        tour.see(there, "our-agreement-ended")
    with tour.somebody("operator") as there:
        tour.see(there, "papers-of-ended", f"/operator/agreements/of/{BANK}/")


def models(tour: Tour) -> None:
    """What grades whom, what a draft would do, how a version has been doing; and what people say beside a grade."""
    with tour.somebody("operator") as there:
        tour.see(there, "models", "/operator/models/")
        tour.see(there, "model-draft", "/operator/models/individual_business/")
        tour.see(there, "model-version", "/operator/models/1/")
        tour.see(there, "model-retire", "/operator/models/1/?act=retire")
        tour.see(there, "overrides", "/operator/overrides/")
        tour.see(there, "model-card", "/operator/models/1/card/")
        there.page.goto("/operator/models/individual_business/")
        there.page.click("button[value=try]")
        tour.see(there, "model-trial-waits")
        tour.world.work()
        tour.see(there, "model-trial", there.page.url)
        tour.see(there, "model-monitoring", "/operator/models/runs/1/")


def in_english(tour: Tour) -> None:
    """Every role's pages once more for whoever reads English."""
    with tour.somebody() as there:
        _choose_english(there)
        for name, address in (("home", "/"), ("sign-in", "/sign-in/"), ("verify", "/verify/"), ("grades", "/grades/")):
            tour.see(there, f"en-{name}", address)
        tour.see(there, "en-not-found", "/nowhere/", refused=True)
    _clerk_in_english(tour)
    _business_in_english(tour)
    with tour.somebody("bank") as there:
        _choose_english(there)
        tour.see(there, "en-ask", f"/institution/?q={tour.world.business}")
        there.page.click("main table button")
        there.page.wait_for_selector("#h-receipt")
        tour.see(there, "en-report")
        tour.see(there, "en-asked", "/institution/asked/")
        tour.see(there, "en-corrections", "/institution/corrections/")
    with tour.somebody("operator") as there:
        _choose_english(there)
        tour.see(there, "en-health", "/operator/")
        tour.see(there, "en-all-deliveries", "/operator/deliveries/")
        tour.see(there, "en-marks", "/operator/marks/")
        tour.see(there, "en-objections", "/operator/objections/")
        tour.see(there, "en-objection", "/operator/objections/1/")
        tour.see(there, "en-trace", f"/operator/trace/?kind=subject&x={tour.world.business}")
        tour.see(there, "en-trace-nothing", "/operator/trace/?kind=receipt&x=999999")
        tour.see(there, "en-ledger", "/operator/ledger/")
        tour.see(there, "en-models", "/operator/models/")
        tour.see(there, "en-model-version", "/operator/models/1/")


def _choose_english(there: Watched) -> None:
    if there.page.url == "about:blank":
        there.page.goto("/")
    there.page.click(".foot button")


def _clerk_in_english(tour: Tour) -> None:
    with tour.somebody("provider") as there:
        _choose_english(there)
        tour.see(there, "en-due", "/provider/")
        tour.see(there, "en-upload", f"/provider/upload/{tour.world.wrong_file.item}/")
        tour.see(there, "en-delivery-held", f"/provider/deliveries/{tour.world.held}/")
        tour.see(there, "en-delivery-returned", f"/provider/deliveries/{tour.world.returned}/")
        tour.see(there, "en-findings", f"/provider/deliveries/{tour.world.returned}/findings/")
        tour.see(there, "en-deliveries", "/provider/deliveries/")
        tour.see(there, "en-asked-objections", "/provider/objections/")


def _business_in_english(tour: Tour) -> None:
    with tour.somebody("business") as there:
        _choose_english(there)
        for page in ("", "file/", "grade/", "grants/", "looks/", "objections/"):
            tour.see(there, f"en-my-{page.strip('/') or 'home'}", f"/my/{page}")
        tour.see(there, "en-my-objection", "/my/objections/1/")
        there.page.goto("/my/file/")
        there.page.click("a.objecting:has-text('Object') >> nth=0")
        tour.see(there, "en-object")
        there.page.check("input[value=wrong]")
        there.page.fill("#text", OBJECTED)
        there.page.click("main form button")
        tour.see(there, "en-object-check")
        there.page.goto("/my/grants/new/?to=pds_sample_bank&way=loan_review&step=items")
        for step in ("items", "until", "risks", "check"):
            there.page.check("input[name=read]") if step == "check" else None
            if step != "items":
                there.page.click("main form button")
            tour.see(there, f"en-authorise-{step}")
        there.page.click("main form button")
        tour.see(there, "en-authorised")


WALKS: Final = {
    "at their desks": (the_public, a_clerk, a_business, a_bank, an_operator, models, by_law, after_the_bank_has_asked),
    "what is put right": (an_objection, commitments_and_repairs, a_declaration),
    "in English": (in_english,),
    "who agrees to what": (who_i_am, an_institution_asks_for_a_grant, a_person_is_asked, two_people),
    "who is let in": (an_institution_comes_in,),
    "who watches over them": (an_inspection, a_case, complaints, an_incident, an_organisation),
}
"""Each begins in a fresh city; one after the other in the same city, in this order, is fine too."""
