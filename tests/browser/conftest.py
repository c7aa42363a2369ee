"""Chromium, and a city to show it. Without Debian's chromium these tests skip, and say so."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser

from tests.browser import harness
from tests.conftest import _clone, _cloned, _drop, _named, _pointed_at, forget_witness

if TYPE_CHECKING:
    from tests.browser.world import World


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not harness.is_here():
        pytest.skip(
            "NO CHROMIUM HERE: the pages were not looked at (apt-get install chromium-headless-shell fonts-noto-cjk)"
        )
    with harness.chromium() as running, pytest.MonkeyPatch.context() as patch:
        # Playwright keeps an event loop in this thread; the framework would take what we do for asynchronous code.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        yield running


@pytest.fixture(scope="session")
def _settled(server: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> "Iterator[tuple[str, World]]":
    """The database of a city on file, to be copied, and its world. Made once: it takes as long as a journey."""
    from tests.browser import world  # models: only once the framework is set up

    name = _cloned(server, template)
    with _pointed_at(_named(server, name)):
        made = world.make(tmp_path_factory.mktemp("world"))
    yield name, made
    _drop(server, name)


@pytest.fixture
def city(_settled: "tuple[str, World]", browser: Browser, server: str) -> "Iterator[tuple[World, str]]":
    """A city on file of the test's own, and the address of its pages."""
    from tests.browser import serving

    settled, world = _settled
    with _clone(server, settled) as url, _pointed_at(url), serving.served() as origin:
        yield replace(world), origin
    forget_witness()
