"""A bank comes in and one of its people goes, at the pages: from an application to its first look and a hand-over.

Everybody here signs on by real name, and sets her own code, as outside the sample. A look at each page is the tour's.
"""

from datetime import timedelta
from typing import Final

import pyotp
import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from tests.browser.tour import Tour
from tests.browser.world import World, today
from tests.parties.builders import an_application, assessed
from xinqiao.kernel.ids import InstitutionId
from xinqiao.parties import sign_on_simulator as simulator
from xinqiao.parties.sign_on_simulator import Card

pytestmark = pytest.mark.browser

NEW: Final = "lushan_village_bank"
ITEM: Final = "tax_declared_sales"
SUN = Card("孙行长", "410423197001010017")
CHEN = Card("陈立", "410423199001010028")
WU = Card("吴敏", "410423199202020023")


def test_a_bank_is_let_in_looks_and_an_officer_who_leaves_hands_on_her_work(
    browser: Browser, city: tuple[World, str]
) -> None:
    world, origin = city
    simulator.put_roster([SUN, CHEN, WU])
    tour = Tour(browser, origin, world, lambda *_: None)
    with tour.somebody() as anybody:
        mine = applies(anybody.page)
        admitted(tour)
        invited = follows(anybody.page, mine)
    with tour.somebody() as sun, tour.somebody() as chen, tour.somebody() as wu:
        takes_up(sun.page, SUN, invited)
        agreed(tour, sun.page)
        takes_up(chen.page, CHEN, invites(sun.page, CHEN))
        signs_her_letter(chen.page)
        asks(chen.page, world)
        allowed(tour)
        looks(chen.page, world)
        asks(chen.page, world)
        takes_up(wu.page, WU, invites(sun.page, WU))
        signs_her_letter(wu.page)
        leaves(sun.page)
        wu.page.goto("/institution/")
        expect(wu.page.locator("section:has(#h-requested)")).to_contain_text(WU.name)
        chen.page.reload()
        expect(chen.page.locator("h1")).to_have_text("没有找到这一页")
    with tour.somebody("business") as there:
        there.page.goto("/my/looks/")
        expect(there.page.locator("main")).to_contain_text("鲁山示例村镇银行 · 陈立")


def applies(page: Page) -> tuple[str, str]:
    said = an_application(items=frozenset({ITEM}))
    page.goto("/apply/")
    for name in ("uscc", "name", "licence", "contact", "why", "administrator"):
        page.fill(f"#{name}", getattr(said, name))
    page.select_option("#county", said.county)
    page.click("main form summary")
    for value in (*said.purposes, *said.items):
        page.check(f"input[value={value}]")
    page.click("main button[value=check]")
    page.click("main button[value=send]")
    return page.inner_text("main .number").split()[-1], page.inner_text("main .done code")


def admitted(tour: Tour) -> None:
    with tour.somebody("operator") as there:
        there.page.goto("/operator/applications/")
        there.page.click("main .lines a >> nth=0")
        there.page.fill("#id", NEW)
        there.page.click("main button[value=propose]")
    with tour.somebody("reviewer") as there:
        there.page.goto("/operator/applications/1/")
        there.page.click("main button[value=admit]")
        expect(there.page.locator("main")).to_contain_text("写影响评估")
    assessed(InstitutionId(NEW), now=timezone.now(), today=today())


def follows(page: Page, mine: tuple[str, str]) -> str:
    page.goto("/apply/state/")
    page.fill("#reference", mine[0])
    page.fill("#code", mine[1])
    page.click("main form button")
    return page.get_attribute("main a.button", "href") or ""


def takes_up(page: Page, who: Card, invitation: str) -> None:
    """Signs on with her own identity, accepts, and sets her code before she sees a page of her organisation's."""
    page.goto(invitation)
    page.click("form[action='/sign-on/gov_service/'] button")
    page.click(f"main li:has-text('{who.name}') button")
    page.click("main form button:has-text('接受')")
    page.goto("/account/factors/code/")
    secret = page.inner_text("main code").replace(" ", "")
    page.fill("#code", pyotp.TOTP(secret).at(timezone.now()))
    page.click("form:has(#code) button")
    page.click("text=记好了")
    page.goto("/")


def agreed(tour: Tour, sun: Page) -> None:
    """Drafted by one operator, signed by the administrator and by another operator."""
    with tour.somebody("operator") as there:
        page = there.page
        page.goto(f"/operator/agreements/of/{NEW}/")
        for value in ("loan_review", ITEM):
            page.check(f"input[value={value}]")
        page.fill("#until", (today() + timedelta(days=300)).isoformat())
        page.click("main form:has(#until) button")
    sun.goto("/institution/agreement/")
    sun.click("main a.button")
    sun.click("main button[value=sign]")
    with tour.somebody("reviewer") as there:
        there.page.goto("/operator/agreements/drafts/1/")
        there.page.click("main button[value=sign]")


def invites(page: Page, who: Card) -> str:
    page.goto("/organisation/invite/")
    page.fill("#name", who.name)
    page.check("input[value=officer]")
    page.click("main form button")
    page.click("main form button")
    return page.input_value("main input[readonly]")


def signs_her_letter(page: Page) -> None:
    page.click("main button[value=sign]")
    page.wait_for_url("**/institution/")


def asks(page: Page, world: World) -> None:
    """The business is asked, and has not answered yet: work in her hands."""
    page.goto(f"/institution/request/?uscc={world.business}")
    page.check("input[name=way] >> nth=1")
    page.check(f"input[value={ITEM}]")
    page.click("main form button")
    expect(page.locator("main")).to_contain_text("等企业答复的")


def allowed(tour: Tour) -> None:
    with tour.somebody("business") as there:
        there.page.goto("/my/")
        there.page.click("section:has(#h-todo) li:has-text('鲁山示例村镇银行') a")
        there.page.check("input[name=read]")
        there.page.click("button[value=yes]")


def looks(page: Page, world: World) -> None:
    page.goto(f"/institution/?q={world.business}")
    page.click("main >> text=查询报告")
    page.wait_for_selector("#h-receipt")


def leaves(sun: Page) -> None:
    sun.goto("/organisation/")
    sun.click(f"main .lines a:has-text('{CHEN.name}')")
    expect(sun.locator("h1")).to_have_text("陈立手上有 2 件没有办完")  # the grant she looks after, and what she asked
    sun.check("input[value=end]")
    sun.select_option("#to", label=WU.name)
    sun.click("main form button")
    sun.click("main form button:has-text('结束岗位')")
    expect(sun.locator("main")).to_contain_text("他的岗位当时就结束了")
