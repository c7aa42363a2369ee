"""PDF/A-2b by Typst. What is printed travels as data and never as markup, so no name in it can do anything.

The same data give the same bytes: no clock and no chance is in them.
"""

import io
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

import segno
import typst

from xinqiao.documents import fonts

STANDARD: Final = "a-2b"
MISSING: Final = "〓"  # 缺字符 (GB/T 15834 has none; printers have used the geta for it ever since)
TRIES: Final = 8  # each names every sign it met that no font has; a second is needed where replacing brings new ones
_LACKING: Final = re.compile(r'the text `"((?:[^"\\]|\\.)*)"` could not be displayed')
_ESCAPED: Final = re.compile(r"\\u\{([0-9a-f]{1,6})\}|\\(.)")
# Control signs are no text, and those that turn or hide it let a page say what the data do not (Unicode TR #36).
_UNSEEN: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")


def render(template: str, data: Mapping[str, Any]) -> bytes:
    """A PDF of the data by a template, which reads them as `json(bytes(sys.inputs.data))`.

    A sign no font has is printed as 〓 with its code point, and all such are listed as `data.missing`, for the template
    to say so. Raises `NoFont`.
    """
    found, families = fonts.chosen()
    missing: set[str] = set()
    for _ in range(TRIES):
        told = _replaced(data, missing) | {"families": list(families), "missing": [_point(c) for c in sorted(missing)]}
        try:
            return _compiled(template, told, found)
        except typst.TypstError as error:
            if (lacking := set(_lacking(str(error.diagnostic)))) <= missing:
                raise
            missing |= lacking
    raise AssertionError("signs without a glyph, and no end of them")


def qr(address: str) -> str:
    """An address as a QR code, as SVG. Readable with 15 % of it smudged (level M), as paper gets."""
    drawn = io.BytesIO()
    segno.make_qr(address, error="m").save(drawn, kind="svg", xmldecl=False, border=4)
    return drawn.getvalue().decode()


def _compiled(template: str, told: Mapping[str, Any], found: typst.Fonts) -> bytes:
    made: bytes = typst.compile(
        template.encode(),
        font_paths=found,
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(told, ensure_ascii=False)},
        pdf_standards=STANDARD,
        format="pdf",
    )
    return made


def _lacking(diagnostic: str) -> Iterable[str]:
    """The signs a refusal names, each as itself."""
    for text in _LACKING.findall(diagnostic):
        yield from _ESCAPED.sub(lambda m: chr(int(m[1], 16)) if m[1] else m[2], text)


def _replaced(value: Any, missing: set[str]) -> Any:
    match value:
        case str():
            return "".join(f"{MISSING}（{_point(c)}）" if c in missing else c for c in _UNSEEN.sub("", value))
        case dict():
            return {key: _replaced(one, missing) for key, one in value.items()}
        case list() | tuple():
            return [_replaced(one, missing) for one in value]
        case _:
            return value


def _point(sign: str) -> str:
    return f"U+{ord(sign):04X}"
