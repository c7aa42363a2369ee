"""Which chapter of the standard report an item stands in."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from xinqiao.catalogue.errors import Mistake
from xinqiao.catalogue.pack import Pack


def of_items(pack: Pack) -> dict[str, str]:
    """By item: the section that names it, else the one that names its family, else the last."""
    named = {item: placed.entry.section for placed in pack.sections for item in placed.entry.items}
    families = {family: placed.entry.section for placed in pack.sections for family in placed.entry.families}
    last = pack.sections[-1].entry.section if pack.sections else ""
    items = (placed.entry for placed in pack.items)
    return {one.item: named.get(one.item) or families.get(one.family, last) for one in items}


def mistakes_in(pack: Pack) -> Iterator[Mistake]:
    """Items and families that do not exist, or stand in two sections."""
    unread = {PurePosixPath(file).stem for file in pack.unreadable}
    known = {
        "items": {placed.entry.item for placed in pack.items} | unread,
        "families": None if "families" in unread else {placed.entry.family for placed in pack.families},
    }
    met: dict[str, str] = {}
    for placed in pack.sections:
        for sort, there in known.items():
            for number, name in enumerate(getattr(placed.entry, sort)):
                if there is not None and name not in there:
                    yield placed.mistake(f"没有名为“{name}”的{'数据项' if sort == 'items' else '类别'}", sort, number)
                if name in met:
                    yield placed.mistake(f"“{name}”已归入“{met[name]}”", sort, number)
                met.setdefault(name, placed.entry.title)
