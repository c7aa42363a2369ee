"""What a city's files may say. One class a kind of entry; a word that is not here is refused, with its line.

Numbers, names and reasons live in the files; arithmetic lives in typed Python. There are no expressions in strings.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from xinqiao.kernel.subject_kinds import SubjectKind

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class Entry(BaseModel):
    """Frozen, and nothing but what is declared."""

    model_config = ConfigDict(frozen=True, extra="forbid")


# ── words ────────────────────────────────────────────────────────────────────────────────────────────────────────────


class Nature(StrEnum):
    """信息性质 (河南省社会信用条例 §10): utilities and banks hold market information."""

    PUBLIC = "public"
    MARKET = "market"


class SharingClass(StrEnum):
    """共享属性, the three modes of 条例 §18 and one stricter of ours. Order matters: a later one is stricter."""

    OPEN = "open"  # 公开公示
    SHARED = "shared"  # 政务共享
    AUTHORISED = "authorised"  # 授权查询
    SECRET = "secret"  # 商业秘密、敏感个人信息：单独授权才见原值，加密存放 # noqa: S105


class SharingMode(StrEnum):
    PHYSICAL = "physical"  # 物理归集
    API = "api"  # 系统接口调用
    VERIFY = "verify"  # 数据核验
    SANDBOX = "sandbox"  # 联合建模、数据安全屋


class FieldType(StrEnum):
    TEXT = "text"
    LONG_TEXT = "long_text"
    USCC = "uscc"
    ID_NUMBER = "id_number"  # 居民身份证号码 (GB 11643), 18 or old 15 digits
    REGISTRATION_NUMBER = "registration_number"  # 15-digit 工商注册号 with its check digit
    ORGANISATION_CODE = "organisation_code"  # GB 11714
    CODE = "code"
    INTEGER = "integer"
    DECIMAL = "decimal"
    MONEY_YUAN = "money_yuan"  # 元, to the fen
    MONEY_WAN = "money_wan"  # 万元, six decimals at most; stored in yuan
    DATE = "date"
    MONTH = "month"  # YYYY-MM
    YEAR = "year"
    BOOLEAN = "boolean"
    PERSON_NAME = "person_name"
    PHONE = "phone"


class AdverseNature(StrEnum):
    """条例 §20: only its closed list is 失信; the rest of what looks bad is attention, not adverse in law."""

    BREACH = "breach"  # 失信
    ATTENTION = "attention"  # 关注
    NONE = "none"


class DeliveryMode(StrEnum):
    FULL = "full"  # 全量: what it no longer lists has ended
    CHANGES = "changes"  # 增量


class DuplicatePolicy(StrEnum):
    KEEP_FIRST = "keep_first"
    LAST_WINS = "last_wins"
    REJECT_ALL = "reject_all"


# ── an item ──────────────────────────────────────────────────────────────────────────────────────────────────────────


class Basis(Entry):
    """Why we may hold it (法定依据). `verified: false` says nobody has read the document for this entry yet."""

    document: Text
    clause: str | None = None
    verified: bool = False


class ItemField(Entry):
    """One 信息项 of an item, as its source sends it.

    `headers` are the column names under which it also arrives (older generations, pinyin codes), compared after
    trimming and width folding; `title` always counts. `classed` is this field's own class where stricter than the item's.
    """

    title: Text
    title_en: str | None = None
    type: FieldType
    required: bool = False
    headers: tuple[Text, ...] = ()
    classed: SharingClass | None = None
    mask: Literal["name", "id_number", "phone", "account"] | None = None
    codes: Name | None = None  # a code list of the city; its own file may be declared `open`
    pattern: str | None = None  # whole-value regular expression, linear-time (no look-around, no back-reference)
    max_length: int | None = None
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    not_before: date | None = None
    future: bool = False  # may a date lie after the day of delivery?
    empty: tuple[str, ...] = ()  # values that mean "none here": "9999-09-09", "\\N"
    reference: Literal["division", "industry", "source", "subject"] | None = None
    note: str | None = None


class When(Entry):
    """A condition on one field: it is (one of) these values, or it is empty / filled."""

    field: Name
    is_in: tuple[str, ...] | None = None
    filled: bool | None = None


class NotBefore(Entry):
    """`field` must not lie before `other` (dates, months, numbers, money)."""

    rule: Literal["not_before"]
    field: Name
    other: Name
    reason: Text


class RequiredWhen(Entry):
    rule: Literal["required_when"]
    field: Name
    when: When
    reason: Text


class OneOfRequired(Entry):
    rule: Literal["one_of_required"]
    fields: tuple[Name, ...]
    reason: Text


class SumOf(Entry):
    """`field` equals the sum of `parts`, within `tolerance`."""

    rule: Literal["sum_of"]
    field: Name
    parts: tuple[Name, ...]
    tolerance: Decimal = Decimal(0)
    reason: Text


class RefuseWhen(Entry):
    """Lawful intake: rows the law does not let us take in (条例 §13, §20, §27). Their values are not kept."""

    rule: Literal["refuse_when"]
    all: tuple[When, ...]
    basis: Text
    reason: Text


Check = Annotated[NotBefore | RequiredWhen | OneOfRequired | SumOf | RefuseWhen, Field(discriminator="rule")]


class Subject(Entry):
    """Whom a row is about. USCC is the only key of a legal person (条例 §16); the name is compared, never used to match."""

    field: Name
    name: Name | None = None
    kinds: tuple[SubjectKind, ...]


class Introduces(Entry):
    """The item that brings its subjects into being, and which of its fields describe them."""

    name: Name
    division: Name | None = None
    industry: Name | None = None
    established: Name | None = None
    status: Name | None = None


class AdverseWhen(Entry):
    nature: AdverseNature
    when: tuple[When, ...]
    basis: str | None = None


class Adverse(Entry):
    """性质: the first of `cases` whose conditions all hold, else `otherwise`."""

    otherwise: AdverseNature = AdverseNature.NONE
    cases: tuple[AdverseWhen, ...] = ()


class Cadence(Entry):
    """更新周期. Late after it is a finding against the source."""

    every: Literal["event", "day", "week", "month", "quarter", "year"]
    by_day: int | None = None  # day of the following period
    within_working_days: int | None = None


class DeliveryRules(Entry):
    """How it comes. `key` names the business key within a subject; a second row with this key is the next version."""

    key: tuple[Name, ...]
    modes: tuple[DeliveryMode, ...] = (DeliveryMode.CHANGES,)
    period: Literal["day", "month", "quarter", "year"]
    duplicate: DuplicatePolicy = DuplicatePolicy.KEEP_FIRST
    order_by: Name | None = None  # for last_wins: the field that tells which is later
    max_drop: Decimal = Decimal("0.2")  # a full delivery that ends more than this share is held
    ignore: tuple[Text, ...] = ()  # columns that arrive, are looked at, and are not wanted


class Validity(Entry):
    """From when until when the fact holds in the world (有效期)."""

    since: Name | None = None
    until: Name | None = None


class Retention(Entry):
    """保存与披露期限. Adverse facts: `years` from `counted_from`, 5 at most (条例 §19)."""

    years: int | None = None  # None: as long as the subject exists
    counted_from: Name | None = None
    reason: str | None = None


class Sharing(Entry):
    mode: SharingMode
    classed: SharingClass


class Item(Entry):
    """One entry of the catalogue, with the ten elements of 河南省社会信用条例 §11.

    数据代码 `code`, 数据名称 `title`, 数据格式 `formats`, 提供单位 `sources`, 主体类型 `subject.kinds`, 信息性质 `nature`,
    共享属性 `sharing`, 覆盖范围 `coverage`, 更新周期 `cadence`, 信息项 `fields`. The file's name is the item's name.
    """

    item: Name
    code: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2,3}-\d{2}$")]
    title: Text
    title_en: Text
    family: Name
    sources: tuple[Name, ...]
    nature: Nature
    basis: tuple[Basis, ...]
    sharing: Sharing
    coverage: Text
    cadence: Cadence
    formats: tuple[Literal["csv", "xlsx"], ...] = ("csv", "xlsx")
    subject: Subject
    introduces: Introduces | None = None
    adverse: Adverse = Adverse()
    delivery: DeliveryRules
    validity: Validity = Validity()
    retention: Retention
    fields: dict[Name, ItemField]
    checks: tuple[Check, ...] = ()
    whole: bool = False  # lists, checks and cases are complete; only whole items may be delivered
    withdrawn: date | None = None
    note: str | None = None


# ── the rest of a city ───────────────────────────────────────────────────────────────────────────────────────────────


class SourceName(Entry):
    """Organisations change their names; each holds from a day on."""

    since: date
    title: Text


class Source(Entry):
    source: Name
    names: tuple[SourceName, ...]
    kind: Literal["department", "utility", "court", "public_institution", "upper_platform", "market"]
    uscc: str | None = None
    note: str | None = None


class CodeValue(Entry):
    title: Text
    also: tuple[str, ...] = ()  # other spellings that arrive and mean this
    note: str | None = None


class CodeList(Entry):
    """`open: true` says the official list is not at hand: any non-empty value is taken and counted as unchecked."""

    list: Name
    title: Text
    basis: str | None = None
    verified: bool = False
    open: bool = False
    values: dict[str, CodeValue] = {}


class Division(Entry):
    code: Annotated[str, StringConstraints(pattern=r"^\d{6}$")]
    title: Text
    kind: Literal["city", "district", "county", "county_city", "zone"]
    statutory: bool = True  # False: a functional zone without a GB/T 2260 code of its own
    withdrawn: date | None = None
    now: str | None = None  # for a withdrawn code: the one that took its place


class Family(Entry):
    family: Name
    title: Text
    title_en: Text


class RowCase(Entry):
    """A row and what must come of it: the mandatory test of a whole item. `findings` are `field:rule`; empty: accepted."""

    name: Text
    row: dict[str, str]  # by field name, as text, as it arrives
    findings: tuple[str, ...] = ()
    adverse: AdverseNature | None = None
