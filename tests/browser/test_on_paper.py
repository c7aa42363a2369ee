"""A grant on paper, desk by desk: handed in, checked by a colleague, seen by the business, denied on the phone."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.browser.harness import PHONE, Watched
from tests.browser.tour import Tour
from tests.browser.world import World, today
from xinqiao.authorisation import drawing

pytestmark = pytest.mark.browser
SCAN: FilePayload = {"name": "授权书.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\nsigned\n%%EOF\n"}


def test_a_grant_on_paper_from_the_counter_to_the_call(
    browser: Browser, city: tuple[World, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "drawn", lambda *_: True)
    world, origin = city
    tour = Tour(browser, origin, world, lambda *_: None)
    until, signed = (today() + timedelta(days=20)).isoformat(), today().isoformat()
    with tour.somebody("bank") as there:
        _handed_in(there, world.business, until, signed)
    with tour.somebody("colleague") as there:
        _checked(there, world.business, until, signed)
    with tour.somebody("business") as there:
        there.page.click("section:has(#h-todo) li:has-text('纸质授权') a")
        expect(there.page.locator("main")).to_contain_text("SHA-256")
        there.look(PHONE, "light")
        assert not (*there.layout(), *there.axe())
    with tour.somebody("operator") as there:
        _denied(there)
    with tour.somebody("business") as there:
        there.page.goto("/my/grants/")
        there.page.click("section:has(#h-paused) a")
        expect(there.page.locator("main")).to_contain_text("电话核实没有通过")


def _handed_in(there: Watched, uscc: str, until: str, signed: str) -> None:
    page = there.page
    page.goto("/institution/papers/")
    page.click("main >> text=交一份")
    page.check("input[name=way][value=loan_review]")
    page.check("input[name=items] >> nth=0")
    _filled(page, uscc, until, signed)
    page.fill("#signed_by", "李秀兰")
    page.set_input_files("#file", SCAN)
    page.click("main form button")
    expect(page.locator("h1")).to_have_text("已交来，等另一位同事核对")
    page.click("main tbody a >> nth=0")
    expect(page.locator("main")).to_contain_text("请另一位同事核对")
    assert not there.axe()


def _checked(there: Watched, uscc: str, until: str, signed: str) -> None:
    """Wrongly read first, which is found out; then rightly."""
    page = there.page
    page.goto("/institution/papers/1/")
    _filled(page, uscc, signed, signed)
    there.expected = ["the server responded with a status of"]
    page.click("button:has-text('核对无误')")
    expect(page.locator("#fault")).to_contain_text("再看一遍扫描件")
    assert not there.axe()
    _filled(page, uscc, until, signed)
    page.click("button:has-text('核对无误')")
    expect(page.locator("h1")).to_have_text("已核对")


def _filled(page: Page, uscc: str, until: str, signed: str) -> None:
    page.fill("#uscc", uscc)
    page.fill("#until", until)
    page.fill("#signed_on", signed)


def _denied(there: Watched) -> None:
    page = there.page
    page.goto("/operator/calls/")
    page.check("input[value=denied]")
    page.fill("input[name=note]", "0375-2800000，李秀兰说没签过")
    assert not there.axe()
    page.click("main form button")
    expect(page.locator("h1")).to_have_text("没有等电话核实的")
