"""The whole way of an objection in a real browser: from a line in the file to the bank that is told it was wrong."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.harness import PHONE, watched
from tests.browser.test_whole_tasks import _signed_in
from tests.browser.world import World

pytestmark = pytest.mark.browser

SOURCE_SAID = "查过底档，地址登记有误。"


def main(page: Page, address: str = "") -> str:
    if address:
        page.goto(address)
    return page.inner_text("main")


def test_from_an_objection_to_the_bank_that_is_told(browser: Browser, city: tuple[World, str]) -> None:
    world, origin = city
    with desk(browser, origin, world, "business") as page:
        reference = objects(page)
    with desk(browser, origin, world, "bank") as page:
        page.click("main >> text=查询报告")
        page.wait_for_selector("#h-receipt")
        assert "有异议" in page.inner_text("#registration")  # shown as disputed at once
        assert "没有更正通知" in main(page, "/institution/corrections/")
    with desk(browser, origin, world, "provider") as page:
        answers(page)
    with desk(browser, origin, world, "operator") as page:
        upholds(page)
    with desk(browser, origin, world, "bank") as page:
        reads_that_it_was_wrong(page)
    with desk(browser, origin, world, "business") as page:
        page.goto("/my/objections/")
        page.click(f"main .lines li:has-text('{reference}') a")
        assert "平顶山示例银行" in main(page)
        assert "已撤下" in main(page, "/my/file/")


@contextmanager
def desk(browser: Browser, origin: str, world: World, login: str) -> Iterator[Page]:
    """A phone in somebody's hand; whatever its console said or it asked of other hosts is a fault."""
    with watched(browser, origin) as there:
        there.look(PHONE, "light")
        _signed_in(there.page, world, login)
        yield there.page
        assert there.taken() == []


def objects(page: Page) -> str:
    """In two steps from the line itself; the number it gets."""
    page.goto("/my/file/")
    page.click("#registration a.objecting >> nth=0")
    page.check("input[value=wrong]")
    page.fill("#text", "住所三月已经变更，这里还是旧地址。")
    page.click("main form button")
    assert "提交以后" in main(page)
    page.click("text=提交异议")
    assert "异议已经提出" in page.inner_text("h1")
    assert "还有 3 个工作日" in main(page)
    reference = re.search(r"O-\d{8}-\d{6}", main(page))
    assert reference is not None
    assert "有异议" in main(page, "/my/file/")
    return reference[0]


def answers(page: Page) -> None:
    assert "1 件异议等您答复" in main(page, "/provider/objections/")
    page.click("main .lines a >> nth=0")
    page.check("input[value=remove]")
    page.fill("#text", SOURCE_SAID)
    page.click("text=提交答复")
    assert "答复已经交给平台" in page.inner_text("h1")


def upholds(page: Page) -> None:
    page.goto("/operator/objections/")
    page.click("main .lines a:has-text('登记') >> nth=0")
    assert SOURCE_SAID in main(page)
    page.check("input[value=uphold]")
    page.fill("#because", "来源单位确认登记有误")
    page.click("main form button >> nth=0")
    assert "异议成立" in page.inner_text("h1")
    assert "平顶山示例银行" in main(page)


def reads_that_it_was_wrong(page: Page) -> None:
    """Both reports it stood in are named: the one before the objection, and the one that showed it as disputed."""
    told = main(page, "/institution/corrections/")
    assert "已撤下" in told
    assert len(set(re.findall(r"R-\d{8}-\d{6}", told))) == 2
    with page.expect_download() as evidence:
        page.click("text=下载证据")
    page.goto("/verify/")
    page.set_input_files("#file", evidence.value.path())
    page.click("form:has(#file) button")
    assert "是真的" in page.inner_text("h1")
