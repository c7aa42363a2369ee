"""用途: what credit information may be used for, as the city's `purposes.yml` has it. Grants name one of them."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

from xinqiao import catalogue
from xinqiao.catalogue import assessments
from xinqiao.catalogue.documents import Document, read
from xinqiao.catalogue.errors import CatalogueFaults, Mistake
from xinqiao.catalogue.pack import assessments_of
from xinqiao.catalogue.schema import Entry, Name, Text
from xinqiao.catalogue.validation import entry_of
from xinqiao.kernel.sayings import Saying
from xinqiao.parties.errors import PurposeUnknown
from xinqiao.parties.rules import InstitutionKind

FILE: Final = "purposes.yml"


class Purpose(Entry):
    """One purpose: who may claim it, and the notice a business reads before it agrees."""

    purpose: Name
    title: Text
    sentence: Text  # said to the business: what the institution will do with it
    institutions: tuple[InstitutionKind, ...]
    notice: Name


def purposes() -> Mapping[str, Purpose]:
    """The city's purposes by name, in the file's order; read once for each city folder."""
    return _kept(catalogue.city().folder)


def purpose(name: str) -> Purpose:
    """The purpose of this name; raises `PurposeUnknown`."""
    try:
        return purposes()[name]
    except KeyError:
        raise PurposeUnknown(
            Saying("没有名为“{name}”的用途，可用的有：{purposes}", name=name, purposes=list(purposes()))
        ) from None


def _unassessed(document: Document, named: list[str], folder: Path) -> list[Mistake]:
    """个人信息保护法 §55: a purpose nobody has assessed is none yet."""
    missing = assessments.unassessed(named, assessments_of(folder))
    said = "启用前要有批准的影响评估（assessments/，个人信息保护法第五十五条）"
    return [document.mistake(("purposes", named.index(name)), f"用途“{name}”{said}") for name in missing]


@lru_cache(maxsize=4)
def _kept(folder: Path) -> Mapping[str, Purpose]:
    found, mistakes = load(folder)
    if mistakes:
        raise CatalogueFaults(mistakes)
    return found


def load(folder: Path) -> tuple[Mapping[str, Purpose], list[Mistake]]:
    """Every purpose that can be read, and every mistake with its line."""
    if not (folder / FILE).is_file():
        return MappingProxyType({}), [Mistake(FILE, 1, "缺少这个文件")]
    document = read(folder / FILE, FILE)
    listed = document.value.get("purposes") if isinstance(document.value, dict) else None
    if not isinstance(listed, list):
        return MappingProxyType({}), [*document.mistakes, document.mistake((), "这个文件应只有一个列表：purposes")]
    entries = [entry_of(Purpose, document, one, ("purposes", i)) for i, one in enumerate(listed)]
    found = [entry for entry in entries if entry is not None]
    named = {p.purpose: p for p in found}
    document.mistakes += _unassessed(document, list(named), folder)
    if len(named) != len(found):
        document.mistakes.append(document.mistake(("purposes",), "同一个用途写了两次"))
    return MappingProxyType(named), document.mistakes
