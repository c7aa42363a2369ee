"""Cells that hold several codes at once (警告、罚款), parted by the signs their field declares."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

import polars as pl

from xinqiao.catalogue.schema import Rule
from xinqiao.intake.reading import limits
from xinqiao.intake.rules.columns import Column
from xinqiao.intake.rules.limiting import Step

SEVERAL: Final = pl.List(pl.String())
# Characters. All kinds of penalty there are, each written out in full, take a hundred; more is no list of codes.
LONGEST: Final = 500


def several_of(meaning: Mapping[str, str], separators: Sequence[str], order: Sequence[str], rule: Rule) -> Step:
    """The value is the codes the cell names, each once, in their list's `order`; `meaning` maps spellings to codes."""

    def judge(column: Column) -> None:
        texts = column.text.drop_nulls().unique().to_list()
        found = [_in_order(parted(text, meaning, separators), order) for text in texts]
        known = pl.DataFrame({"text": texts, "codes": found}, schema={"text": pl.String, "codes": SEVERAL})
        cells = column.text.alias("text").to_frame()
        column.value = cells.join(known, on="text", how="left", maintain_order="left")["codes"].alias(column.text.name)
        column.fail(column.value.is_null() & column.text.is_not_null(), rule)

    return judge


def parted(text: str, meaning: Mapping[str, str], separators: Sequence[str]) -> list[str] | None:
    """The codes named, as they stand; None where the text is no list of spellings.

    A spelling may contain a separator (没收违法所得、没收非法财物): longer ones are tried before shorter ones.
    """
    if len(text) > LONGEST:
        return None
    words = sorted((word for word in meaning if word in text), key=len, reverse=True)

    @cache
    def after(begin: int) -> tuple[str, ...] | None:
        for word in words:
            if not text.startswith(word, begin):
                continue
            end = begin + len(word)
            if end == len(text):
                return (meaning[word],)
            for next_ in _beyond(text, end, separators):
                if (rest := after(next_)) is not None:
                    return (meaning[word], *rest)
        return None

    codes = after(0)
    return None if codes is None else list(codes)


def _beyond(text: str, end: int, separators: Sequence[str]) -> list[int]:
    """Where the next spelling may begin: behind a separator, blanks on either side of it not counted."""
    rest = text[end:].lstrip(limits.WHITE)
    behind = [rest.removeprefix(sign).lstrip(limits.WHITE) for sign in separators if rest.startswith(sign)]
    return [len(text) - len(left) for left in behind]


def _in_order(codes: Sequence[str] | None, order: Sequence[str]) -> list[str] | None:
    return None if codes is None else sorted(set(codes), key=order.index)
