"""What pages may touch. Values about a business come through the door, or not at all."""

import ast
import re
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

import pytest

import xinqiao.portal

PORTAL = Path(xinqiao.portal.__file__).parent
CLOSED = ("xinqiao.creditfile", "xinqiao.evaluation.results", "xinqiao.evaluation.grading")


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=names):
                found |= {one.name for one in names}
            case ast.ImportFrom(module=str(module), names=names):
                found |= {module} | {f"{module}.{one.name}" for one in names}
    return found


@pytest.mark.parametrize("path", sorted(PORTAL.rglob("*.py")), ids=lambda path: str(path.relative_to(PORTAL)))
def test_no_page_reads_facts_or_grades_past_the_door(path: Path) -> None:
    assert not [name for name in imported(path) if name.startswith(CLOSED)]


@pytest.mark.parametrize("path", sorted(PORTAL.rglob("*.html")), ids=lambda path: str(path.relative_to(PORTAL)))
def test_no_template_carries_style_script_or_another_host(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "style=" not in text
    assert "<style" not in text
    assert "http://" not in text.replace("http://www.w3.org/2000/svg", "")
    assert "https://" not in text
    assert not [line for line in text.splitlines() if "<script" in line and "src=" not in line and "json" not in line]
    assert "|safe" not in text
    assert "！" not in text


NIGHT = "@media (prefers-color-scheme: dark) {"
COLOUR = re.compile(r"(--[\w-]+|color|background|border-color): *#[0-9a-f]{3,8}")


def by_night(sheet: str) -> Iterator[str]:
    """What the style sheet says for the night alone, one declaration at a time."""
    for told in sheet.split(NIGHT)[1:]:
        depths = accumulate((letter == "{") - (letter == "}") for letter in told)
        whole = told[: next(place for place, depth in enumerate(depths) if depth < 0)]
        for block in re.findall(r"\{([^{}]*)\}", whole):
            yield from (one.strip() for one in block.split(";") if one.strip())


def test_the_night_changes_colours_and_nothing_else() -> None:
    """So the browser tour looks at boxes by day alone, and at colours by both."""
    sheets = [path.read_text(encoding="utf-8") for path in sorted(PORTAL.rglob("*.css"))]
    told = [one for sheet in sheets for one in by_night(sheet)]
    assert len(told) > 20
    assert [one for one in told if not COLOUR.fullmatch(one)] == []
    assert all("dark" not in sheet.replace(NIGHT, "").replace("color-scheme: light dark", "") for sheet in sheets)
