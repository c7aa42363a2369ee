"""Strict reading: what is text stays text, what is dangerous or doubtful is refused with its line."""

from pathlib import Path

import pytest

from xinqiao.catalogue.documents import LARGEST_FILE, Document, read


def _read(tmp_path: Path, content: str | bytes) -> Document:
    path = tmp_path / "x.yml"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read(path, "x.yml")


def test_nothing_but_emptiness_is_guessed_from_plain_words(tmp_path: Path) -> None:
    document = _read(
        tmp_path, "a: no\nb: 010\nc: 12:30\nd: 2026-04-01\ne: 1e3\nf: 1_000\ng: ~\nh: 'null'\ni:\nj: true\n"
    )
    assert document.value == {
        "a": "no",
        "b": "010",
        "c": "12:30",
        "d": "2026-04-01",
        "e": "1e3",
        "f": "1_000",
        "g": None,
        "h": "null",
        "i": None,
        "j": "true",
    }
    assert document.mistakes == []


@pytest.mark.parametrize(
    ("content", "line", "said"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "写了两次"),
        ("a: &x [1]\nb: *x\n", 1, "别名"),
        ("a: 1\nb: !!python/object/apply:os.system [ls]\n", 2, "类型标记"),
        ("a: 1\nb: !secret x\n", 2, "类型标记"),
        ("a: 1\n---\nb: 2\n", 2, "一个文件里只能有一份内容"),
        ("a: 1\nb: [1, 2\nc: 3\n", 3, "没有用 ] 收尾"),
        ("a: 1\nb: {c: 1, d: 2\ne: 3\n", 3, "没有用 } 收尾"),
        ("a: 1\n\tb: 2\n", 2, "制表符"),
        ("a: 1\nb: c: d\n", 2, "两个冒号"),
        ("a: 1\nb: 'c\n", 3, "引号没有成对"),
        ("a: 1\nb: *x\n", 2, "别名"),
        ("a: 1\n<<: &m {b: 1}\nc: *m\n", 2, "别名"),
        ("? [1, 2]\n: x\n", 1, "键必须是一个词"),
        ("", 1, "空的"),
        ("# nothing but a remark\n", 1, "空的"),
        (b"a: 1\nb: \xd6\xd0\xce\xc4\n", 2, "UTF-8"),
        ("a: 1\nb: x\0y\n", 2, "YAML"),
        ("a: " + "[" * 20 + "]" * 20 + "\n", 1, "嵌套"),
    ],
)
def test_each_trap_is_refused_on_its_line(tmp_path: Path, content: str | bytes, line: int, said: str) -> None:
    document = _read(tmp_path, content)
    assert [(m.line, said in m.message) for m in document.mistakes] == [(line, True)]


def test_a_tower_of_brackets_does_not_bring_the_reader_down(tmp_path: Path) -> None:
    assert _read(tmp_path, "[" * 100_000).mistakes


def test_laughing_a_billion_times_stops_at_the_first_repetition(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]" for i in range(1, 30)]
    assert "别名" in _read(tmp_path, "\n".join(lines)).mistakes[0].message


def test_a_huge_file_is_not_even_opened(tmp_path: Path) -> None:
    document = _read(tmp_path, "a: " + "x" * LARGEST_FILE)
    assert "超过" in document.mistakes[0].message
    assert document.root is None


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    assert _read(tmp_path, "﻿a: 1\n").value == {"a": "1"}


def test_every_part_knows_its_line_however_deep(tmp_path: Path) -> None:
    document = _read(tmp_path, "a:\n  b:\n    - x\n    - c: {d: 1,\n          e: 2}\n")
    assert document.line_of(("a", "b", 1, "c", "e")) == 5
    assert document.line_of(("a", "b", 1, "c", "missing")) == 4
    assert document.line_of(("a", "some_rule", "b", 0)) == 3  # a word that is no key of the file is passed over
