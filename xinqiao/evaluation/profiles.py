"""画像: one picture of a business, side by side in a few dimensions, each told by catalogued indicators in words. Pure.

It has no score of its own. What is not known is said to be not known, and nothing is told that the indicators' bands
do not tell: a word's threshold is an edge of a band.
"""

import hashlib
from collections.abc import Iterator
from typing import Annotated, Final, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from xinqiao.catalogue import City, Mistake
from xinqiao.catalogue.schema import Amount, Day, Entry, Name, Text
from xinqiao.evaluation import indicator_files
from xinqiao.evaluation.errors import ModelFaults
from xinqiao.evaluation.indicator_language import CataloguedIndicator, Polarity, Type
from xinqiao.evaluation.indicators import Catalogue, Reading, band
from xinqiao.evaluation.model_files import read_entry

FILE: Final = "profile.yml"
Tone = Literal["good", "care", "plain"]
_ORDER: Final = ("care", "plain", "good")


class Said(Entry):
    """What is said, and in which tone: for the business, to be looked at, or only to be known."""

    says: Text
    says_en: Text
    tone: Tone


class Word(Said):
    """Said of values from `at_least` on, or of those in `is_in`; the last word says neither and takes what is left."""

    at_least: Amount | None = None
    is_in: tuple[str, ...] | None = None

    def holds(self, one: CataloguedIndicator, reading: Reading) -> bool:
        """By the band's lower edge, as whoever is told the band sees it."""
        value = reading.value
        if self.is_in is not None:
            return ("true" if value else "false") in self.is_in if one.type is Type.FLAG else value in self.is_in
        told = band(one, value)
        return self.at_least is None or (told is not None and told.low >= self.at_least)


class Trace(Entry):
    """One indicator, and what is said of its values. `none`: where there is nothing, and that is no nought."""

    indicator: Name
    words: Annotated[tuple[Word, ...], Field(min_length=1)]
    none: Said | None = None

    @model_validator(mode="after")
    def _last_is_open(self) -> Self:
        bounded = [word.at_least is not None or word.is_in is not None for word in self.words]
        if bounded[-1] or not all(bounded[:-1]):
            raise ValueError("最后一个词不写界限，接住其余的值；前面的都要写 at_least 或 is_in")
        return self

    def word(self, one: CataloguedIndicator, reading: Reading) -> Said | None:
        """None where it is not known."""
        if not reading.known:
            return None
        if reading.value is None:
            return self.none
        return next(word for word in self.words if word.holds(one, reading))


class Dimension(Entry):
    title: Text
    title_en: Text
    about: Text
    about_en: Text
    traces: Annotated[tuple[Trace, ...], Field(min_length=1)]


class Profile(Entry):
    """Another word in it is another version."""

    version: Annotated[str, StringConstraints(pattern=r"^\d{4}\.\d{1,3}$")]
    since: Day
    dimensions: Annotated[dict[Name, Dimension], Field(min_length=2)]

    def names(self) -> list[str]:
        """Every indicator it is told by, once."""
        return list(dict.fromkeys(trace.indicator for one in self.dimensions.values() for trace in one.traces))


def load(city: City) -> Profile:
    """Raises `ModelFaults` with every mistake. Read and checked once for the same words."""
    words = hashlib.sha256((city.folder / FILE).read_bytes()).hexdigest()
    key = (str(city.folder), city.digest, words)
    if key not in _kept:
        found, mistakes = read(city)
        if found is None or mistakes:
            raise ModelFaults(mistakes)
        _kept[key] = found
    return _kept[key]


_kept: dict[tuple[str, str, str], Profile] = {}


def read(city: City) -> tuple[Profile | None, list[Mistake]]:
    document, found = read_entry(Profile, city.folder / FILE, FILE)
    indicators, _ = indicator_files.read(city)
    if found is None or indicators is None:  # its own mistakes are told where it is checked
        return found, document.mistakes
    for name, dimension in found.dimensions.items():
        for place, trace in enumerate(dimension.traces):
            at = ("dimensions", name, "traces", place)
            for message in faults(trace, indicators.catalogue):
                document.mistakes.append(document.mistake(at, message))
    return found, document.mistakes


def faults(trace: Trace, catalogue: Catalogue) -> Iterator[str]:
    one = catalogue.indicators.get(trace.indicator)
    if one is None:
        yield f"没有指标 {trace.indicator}"
        return
    by_code = one.type in {Type.FLAG, Type.CODE}
    for word in trace.words[:-1]:
        if by_code is not (word.is_in is not None):
            yield "是否和代码写 is_in，其余写 at_least"
        if word.at_least is not None and one.width is not None and word.at_least % one.width != 0:
            yield f"{word.at_least} 不在 {trace.indicator} 的分档上（档宽 {one.width}）"
    edges = [word.at_least for word in trace.words if word.at_least is not None]
    if edges != sorted(set(edges), reverse=True):
        yield "各词的 at_least 应依次减小"
    if (trace.none is None) is (one.none == "empty"):
        yield "没有时为空的指标要写 none，是 0 的不写"
    yield from _direction(one, trace)


def _direction(one: CataloguedIndicator, trace: Trace) -> Iterator[str]:
    """A word may not praise what the indicator holds against a business."""
    tones = [_ORDER.index(word.tone) for word in trace.words]
    match one.polarity:
        case Polarity.HIGHER_IS_BETTER if tones != sorted(tones, reverse=True):
            yield f"{trace.indicator} 越高越好，词的轻重却不是这样"
        case Polarity.HIGHER_IS_WORSE if tones != sorted(tones):
            yield f"{trace.indicator} 越高越不好，词的轻重却不是这样"
