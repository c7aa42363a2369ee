"""Change one thing in a valid item file: it means the same, or it is refused on the line of the change."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.catalogue.builders import item_texts, read_item
from xinqiao.catalogue.documents import read
from xinqiao.catalogue.errors import Mistake
from xinqiao.catalogue.schema import Item

TEXTS = item_texts()
SLOW = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)

# Words of the schema whose value is a word of the schema, of the city, or of the item itself: none may be misspelt.
BOUND = {
    *("family", "sources", "nature", "mode", "classed", "every", "formats", "field", "name", "kinds", "key", "modes"),
    *("period", "duplicate", "order_by", "full_within", "since", "until", "counted_from", "while_empty", "type"),
    *("codes", "mask", "reference", "rule", "other", "fields", "parts", "otherwise", "nature", "filled", "required"),
    *("whole", "verified", "future", "adverse_only", "division", "industry", "established", "status"),
}
# Below these, values and keys are the official's own words.
FREE = {"title", "title_en", "note", "reason", "document", "clause", "coverage", "basis", "headers", "ignore", "unit"}


@dataclass(frozen=True)
class Spot:
    """A word of an item file that must be exactly this word."""

    start: int
    end: int
    line: int


def _spots(node: yaml.Node, under: str = "", parent: str = "") -> Iterator[Spot]:
    if isinstance(node, yaml.MappingNode):
        for key, child in node.value:
            if under != "fields":  # a field's own name is free, unless something refers to it
                yield _spot(key)
            if key.value not in FREE:
                yield from _spots(child, key.value, under)
    elif isinstance(node, yaml.SequenceNode):
        for child in node.value:
            yield from _spots(child, under, under)
    elif under in BOUND:
        yield _spot(node)


def _spot(node: yaml.Node) -> Spot:
    return Spot(node.start_mark.index, node.end_mark.index, node.start_mark.line + 1)


def _words(name: str) -> list[Spot]:
    root = yaml.compose(TEXTS[name], Loader=yaml.CBaseLoader)
    assert isinstance(root, yaml.MappingNode)
    return [
        spot
        for key, child in root.value
        for spot in (_spot(key), *(() if key.value in FREE else _spots(child, key.value, "item")))
        if TEXTS[name][spot.start : spot.end].isidentifier()
    ]


WORDS = {name: _words(name) for name in TEXTS}


@given(data=st.data())
@SLOW
def test_a_misspelt_word_is_refused_on_its_line(data: st.DataObject, tmp_path: Path) -> None:
    name = data.draw(st.sampled_from(sorted(TEXTS)))
    spot = data.draw(st.sampled_from(WORDS[name]))
    word = TEXTS[name][spot.start : spot.end]
    wrong = data.draw(st.sampled_from([word + "x", word[:-1], word.upper(), word[::-1]]).filter(lambda w: w != word))
    text = TEXTS[name][: spot.start] + wrong + TEXTS[name][spot.end :]
    item, mistakes = read_item(text, name, tmp_path)
    assert mistakes, f"{name}:{spot.line}: {word!r} → {wrong!r} went through"
    assert spot.line in {m.line for m in mistakes} or _told_elsewhere(item, mistakes, spot), [*map(str, mistakes)]


def _told_elsewhere(item: Item | None, mistakes: list[Mistake], spot: Spot) -> bool:
    """A missing word is told where it is missed: at the beginning of what it belongs to, or where it is referred to."""
    return item is None and any(m.line <= spot.line for m in mistakes)


@given(data=st.data())
@SLOW
def test_what_only_changes_the_look_changes_nothing(data: st.DataObject, tmp_path: Path) -> None:
    name = data.draw(st.sampled_from(sorted(TEXTS)))
    lines = TEXTS[name].splitlines()
    at = data.draw(st.integers(0, len(lines) - 1))
    how = data.draw(st.sampled_from(["remark", "blank", "trailing", "windows", "mark"]))
    match how:
        case "remark":
            lines.insert(at, "# 说明")
        case "blank":
            lines.insert(at, "")
        case "trailing":
            lines[at] += "   "
        case "windows":
            lines = [line + "\r" for line in lines]
        case "mark":
            lines[0] = "﻿" + lines[0]
    item, mistakes = read_item("\n".join(lines) + "\n", name, tmp_path)
    assert mistakes == []
    assert item == read_item(TEXTS[name], name, tmp_path)[0]


@given(data=st.data())
@SLOW
def test_a_line_written_twice_is_refused_where_it_is_repeated(data: st.DataObject, tmp_path: Path) -> None:
    name = data.draw(st.sampled_from(sorted(TEXTS)))
    lines = TEXTS[name].splitlines()
    whole = [i for i, line in enumerate(lines) if ": {" in line or (": " in line and "- " not in line)]
    at = data.draw(st.sampled_from([i for i in whole if not lines[i].lstrip().startswith(("#", "- "))]))
    lines.insert(at + 1, lines[at])
    _, mistakes = read_item("\n".join(lines) + "\n", name, tmp_path)
    assert any(m.line == at + 2 and "写了两次" in m.message for m in mistakes), [*map(str, mistakes)]


@given(data=st.data())
@SLOW
def test_a_stray_character_is_refused_or_stays_within_the_words_it_fell_into(
    data: st.DataObject, tmp_path: Path
) -> None:
    """Whatever one keystroke does, nothing crashes, and what loads is an item with lines for its mistakes."""
    name = data.draw(st.sampled_from(sorted(TEXTS)))
    at = data.draw(st.integers(0, len(TEXTS[name])))
    stray = data.draw(st.sampled_from([*"{}[]:,-&*!|>'\"%@`#?\t\n \\\0", "：", "a", "7"]))
    text = TEXTS[name][:at] + stray + TEXTS[name][at:]
    item, mistakes = read_item(text, name, tmp_path)
    assert item is not None or mistakes
    height = text.count("\n") + 1
    assert all(1 <= m.line <= height + 1 for m in mistakes)  # what is never closed is missed after the last line
    before = read_item(TEXTS[name], name, tmp_path)[0]
    assert before is not None
    if item is not None and not mistakes:
        assert item.fields.keys() == before.fields.keys() or len(item.fields) == len(before.fields)


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_every_item_has_many_words_that_must_be_right(name: str, tmp_path: Path) -> None:
    assert len(WORDS[name]) > 40
    (tmp_path / "x.yml").write_text(TEXTS[name], "utf-8")
    assert read(tmp_path / "x.yml", "x.yml").mistakes == []
