"""From a document's plain values to an entry of the schema, every fault said in Chinese with its line."""

from typing import TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from xinqiao.catalogue.documents import Document
from xinqiao.catalogue.schema import Entry

E = TypeVar("E", bound=Entry)

_PLAIN = {
    "missing": "缺少这一项",
    "extra_forbidden": "不认识这个词",
    "union_tag_not_found": "缺少规则的种类（rule）",
    "dict_type": "这里应是一组“词: 值”",
    "model_type": "这里应是一组“词: 值”",
    "model_attributes_type": "这里应是一组“词: 值”",
    "tuple_type": "这里应是一个列表",
    "list_type": "这里应是一个列表",
    "string_type": "这里应是一段文字",
    "string_too_short": "不能是空的",
    "date_from_datetime_parsing": "不是一个日期",
    "date_parsing": "不是一个日期",
    "int_parsing": "不是一个整数",
    "decimal_parsing": "不是一个数",
    "bool_parsing": "只能是 true 或 false",
}


def entry_of(kind: type[E], document: Document, value: object, at: tuple[int | str, ...] = ()) -> E | None:
    """The entry, or None when the document now carries the mistakes that prevent it."""
    try:
        return kind.model_validate(value)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            document.mistakes.append(document.mistake((*at, *detail["loc"]), _sentence(detail)))
        return None


def _sentence(detail: ErrorDetails) -> str:
    where = _named([part for part in detail["loc"] if part != "[key]"])
    return f"{where}：{_reason(detail)}" if where else _reason(detail)


def _named(loc: list[int | str]) -> str:
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in loc)


def _words(listed: str) -> str:
    """`'public' or 'market'` as a Chinese sentence lists them."""
    return listed.replace(" or ", "、").replace(", ", "、").replace("'", "")


def _reason(detail: ErrorDetails) -> str:
    said, told = detail["input"], detail.get("ctx", {})
    match detail["type"]:
        case "enum" | "literal_error":
            return f"“{said}”不在可用的词里：{_words(told['expected'])}"
        case "union_tag_invalid":
            return f"没有规则“{told['tag']}”，只有 {_words(told['expected_tags'])}"
        case "string_pattern_mismatch":
            return f"“{said}”不合写法 {told['pattern']}"
        case "value_error":
            return str(told["error"])
        case other:
            return _PLAIN.get(other, detail["msg"])
