"""Strict reading of a JSON body: one meaning for one text, and no larger than it need be."""

import json
import re
from datetime import date
from typing import Annotated, Any, Final

from django.http import HttpRequest
from ninja.parser import Parser
from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, ValidationInfo, WithJsonSchema

from xinqiao.api import limits
from xinqiao.api.problems import wrong
from xinqiao.kernel.sayings import Saying

ItemName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _day(said: object) -> date:
    """In one form: the library's own reading takes seconds since 1970 and midnights as well."""
    if not isinstance(said, str) or not DAY.fullmatch(said):
        raise ValueError("a day is YYYY-MM-DD")
    return date.fromisoformat(said)


Day = Annotated[date, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]


def _beside_grade(items: list[str] | None, info: ValidationInfo) -> list[str] | None:
    if items == [] and not info.data.get("grade"):
        raise ValueError("neither items nor the grade")
    return items


# An empty list is something only beside `grade`, which has to stand before it.
ItemsBesideGrade = Annotated[list[ItemName] | None, Field(max_length=200), AfterValidator(_beside_grade)]


class StrictJson(Parser):
    """Refuses large bodies, other media types, duplicate keys and numbers that are none (RFC 8259 §4, §6)."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        limits.check(request)
        if request.content_type != "application/json":
            raise wrong("Content-Type", Saying("请用 {form} 提交", form="application/json"))
        try:
            body = read_json(request.body)
        except ValueError as error:
            raise wrong("body", Saying("正文不是合法的 JSON，或者有重复的键")) from error
        if not isinstance(body, dict):
            raise wrong("body", Saying("正文应是一个 JSON 对象"))
        return body


def read_json(text: str | bytes) -> Any:
    """Raises `ValueError` for what is no JSON, has a key twice or a number that is none."""
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_refuse)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _refuse(word: str) -> Any:
    raise ValueError(word)
