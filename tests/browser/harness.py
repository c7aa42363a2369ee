"""A real Chromium that looks at a page as four people would: phone and desk, by day and by night.

What is asked of every page is here: no console message, no request to another host, nothing wider than the screen, no
control broken over two lines or too small for a thumb, nothing axe objects to, no inline style or script.
"""

import re
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

# The shell is the same engine without a window nobody looks at: a third less work.
CHROMIUM: Final = shutil.which("chromium-headless-shell") or shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS: Final = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--no-first-run",
    "--lang=zh-CN",
    # Nobody watches the frames: no threads that share the drawing out, no pictures of what is off the screen.
    "--num-raster-threads=1",
    "--enable-low-end-device-mode",
]
Scheme = Literal["light", "dark"]
PHONE: Final = (390, 844)
DESK: Final = (1280, 900)
LOOKS: Final[tuple[tuple[tuple[int, int], Scheme], ...]] = (
    (PHONE, "light"),
    (PHONE, "dark"),
    (DESK, "light"),
    (DESK, "dark"),
)
NARROWEST: Final = (320, 568)  # 1280 at 400 %: WCAG 1.4.10 asks for no sideways scrolling there
ZOOMED: Final = (640, 450)  # 1280 at 200 %

LAYOUT: Final = (Path(__file__).parent / "layout.js").read_text(encoding="utf-8")
EVERYTHING: Final = "*"
FRESH: Final = "[data-fresh]"
RUN_AXE: Final = """async ([options, coloured]) => {
  axe.configure({ rules: [{ id: "color-contrast", selector: coloured }] });
  return (await axe.run(options)).violations;
}"""
DRESS: Final = (Path(__file__).parent / "dress.js").read_text(encoding="utf-8")


@dataclass
class Watched:
    """A page, and everything it said or fetched that it should not have."""

    page: Page
    origin: str
    faults: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)  # pieces of console messages this stop is meant to cause
    looking: tuple[tuple[int, int] | None, Scheme | None] = (None, None)

    def __post_init__(self) -> None:
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.faults.append(f"page error: {error}"))
        self.page.on("request", self._asked)

    def _said(self, message: ConsoleMessage) -> None:
        if not any(piece in message.text for piece in self.expected):
            self.faults.append(f"console: {message.text}")

    def _asked(self, request: Request) -> None:
        if urlsplit(request.url).scheme in {"http", "https", "ws", "wss"} and not request.url.startswith(self.origin):
            self.faults.append(f"asked another host: {request.url}")

    def look(self, size: tuple[int, int], scheme: Scheme) -> None:
        """As somebody with a screen of this size, by day or by night; told to the browser only where it changes."""
        if scheme != self.looking[1]:
            self.page.emulate_media(color_scheme=scheme)
        if size != self.looking[0]:
            self.page.set_viewport_size({"width": size[0], "height": size[1]})
        self.looking = size, scheme

    def layout(self) -> list[str]:
        """What is wrong with the page as it stands, by its boxes."""
        found: list[str] = self.page.evaluate(LAYOUT)
        return found

    def dress(self, *, fresh: Iterable[str] = ()) -> set[str]:
        """What decides the colours: each element seen, by its classes and states and those it stands in. One of each
        that is `fresh` is marked as such."""
        return set(self.page.evaluate(DRESS, list(fresh)))

    def axe(self, *only: str, without: tuple[str, ...] = (), coloured: str = EVERYTHING) -> list[str]:
        """What axe objects to: by all its rules, or those named; contrast is measured of what is `coloured`. It is read
        into a page once, being half a megabyte."""
        options: dict[str, Any] = {
            "resultTypes": ["violations"],
            "preload": False,  # of style sheets and films: no rule of ours reads them
            "rules": {rule: {"enabled": False} for rule in without},
        }
        if only:
            options["runOnly"] = {"type": "rule", "values": only}
        if not self.page.evaluate("() => Boolean(window.axe)"):
            self.page.evaluate(AXE_SCRIPT)
        violations = self.page.evaluate(RUN_AXE, [options, coloured])
        return [
            f"axe {v['id']}: {v['nodes'][0]['html'][:120]} {v['nodes'][0].get('failureSummary', '')}"
            for v in violations
        ]

    def taken(self) -> list[str]:
        """The faults so far, and a clean slate."""
        found, self.faults = self.faults, []
        return found


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def is_here() -> bool:
    return Path(CHROMIUM).exists()


def opened(browser: Browser, origin: str) -> Watched:
    """A fresh visitor with no cookies."""
    # Still pages: axe must not measure a colour on its way from night to day.
    context = browser.new_context(
        base_url=origin,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        accept_downloads=True,
        reduced_motion="reduce",
    )
    context.set_default_timeout(60_000)  # a busy machine takes long; what is wrong is wrong after a minute as well
    return Watched(context.new_page(), origin)


@contextmanager
def watched(browser: Browser, origin: str) -> Iterator[Watched]:
    """The same, gone afterwards."""
    there = opened(browser, origin)
    try:
        yield there
    finally:
        there.page.context.close()


def file_name(stop: str, size: tuple[int, int], scheme: Scheme) -> str:
    return f"{re.sub(r'[^a-z0-9-]+', '-', stop)}-{size[0]}-{scheme}.png"
