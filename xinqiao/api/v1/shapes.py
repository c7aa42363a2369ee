"""What a report and its receipt are made of, member by member: for whoever writes a program against the interface.

These classes describe and are never filled in by the product, whose text leaves as it was composed; a test holds real
reports against them, so that a member nobody described, or one that is described and not there, is found.
"""

from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Moment = Annotated[str, Field(description="时刻，UTC，RFC 3339")]
Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$", description="日期，Asia/Shanghai")]
Instant = Annotated[str, Field(description="时刻，ISO 8601")]
Class = Annotated[
    str, Field(alias="class", description="open 公开公示，shared 政务共享，authorised 授权查询，secret 涉密")
]


class Shape(Schema):
    model_config = ConfigDict(extra="forbid")


class Titled(Shape):
    code: str
    title: str


class AsOf(Shape):
    """Facts as known at this place in the log; standing and notes are those of the moment."""

    position: int
    at: Instant


class RecipientTold(Shape):
    kind: str
    id: str
    name: str
    officer: Annotated[str, Field(description="对方企业看到的查询人")]


class PurposeTold(Shape):
    purpose: str
    title: str


class BasisTold(Shape):
    ground: str
    agreement: Annotated[int | None, Field(description="政务共享没有机构协议")]
    sharing: Annotated[int | None, Field(description="只在政务共享里：共享依据的编号")] = None
    grants: list[int]
    keep_days: int | None = None  # how long what was told may be kept
    consents: Annotated[list[int] | None, Field(description="哪些自然人本人的同意")] = None


class SubjectTold(Shape):
    uscc: str
    name: str
    kind: Literal["enterprise", "individual_business", "cooperative", "rural_collective"]
    kind_title: str
    division: str | None
    division_title: str | None
    industry: str | None
    industry_title: str | None
    established: Day | None
    status: str | None
    status_title: str | None


class Highlight(Shape):
    """One of the three key lines."""

    line: Literal["adverse", "grade", "sources"]
    tone: Literal["bad", "care", "good", "plain"]
    title: str
    detail: str
    fact: int | None = None


class Counts(Shape):
    family: str
    title: str
    facts: int
    breach: Annotated[int, Field(description="失信信息的条数")]
    attention: Annotated[int, Field(description="需要关注的条数")]
    disputed: int


class Note(Shape):
    at: Instant
    by: str
    kind: str
    text: str


class Changed(Shape):
    """Why a line is not what it was: the version it took the place of (条例 §40)."""

    earlier: int
    received_on: Day
    why: str


class Pseudonym(Shape):
    """Who it is, to you alone (HMAC-SM3 under a key of yours): the same person has the same value, in every file you
    were allowed to see, under one generation; other institutions are told others."""

    generation: Annotated[int, Field(description="换代时新旧两代并列一段时间")]
    value: Annotated[str, Field(min_length=43, max_length=43, description="base64url")]


class Line(Shape):
    """One fact, with where it comes from and how it stands."""

    fact: Annotated[int | None, Field(description="随问随调得来的没有编号，平台不留存")]
    source: str
    delivery: int | None
    call: Annotated[int | None, Field(description="随问随调得来的：接口调用的编号")]
    line: int
    received_on: Day
    valid_from: Day | None
    valid_to: Day | None
    nature: Literal["breach", "attention", "none"]
    pseudonyms: Annotated[
        dict[str, list[Pseudonym]],
        Field(description="遮盖的信息项 → 假名，新的一代在前；只有企业授权的查询才有"),
    ]
    standing: Annotated[Literal["good", "disputed"], Field(description="disputed：主体有异议，正在处理")]
    annotations: list[Note]
    changed: Annotated[Changed | None, Field(description="原来报送过别的内容的，说明为什么变了")]
    values: Annotated[dict[str, Any], Field(description="金额一律为元，两位小数，写成文本")]


class FieldTold(Shape):
    field: str
    title: str
    type: str
    unit: str | None
    masked: Annotated[bool, Field(description="已遮盖，如 王**；本人同意提供的那几行除外")]


class FieldWithheld(Shape):
    field: str
    title: str
    wants: Annotated[Literal["person_consent"] | None, Field(description="person_consent：只有本人同意的那几行才有")]


class ItemTold(Shape):
    item: str
    code: str
    title: str
    classed: Class
    nature: Literal["public", "market"]
    fields: list[FieldTold]
    codes: Annotated[dict[str, dict[str, str]], Field(description="信息项 → 代码 → 名称")]
    withheld: Annotated[list[FieldWithheld], Field(description="不提供的信息项")]
    lines: list[Line]


class ItemCounted(Shape):
    item: str
    title: str
    facts: int
    breach: int


class SectionTold(Shape):
    """A chapter of 公共信用信息报告标准 (2022). `asked`: how many kinds of information belong to it here."""

    section: str
    title: str
    asked: int
    items: Annotated[list[ItemCounted], Field(description="有内容的数据项；内容在 families 里")]


class Family(Shape):
    family: str
    title: str
    items: list[ItemTold]


class IndicatorTold(Shape):
    name: str
    title: str
    group: str
    seen: Annotated[
        Literal["seen", "none", "silent"],
        Field(description="none：来源没有这个主体的记录；silent：来源从未报送，不减分"),
    ]
    value: int | str | None
    shown: str
    points: int
    max_points: int
    reason: str
    dated: Day | None
    facts: list[int]
    disputed: list[int]
    adverse: bool


class PartTold(Shape):
    name: str
    title: str
    points: int
    max_points: int
    indicators: list[IndicatorTold]


class LimitTold(Shape):
    """A veto or a cap that holds."""

    name: str
    title: str
    at_most: str
    reason: str
    basis: str
    facts: list[int]
    disputed: list[int]


class Missing(Shape):
    indicator: str
    title: str
    seen: str
    reason: str


class WithoutDisputed(Shape):
    grade: str
    title: str
    score: int | None


class GradeBefore(Shape):
    grade: str
    score: int | None
    on: Day


class OverrideTold(Shape):
    """What two operators say for a time beside the model's own grade, and why; never in its place."""

    grade: str
    title: str
    reason: str
    since: Day
    until: Day


class GradeTold(Shape):
    """仅供参考. `score` is null where no grade was given: too little is known (thin), or the business has ended."""

    state: Literal["rated", "thin", "ended"]
    grade: str
    title: str
    score: int | None
    points: int
    base: int
    scale: int
    parts: list[PartTold]
    limits: list[LimitTold]
    reasons: list[str]
    missing: Annotated[list[Missing], Field(description="没有数据的指标；不因此减分")]
    without_disputed: Annotated[WithoutDisputed | None, Field(description="剔除有异议的信息之后的等级")]
    model: str
    model_title: str
    version: str
    sql_sha256: Digest
    position: int
    on: Day
    given_at: Instant
    event: int
    note: str
    before: GradeBefore | None
    override: Annotated[OverrideTold | None, Field(description="人工调整，两人批准；与模型的等级并列，不代替它")]


class ItemNamed(Shape):
    item: str
    title: str


class AskedLive(Shape):
    """A source asked while the question was open: the way there and back, by our clock and by the source's."""

    call: int
    sent_at: Moment | None
    received_at: Annotated[Moment | None, Field(description="来源收到的时刻，按来源的时钟")]
    answered_at: Annotated[Moment | None, Field(description="来源回答的时刻，按来源的时钟")]
    arrived_at: Moment | None
    rejected: Annotated[int, Field(description="不合规格、没有采用的行数")]


class SourceTold(Shape):
    """A source that was asked. Silence is not the same as nothing on file."""

    source: str
    title: str
    items: list[str]
    state: Annotated[
        Literal["answered", "stale", "silent", "refused", "unfit", "resting"],
        Field(description="refused、unfit、resting 只见于随问随调的来源：没有提供；回答有误；有故障，暂停调用"),
    ]
    state_title: str
    last_received_on: Day | None
    never: Annotated[list[ItemNamed], Field(description="这个来源从未报送过的数据项")]
    asked: AskedLive | None


class NotIncluded(Shape):
    """Not granted; named whether or not there is anything."""

    item: str
    title: str
    wants: Annotated[
        Literal["grant", "person_consent"],
        Field(description="缺什么：grant 企业的授权；person_consent 主体是自然人，还要本人单独的书面同意"),
    ]
    classed: Class


class Uses(Shape):
    count: int
    meaning: str


class Headed(Shape):
    """What stands over every answer."""

    number: Annotated[str, Field(description="R-日期-回执号")]
    city: Titled
    generated_at: Instant
    data_as_of: AsOf
    disclaimer: str
    recipient: RecipientTold
    purpose: PurposeTold
    basis: BasisTold


class Report(Headed):
    format: Literal["xinqiao-report/1"]
    subject: SubjectTold
    highlights: Annotated[list[Highlight], Field(description="最要紧的三行：不利信息、评价、没有回答的来源")]
    summary: list[Counts]
    sections: Annotated[list[SectionTold], Field(description="公共信用信息报告标准（2022 年版）的目录")]
    families: list[Family]
    grade: GradeTold | None
    grade_state: Annotated[
        Literal["given", "renewing", "none"],
        Field(description="renewing：评价所依据的信息刚有变化，正在重新评价，稍后再查；none：还没有评价"),
    ]
    sources: list[SourceTold]
    not_included: list[NotIncluded]
    uses: Uses
