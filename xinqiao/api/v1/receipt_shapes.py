"""A receipt file as it leaves, and as it is fetched later; the report in it is in `shapes`."""

from typing import Annotated, Literal

from pydantic import Field

from xinqiao.api.v1.shapes import BasisTold, Digest, Instant, RecipientTold, Report, Shape


class IndicatorsNamed(Shape):
    """Which indicators were told."""

    indicators: list[str]


class Verified(Shape):
    claim: str
    answer: str


class EstimatedBy(Shape):
    rules_sha256: Annotated[Digest, Field(description="贵机构规则全文的 SHA-256")]


class ReceiptBody(Shape):
    """What is signed."""

    number: int
    log: str
    told_at: Instant
    recipient: RecipientTold
    subject: Annotated[str, Field(description="统一社会信用代码")]
    purpose: str
    basis: BasisTold
    items: list[str]
    report_digest: Annotated[Digest, Field(description="report 的 RFC 8785 文本的 SHA-256")]
    facts: list[int]
    verified: Annotated[Verified | None, Field(description="只在核验的回执里")] = None
    measured: Annotated[IndicatorsNamed | None, Field(description="只在指标的回执里")] = None
    estimated: Annotated[EstimatedBy | None, Field(description="只在预授信测算的回执里")] = None
    matter: Annotated[str | None, Field(description="只在政务共享的回执里")] = None
    grade: Annotated[bool | None, Field(description="只在政务共享的回执里：也查了评价等级")] = None
    nonce: str


class Signature(Shape):
    key: str
    value: Annotated[
        str, Field(description="Ed25519，base64；签的是 xinqiao-receipt/1、换行、receipt 的 RFC 8785 文本")
    ]


class Inclusion(Shape):
    index: int
    size: int
    path: list[str]


class PromisedReceipt(Shape):
    """A receipt file right after the telling, with what was told in it: save it as it came, byte for byte."""

    format: Literal["xinqiao-receipt/1"]
    receipt: ReceiptBody
    signature: Signature
    event: Annotated[str, Field(description="日志记录的原文")]
    promise: Annotated[str, Field(description="日志的受理凭据，一秒后可换成证明")]


class Promised(PromisedReceipt):
    report: Report


class Evidence(Shape):
    """A receipt file fetched later: `proof` and `checkpoint` once the log has placed it, `promise` before. The report
    is not in it: only its recipient has it."""

    format: Literal["xinqiao-receipt/1"]
    receipt: ReceiptBody
    signature: Signature
    event: str
    promise: str | None = None
    proof: Inclusion | None = None
    checkpoint: str | None = None
