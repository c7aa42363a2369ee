"""Every page and state, as a phone and a desk see it, by day and by night."""

from collections import defaultdict

import pytest
from playwright.sync_api import Browser

from tests.browser import tour
from tests.browser.harness import DESK, FRESH, NARROWEST, PHONE, ZOOMED, Watched
from tests.browser.world import World

pytestmark = pytest.mark.browser
COLOURS = ("color-contrast", "link-in-text-block")
# Whose colours were measured already, by night as by day: measuring them is two thirds of axe's time.
dressed: dict[tuple[int, int], set[str]] = defaultdict(set)


@pytest.mark.parametrize("walk", tour.WALKS)
def test_every_page_is_whole_for_everybody(walk: str, browser: Browser, city: tuple[World, str]) -> None:
    """No violation axe knows, no console message, no other host, nothing broken over lines or wider than the screen."""
    faults: list[str] = []
    seen: list[str] = []

    def look(name: str, there: Watched) -> None:
        seen.append(name)
        found = there.taken()
        for size in (PHONE, DESK):
            there.look(size, "light")
            found += [f"{size[0]}: {fault}" for fault in (*there.layout(), *axe(there, size))]
        for size in (NARROWEST, ZOOMED):
            there.look(size, "light")
            found += [f"{size[0]}: {fault}" for fault in there.layout() if "sideways" in fault]
        there.look(PHONE, "light")
        faults.extend(f"{name}: {fault}" for fault in (*found, *there.taken()))

    def axe(there: Watched, size: tuple[int, int]) -> list[str]:
        """All but colours once; everything, and colours by night, wherever something is dressed as nothing was before,
        of which one of each is measured.

        The night changes colours and nothing else: `tests/portal/test_house_rules.py` holds it.
        """
        fresh = there.dress() - dressed[size]
        if not fresh:
            return there.axe(without=COLOURS) if size == PHONE else []
        dressed[size] |= there.dress(fresh=fresh)
        by_day = there.axe(coloured=FRESH)
        there.look(size, "dark")
        by_night = [f"by night {fault}" for fault in there.axe(*COLOURS, coloured=FRESH)]
        there.look(size, "light")
        return by_day + by_night

    world, origin = city
    for chapter in tour.WALKS[walk]:
        chapter(tour.Tour(browser, origin, world, look))
    assert not faults, "\n".join(faults)
    assert len(seen) == len(set(seen)) > 20
