"""What a delivery's findings come to: which fault how often, and where it was met first."""

from dataclasses import dataclass, field
from typing import Any, Final

import polars as pl

from xinqiao.catalogue.schema import Rule

# Rules of intake's own, beside the catalogue's.
RAGGED: Final = "columns"  # a row's cells do not fit the header
NAME_DIFFERS: Final = "name_differs"
OTHER_SHEET: Final = "other_sheet"
# Those that tell without rejecting.
WARNINGS: Final = frozenset({NAME_DIFFERS, OTHER_SHEET, str(Rule.UNKNOWN_COLUMN)})
# Their sentences name lines and numbers, so the first stands for all.
_ONE_SENTENCE: Final = (str(Rule.DUPLICATE), RAGGED)
# Nobody reads more kinds of fault than this of one file.
MOST: Final = 50


@dataclass(slots=True)
class Summary:
    """Counts findings by field, rule and sentence, a frame at a time."""

    _found: dict[tuple[str | None, str, str], dict[str, Any]] = field(default_factory=dict)

    def add(self, findings: pl.DataFrame) -> None:
        group = pl.when(pl.col("rule").is_in(_ONE_SENTENCE)).then(pl.lit("")).otherwise("saying").alias("group")
        counted = findings.group_by("field", "rule", group, maintain_order=True).agg(
            pl.first("saying"), pl.first("kept"), pl.first("line"), pl.len().alias("rows")
        )
        for said in counted.rows(named=True):
            key = (said["field"], said["rule"], said.pop("group"))
            if key in self._found:
                self._found[key]["rows"] += said["rows"]
            else:
                self._found[key] = said

    @property
    def refused(self) -> int:
        """Rows that the law forbids to take in: each has one finding."""
        return sum(said["rows"] for (_, rule, _), said in self._found.items() if rule == Rule.REFUSE_WHEN)

    def as_kept(self) -> list[dict[str, Any]]:
        """What sends rows back first, then the most frequent."""
        return sorted(self._found.values(), key=lambda said: (said["rule"] in WARNINGS, -said["rows"]))[:MOST]
