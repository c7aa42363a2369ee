"""授权模板: for each purpose and way of fetching, how far a grant may go, as the city's `templates.yml` has it."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from xinqiao import catalogue
from xinqiao.authorisation.rules import Fetch
from xinqiao.catalogue.documents import Document, read
from xinqiao.catalogue.errors import CatalogueFaults, Mistake
from xinqiao.catalogue.schema import Entry, Name, Text, Whole
from xinqiao.catalogue.validation import entry_of
from xinqiao.kernel.sayings import Saying
from xinqiao.parties import purposes
from xinqiao.parties.errors import PurposeUnknown

FILE: Final = "templates.yml"


class Often(Entry):
    """At most `most` times in any `days` times 24 hours."""

    most: Whole
    days: Whole


class ItemCeiling(Entry):
    """One item's own, stricter ceilings."""

    item: Name
    range_days: Whole | None = None
    keep_days: Whole | None = None


class Template(Entry):
    """The ceilings of one purpose fetched in one way. Days count both ends."""

    template: Name
    version: Text
    purpose: Name
    fetch: Fetch
    title: Text
    sentence: Text  # said to the business: how often it will be looked at
    longest_days: Whole
    range_days: Whole
    keep_days: Whole
    frequency: Often | None = None
    items: tuple[ItemCeiling, ...] = ()

    @property
    def reference(self) -> str:
        """What stands in the grant: which template, in which version."""
        return f"{self.template}@{self.version}"

    def range_for(self, items: Iterable[str]) -> int:
        """How many days back these items may be asked for together: the strictest holds."""
        return min([self.range_days, *(c.range_days for c in self._of(items) if c.range_days is not None)])

    def keep_for(self, items: Iterable[str]) -> int:
        """How many days these items may be kept together: the strictest holds."""
        return min([self.keep_days, *(c.keep_days for c in self._of(items) if c.keep_days is not None)])

    def _of(self, items: Iterable[str]) -> list[ItemCeiling]:
        named = set(items)
        return [ceiling for ceiling in self.items if ceiling.item in named]


def templates() -> Mapping[str, Template]:
    """The city's templates by name, in the file's order; read once for each city folder."""
    return _kept(catalogue.city().folder)


def for_purpose(purpose: str) -> list[Template]:
    """The ways a purpose may be granted, in the file's order. Raises `PurposeUnknown` where there is none."""
    named = purposes.purpose(purpose)
    if not (found := [one for one in templates().values() if one.purpose == purpose]):
        raise PurposeUnknown(Saying("用途“{title}”还没有授权模板，不能授权", title=Saying(named.title)))
    return found


def template(purpose: str, fetch: Fetch | None) -> Template:
    """The template for a purpose fetched this way; without `fetch` the purpose's usual one: the first that is for more
    than one look. Raises `PurposeUnknown`: a purpose or a way of fetching without a template is refused."""
    found = for_purpose(purpose)
    if fetch is None:
        return next((one for one in found if one.fetch is not Fetch.ONCE), found[0])
    for one in found:
        if one.fetch is fetch:
            return one
    raise PurposeUnknown(
        Saying(
            "用途“{title}”没有这种调取方式的授权模板，可用的有：{fetches}",
            title=Saying(purposes.purpose(purpose).title),
            fetches=[one.fetch.value for one in found],
        )
    )


@lru_cache(maxsize=4)
def _kept(folder: Path) -> Mapping[str, Template]:
    found, mistakes = load(folder)
    if mistakes:
        raise CatalogueFaults(mistakes)
    return found


def load(folder: Path) -> tuple[Mapping[str, Template], list[Mistake]]:
    """Every template that can be read, and every mistake with its line."""
    if not (folder / FILE).is_file():
        return MappingProxyType({}), [Mistake(FILE, 1, "缺少这个文件")]
    document = read(folder / FILE, FILE)
    listed = document.value.get("templates") if isinstance(document.value, dict) else None
    if not isinstance(listed, list):
        return MappingProxyType({}), [*document.mistakes, document.mistake((), "这个文件应只有一个列表：templates")]
    known, _ = purposes.load(folder)
    found: dict[str, Template] = {}
    for index, one in enumerate(listed):
        entry = entry_of(Template, document, one, ("templates", index))
        if entry is not None:
            document.mistakes += _mistakes(entry, ("templates", index), document, found, known)
            found[entry.template] = entry
    return MappingProxyType(found), document.mistakes


def _mistakes(
    one: Template, at: tuple[str | int, ...], document: Document, before: Mapping[str, Template], known: Iterable[str]
) -> Iterator[Mistake]:
    if one.template in before:
        yield document.mistake((*at, "template"), "同一个模板写了两次")
    if any((other.purpose, other.fetch) == (one.purpose, one.fetch) for other in before.values()):
        yield document.mistake((*at, "fetch"), "同一个用途和调取方式已经有模板了")
    if one.purpose not in known:
        yield document.mistake((*at, "purpose"), f"{purposes.FILE} 里没有用途“{one.purpose}”")
    numbers = {"longest_days": one.longest_days, "range_days": one.range_days, "keep_days": one.keep_days}
    for name, number in numbers.items():
        if number < 1:
            yield document.mistake((*at, name), "至少是 1 天")
    if one.frequency is not None and min(one.frequency.most, one.frequency.days) < 1:
        yield document.mistake((*at, "frequency"), "次数和天数至少是 1")
