"""Chromium, and a city to show it. Without Debian's chromium these tests skip, and say so."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser

from tests.browser import harness

if TYPE_CHECKING:
    from tests.browser.world import World


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not harness.is_here():
        pytest.skip("NO CHROMIUM HERE: the pages were not looked at (apt-get install chromium fonts-noto-cjk)")
    with harness.chromium() as running, pytest.MonkeyPatch.context() as patch:
        # Playwright keeps an event loop in this thread; the framework would take what we do for asynchronous code.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield running


@pytest.fixture
def city(browser: Browser, city_db: str, tmp_path: Path) -> "Iterator[tuple[World, str]]":
    """A city on file, and the address of its pages."""
    from tests.browser import serving, world  # models: only once the framework is set up

    made = world.make(tmp_path)
    with serving.served() as origin:
        yield made, origin
