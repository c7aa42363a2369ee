"""An English page speaks Chinese only where it shows what is Chinese: names, what sources sent, texts that bind."""

import re
from collections.abc import Iterable

import pytest
from playwright.sync_api import Browser

from tests.browser import tour, world
from tests.browser.harness import Watched
from tests.browser.world import World
from tests.portal.builders import BANK, GUARANTOR
from xinqiao import catalogue
from xinqiao.parties import queries as parties

pytestmark = pytest.mark.browser

HAN = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
EXPLAINED = re.compile(r"\([\u3400-\u9fff]+\)|万元 \(10,000 yuan\)|中文|“是” \(yes\)|“否” \(no\)|^信$|^桥$")
# Text that is seen, outside of what is marked as Chinese or shown as it was sent.
TEXTS = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const around = walker.currentNode.parentElement;
    if (!around.closest("[lang|=zh], code, script, style")) found.push(walker.currentNode.textContent.trim());
  }
  return found.filter((text) => text);
}"""


def test_an_english_page_speaks_chinese_only_in_names_and_originals(browser: Browser, city: tuple[World, str]) -> None:
    here, origin = city
    originals = sorted(_originals(), key=len, reverse=True)
    found: list[str] = []

    def look(name: str, there: Watched) -> None:
        if name.startswith("en-"):
            found.extend(f"{name}: {text}" for text in _chinese(there.page.evaluate(TEXTS), originals))

    tour.in_english(tour.Tour(browser, origin, here, look))
    assert not found, "\n".join(dict.fromkeys(found))


def _chinese(texts: Iterable[str], originals: Iterable[str]) -> Iterable[str]:
    for text in texts:
        rest = EXPLAINED.sub("", text)
        for original in originals:
            rest = rest.replace(original, "")
        if HAN.search(rest):
            yield text


def _originals() -> set[str]:
    """Names, and every cell a source sent that has no English of its own: what has one must be shown in it."""
    city = catalogue.city()
    sent = {value for item in city.whole_items() for value in world.a_row(item.item).values()}
    headers = {header for item in city.whole_items() for field in item.fields.values() for header in field.headers}
    names = {name for title in (BANK, GUARANTOR) for name in (parties.institution(title).name,)}
    people = {"李秀兰", "赵会计", "王建国", "周经理", "陈经理", "王科员", "平台值班员", "王运营", "李复核"}
    sources = {name.title for source in city.sources.values() for name in source.names}  # as a row may have them
    objected = {world.OBJECTED, tour.OBJECTED, "第一版"}  # anybody's own words are shown as they wrote them
    own = {text for text in sent | headers if text not in city.english}
    named = names | people | sources | {world.BUSINESS_NAME, "赵*", "少了很多.csv", "打不开.csv"}
    return {text for text in own | named | objected if HAN.search(text)}
