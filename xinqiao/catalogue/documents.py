"""Strict reading of one YAML file: a small, safe part of the language, in which every value knows its line.

Everything is text until the schema gives it a type, so `no` stays a word, `010` keeps its zero, `12:30` is no number
and a date is not a time stamp. Refused: duplicate keys, anchors' aliases, tags, several documents, deep or huge files.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import yaml

from xinqiao.catalogue.errors import Mistake

LARGEST_FILE: Final = 1024 * 1024  # bytes; the longest list of a real city is a tenth of it
DEEPEST: Final = 16  # levels; the schema needs eight
_NOTHING: Final = frozenset({"", "~", "null"})
_PLAIN_TAGS: Final = frozenset({"tag:yaml.org,2002:str", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq", None})

# What the library says of the slips people make, for people who do not read YAML's grammar.
_IN_CHINESE: Final = {
    "found a tab character": "缩进用了制表符（Tab），请改用空格",
    "cannot start any token": "这里有不能用在开头的字符；以 @、`、% 开头的文字要加引号，制表符（Tab）不能用",
    "did not find expected ',' or '}'": "花括号里少了逗号，或者没有用 } 收尾",
    "did not find expected ',' or ']'": "方括号里少了逗号，或者没有用 ] 收尾",
    "mapping values are not allowed": "这一行有两个冒号，或者缩进不对；文字里有冒号的要加引号",
    "could not find expected ':'": "词的后面少了冒号和空格",
    "did not find expected key": "缩进和上下文不一致，或者少了冒号",
    "did not find expected '-' indicator": "列表的缩进不一致",
    "found unexpected end of stream": "引号没有成对",
    "but found another document": "一个文件里只能有一份内容，不能用 --- 分开",
    "found undefined alias": "不允许引用别处的内容（YAML 别名）",
    "control characters are not allowed": "有看不见的控制字符",
}

Path_ = Sequence[int | str]


@dataclass(slots=True)
class Document:
    """One file's value (texts, lists, dicts and None), and where each part of it stands."""

    file: str
    value: object = None
    mistakes: list[Mistake] = field(default_factory=list)
    root: yaml.Node | None = None
    digest: str = ""  # SHA-256 of the file as it is

    def mistake(self, at: Path_, message: str) -> Mistake:
        return Mistake(self.file, self.line_of(at), message)

    def line_of(self, at: Path_) -> int:
        """The 1-based line of the part `at` names, or of the nearest part around it that exists."""
        node, line = self.root, 1
        for step in at:
            found = _step(node, step)
            if found is not None:
                node, line = found
        return line


def _step(node: yaml.Node | None, step: int | str) -> tuple[yaml.Node, int] | None:
    """One step down: the child node, and the line of its key or of itself."""
    if isinstance(node, yaml.MappingNode):
        for key, child in node.value:
            if key.value == step:
                return child, key.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        child = node.value[step]
        return child, child.start_mark.line + 1
    return None


def read(path: Path, file: str) -> Document:
    """Read one file; whatever is wrong with its YAML is in the document's `mistakes`, and the rest is still read."""
    document = Document(file)
    text = _text(path, document)
    if text is None:
        return document
    try:
        document.root = _composed(text)
    except yaml.YAMLError as error:
        document.mistakes.append(Mistake(file, _line_of_error(error, text), f"不是合法的 YAML：{_saying(error)}"))
        return document
    if document.root is None:
        document.mistakes.append(Mistake(file, 1, "文件是空的"))
        return document
    document.value = _Reader(document).value(document.root)
    return document


def _composed(text: str) -> yaml.Node | None:
    return yaml.compose(text, Loader=_ShallowLoader)


class _ShallowLoader(yaml.CBaseLoader):
    """The library descends one C frame a level and dies of a tower of brackets; this one stops well before."""

    _depth = 0

    def descend_resolver(self, current_node: yaml.Node | None, current_index: object) -> None:
        del current_index
        self._depth += 1
        if self._depth > DEEPEST and current_node is not None:
            raise yaml.MarkedYAMLError(problem=f"嵌套超过 {DEEPEST} 层", problem_mark=current_node.start_mark)

    def ascend_resolver(self) -> None:
        self._depth -= 1


def _text(path: Path, document: Document) -> str | None:
    try:
        if path.stat().st_size > LARGEST_FILE:
            document.mistakes.append(Mistake(document.file, 1, f"文件超过 {LARGEST_FILE} 字节"))
            return None
        content = path.read_bytes()
        document.digest = hashlib.sha256(content).hexdigest()
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start]
        document.mistakes.append(Mistake(document.file, before.count(b"\n") + 1, "不是 UTF-8 编码"))
        return None


def _line_of_error(error: yaml.YAMLError, text: str) -> int:
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        return mark.line + 1 if mark is not None else 1
    position = getattr(error, "position", 0)
    return text[:position].count("\n") + 1 if isinstance(position, int) else 1


def _saying(error: yaml.YAMLError) -> str:
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    told = str(problem).replace("\n", " ")
    return next((said for words, said in _IN_CHINESE.items() if words in told), told)


class _Reader:
    """Turns nodes into plain values and notes what this part of YAML does not allow."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._seen: set[int] = set()

    def value(self, node: yaml.Node) -> object:
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node)
        if (fault := self._fault(node)) is not None:
            self._refuse(node, fault)
            return None
        self._seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            return [self.value(child) for child in node.value]
        return self._mapping(node)

    def _fault(self, node: yaml.Node) -> str | None:
        if id(node) in self._seen:
            return "不允许引用别处的内容（YAML 别名）"
        return None if node.tag in _PLAIN_TAGS else f"不允许类型标记 {node.tag}"

    def _scalar(self, node: yaml.ScalarNode) -> object:
        if node.tag not in _PLAIN_TAGS:
            self._refuse(node, f"不允许类型标记 {node.tag}")
        return None if not node.style and node.value in _NOTHING else node.value

    def _mapping(self, node: yaml.Node) -> dict[str, object]:
        found: dict[str, object] = {}
        for key, child in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._refuse(key, "键必须是一个词")
                continue
            if key.value in found:
                self._refuse(key, f"“{key.value}”写了两次")
                continue
            found[key.value] = self.value(child)
        return found

    def _refuse(self, node: yaml.Node, message: str) -> None:
        self._document.mistakes.append(Mistake(self._document.file, node.start_mark.line + 1, message))
