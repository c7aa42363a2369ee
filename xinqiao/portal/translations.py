"""The English of the pages: `locale/en/LC_MESSAGES/django.po`, and the compiled `.mo` beside it, both committed.

Chinese is the source text. `python -m xinqiao.portal.translations` collects every text from templates and code, adds
the new ones to the .po with an empty translation, drops the unused ones and compiles. It needs no gettext tools, so
setting up needs none either; a test asks that nothing is missing and that the .mo is that of the .po.
"""

import ast
import importlib
import pkgutil
import re
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.utils.translation.template import templatize

import xinqiao
from xinqiao.kernel.problems import Problem

HERE: Final = Path(__file__).parent
PO: Final = HERE / "locale" / "en" / "LC_MESSAGES" / "django.po"
SINGULAR: Final = {"_", "gettext", "gettext_lazy"}
PLURAL: Final = {"ngettext", "ngettext_lazy"}
HEADER: Final = (
    "Content-Type: text/plain; charset=UTF-8\n"
    "Content-Transfer-Encoding: 8bit\n"
    "Language: en\n"
    "Plural-Forms: nplurals=2; plural=(n != 1);\n"
)
MAGIC: Final = 0x950412DE
_STRING: Final = r"""(?:u?'(?:\\.|[^'\\])*'|u?"(?:\\.|[^"\\])*")"""
_IN_TEMPLATE: Final = re.compile(rf"\b(n?gettext|_)\(\s*({_STRING})(?:\s*,\s*({_STRING}))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Text:
    """A text to translate; `plural` where its words depend on a number."""

    singular: str
    plural: str | None = None


def texts() -> list[Text]:
    """Every text of the pages, once, in order: templates, code, and the titles of every refusal."""
    found = {*_in_templates(), *_in_code(), *_refusals()}
    return sorted(found, key=lambda text: (text.singular, text.plural or ""))


def _in_templates() -> Iterator[Text]:
    for path in sorted((HERE / "templates").rglob("*.html")):
        for call, first, second in _IN_TEMPLATE.findall(templatize(path.read_text(encoding="utf-8"))):
            yield Text(ast.literal_eval(first), ast.literal_eval(second) if call == "ngettext" else None)


def _in_code() -> Iterator[Text]:
    for path in sorted(HERE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                yield from _called(node.func.id, [a.value for a in node.args if isinstance(a, ast.Constant)])


def _called(name: str, said: list[object]) -> Iterator[Text]:
    match said:
        case [str(one), str(many), *_] if name in PLURAL:
            yield Text(one, many)
        case [str(one), *_] if name in SINGULAR:
            yield Text(one)


def _refusals() -> Iterator[Text]:
    """The titles of the domains' refusals are fixed sentences, so the pages can say them in English too."""
    for module in pkgutil.walk_packages(xinqiao.__path__, "xinqiao."):
        if _tells_pages(module.name):
            importlib.import_module(module.name)
    waiting = [Problem]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if _tells_pages(kind.__module__):
            yield Text(kind.title)


def _tells_pages(module: str) -> bool:
    """What the other two ways in refuse is no page's business."""
    return module.startswith("xinqiao.kernel.") or module.endswith(".errors")


# ── the .po ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def read_po(text: str) -> dict[Text, list[str]]:
    """Each text and its translations: one, or one for each plural form."""
    known: dict[Text, list[str]] = {}
    for block in text.split("\n\n"):
        said: dict[str, str] = {}
        key = ""
        for line in block.splitlines():
            if line.startswith("#") or not line.strip():
                continue
            word, quote, rest = line.partition('"')
            key = word.strip() or key
            said[key] = said.get(key, "") + ast.literal_eval(quote + rest)
        if said.get("msgid"):
            told = [said[k] for k in sorted(said) if k.startswith("msgstr")]
            known[Text(said["msgid"], said.get("msgid_plural"))] = told
    return known


def write_po(known: dict[Text, list[str]]) -> str:
    blocks = [f'msgid ""\nmsgstr {_quoted(HEADER)}']
    for text, told in known.items():
        if text.plural is None:
            blocks.append(f"msgid {_quoted(text.singular)}\nmsgstr {_quoted(told[0])}")
        else:
            forms = "\n".join(f"msgstr[{n}] {_quoted(one)}" for n, one in enumerate(told))
            blocks.append(f"msgid {_quoted(text.singular)}\nmsgid_plural {_quoted(text.plural)}\n{forms}")
    return "\n\n".join(blocks) + "\n"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def merged(known: dict[Text, list[str]]) -> dict[Text, list[str]]:
    """What is used today, with the translations there are."""
    return {text: known.get(text, [""] if text.plural is None else ["", ""]) for text in texts()}


# ── the .mo (the format of GNU gettext) ──────────────────────────────────────────────────────────────────────────────


def compiled(known: dict[Text, list[str]]) -> bytes:
    """The same bytes for the same translations; untranslated texts are left out and fall back to Chinese."""
    entries = {"": HEADER}
    for text, told in known.items():
        if all(told):
            entries[text.singular if text.plural is None else f"{text.singular}\0{text.plural}"] = "\0".join(told)
    pairs = sorted((k.encode(), v.encode()) for k, v in entries.items())
    offset = 28 + 16 * len(pairs)
    tables, blob = [b"", b""], b""
    for column in (0, 1):
        for pair in pairs:
            tables[column] += struct.pack("<II", len(pair[column]), offset + len(blob))
            blob += pair[column] + b"\0"
    head = struct.pack("<7I", MAGIC, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0)
    return head + tables[0] + tables[1] + blob


def main() -> int:
    known = merged(read_po(PO.read_text(encoding="utf-8")) if PO.exists() else {})
    PO.write_text(write_po(known), encoding="utf-8")
    PO.with_suffix(".mo").write_bytes(compiled(known))
    missing = [text.singular for text, told in known.items() if not all(told)]
    sys.stdout.write("".join(f"no English yet: {one}\n" for one in missing))
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
