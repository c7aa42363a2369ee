"""A city as the product reads it: everything in its folder, checked, linked and frozen."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from xinqiao.catalogue.claims import Claim
from xinqiao.catalogue.errors import UnknownItem
from xinqiao.catalogue.schema import (
    Assessment,
    CityFile,
    Clock,
    CodeList,
    Division,
    Family,
    Industry,
    Item,
    NaturalPersons,
    Reading,
    Section,
    Source,
)
from xinqiao.kernel.calendar import WorkingCalendar
from xinqiao.kernel.subject_kinds import SubjectKind


@dataclass(frozen=True, slots=True)
class City:
    """Everything officials decided for one city. Mappings keep the files' order and cannot be changed.

    `sections` are the chapters of the standard report, `section_of` says in which each item stands. `english` finds the
    English of a Chinese text (`catalogue.english`). `digest` is the SHA-256 of all files read, so that a delivery can
    name the catalogue that judged it.
    """

    folder: Path
    digest: str
    file: CityFile
    items: Mapping[str, Item]
    sources: Mapping[str, Source]
    families: Mapping[str, Family]
    sections: Mapping[str, Section]
    section_of: Mapping[str, str]  # by item
    codes: Mapping[str, CodeList]
    divisions: Mapping[str, Division]
    industries: Mapping[str, Industry]
    clocks: Mapping[str, Clock]
    claims: Mapping[str, Claim]
    assessments: Mapping[str, Assessment]
    english: Mapping[str, str]
    calendar: WorkingCalendar
    _whole: tuple[Item, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        whole = tuple(item for item in self.items.values() if item.whole and item.withdrawn is None)
        object.__setattr__(self, "_whole", whole)

    @property
    def code(self) -> str:
        """The city's division code (GB/T 2260), the first part of every business key."""
        return self.file.code

    @property
    def title(self) -> str:
        return self.file.title

    @property
    def reading(self) -> Reading:
        return self.file.reading

    @property
    def natural_persons(self) -> NaturalPersons:
        return self.file.natural_persons

    def item(self, name: str) -> Item:
        """The item of this name, whole or not, withdrawn or not; raises `UnknownItem`."""
        try:
            return self.items[name]
        except KeyError:
            raise UnknownItem(name) from None

    def whole_items(self) -> tuple[Item, ...]:
        """The items in use: lists, checks and cases complete, and not withdrawn."""
        return self._whole

    def delivered_items(self) -> tuple[Item, ...]:
        """Those of them that sources deliver; the others are asked for over their interfaces."""
        return tuple(item for item in self.whole_items() if item.called is None)

    def written_consent(self, kind: SubjectKind) -> frozenset[str]:
        """The items that a subject of this kind opens by a separate written consent only (条例 §46): those of a natural
        person."""
        if kind not in self.natural_persons.kinds:
            return frozenset()
        return frozenset(name for name, item in self.items.items() if item.written_consent is not None)
