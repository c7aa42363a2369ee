"""What a query, a verification and indicators are made of, member by member; the rest is in `shapes`, as reports share
it."""

from typing import Annotated, Literal

from pydantic import Field

from xinqiao.api.v1.receipt_shapes import PromisedReceipt
from xinqiao.api.v1.shapes import (
    Class,
    Day,
    Digest,
    GradeTold,
    Headed,
    ItemNamed,
    ItemTold,
    Note,
    Shape,
    SourceTold,
    SubjectTold,
)


class DaysTold(Shape):
    since: Day | None
    until: Day | None


class RowsWithheld(Shape):
    """Rows of this class are told under a grant only; named whether or not there are any."""

    classed: Class
    basis: str


class ItemAnswered(ItemTold):
    range: Annotated[DaysTold, Field(description="这一项查询的是哪些天的信息")]
    rows_withheld: list[RowsWithheld]


class QueryTold(Headed):
    """The items that were asked for, line by line, without grade or summary."""

    format: Literal["xinqiao-query/1"]
    subject: SubjectTold
    range: Annotated[DaysTold, Field(description="请求中写明的时间范围")]
    items: list[ItemAnswered]
    not_about: Annotated[list[ItemNamed], Field(description="与这类主体无关的数据项")]
    wants_consent: Annotated[list[ItemNamed], Field(description="主体是自然人，没有本人单独的书面同意，不提供的数据项")]
    sources: list[SourceTold]


Unknown = Literal[
    "not-applicable", "person-consent-missing", "source-silent", "source-stale", "months-missing", "no-data"
]


class ClaimTold(Shape):
    claim: str
    version: Annotated[str, Field(description="清单里这项核验的版本；条件和档位由清单定，不由请求定")]
    title: str
    question: str
    item: str
    item_title: str


class VerificationTold(Headed):
    """One claim's answer and nothing of what it rests on."""

    format: Literal["xinqiao-verification/1"]
    subject: Annotated[str, Field(description="统一社会信用代码")]
    claim: ClaimTold
    compared: Annotated[str | None, Field(description="请求中给出、与登记比对的值")]
    answer: Annotated[str, Field(description="yes、no、unknown，或者档位的名字")]
    answer_title: str
    unknown_because: Annotated[Unknown | None, Field(description="为什么不知道；没有回答不等于没有")]
    unknown_title: str | None
    disputed: Annotated[bool, Field(description="依据的信息中有主体提出异议、正在处理的")]
    without_disputed: Annotated[str | None, Field(description="剔除有异议的信息之后的回答")]
    annotations: Annotated[list[Note], Field(description="有权的人在依据的信息旁写下的话")]
    rows_withheld: Annotated[list[RowsWithheld], Field(description="不公开、因而没有计入的信息")]
    sources: list[SourceTold]


IndicatorType = Literal["count", "days", "money", "percent", "flag", "code"]
Polarity = Annotated[
    Literal["higher_is_better", "higher_is_worse", "none"],
    Field(description="方向：越高越好、越高越不好；none 只供了解，或者是代码"),
]
NotMeasured = Literal[
    "not-applicable",
    "grant-missing",
    "person-consent-missing",
    "range-too-short",
    "source-silent",
    "source-stale",
    "incomplete",
]


class BandTold(Shape):
    at_least: Annotated[str, Field(description="不低于，单位见 unit")]
    below: Annotated[str, Field(description="低于")]


class ValueTold(Shape):
    value: Annotated[
        bool | int | str | None, Field(description="是否类是 true、false，代码是代码，档宽为 1 的是整数；其余只有 band")
    ]
    value_title: str | None
    band: Annotated[BandTold | None, Field(description="值所在的档：档宽由目录定，不由请求定")]


class MeasureTold(ValueTold):
    """One indicator, and nothing of what it rests on. `known` with neither value nor band: there is nothing."""

    indicator: str
    code: str
    version: str
    title: str
    item: str
    item_title: str
    type: IndicatorType
    unit: str | None
    polarity: Polarity
    known: bool
    unknown_because: Annotated[NotMeasured | None, Field(description="为什么不知道；没有回答不等于 0")]
    unknown_title: str | None
    as_of: Annotated[str | None, Field(description="最新一条信息的日期；保密信息只到月")]
    disputed: Annotated[bool, Field(description="依据的信息中有主体提出异议、正在处理的")]
    without_disputed: Annotated[ValueTold | None, Field(description="剔除有异议的信息之后")]
    annotations: Annotated[list[Note], Field(description="有权的人在依据的信息旁写下的话")]


class ItemWithheld(ItemNamed):
    rows: list[RowsWithheld]


class IndicatorsTold(Headed):
    """The indicators that were asked for, in the catalogue's order."""

    format: Literal["xinqiao-indicators/1"]
    subject: SubjectTold
    indicators: list[MeasureTold]
    rows_withheld: Annotated[list[ItemWithheld], Field(description="不公开、因而没有计入的信息")]
    sources: list[SourceTold]


class WordTold(Shape):
    says: str
    says_en: str
    tone: Annotated[Literal["good", "care", "plain"], Field(description="good 有利，care 要留意，plain 只供了解")]


class TraceTold(MeasureTold):
    title_en: str
    word: Annotated[WordTold | None, Field(description="不知道的没有词")]


class DimensionTold(Shape):
    dimension: str
    title: str
    title_en: str
    about: str
    about_en: str
    traces: list[TraceTold]


class ProfileVersion(Shape):
    version: str


class ProfileTold(Headed):
    """One picture of a business. It has no score; dimensions that are not about its kind are left out."""

    format: Literal["xinqiao-profile/1"]
    subject: SubjectTold
    profile: ProfileVersion
    dimensions: list[DimensionTold]
    rows_withheld: Annotated[list[ItemWithheld], Field(description="不公开、因而没有计入的信息")]
    sources: list[SourceTold]


class PromisedProfile(PromisedReceipt):
    report: ProfileTold


class PromisedIndicators(PromisedReceipt):
    report: IndicatorsTold


class RulesTold(Shape):
    rules: str
    title: str
    version: str
    sha256: Digest


class GradeOfRules(Shape):
    grade: str
    title: str


class ConditionTold(Shape):
    indicator: str
    sentence: str
    met: Literal["met", "failed", "unknown"]


class PartOfEstimate(Shape):
    indicator: str
    points: int


class Estimated(Shape):
    """What the rules come to. Points and a grade only of whoever is admitted, an amount only where there is one."""

    decision: Literal["estimated", "not_admitted", "referred", "no_amount"]
    decision_title: str
    grade: GradeOfRules | None
    points: int | None
    amount: Annotated[str | None, Field(description="元")]
    terms: Annotated[str | None, Field(description="规则里写的期限、价格")]
    conditions: list[ConditionTold]
    parts: list[PartOfEstimate]


class EstimateTold(Headed):
    """An institution's estimate by its own rules: neither the platform's grade nor an offer."""

    format: Literal["xinqiao-estimate/1"]
    subject: SubjectTold
    rules: RulesTold
    note: str
    estimate: Estimated
    without_disputed: Annotated[Estimated | None, Field(description="剔除有异议的信息之后")]
    indicators: list[MeasureTold]
    rows_withheld: list[ItemWithheld]
    sources: list[SourceTold]


class PromisedEstimate(PromisedReceipt):
    report: EstimateTold


class PromisedQuery(PromisedReceipt):
    report: QueryTold


class PromisedVerification(PromisedReceipt):
    report: VerificationTold


class WatchTold(Headed):
    """What has changed of what is watched, as it stands when it is fetched."""

    format: Literal["xinqiao-watch/1"]
    watch: int
    news: int
    changed_since: str
    subject: SubjectTold
    items: list[ItemAnswered]
    wants_consent: Annotated[list[ItemNamed], Field(description="主体是自然人，没有本人单独的书面同意，不提供的数据项")]
    grade_moved: Annotated[bool, Field(description="关注评价等级的，等级是否变过")]
    grade: GradeTold | None
    grade_state: Literal["given", "renewing", "none"] | None
    sources: list[SourceTold]


class PromisedWatch(PromisedReceipt):
    report: WatchTold
