"""Every page and state, as a phone and a desk see it, by day and by night."""

import pytest
from playwright.sync_api import Browser

from tests.browser import tour
from tests.browser.harness import DESK, LOOKS, NARROWEST, PHONE, ZOOMED, Watched
from tests.browser.world import World

pytestmark = pytest.mark.browser


def test_every_page_is_whole_for_everybody(browser: Browser, city: tuple[World, str]) -> None:
    """No violation axe knows, no console message, no other host, nothing broken over lines or wider than the screen."""
    faults: list[str] = []
    seen: list[str] = []

    def look(name: str, there: Watched) -> None:
        seen.append(name)
        found = there.taken()
        for size, scheme in LOOKS:
            there.look(size, scheme)
            found += [f"{size[0]} {scheme}: {fault}" for fault in (*there.layout(), *there.axe(_rules(size, scheme)))]
        for size in (NARROWEST, ZOOMED):
            there.look(size, "light")
            found += [f"{size[0]}: {fault}" for fault in there.layout() if "sideways" in fault]
        there.look(PHONE, "light")
        faults.extend(f"{name}: {fault}" for fault in (*found, *there.taken()))

    world, origin = city
    tour.everything(tour.Tour(browser, origin, world, look))
    assert not faults, "\n".join(faults)
    assert len(seen) == len(set(seen)) > 60


def _rules(size: tuple[int, int], scheme: str) -> list[str] | None:
    """All of axe once for each width; at night only what night changes."""
    if scheme == "dark":
        return ["color-contrast", "link-in-text-block"]
    return None if size in {PHONE, DESK} else []
