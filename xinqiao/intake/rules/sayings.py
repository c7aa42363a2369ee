"""What is told to the source about each fault, in plain words."""

from collections.abc import Sequence
from typing import Final

from xinqiao.catalogue.schema import Check, FieldType, ItemField, RefuseWhen, Rule
from xinqiao.kernel.sayings import Saying
from xinqiao.kernel.subject_kinds import TITLES, SubjectKind

WHOLE_ROW: Final = Saying("整行")
WHOLE_FILE: Final = Saying("整份文件")
QUOTES: Final = Saying("这一行的引号不成对，无法分列。请检查双引号")
NAME_DIFFERS: Final = Saying("名称与登记名称不同，已按统一社会信用代码采用，请核对")

# ── of one cell ──────────────────────────────────────────────────────────────────────────────────────────────────────

_NOT_OF_TYPE: Final = {
    FieldType.USCC: Saying("“{field}”不是18位统一社会信用代码，请核对位数和字母（不用 I、O、S、V、Z）"),
    FieldType.ID_NUMBER: Saying("“{field}”不是有效的居民身份证号码，请核对位数、省份和出生日期"),
    FieldType.REGISTRATION_NUMBER: Saying("“{field}”不是15位工商注册号"),
    FieldType.ORGANISATION_CODE: Saying("“{field}”不是9位组织机构代码"),
    FieldType.INTEGER: Saying("“{field}”应填整数"),
    FieldType.DECIMAL: Saying("“{field}”应填数字，最多6位小数，不带单位"),
    FieldType.MONEY_YUAN: Saying("“{field}”应填以元为单位的金额，最多2位小数，不带单位"),
    FieldType.MONEY_WAN: Saying("“{field}”应填以万元为单位的金额，最多6位小数，不带单位"),
    FieldType.DATE: Saying("“{field}”不是有效日期，请写成 2026-03-31 的形式"),
    FieldType.MONTH: Saying("“{field}”不是有效年月，请写成 2026-03 的形式"),
    FieldType.YEAR: Saying("“{field}”应填四位年份"),
    FieldType.BOOLEAN: Saying("“{field}”应填“是”或“否”"),
    FieldType.PHONE: Saying("“{field}”不是有效的电话号码"),
}
_BROKEN: Final = {
    Rule.REQUIRED: Saying("“{field}”必填"),
    Rule.CHECK_DIGIT: Saying("“{field}”的校验位不对，请核对是否抄错"),
    Rule.PATTERN: Saying("“{field}”的格式不对"),
    Rule.CODES: Saying("“{field}”的取值不在代码表里"),
    Rule.REFERENCE: Saying("“{field}”的取值查不到对应的代码"),
    Rule.FUTURE: Saying("“{field}”晚于报送当天"),
}
MANGLED: Final = Saying(
    "“{field}”被表格软件当成了数字，后几位已经丢失（例如显示成 9.14E+17，或末尾变成 000）。"
    "请先把这一列的格式设为“文本”，再照原件重新填写"
)


def of_field(field: ItemField, rule: Rule, kinds: tuple[SubjectKind, ...]) -> Saying:
    """The sentence for a fault of one cell."""
    title = Saying(field.title)
    match rule:
        case Rule.KIND:
            titles = [TITLES[kind] for kind in kinds]
            return Saying("这个数据项只收{kinds}的信息，这个代码不属于其中", kinds=titles)
        case Rule.TYPE:
            return Saying(_NOT_OF_TYPE.get(field.type, Saying("“{field}”填写有误")), field=title)
        case Rule.LENGTH:
            return Saying("“{field}”超过{most}个字", field=title, most=field.max_length or 0)
        case Rule.RANGE:
            return _range(field, title)
        case _:
            return _broken(field, rule, title)


def _broken(field: ItemField, rule: Rule, title: Saying) -> Saying:
    if rule is Rule.PATTERN and field.form:
        return Saying("“{field}”的格式不对，应是{form}", field=title, form=Saying(field.form))
    if rule is Rule.CODES and field.several:
        said = Saying("“{field}”里有代码表没有的取值；几类并处的，请用“{sign}”隔开，每一类都照代码表填写")
        return Saying(said, field=title, sign=field.separators[0])
    return Saying(_BROKEN[rule], field=title)


def _range(field: ItemField, title: Saying) -> Saying:
    unit, least, most = Saying(field.unit or ""), str(field.at_least), str(field.at_most)
    if field.not_before is not None:
        return Saying("“{field}”不能早于{day}", field=title, day=field.not_before.isoformat())
    if field.at_most is None:
        return Saying("“{field}”不能小于{least}{unit}", field=title, least=least, unit=unit)
    if field.at_least is None:
        return Saying("“{field}”不能大于{most}{unit}", field=title, most=most, unit=unit)
    said = Saying("“{field}”不能小于{least}{unit}，不能大于{most}{unit}")
    return Saying(said, field=title, least=least, most=most, unit=unit)


# ── of a row ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def of_check(check: Check) -> Saying:
    """The reason the catalogue gives, and the law where it is the law that refuses."""
    if isinstance(check, RefuseWhen):
        return Saying("{reason}（{basis}）", reason=Saying(check.reason), basis=Saying(check.basis))
    return Saying(check.reason)


def ragged(found: int, expected: int) -> Saying:
    said = Saying("这一行有{found}列，表头有{expected}列，对不上。请检查是否多了或少了分隔符")
    return Saying(said, found=found, expected=expected)


def duplicate(line: int, key: Sequence[Saying], *, all_lose: bool) -> Saying:
    """Where `all_lose`, neither of the rows was taken."""
    if all_lose:
        said = Saying("与第{line}行重复（{key}相同），无法判断以哪一行为准，重复的各行都没有采用")
        return Saying(said, line=line, key=key)
    return Saying("与第{line}行重复（{key}相同）", line=line, key=key)


# ── of the file ──────────────────────────────────────────────────────────────────────────────────────────────────────


def nth_column(number: int) -> Saying:
    """The name of a column without one."""
    return Saying("第{number}列", number=number)


def unknown_column(title: str) -> Saying:
    return Saying("多出一列“{title}”，清单里没有这个字段，没有采用", title=title)


def missing_column(title: Saying) -> Saying:
    return Saying("缺少必填的一列“{title}”，整份文件退回", title=title)


def missing_columns(titles: Sequence[Saying]) -> Saying:
    """The same of the file as a whole."""
    if len(titles) == 1:
        return missing_column(titles[0])
    return Saying("缺少必填的{n}列：{titles}，整份文件退回", n=len(titles), titles=titles)


def other_sheet(title: str) -> Saying:
    said = Saying("工作簿里还有工作表“{title}”，只读取了第一张表；里面也有要报送的行，请合并到第一张表再报送")
    return Saying(said, title=title)


def implausible_drop(before: int, gone: int, share: str) -> Saying:
    said = Saying(
        "上一次全量报送有{before}条，这一次有{gone}条不再出现，超过了{share}的限度。"
        "整份数据先不采用，请确认是否漏报；确实如此的，请报送单位或运营人员放行"
    )
    return Saying(said, before=before, gone=gone, share=share)
