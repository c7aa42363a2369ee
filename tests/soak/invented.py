"""An invented city of any size as a snapshot: every item a public grade may read, each field filled as its kind wants.

The same city for the same seed. Nobody's file makes sense, which is the point: whatever a model can meet is in there,
and engines have to agree about it.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from xinqiao import catalogue
from xinqiao.catalogue import City
from xinqiao.catalogue.schema import FieldType, ItemField
from xinqiao.creditfile import queries as creditfile
from xinqiao.creditfile.rules import Standing
from xinqiao.evaluation import readable, writing
from xinqiao.evaluation.manifests import SUBJECTS, Manifest, Part
from xinqiao.evaluation.snapshots import Opened
from xinqiao.kernel.ids import Position
from xinqiao.kernel.subject_kinds import SubjectKind
from xinqiao_bench import matters

SEED: Final = 20261129
ON: Final = date(2026, 11, 29)
DAYS: Final = 4 * 365
HALF_A_FACT: Final = 0.5  # a subject, of each item; everybody is registered
WORDS: Final = ("", "甲", "乙", "丙方（ア）", "It's", "𠮷")
SILENT: Final = ("credit_repair",)  # an item nobody ever delivered
KINDS: Final = (
    (SubjectKind.INDIVIDUAL_BUSINESS, 0.70),
    (SubjectKind.ENTERPRISE, 0.25),
    (SubjectKind.COOPERATIVE, 0.04),
    (SubjectKind.RURAL_COLLECTIVE, 0.01),
)


def snapshot(folder: Path, subjects: int) -> Opened:
    city, chance = catalogue.city(), np.random.default_rng(SEED)
    items = {name: fields for name, fields in readable.items(city).items() if name not in SILENT}
    parts = [_item(folder, city, chance, name, fields, subjects) for name, fields in items.items()]
    parts.append(_everybody(folder, chance, subjects))
    manifest = Manifest(city.file.code, Position(1), (*items, *SILENT), tuple(items), tuple(parts))
    return Opened(1, manifest, folder, str(folder))


def _everybody(folder: Path, chance: np.random.Generator, subjects: int) -> Part:
    kinds = chance.choice([kind.value for kind, _ in KINDS], subjects, p=[share for _, share in KINDS])
    table = pa.table({"subject_id": pa.array(range(1, subjects + 1), pa.int64()), "kind": pa.array(kinds.tolist())})
    return writing.written(folder, SUBJECTS, [table], table.schema)


def _item(
    folder: Path,
    city: City,
    chance: np.random.Generator,
    name: str,
    fields: Mapping[str, FieldType],
    subjects: int,
) -> Part:
    schema = creditfile.export_schema(fields)
    if name == "registration_basics":
        whose = np.arange(1, subjects + 1)
    else:
        whose = np.sort(chance.integers(1, subjects + 1, int(subjects * HALF_A_FACT)))
    first = 1_000_000 * (1 + sorted(readable.items(city)).index(name))
    known = _envelope(chance, whose, first) | {
        field: _filled(chance, city, city.items[name].fields[field], len(whose)) for field in fields
    }
    table = pa.table([pa.array(known[one.name], from_pandas=True).cast(one.type) for one in schema], schema=schema)
    return writing.written(folder, name, [table], schema)


def _envelope(chance: np.random.Generator, whose: Any, first: int) -> dict[str, Any]:
    many = len(whose)
    standings = [Standing.GOOD, Standing.DISPUTED, Standing.REPAIRED]
    return {
        "fact_id": np.arange(first, first + many),
        "subject_id": whose,
        "standing": chance.choice([str(one) for one in standings], many, p=[0.99, 0.005, 0.005]).tolist(),
        "valid_from": _days(chance, many),
        "valid_to": _gaps(chance, _days(chance, many, ahead=True), 0.6),
        "received_on": _days(chance, many),
        "shown_until": _gaps(chance, _days(chance, many, ahead=True), 0.5),
    }


def _filled(chance: np.random.Generator, city: City, field: ItemField, many: int) -> Any:
    match field.type:
        case FieldType.DATE:
            values: Any = _days(chance, many, ahead=True)
        case FieldType.MONEY_YUAN | FieldType.MONEY_WAN:
            values = matters.money(chance.integers(0, 10**9, many))
        case FieldType.INTEGER:
            values = chance.integers(0, 300, many)
        case FieldType.BOOLEAN:
            values = chance.integers(0, 2, many).astype(bool)
        case FieldType.DECIMAL:
            values = [f"{one / 1000:.6f}" for one in chance.integers(0, 10**5, many)]
        case FieldType.CODE:
            values = _codes(chance, city, field, many)
        case _:
            values = _one_of(chance, WORDS, many)
    return values if field.required else _gaps(chance, values, 0.2)


def _codes(chance: np.random.Generator, city: City, field: ItemField, many: int) -> Any:
    listed = list(city.codes[field.codes].values) if field.codes else []
    codes = listed or list(WORDS[1:])
    if not field.several:
        return _one_of(chance, codes, many)
    pairs = [json.dumps([one, other], ensure_ascii=False) for one in codes for other in codes if one <= other]
    return _one_of(chance, pairs, many)


def _one_of(chance: np.random.Generator, words: Sequence[str], many: int) -> Any:
    return pa.array(list(words)).take(pa.array(chance.integers(0, len(words), many)))


def _days(chance: np.random.Generator, many: int, *, ahead: bool = False) -> Any:
    """Days of the last years; `ahead`: of the coming ones too."""
    return pa.array((np.datetime64(ON) - chance.integers(-DAYS if ahead else 0, DAYS, many)).astype("datetime64[D]"))


def _gaps(chance: np.random.Generator, values: Any, share: float) -> Any:
    array = values if isinstance(values, pa.Array) else pa.array(values)
    return pc.if_else(pa.array(chance.random(len(array)) >= share), array, pa.scalar(None, array.type))
