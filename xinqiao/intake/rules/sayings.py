"""What is told to the source about each fault, in plain words."""

from typing import Final

from xinqiao.catalogue.schema import FieldType, ItemField, Rule
from xinqiao.kernel.subject_kinds import TITLES, SubjectKind

TYPES: Final = {
    FieldType.USCC: "不是18位统一社会信用代码，请核对位数和字母（不用 I、O、S、V、Z）",
    FieldType.ID_NUMBER: "不是有效的居民身份证号码，请核对位数、省份和出生日期",
    FieldType.REGISTRATION_NUMBER: "不是15位工商注册号",
    FieldType.ORGANISATION_CODE: "不是9位组织机构代码",
    FieldType.INTEGER: "应填整数",
    FieldType.DECIMAL: "应填数字，最多6位小数，不带单位",
    FieldType.MONEY_YUAN: "应填以元为单位的金额，最多2位小数，不带单位",
    FieldType.MONEY_WAN: "应填以万元为单位的金额，最多6位小数，不带单位",
    FieldType.DATE: "不是有效日期，请写成 2026-03-31 的形式",
    FieldType.MONTH: "不是有效年月，请写成 2026-03 的形式",
    FieldType.YEAR: "应填四位年份",
    FieldType.BOOLEAN: "应填“是”或“否”",
    FieldType.PHONE: "不是有效的电话号码",
}
RAGGED: Final = "这一行有{found}列，表头有{expected}列，对不上。请检查是否多了或少了分隔符"
QUOTES: Final = "这一行的引号不成对，无法分列。请检查双引号"
DUPLICATE: Final = "与第{line}行重复（{key}相同）"
ALL_DUPLICATE: Final = "与第{line}行重复（{key}相同），无法判断以哪一行为准，重复的各行都没有采用"
UNKNOWN_COLUMN: Final = "多出一列“{title}”，清单里没有这个字段，没有采用"
MISSING_COLUMN: Final = "缺少必填的一列“{title}”，整份文件退回"
OTHER_SHEET: Final = "工作簿里还有工作表“{title}”，只读取了第一张表"
NAME_DIFFERS: Final = "名称与登记名称不同，已按统一社会信用代码采用，请核对"
IMPLAUSIBLE_DROP: Final = (
    "上一次全量报送有{before}条，这一次有{gone}条不再出现，超过了{share}的限度。"
    "整份数据先不采用，请确认是否漏报；确实如此的，请报送单位或运营人员放行"
)


def of_field(field: ItemField, rule: Rule, kinds: tuple[SubjectKind, ...]) -> str:
    """The sentence for a fault of one cell."""
    if rule is Rule.KIND:
        return f"这个数据项只收{'、'.join(TITLES[kind] for kind in kinds)}的信息，这个代码不属于其中"
    said = {
        Rule.REQUIRED: "必填",
        Rule.TYPE: TYPES.get(field.type, "填写有误"),
        Rule.CHECK_DIGIT: "的校验位不对，请核对是否抄错",
        Rule.LENGTH: f"超过{field.max_length}个字",
        Rule.PATTERN: "的格式不对",
        Rule.CODES: "的取值不在代码表里",
        Rule.REFERENCE: "的取值查不到对应的代码",
        Rule.RANGE: _range(field),
        Rule.FUTURE: "晚于报送当天",
    }
    return f"“{field.title}”{said[rule]}"


def _range(field: ItemField) -> str:
    unit = field.unit or ""
    limits = [
        f"不能小于{field.at_least}{unit}" if field.at_least is not None else "",
        f"不能大于{field.at_most}{unit}" if field.at_most is not None else "",
        f"不能早于{field.not_before}" if field.not_before is not None else "",
    ]
    return "，".join(limit for limit in limits if limit)
