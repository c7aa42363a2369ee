"""What all questions about a business have in common: whom, what for, on whose behalf, under which key."""

from typing import Annotated

from django.http import HttpResponse
from ninja import Header, Schema
from pydantic import ConfigDict, Field

from xinqiao.api.parsing import Day, ItemName
from xinqiao.authorisation.rules import Range
from xinqiao.disclosure.answering import Answer
from xinqiao.kernel.ids import GrantId

# No control characters, and none that would turn or hide the text a business reads (Unicode TR #36).
VISIBLE = r"^[^\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]*$"


class Ask(Schema):
    """Unknown members are refused: a misspelt wish is not silently left out."""

    model_config = ConfigDict(extra="forbid", strict=True)

    uscc: Annotated[str, Field(min_length=1, max_length=40, description="统一社会信用代码")]
    purpose: Annotated[ItemName, Field(description="用途，须与授权一致")]
    grant: Annotated[int | None, Field(ge=1, le=2**53 - 1, description="指定使用哪一份授权书")] = None
    on_behalf: Annotated[
        str | None,
        Field(max_length=40, pattern=VISIBLE, description="贵机构哪位经办人要看；企业会看到"),
    ] = None

    @property
    def granted(self) -> GrantId | None:
        return None if self.grant is None else GrantId(self.grant)


class RangedAsk(Ask):
    since: Annotated[Day | None, Field(description="只要这一天以来的信息；早于授权的即拒绝。不写就是授权的全部")] = None
    until: Annotated[Day | None, Field(description="只要到这一天为止的信息")] = None

    @property
    def range(self) -> Range:
        return Range(self.since, self.until)


Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[!-~]{1,128}$",
        description="可选：由调用方取的、每次提问不同的键（如 UUID），保留七天。没收到回答时用同一个键重发，得到同一份"
        "报告和回执，企业只看到一次查询；内容已有变化或已不能再提供的，重新判断：作为一次新的查询回答，或者拒绝。"
        "同一个键、不同的提问：422。"
        " Kept for seven days. Repeat with the same key when the answer was lost: the same report and receipt, and one"
        " look; decided anew where what would be told has changed. The same key with another question is a 422.",
    ),
]


def told(answer: Answer) -> HttpResponse:
    """Finished text: the shapes describe it and never touch it."""
    response = HttpResponse(answer.text, content_type="application/json; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response
