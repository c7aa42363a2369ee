"""The program's English: `locale/en/LC_MESSAGES/django.po`, and the compiled `.mo` beside it, both committed.

Chinese is the source text. `python -m xinqiao.language.translations` collects every text of the pages (templates and
`_()`) and every saying and refusal of the domains, adds the new ones to the .po with an empty translation and compiles.
Unused texts of pages are dropped; sayings stay, since what was said with them is kept. It needs no gettext tools, so
setting up needs none either; a test asks that nothing is missing and that the .mo is that of the .po.
"""

import ast
import re
import struct
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.utils.translation.template import templatize

HERE: Final = Path(__file__).parent
PROGRAM: Final = HERE.parent
PORTAL: Final = PROGRAM / "portal"
PO: Final = HERE / "locale" / "en" / "LC_MESSAGES" / "django.po"
SAYING: Final = "Saying"
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
    """Every text, once, in order: the pages', and what the domains say."""
    return sorted({*of_pages(), *map(Text, sayings())}, key=lambda text: (text.singular, text.plural or ""))


def of_pages() -> Iterator[Text]:
    for path in sorted((PORTAL / "templates").rglob("*.html")):
        for call, first, second in _IN_TEMPLATE.findall(templatize(path.read_text(encoding="utf-8"))):
            yield Text(ast.literal_eval(first), ast.literal_eval(second) if call == "ngettext" else None)
    for path in sorted(PORTAL.rglob("*.py")):
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                yield from _called(node.func.id, [a.value for a in node.args if isinstance(a, ast.Constant)])


def _called(name: str, said: list[object]) -> Iterator[Text]:
    match said:
        case [str(one), str(many), *_] if name in PLURAL:
            yield Text(one, many)
        case [str(one), *_] if name in SINGULAR:
            yield Text(one)


def sayings() -> dict[str, set[str]]:
    """Each fixed text the domains speak, with the values it may be filled from: `Saying("…", n=…)`, and the titles of
    refusals. A saying without values is filled where it is used, from places of its own."""
    found: dict[str, set[str]] = {}
    for path in sorted(PROGRAM.rglob("*.py")):
        for text, values in _said(_tree(path)):
            if text.isascii():
                continue  # the same in every language
            found.setdefault(text, set()).update(values)
    return found


def _said(tree: ast.AST) -> Iterator[tuple[str, set[str]]]:
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name), args=[ast.Constant(value=str(text))], keywords=filled) if (
                name == SAYING
            ):
                yield text, {one.arg for one in filled if one.arg} | set(places(text))
            case ast.ClassDef(body=body):
                yield from ((title, set()) for title in _title(body))


def _title(body: list[ast.stmt]) -> Iterator[str]:
    """The title of a refusal: a class with a `type` and a `title`."""
    named = {
        target.id: value.value
        for node in body
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(value := node.value, ast.Constant)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name)
    }
    if "title" in named and "type" in named:
        yield str(named["title"])


def places(text: str) -> list[str]:
    """What a saying leaves open."""
    return re.findall(r"\{(\w+)", text)


def _tree(path: Path) -> ast.AST:
    return ast.parse(path.read_text(encoding="utf-8"))


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
    """What is used today, with the translations there are, and what was once said."""
    used = {text: known.get(text, [""] if text.plural is None else ["", ""]) for text in texts()}
    once = {text: told for text, told in known.items() if text not in used and places(text.singular) and all(told)}
    return dict(sorted((used | once).items(), key=lambda pair: (pair[0].singular, pair[0].plural or "")))


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
