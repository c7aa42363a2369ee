"""A fitted card in the language of models, so that the product compiles and runs it like one written by an expert."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, Final

import polars as pl
import yaml

from xinqiao.catalogue.schema import Adverse, AdverseNature, FieldType
from xinqiao.evaluation.language import Bound, Indicator, Model, ReadField, ReadItem
from xinqiao.fitting.binning import MISSING
from xinqiao.fitting.errors import FitFaults
from xinqiao.fitting.samples import is_amount
from xinqiao.fitting.scorecard import Card, Piece
from xinqiao.kernel.subject_kinds import SubjectKind

ROWS: Final = "rows"  # the one item of a card whose rows came with their own columns
OBSERVED: Final = "observed"


def refitted(card: Card, model: Model, *, on: date, version: str) -> Model:
    """The city's model with fitted points: the same facts, vetoes, caps and ends; other steps, other grades.

    An indicator that is not on the card stays, with no points: its reasons are still told.
    """
    pieces = {piece.name: piece for piece in card.pieces}
    written = model.model_dump(mode="json", exclude={"fit"}, exclude_none=True, exclude_defaults=True)
    for name, indicator in model.indicators.items():
        said = written["indicators"][name]
        if (piece := pieces.get(name)) is not None:
            said |= _worth(piece, card, on, _reasons(indicator))
        else:
            said["weight"] = [{"since": on.isoformat(), "points": 0, "set_by": _why_not(name, card)}]
    return Model.model_validate(written | _head(card, on, version))


def of_rows(card: Card, table: pl.DataFrame, *, on: date, version: str) -> Bound:
    """A card over rows with columns of their own, as a model over one item with a fact a row."""
    fields = {piece.name: _field(card, table, piece.name) for piece in card.pieces}
    fields[OBSERVED] = ReadField(title="观察日", type=FieldType.DATE)
    item = ReadItem(title=card.spec.title, adverse=Adverse(otherwise=AdverseNature.NONE), fields=fields)
    written = {
        "kind": SubjectKind.ENTERPRISE,
        "basis": [{"document": card.spec.target}],
        "parts": {"fitted": {"title": card.spec.title, "groups": {"fitted": card.spec.title}}},
        "indicators": {piece.name: _indicator(piece, card, on) for piece in card.pieces},
        "thin_file": {"grade": "—", "title": "数据不足", "reason": "没有数据", "items_at_least": 0},
    }
    return Bound(model=Model.model_validate(written | _head(card, on, version)), items={ROWS: item})


def facts(table: pl.DataFrame, *, on: date) -> pl.DataFrame:
    """Those rows as the facts of such a model; the n-th is subject n's."""
    numbers = pl.int_range(1, table.height + 1, dtype=pl.Int64, eager=True)
    return table.with_columns(
        fact_id=numbers,
        subject_id=numbers,
        standing=pl.lit("good"),
        valid_from=None,
        valid_to=None,
        observed=pl.lit(on),
    )


def text(model: Model) -> str:
    """The model file: what the loader reads back as the same model."""
    written = model.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    return str(yaml.dump(written, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=118))


class _Plain(yaml.SafeDumper):
    """Nothing by reference: model files know no aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        del data
        return True


# ── parts of a model ─────────────────────────────────────────────────────────────────────────────────────────────────


def _head(card: Card, on: date, version: str) -> dict[str, Any]:
    return {
        "model": card.spec.fit,
        "version": version,
        "title": card.spec.title,
        "effective": {"since": on.isoformat()},
        "scale": card.scale,
        "base": card.base,
        "grades": list(_grades(card)),
    }


def _grades(card: Card) -> Iterator[dict[str, Any]]:
    """Each grade from the lowest score whose probability it bears; a grade nobody can reach is left out."""
    reached = 0
    for one in card.spec.grades:
        since = 0 if one.at_most is None else max(0, card.calibration.least_score(one.at_most))
        if since > card.scale:
            continue
        yield {"grade": one.grade, "title": one.title, "since": since}
        reached += 1
        if since == 0:
            break
    if reached < 2:  # noqa: PLR2004 — one grade for all parts nobody
        raise FitFaults(["所有主体会落在同一个等级：请调整 grades 的 at_most"])


def _indicator(piece: Piece, card: Card, on: date) -> dict[str, Any]:
    one = card.spec.inputs[piece.name]
    code = {"take": "latest", "field": piece.name, "by": OBSERVED}
    return {
        "title": one.title,
        "part": "fitted",
        "group": "fitted",
        "reads": ROWS,
        "measure": code if one.kind == "code" else {"take": "largest", "field": piece.name},
    } | _worth(piece, card, on, (f"{one.title}：{{value}}", f"没有“{one.title}”", f"“{one.title}”尚未归集"))


def _worth(piece: Piece, card: Card, on: date, reasons: tuple[str, str, str]) -> dict[str, Any]:
    """Weight, absence and steps. A source's silence is worth what an empty value is: it costs nobody more."""
    known, none, silent = reasons
    missing = piece.points[MISSING]
    return {
        "weight": [{"since": on.isoformat(), "points": max(piece.points), "set_by": f"{card.spec.title}（拟合）"}],
        "none": {"points": missing, "reason": none},
        "silent": {"points": missing, "reason": silent},
        "steps": [step | {"reason": known} for step in _steps(piece)],
    }


def _steps(piece: Piece) -> Iterator[dict[str, Any]]:
    found, points = piece.binning, piece.points
    for place, code in enumerate(found.special, start=1):
        yield {"is_in": [code], "points": points[place]}
    ends: list[dict[str, Any]] = [{"up_to": _written(cut)} for cut in found.cuts]
    ends += [{"is_in": list(group)} for group in found.groups[:-1]]
    for place, end in zip(piece.steps(), [*ends, {}], strict=True):
        yield end | {"points": points[place]}


def _written(cut: Decimal) -> str:
    return f"{cut.normalize():f}"


def _reasons(indicator: Indicator) -> tuple[str, str, str]:
    """The expert's words for absence; for what is there only the value, since the old steps are gone."""
    return f"{indicator.title}：{{value}}", indicator.none.reason, indicator.silent.reason


def _why_not(name: str, card: Card) -> str:
    return f"{card.spec.title}：{card.left_out.get(name, '不是这张评分卡的输入')}"


def _field(card: Card, table: pl.DataFrame, name: str) -> ReadField:
    title = card.spec.inputs[name].title
    if card.spec.inputs[name].kind == "code":
        return ReadField(title=title, type=FieldType.TEXT)
    return ReadField(title=title, type=FieldType.MONEY_YUAN if is_amount(table[name]) else FieldType.INTEGER)
