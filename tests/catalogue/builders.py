"""The city's pack as it is, copies of it to spoil, and single items judged without reading the rest again."""

import shutil
from functools import cache
from pathlib import Path

from xinqiao import catalogue
from xinqiao.catalogue import Mistake, item_consistency
from xinqiao.catalogue.consistency import surroundings_of
from xinqiao.catalogue.documents import read
from xinqiao.catalogue.folders import entry_files
from xinqiao.catalogue.pack import Placed, read_pack
from xinqiao.catalogue.schema import Item
from xinqiao.catalogue.surroundings import Surroundings
from xinqiao.catalogue.validation import entry_of

PACK = Path(__file__).parents[2] / "cities" / "pingdingshan"


@cache
def the_city() -> catalogue.City:
    return catalogue.load(PACK)


def item_texts() -> dict[str, str]:
    """Every item file of the pack, by the item's name."""
    return {Path(file).stem: (PACK / file).read_text("utf-8") for file in entry_files(PACK, "items")}


def a_copy(to: Path) -> Path:
    """The pack, free to be changed."""
    return Path(shutil.copytree(PACK, to / "city"))


def replaced(folder: Path, file: str, old: str, new: str) -> int:
    """Change one place of one file; the line on which it stood."""
    path = folder / file
    text = path.read_text("utf-8")
    assert text.count(old) == 1, f"{file}: {old!r} is there {text.count(old)} times"
    path.write_text(text.replace(old, new), "utf-8")
    return text[: text.index(old)].count("\n") + 1


@cache
def _around() -> Surroundings:
    return surroundings_of(read_pack(PACK))


def read_item(text: str, name: str, folder: Path) -> tuple[Item | None, list[Mistake]]:
    """One item's text judged as the city would judge it."""
    path = folder / f"{name}.yml"
    path.write_text(text, "utf-8")
    document = read(path, f"items/{name}.yml")
    item = entry_of(Item, document, document.value) if document.root is not None else None
    found = [] if item is None else item_consistency.mistakes_in(Placed(item, document), _around())
    return item, sorted({*document.mistakes, *found})
