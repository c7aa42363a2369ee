"""Not collected by `make test`: see `screenshots.py`."""

import itertools

from playwright.sync_api import Browser

from tests.browser import harness, tour
from tests.browser.harness import Watched
from tests.browser.screenshots import Taking
from tests.browser.world import World

PAPER = (794, 1123)  # A4 at 96 dots an inch


def test_pictures_are_taken(browser: Browser, city: tuple[World, str], pictures: Taking) -> None:
    world, origin = city
    pictures.folder.mkdir(parents=True, exist_ok=True)

    def look(name: str, there: Watched) -> None:
        if pictures.only and name not in pictures.only:
            return
        for size, scheme in harness.LOOKS:
            there.look(size, scheme)
            path = pictures.folder / harness.file_name(name, size, scheme)
            there.page.screenshot(path=path, full_page=True, caret="initial")
        if name in {"report", "delivery-partial"}:
            there.page.emulate_media(media="print", color_scheme="light")
            there.page.set_viewport_size({"width": PAPER[0], "height": PAPER[1]})
            there.page.pdf(path=pictures.folder / f"{name}.pdf", prefer_css_page_size=True)
            there.page.screenshot(path=pictures.folder / f"{name}-print.png", full_page=True)
            there.page.emulate_media(media="screen")
        there.look(harness.PHONE, "light")

    for chapter in itertools.chain(*tour.WALKS.values()):
        chapter(tour.Tour(browser, origin, world, look))
