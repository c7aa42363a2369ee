"""Whole tasks as the people of the city do them: by keyboard alone, without scripts, after an absence, in a hurry."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Final

import pytest
from django.contrib.sessions.models import Session
from django.db import connections
from django.utils import timezone
from playwright.sync_api import Browser, Page

from tests.browser.harness import watched
from tests.browser.world import World

pytestmark = pytest.mark.browser

MOST_STOPS: Final = 60  # of the tab key on one page
FOCUS: Final = """() => {
  const at = document.activeElement, box = at.getBoundingClientRect(), look = getComputedStyle(at);
  const x = (box.left + box.right) / 2, y = (box.top + box.bottom) / 2;
  return {
    text: (at.innerText || at.value || at.name || "").trim().slice(0, 40),
    name: at.name || "",
    main: !!at.closest("main"),
    value: at.value || "",
    shown: look.outlineStyle !== "none" && parseFloat(look.outlineWidth) >= 2,
    onScreen: box.top >= 0 && box.bottom <= innerHeight && box.left >= 0 && box.right <= innerWidth,
    covered: !at.labels?.length && !at.contains(document.elementFromPoint(x, y)),
  };
}"""


@contextmanager
def without_scripts(browser: Browser, origin: str) -> Iterator[Page]:
    context = browser.new_context(base_url=origin, locale="zh-CN", java_script_enabled=False, accept_downloads=True)
    context.set_default_timeout(15_000)
    try:
        yield context.new_page()
    finally:
        context.close()


def tab_to(page: Page, text: str = "", *, name: str = "", value: str = "") -> None:
    """Press the tab key until there; every stop on the way must be seen, and under nothing."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUS)
        assert at["shown"], f"focus is not seen on {at}"
        assert at["onScreen"], f"focus is off the screen on {at}"
        assert not at["covered"], f"focus is behind something on {at}"
        if (text and at["main"] and at["text"] == text) or (name and at["name"] == name and value in ("", at["value"])):
            return
    pytest.fail(f"the tab key never came to {text or name}")


def press(page: Page, text: str) -> None:
    tab_to(page, text)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_business_authorises_and_takes_back_by_keyboard_alone(browser: Browser, city: tuple[World, str]) -> None:
    world, origin = city
    with watched(browser, origin) as there:
        page = there.page
        there.look((390, 844), "light")
        page.goto("/sign-in/")  # the cursor stands in the first field
        page.keyboard.type("business")
        page.keyboard.press("Tab")
        page.keyboard.type(world.passwords["business"])
        with page.expect_navigation():
            page.keyboard.press("Enter")
        page.goto("/my/grants/")
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUS)["text"] == "跳到正文"
        page.keyboard.press("Enter")
        press(page, "授权一家机构")
        tab_to(page, name="to")
        page.keyboard.press("ArrowDown")  # the second of two
        page.keyboard.press("Space")
        chosen = page.evaluate(FOCUS)["value"]
        for _step in ("who", "why", "items", "until"):
            press(page, "继续")
        tab_to(page, name="read")
        page.keyboard.press("Space")
        press(page, "继续")
        press(page, "授权")
        assert "已授权" in page.inner_text("h1")
        press(page, "撤回")
        press(page, "确认撤回")
        assert "的授权已撤回" in page.inner_text("h1")
        assert chosen == "pds_sample_guarantee"
        assert there.taken() == []


def test_everything_is_done_without_scripts(browser: Browser, city: tuple[World, str]) -> None:
    world, origin = city
    with without_scripts(browser, origin) as page:
        _signed_in(page, world, "business")
        page.goto("/my/grants/new/")
        page.check("input[value=pds_sample_guarantee]")
        for _step in ("who", "why", "items", "until"):
            page.click("main form button")
        page.check("input[name=read]")
        page.click("main form button")
        page.click("main form button")
        assert "已授权" in page.inner_text("h1")
    with without_scripts(browser, origin) as page:
        _signed_in(page, world, "provider")
        page.goto(f"/provider/upload/{world.wrong_file.item}/")
        page.select_option("#period", world.wrong_file.period)
        page.check("input[name=mode][value=changes]")
        page.set_input_files("#file", world.wrong_file.path)
        page.click("main form button")
        assert "正在核验" in page.inner_text("h1")
        world.work()
        page.click("text=刷新看结果")
        assert page.inner_text("h1") == "已接收 4 行，8 行需要您改"
        with page.expect_download() as red:
            page.click("text=下载标红的工作簿")
        assert red.value.suggested_filename.endswith(".xlsx")
        page.click("text=报送改好的")
        assert page.input_value("#period") == world.wrong_file.period
        assert page.is_checked("input[name=replace]")
        page.set_input_files("#file", world.wrong_file.other)
        page.click("main form button")
        world.work()
        page.reload()
        assert "这份替换了交付" in page.inner_text("main")
    with without_scripts(browser, origin) as page:
        _signed_in(page, world, "bank")
        page.click("main >> text=查询报告")
        assert "请下载 PDF" in page.content()
        page.goto("/institution/asked/")
        with page.expect_download() as receipt:
            page.click("text=下载证据 >> nth=0")
        page.goto("/verify/")
        page.set_input_files("#file", receipt.value.path())
        page.click("form:has(#file) button")
        assert "是真的" in page.inner_text("h1")


def test_an_upload_after_half_an_hour_asks_to_sign_in_and_keeps_what_was_chosen(
    browser: Browser, city: tuple[World, str]
) -> None:
    world, origin = city
    with watched(browser, origin) as there:
        page = there.page
        _signed_in(page, world, "provider")
        page.goto(f"/provider/upload/{world.wrong_file.item}/")
        page.select_option("#period", world.wrong_file.period)
        page.set_input_files("#file", world.wrong_file.path)
        _half_an_hour_passes()
        page.click("main form button")
        page.wait_for_selector("#password")
        assert "填的内容还在；文件要重新选" in page.inner_text("main")
        _fill_in(page, world, "provider")
        page.wait_for_url(f"**/provider/upload/{world.wrong_file.item}/")
        assert page.input_value("#period") == world.wrong_file.period
        page.goto(f"/provider/deliveries/{world.returned}/")
        assert there.taken() == []


def test_a_button_pressed_twice_is_pressed_once(browser: Browser, city: tuple[World, str]) -> None:
    world, origin = city
    with watched(browser, origin) as there:
        page = there.page
        _signed_in(page, world, "bank")
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.method) if "/report/" in request.url else None)
        page.dblclick("main >> text=查询报告")
        page.wait_for_selector("#h-receipt")
        assert asked == ["POST"]
        page.goto("/institution/asked/")
        page.go_back()
        assert page.url.endswith(f"/institution/?q={world.business}")
        assert page.is_visible("main >> text=查询报告")
        assert asked == ["POST"]


def _half_an_hour_passes() -> None:
    def end() -> None:
        Session.objects.update(expire_date=timezone.now())
        connections.close_all()

    with ThreadPoolExecutor(1) as other:
        other.submit(end).result()


def _signed_in(page: Page, world: World, login: str) -> None:
    page.goto("/sign-in/")
    _fill_in(page, world, login)
    page.wait_for_url(re.compile(r"/(my|institution|provider|operator)/"))


def _fill_in(page: Page, world: World, login: str) -> None:
    page.fill("#username", login)
    page.fill("#password", world.passwords[login])
    page.click("form:has(#password) button")
    if page.url.endswith("/sign-in/second/"):
        page.fill("#code", page.inner_text("main .note b"))  # as the sample's stand-in shows it
        page.click("form:has(#code) button")
