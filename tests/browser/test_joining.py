"""A business joins in a real browser: signed on with its licence, registered, at its first page, and a grant given."""

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.harness import DESK, PHONE, watched
from tests.browser.world import World
from xinqiao.parties import sign_on_simulator as simulator
from xinqiao.parties.sign_on import Capacity, Licence
from xinqiao.parties.sign_on_simulator import Card
from xinqiao_city import codes

pytestmark = pytest.mark.browser

NAME = "平顶山市尧山第1商贸有限公司"
HEAD = Card("赵明", "410402198001010018", Licence(codes.uscc("91", "410402", 1_000), NAME, Capacity.REPRESENTATIVE))
ACCOUNTANT = Card("赵敏", "410402198502020008")


def signs_on(page: Page, card: Card, way: str = "e_licence") -> None:
    page.click(f"form[action='/sign-on/{way}/'] button")
    page.click(f"main li:has-text('{card.name}') button")


def main(page: Page) -> str:
    return page.inner_text("main")


def test_from_signing_on_to_the_first_grant_and_an_accountant(browser: Browser, city: tuple[World, str]) -> None:
    _, origin = city
    simulator.put_roster([HEAD, ACCOUNTANT])
    with watched(browser, origin) as there:
        page = there.page
        there.look(PHONE, "light")
        page.goto("/sign-in/")
        signs_on(page, HEAD)
        assert f"由您代表{NAME}" in main(page)
        there.look(PHONE, "dark")
        page.click("main form button")
        page.wait_for_url("**/my/")
        assert NAME in main(page)
        grants(page)
        link = invites(page, there)
        assert there.taken() == []
    with watched(browser, origin) as there:
        page = there.page
        page.goto(link)
        signs_on(page, ACCOUNTANT, "yushiban")
        assert f"请您替{NAME}办事" in main(page)
        there.look(PHONE, "light")
        page.click("main form button")
        page.wait_for_url("**/my/")
        page.goto("/my/people/")
        assert "会计" in main(page)
        there.look(DESK, "light")
        assert there.taken() == []


def grants(page: Page) -> None:
    """To one guarantor, in the steps everybody takes; having signed on just now, he is not asked again who he is."""
    page.click("main >> text=授权一家机构")
    page.check("input[value=pds_sample_guarantee]")
    for step in ("why", "what", "until", "risks", "check", "give"):
        page.check("input[name=read]") if step == "check" else None
        page.click("main form button")
    assert "授权" in main(page)
    page.goto("/my/grants/")
    assert "现在只有平顶山示例融资担保公司能看" in main(page)


def invites(page: Page, there: object) -> str:
    page.goto("/my/people/")
    page.click("text=邀请一个人代办")
    page.fill("#name", ACCOUNTANT.name)
    page.check("input[value=accountant]")
    assert not page.is_checked("input[value=grant]"), "nobody gives grants for us by oversight"
    page.click("main form button")
    assert "授权、暂停和撤回" not in main(page)
    page.click("main form button")
    return page.input_value("main input[readonly]")
