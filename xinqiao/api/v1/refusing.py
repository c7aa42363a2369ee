"""What a refusal looks like, for the description of the interface."""

from ninja import Schema


class FieldFault(Schema):
    field: str
    reason: str


class ProblemAnswer(Schema):
    """RFC 9457. `type` is stable; `errors` names the fields of a malformed request.

    `title` and `detail` are Chinese, or English with `Accept-Language: en`.
    """

    type: str
    title: str
    detail: str
    status: int
    errors: list[FieldFault] | None = None
