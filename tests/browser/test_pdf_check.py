"""A signed PDF in a real browser: taken from the page, checked by its code and as a file, refused when altered."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.harness import PHONE, watched
from tests.browser.test_whole_tasks import _signed_in
from tests.browser.world import World

pytestmark = pytest.mark.browser


def test_a_pdf_is_checked_by_its_code_and_an_altered_one_refused(
    browser: Browser, city: tuple[World, str], tmp_path: Path
) -> None:
    world, origin = city
    with watched(browser, origin) as there:
        there.look((1280, 900), "light")
        _signed_in(there.page, world, "bank")
        there.page.click("main >> text=查询报告")
        there.page.wait_for_selector("#h-receipt")
        address = there.page.get_attribute("#receipt a", "href") or ""
        with there.page.expect_download() as download:
            there.page.click("main >> text=签章 PDF")
        pdf = Path(download.value.path()).read_bytes()
        assert pdf.startswith(b"%PDF-")
        assert there.faults == []
    with watched(browser, origin) as there:
        there.look(PHONE, "light")
        there.page.goto(address)
        assert "编号和指纹是真的" in there.page.inner_text("main")
        assert "是真的，没有改过" in handed_in(there.page, tmp_path / "report.pdf", pdf)
        altered = pdf.replace(b"/Type/Page", b"/Type/Paga", 1)
        assert "出具以后被改过了" in handed_in(there.page, tmp_path / "altered.pdf", altered)
        assert there.layout() == []
        assert there.faults == []


def handed_in(page: Page, file: Path, content: bytes) -> str:
    file.write_bytes(content)
    page.goto("/verify/")
    page.set_input_files("#file", file)
    page.click("form:has(#file) button")
    return page.inner_text("main")
