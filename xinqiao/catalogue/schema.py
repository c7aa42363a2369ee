"""What a city's files may say. One class a kind of entry; a word that is not here is refused, with its line.

Numbers, names and reasons live in the files; arithmetic lives in typed Python. There are no expressions in strings.
"""

import re
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from xinqiao.kernel.subject_kinds import SubjectKind


def _written(form: str, example: str) -> BeforeValidator:
    """Text in a file must have one form only: no `yes`, no `1_000`, no `010`, no time stamps read as days."""
    whole = re.compile(form)

    def check(value: object) -> object:
        if isinstance(value, str) and not whole.fullmatch(value):
            raise ValueError(f"应写成 {example} 的形式")
        return value

    return BeforeValidator(check)


Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Flag = Annotated[bool, _written(r"true|false", "true 或 false")]
Only = Annotated[Literal[True], BeforeValidator(lambda value: True if value == "true" else value)]
Whole = Annotated[int, _written(r"-?(0|[1-9][0-9]{0,8})", "12")]
Amount = Annotated[Decimal, _written(r"-?(0|[1-9][0-9]{0,15})(\.[0-9]{1,6})?", "0.2")]
Day = Annotated[date, _written(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", "2026-04-01")]


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


class Rule(StrEnum):
    """What a finding says was broken: the second half of `field:rule`.

    A field is judged in this order and stops at its first fault; rules across fields wait until each of theirs stands.
    Where a lawful-intake rule refuses the row, that is its only finding. A rule across fields is laid at the door of
    `field`, of the first of `fields`, or of the first condition of `all`.
    """

    REQUIRED = "required"
    TYPE = "type"  # not of the declared type: shape, length or characters of a code included
    CHECK_DIGIT = "check_digit"
    LENGTH = "length"
    PATTERN = "pattern"
    CODES = "codes"
    REFERENCE = "reference"
    RANGE = "range"  # at_least, at_most, the field's own not_before
    FUTURE = "future"
    KIND = "kind"  # a subject of a kind this item is not about
    # across fields
    NOT_BEFORE = "not_before"
    REQUIRED_WHEN = "required_when"
    ONE_OF_REQUIRED = "one_of_required"
    SUM_OF = "sum_of"
    MUST_BE = "must_be"
    REFUSE_WHEN = "refuse_when"
    # across rows and columns
    DUPLICATE = "duplicate"
    UNKNOWN_COLUMN = "unknown_column"
    MISSING_COLUMN = "missing_column"


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
    verified: Flag = False


class Pseudonym(Entry):
    """假名 beside a covered value: what of the row it is made of, and what that is the number of. Numbers of one kind
    are one another's equals, whatever item they stand in; of a person `kind` is `person`."""

    of: Name
    kind: Name


A_PERSON: Final = "person"


class ItemField(Entry):
    """One 信息项 of an item, as its source sends it.

    `headers` are the column names under which it also arrives (older generations, pinyin codes); `title` and the
    field's name always count; all are compared by `headers.folded`. `classed` is this field's own class where stricter
    than the item's. `at_least` and `at_most` are in the unit the source sends: 万元 for money_wan.
    `separators`: a cell may hold several codes (警告、罚款) with one of these between them; a list of them is kept.
    """

    title: Text
    title_en: str | None = None
    type: FieldType
    required: Flag = False
    headers: tuple[Text, ...] = ()
    classed: SharingClass | None = None
    mask: Literal["name", "id_number", "phone", "account"] | None = None
    pseudonym: Pseudonym | None = None  # told beside the mask to an institution the business allows to look
    codes: Name | None = None  # a code list of the city; its own file may be declared `open`
    separators: tuple[Text, ...] = ()
    pattern: str | None = None  # whole-value regular expression, linear-time (no look-around, no back-reference)
    form: Text | None = None  # the pattern as it is said to whoever must write it: 15至20位数字和字母
    max_length: Whole | None = None
    at_least: Amount | None = None
    at_most: Amount | None = None
    not_before: Day | None = None
    future: Flag = False  # may a date lie after the day of delivery?
    empty: tuple[str, ...] = ()  # values that mean "none here": "9999-09-09", "\\N"
    reference: Literal["division", "industry", "source", "subject"] | None = None
    unit: str | None = None  # 元、万元、千瓦时: how a value is shown, not how it is stored
    note: str | None = None

    @property
    def several(self) -> bool:
        """Whether its value is a list of codes."""
        return bool(self.separators)


class When(Entry):
    """A condition on one field; every part that is stated must hold.

    `is_in`: one of these canonical values (a code of its list, `true`/`false`, an ISO date, a plain number). Of several
    codes at least one is among them; `only_in`: there is one and every one is (警告、通报批评, and nothing besides).
    `natural_person: true` on the subject's field: its code belongs to a kind the city counts among natural persons;
    the loader writes the city's decision into `starts_with`, the beginnings of such codes (none: never).
    """

    field: Name
    is_in: tuple[str, ...] | None = None
    only_in: tuple[str, ...] | None = None
    filled: Flag | None = None
    starts_with: tuple[str, ...] | None = None
    natural_person: Only | None = None


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
    tolerance: Amount = Decimal(0)
    reason: Text


class MustBe(Entry):
    """While all of `when` hold, `field` is one of these values; of several codes every one is."""

    rule: Literal["must_be"]
    field: Name
    is_in: tuple[str, ...]
    when: tuple[When, ...] = ()
    reason: Text


class RefuseWhen(Entry):
    """Lawful intake: rows the law does not let us take in (条例 §13, §20, §27). Their values are not kept."""

    rule: Literal["refuse_when"]
    all: tuple[When, ...]
    basis: Text
    reason: Text


Check = Annotated[NotBefore | RequiredWhen | OneOfRequired | SumOf | MustBe | RefuseWhen, Field(discriminator="rule")]


class Subject(Entry):
    """Whom a row is about. USCC is a legal person's only key (条例 §16); the name is compared, never matched by."""

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


class Represented(Entry):
    """Which fields of a row name who represents the subject, where the row is about that person (`only`)."""

    name: Name
    number: Name | None = None
    only: Name | None = None  # a boolean field: other rows name others


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
    by_day: Whole | None = None  # day of the following period
    within_working_days: Whole | None = None


class DeliveryRules(Entry):
    """How it comes. `key` names the business key within a subject; a second row with this key is the next version.

    `full_within` names a field of the key (属期、批次): a full delivery is then full only among facts with the values
    it carries in that field, so that July's list does not end June's facts. `last_wins`: the greatest `order_by` stays,
    of equals the first.
    """

    key: tuple[Name, ...]
    modes: tuple[DeliveryMode, ...] = (DeliveryMode.CHANGES,)
    period: Literal["day", "month", "quarter", "year"]
    duplicate: DuplicatePolicy = DuplicatePolicy.KEEP_FIRST
    order_by: Name | None = None  # for last_wins: the field that tells which is later
    full_within: Name | None = None
    max_drop: Amount = Decimal("0.2")  # a full delivery that ends more than this share is held
    ignore: tuple[Text, ...] = ()  # columns that arrive, are looked at, and are not wanted


class Validity(Entry):
    """From when until when the fact holds in the world (有效期)."""

    since: Name | None = None
    until: Name | None = None


class ShownFor(Entry):
    """公示期 of rows that meet `when`, in months from the retention's `counted_from` (信用修复管理办法).

    Shown `at_most_months`, then no longer told to anybody but the subject; repair may be asked for after
    `at_least_months`. The first entry whose conditions all hold counts. `severity` is a code of the list `severity`.
    """

    when: tuple[When, ...] = ()
    severity: str | None = None
    at_least_months: Whole = 0
    at_most_months: Whole
    basis: Text


class Retention(Entry):
    """保存与披露期限. Adverse facts: `years` from `counted_from`, 5 at most (条例 §19).

    Where `counted_from` is empty the period has not begun. `while_empty`: as long as this field (移出日期) is empty
    the subject is still on a list, and the fact stays (条例 §19). `adverse_only`: rows that are neither breach nor
    attention have no end.
    """

    years: Whole | None = None  # None: as long as the subject exists
    counted_from: Name | None = None
    while_empty: Name | None = None
    adverse_only: Flag = False
    shown: tuple[ShownFor, ...] = ()
    reason: str | None = None


class ClassedWhen(Entry):
    """Rows that meet all of `when` have this class instead of the item's."""

    classed: SharingClass
    when: tuple[When, ...]
    basis: Text


class Sharing(Entry):
    mode: SharingMode
    classed: SharingClass
    cases: tuple[ClassedWhen, ...] = ()


class Person(Entry):
    """A natural person who stands in a row beside its subject: known by the document's number alone (条例 §16).

    `fields` are hers, the number among them: no grant of a firm opens them, only her own consent does.
    """

    number: Name
    fields: tuple[Name, ...]


class WrittenConsent(StrEnum):
    """条例 §46: of a natural person taken and told only after telling the consequences, on a consent of its own."""

    INCOME = "income"
    DEPOSITS = "deposits"
    SECURITIES = "securities"
    INSURANCE = "insurance"
    REAL_ESTATE = "real_estate"
    TAX = "tax"


class Called(Entry):
    """系统接口调用: nothing of it is collected. The source is asked when somebody asks us, and answers at once or not.

    After `failures` in a row it is left alone for `rest_seconds`; then one question tries whether it is back.
    """

    within_seconds: Whole = 3  # a person waits for it
    failures: Whole = 5
    rest_seconds: Whole = 60


class Item(Entry):
    """One entry of the catalogue, with the ten elements of 河南省社会信用条例 §11.

    数据代码 `code`, 数据名称 `title`, 数据格式 `formats`, 提供单位 `sources`, 主体类型 `subject.kinds`,
    信息性质 `nature`, 共享属性 `sharing`, 覆盖范围 `coverage`, 更新周期 `cadence`, 信息项 `fields`.
    The file's name is the item's name.
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
    represented: Represented | None = None
    headline: tuple[Name, ...] = ()  # the fields a person would read out of a row, the most telling first
    adverse: Adverse = Adverse()
    delivery: DeliveryRules
    validity: Validity = Validity()
    retention: Retention
    fields: dict[Name, ItemField]
    persons: tuple[Person, ...] = ()
    written_consent: WrittenConsent | None = None  # whose subject is a natural person needs it for this item
    checks: tuple[Check, ...] = ()
    whole: Flag = False  # lists, checks and cases are complete; only whole items may be delivered
    called: Called | None = None
    withdrawn: Day | None = None
    note: str | None = None


# ── the rest of a city ───────────────────────────────────────────────────────────────────────────────────────────────


class SourceName(Entry):
    """Organisations change their names; each holds from a day on. Unverified: the day is a guess, the name is not."""

    since: Day
    title: Text
    basis: str | None = None
    verified: Flag = False


class Source(Entry):
    source: Name
    names: tuple[SourceName, ...]
    kind: Literal["department", "utility", "court", "public_institution", "upper_platform", "market"]
    uscc: str | None = None
    note: str | None = None

    def named(self, on: date) -> str:
        """By what name it goes on a day: departments are renamed, their old rows are not."""
        held = [known for known in self.names if known.since <= on]
        return max(held or self.names, key=lambda known: known.since).title


class CodeValue(Entry):
    title: Text
    also: tuple[str, ...] = ()  # other spellings that arrive and mean this
    note: str | None = None


class CodeList(Entry):
    """A cell may hold the code, its title or one of `also`; what is kept is the code.

    `open: true` says the official list is not at hand: any non-empty value is taken and counted as unchecked.
    """

    list: Name
    title: Text
    basis: str | None = None
    verified: Flag = False
    open: Flag = False
    values: dict[str, CodeValue] = {}


class Division(Entry):
    code: Annotated[str, StringConstraints(pattern=r"^\d{6}$")]
    title: Text
    kind: Literal["city", "district", "county", "county_city", "zone"]
    statutory: Flag = True  # False: a functional zone without a GB/T 2260 code of its own
    withdrawn: Day | None = None
    now: str | None = None  # for a withdrawn code: the one that took its place


class Industry(Entry):
    """A section (A–T) or a two-digit division (01–97) of GB/T 4754-2017; a division names its section."""

    code: Annotated[str, StringConstraints(pattern=r"^([A-T]|\d{2})$")]
    title: Text
    section: Annotated[str, StringConstraints(pattern=r"^[A-T]$")]


class Holiday(Entry):
    """One announced holiday: days off from `since` to `until`, and the weekend days worked in exchange (调休)."""

    title: Text
    since: Day
    until: Day
    working: tuple[Day, ...] = ()


class CalendarYear(Entry):
    """One year's 节假日安排, as the State Council's General Office announced it."""

    year: Whole
    basis: Text
    verified: Flag = False
    holidays: tuple[Holiday, ...]


class Clock(Entry):
    """A statutory clock (法定时限): from which event, how long, on whose word."""

    clock: Name
    title: Text
    starts: Text
    ends: Text
    within: Whole
    unit: Literal["working_day", "day", "month", "year", "once"]
    kind: Literal["deadline", "retention", "practice"]
    basis: tuple[Basis, ...]
    note: str | None = None


class NaturalPersons(Entry):
    """Which kinds of subject the city counts among natural persons where the law spares them (条例 §13), and why."""

    kinds: tuple[SubjectKind, ...]
    reason: Text
    basis: tuple[Basis, ...]


class Reading(Entry):
    """How cells are read before any rule looks at them, for every item of the city.

    `dates`: accepted forms, Y M D with or without leading zeros where a separator allows it; a time of day after a
    date is cut off when it is midnight. `fold_width`: full-width letters, digits and signs become half-width in every
    type but text. `upper_case`: types whose letters are raised. `empty`: texts that mean "none here" in any field.
    """

    dates: tuple[str, ...]
    months: tuple[str, ...]
    fold_width: Flag
    upper_case: tuple[FieldType, ...]
    empty: tuple[str, ...]
    true: tuple[str, ...]
    false: tuple[str, ...]


class CityFile(Entry):
    """`city.yml`: who this pack is for, and the decisions that hold for all of its items."""

    city: Name
    code: Annotated[str, StringConstraints(pattern=r"^\d{6}$")]
    title: Text
    title_en: Text
    catalogue: Text  # 清单名称与版本
    natural_persons: NaturalPersons
    reading: Reading


class Family(Entry):
    family: Name
    title: Text
    title_en: Text


class Section(Entry):
    """A chapter of the standard report. What no section names belongs to the last."""

    section: Name
    title: Text
    title_en: Text
    families: tuple[Name, ...] = ()
    items: tuple[Name, ...] = ()


class Assessment(Entry):
    """个人信息保护影响评估 (个人信息保护法 §55–56) of items and purposes. `items` names the fields that were looked at;
    `again` is the day by which it is looked at anew, `replaces` the one it takes the place of."""

    assessment: Name
    title: Text
    items: dict[Name, tuple[Name, ...]] = {}
    purposes: tuple[Name, ...] = ()
    lawful: Text  # 处理目的、处理方式等是否合法、正当、必要
    impact: Text  # 对个人权益的影响及安全风险
    measures: Text  # 所采取的保护措施是否合法、有效并与风险程度相适应
    assessed_by: Text
    assessed_on: Day
    approved_by: Text
    approved_on: Day
    again: Day
    replaces: Name | None = None


class English(Entry):
    """Texts of the city's files and their English, one beside the other. `{n:row|rows}` tells one from many."""

    english: dict[Text, Text]


class RowCase(Entry):
    """A row and what must come of it: the mandatory test of a whole item. `findings` are `field:rule`; empty: accepted.

    `row` is by field name or by any header under which a field arrives, as text, as it arrives; with `like`, what is
    not said is as in the earlier case of that name. `on` is the day of delivery. The rest is what an accepted row
    means, stated where the case is about it: its nature, its class, the last day it is shown, the canonical values
    (several codes with 、 between them).
    """

    name: Text
    like: Text | None = None
    row: dict[str, str]
    findings: tuple[str, ...] = ()
    on: Day = date(2026, 7, 15)
    adverse: AdverseNature | None = None
    classed: SharingClass | None = None
    shown_until: Day | None = None
    values: dict[str, str] = {}
