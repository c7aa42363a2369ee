"""What is supposed, on the command line: `repair:12`, `on:2027-01-01`, `honour:granted_on=2026-10-01,level=1`."""

from collections.abc import Sequence
from datetime import date

from xinqiao.evaluation.errors import SuppositionInvalid
from xinqiao.evaluation.prospects import Asked
from xinqiao.kernel.sayings import Saying


def asked(written: Sequence[str]) -> Asked:
    """Raises `SuppositionInvalid` for what is written otherwise."""
    repaired, rows, on = set[int](), dict[str, list[dict[str, str]]](), None
    for one in written:
        what, _, said = one.partition(":")
        try:
            if what == "repair":
                repaired.add(int(said))
            elif what == "on":
                on = date.fromisoformat(said)
            else:
                rows.setdefault(what, []).append(_row(said))
        except ValueError as wrong:
            raise SuppositionInvalid(Saying("看不懂 {written}", written=one)) from wrong
    return Asked(frozenset(repaired), rows, on)


def _row(said: str) -> dict[str, str]:
    """`field=value` pairs with commas between; a value with a comma in it cannot be written so."""
    pairs = [one.partition("=") for one in said.split(",")]
    if not all(name and equals for name, equals, _ in pairs):
        raise ValueError(said)
    return {name.strip(): value.strip() for name, _, value in pairs}
