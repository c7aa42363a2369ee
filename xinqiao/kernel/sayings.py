"""What is said to people, and how to say it again in another language: a fixed text, and what fills its places.

Chinese is the source text. Whoever says something knows only Chinese; the reader's language is found by the fixed text
(`xinqiao.language`), so what was said and kept years ago can be read in a language nobody had translated it into then.
"""

import json
import math
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, Self, Union

Value = Union[str, int, "Saying", Sequence["Value"]]
Words = Callable[[str], str | None]  # from a Chinese text to the reader's, None where there is none

COMMA: Final = "、"


class Saying(str):
    """A Chinese sentence (or a title, a unit) that is a `str` like any other, and remembers how it was made.

    `Saying("第{line}行重复", line=7)`. Values are whole numbers, words that are the same in every language, sayings, or
    lists of these. Without values the text stands as it is, and may be filled by another saying later. A translation
    may use other places than the Chinese does, and `{n:row|rows}` for one and for more.
    """

    __slots__ = ("text", "values")
    text: str
    values: Mapping[str, Value]

    def __new__(cls, text: str, /, **values: Value) -> Self:
        told = text.format_map(_chinese(values)) if values else text
        said = super().__new__(cls, told)
        said.text, said.values = str(text), values
        return said

    def spoken(self, words: Words) -> str:
        """The same in the words of another language; all of it stays Chinese where that has no words for it."""
        text = self.text if self.text.isascii() else words(self.text)
        if text is None:
            return str(self)
        if not self.values:
            return text
        return text.format(**{name: _spoken(value, words) for name, value in self.values.items()})

    def kept(self) -> str:
        """How it was made, to be stored beside the sentence itself; empty where the sentence is all there is to it."""
        return json.dumps(_kept(self), ensure_ascii=False) if self.values else ""

    def __deepcopy__(self, memo: object) -> Self:
        return self


def recalled(told: str, kept: str) -> Saying:
    """What was stored, as it was said."""
    return _recalled(json.loads(kept)) if kept else Saying(told)


def spoken(text: str, words: Words) -> str:
    """Any text in another language: a saying by its parts, a plain one as a whole."""
    return (text if isinstance(text, Saying) else Saying(text)).spoken(words)


def with_unit(shown: str, amount: Decimal | int, unit: str) -> Saying:
    """An amount with its unit: 3 条, 1.5 条. A unit may be worded for one and for many; one and a half are many."""
    return Saying("{value} {unit}", value=shown, unit=Saying(unit, n=math.ceil(amount)))


class _Number(int):
    """Knows one from many: `{n:row|rows}` where n is 1 gives `row`."""

    def __format__(self, spec: str) -> str:
        one, bar, many = spec.partition("|")
        return (one if self == 1 else many) if bar else super().__format__(spec)


def _chinese(values: Mapping[str, Value]) -> Mapping[str, object]:
    """What fills the places: the values as they are, which nearly all are, or with their lists joined."""
    if all(isinstance(value, str | int) for value in values.values()):
        return values
    return {name: _joined(value) for name, value in values.items()}


def _joined(value: Value) -> object:
    if isinstance(value, str | int):
        return value
    return COMMA.join(str(_joined(one)) for one in value)


def _spoken(value: Value, words: Words) -> object:
    match value:
        case Saying():
            return value.spoken(words)
        case int():
            return _Number(value)
        case str():
            return value
        case _:
            return (words(COMMA) or COMMA).join(str(_spoken(one, words)) for one in value)


def _kept(value: Value) -> object:
    match value:
        case Saying():
            return {"text": value.text, "values": {name: _kept(one) for name, one in value.values.items()}}
        case str() | int():
            return value
        case _:
            return [_kept(one) for one in value]


def _recalled(kept: Any) -> Any:
    match kept:
        case {"text": text, "values": values}:
            return Saying(text, **{name: _recalled(one) for name, one in values.items()})
        case list():
            return [_recalled(one) for one in kept]
        case _:
            return kept
