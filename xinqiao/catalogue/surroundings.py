"""What an item may refer to in the rest of its city."""

from collections.abc import Mapping
from dataclasses import dataclass

from xinqiao.catalogue.schema import CodeList
from xinqiao.kernel.subject_kinds import SubjectKind


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Names that exist. `families` is None where their file could not be read: nothing is said about them then."""

    families: frozenset[str] | None
    sources: frozenset[str]
    codes: Mapping[str, CodeList]
    unread_codes: frozenset[str]
    natural: frozenset[SubjectKind]

    def closed_list(self, name: str | None) -> CodeList | None:
        """The list of this name where its values are known and binding."""
        found = self.codes.get(name or "")
        return None if found is None or found.open else found
