"""A passkey in a real browser, whose device is played by the browser itself: set up, then signed in with alone."""

import pytest
from playwright.sync_api import Browser

from tests.browser.harness import PHONE, watched
from tests.browser.tour import bring_in
from tests.browser.world import World

pytestmark = pytest.mark.browser

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_a_phone_signs_in_with_its_passkey_and_nothing_else(browser: Browser, city: tuple[World, str]) -> None:
    _, numbers = city
    origin = numbers.replace("127.0.0.1", "localhost")  # browsers keep passkeys for names alone
    with watched(browser, origin) as there:
        page = there.page
        there.look(PHONE, "light")
        device = page.context.new_cdp_session(page)
        device.send("WebAuthn.enable")
        device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
        bring_in(page, origin, "business")
        page.goto("/account/factors/passkey/")
        page.fill("#name", "我的手机")
        page.click("button[data-ask]")
        page.wait_for_selector("text=记下这十个恢复码")
        page.click("text=记好了")
        assert "我的手机" in page.inner_text("main")
        page.context.clear_cookies()
        page.goto("/sign-in/")
        page.click("button[data-ask]")
        page.wait_for_url("**/my/")
        assert there.taken() == []
