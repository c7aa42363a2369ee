"""POST /api/v1/reports: an institution asks about one business."""

from typing import Annotated, Any, Final

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router, Schema
from pydantic import ConfigDict, Field, StringConstraints

from xinqiao.api.bearer import ClientRequest
from xinqiao.api.v1.refusing import ProblemAnswer
from xinqiao.disclosure.reports import disclose_report
from xinqiao.kernel.ids import GrantId

router = Router(tags=["信用报告 Reports"])

ItemName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]


class ReportAsk(Schema):
    """Whom it is about and what for. Unknown members are refused: a misspelt wish is not silently left out."""

    model_config = ConfigDict(extra="forbid", strict=True)

    uscc: Annotated[str, Field(min_length=1, max_length=40, description="统一社会信用代码")]
    purpose: Annotated[ItemName, Field(description="用途，须与授权一致")]
    items: Annotated[
        list[ItemName] | None, Field(max_length=200, description="要看的数据项；不写就是授权的全部，超出即拒绝")
    ] = None
    grant: Annotated[int | None, Field(ge=1, le=2**53 - 1, description="指定使用哪一份授权书")] = None
    on_behalf: Annotated[
        str | None,
        Field(max_length=40, pattern=r"^[^\x00-\x1f\x7f]*$", description="贵机构哪位经办人要看；企业会看到"),
    ] = None


class ReportAnswer(Schema):
    """A receipt file with the report in it (docs/evidence-format.md): saved as it is, `xinqiao verify` checks it."""

    format: str
    receipt: dict[str, Any]
    signature: dict[str, str]
    event: str
    promise: str
    report: dict[str, Any]


ANSWERS: Final = {200: ReportAnswer, frozenset({400, 401, 403, 413, 503}): ProblemAnswer}


# What is returned is finished text: the classes above describe it and never touch it.
@router.post("/reports", response=ANSWERS, summary="查询一个主体的信用报告")
def request_report(request: ClientRequest, ask: ReportAsk) -> HttpResponse:
    """No grant and no such business are one answer; a grant's own party is told its state."""
    report = disclose_report(
        asker=request.auth.institution,
        officer=None,
        client=request.auth.id,
        on_behalf=ask.on_behalf or "",
        uscc=ask.uscc,
        purpose=ask.purpose,
        items=None if ask.items is None else frozenset(ask.items),
        grant=None if ask.grant is None else GrantId(ask.grant),
        now=timezone.now(),
    )
    answer = HttpResponse(report.text, content_type="application/json; charset=utf-8")
    answer.headers["Cache-Control"] = "no-store"
    return answer
