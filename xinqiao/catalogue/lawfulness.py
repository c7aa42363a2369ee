"""What the law does not let a catalogue say, whoever writes it."""

from collections.abc import Iterator
from typing import Final

from xinqiao.catalogue.errors import Mistake
from xinqiao.catalogue.meaning import field_class, stricter
from xinqiao.catalogue.pack import Placed
from xinqiao.catalogue.schema import AdverseNature, FieldType, Item, Nature, SharingClass
from xinqiao.catalogue.surroundings import Surroundings

LONGEST_ADVERSE: Final = 5  # years, 河南省社会信用条例 §19
# 河南省社会信用条例 §45: never collected. 生物识别 and 人脸 with them: 个人信息保护法 §28, and we have no use for them.
NEVER: Final = ("宗教", "信仰", "基因", "指纹", "血型", "疾病", "病史", "人脸", "虹膜", "声纹", "生物识别")
# §45: of natural persons only after telling the consequences and with written consent, that is never unauthorised.
WITH_CONSENT: Final = ("收入", "存款", "有价证券", "商业保险", "不动产", "纳税数额", "纳税额")
PERSONAL: Final = {FieldType.ID_NUMBER: SharingClass.SECRET, FieldType.PHONE: SharingClass.AUTHORISED}


def mistakes_in(placed: Placed[Item], around: Surroundings) -> Iterator[Mistake]:
    yield from _never_collected(placed)
    yield from _personal(placed)
    yield from _persons(placed)
    yield from _market_of_natural_persons(placed, around)
    yield from _utilities(placed)
    yield from _adverse_term(placed)


def _never_collected(placed: Placed[Item]) -> Iterator[Mistake]:
    for name, field in placed.entry.fields.items():
        said = " ".join((field.title, *field.headers))
        for word in NEVER:
            if word in said:
                message = f"{name}：不得归集“{word}”（河南省社会信用条例第四十五条、个人信息保护法第二十八条）"
                yield placed.mistake(message, "fields", name)


def _personal(placed: Placed[Item]) -> Iterator[Mistake]:
    """Identity numbers are sealed, phones authorised, whatever the item says; what is masked as one is one."""
    item = placed.entry
    for name, field in item.fields.items():
        kind = FieldType.ID_NUMBER if field.mask == "id_number" else field.type
        least = PERSONAL.get(kind)
        if least is not None and stricter(field_class(item, name), least) is not field_class(item, name):
            yield placed.mistake(f"{name}：个人敏感信息的共享属性至少是 {least}", "fields", name)


def _persons(placed: Placed[Item]) -> Iterator[Mistake]:
    """Whose a secret particular is must be known, or nobody could consent to it (个人信息保护法 §23)."""
    item = placed.entry
    for i, person in enumerate(item.persons):
        for name in (person.number, *person.fields):
            if name not in item.fields:
                yield placed.mistake(f"没有名为“{name}”的信息项", "persons", i)
        if person.number not in person.fields:
            yield placed.mistake("证件号码本身也是这个人的信息，应列在 fields 里", "persons", i, "fields")
    hers = {name for person in item.persons for name in person.fields}
    for name, field in item.fields.items():
        if field.mask == "id_number" and name not in hers:
            yield placed.mistake(f"{name}：证件号码要写明是谁的（persons），没有本人同意不能提供", "fields", name)


def _market_of_natural_persons(placed: Placed[Item], around: Surroundings) -> Iterator[Mistake]:
    item = placed.entry
    if item.nature is not Nature.MARKET or not around.natural & set(item.subject.kinds):
        return
    for name, field in item.fields.items():
        open_ = stricter(field_class(item, name), SharingClass.AUTHORISED) is not field_class(item, name)
        if open_ and any(word in field.title for word in WITH_CONSENT):
            message = f"{name}：自然人的这类市场信用信息须书面同意（河南省社会信用条例第四十五条），至少是 authorised"
            yield placed.mistake(message, "fields", name)


def _utilities(placed: Placed[Item]) -> Iterator[Mistake]:
    """Utilities and the market do not decide what 失信 is (条例 §20, §27)."""
    item = placed.entry
    natures = {item.adverse.otherwise, *(case.nature for case in item.adverse.cases)}
    if item.nature is Nature.MARKET and AdverseNature.BREACH in natures:
        message = "市场信用信息不能认定为失信（河南省社会信用条例第二十条、第二十七条）"
        yield placed.mistake(message, "adverse")


def _adverse_term(placed: Placed[Item]) -> Iterator[Mistake]:
    item, retention = placed.entry, placed.entry.retention
    natures = {item.adverse.otherwise, *(case.nature for case in item.adverse.cases)}
    if natures == {AdverseNature.NONE}:
        return
    begins = item.fields.get(retention.counted_from or "")
    if begins is not None and not begins.required:
        message = "失信、关注类信息的起算日必须是必填的，否则永远不会到期"
        yield placed.mistake(message, "retention", "counted_from")
    if retention.years is None:
        yield placed.mistake("失信、关注类信息必须写保存年限（河南省社会信用条例第十九条）", "retention")
    elif retention.years > LONGEST_ADVERSE:
        message = f"失信、关注类信息最长保存 {LONGEST_ADVERSE} 年（河南省社会信用条例第十九条）"
        yield placed.mistake(message, "retention", "years")
    for i, shown in enumerate(retention.shown):
        if shown.at_most_months > LONGEST_ADVERSE * 12:
            yield placed.mistake("公示期不能超过五年（河南省社会信用条例第十九条）", "retention", "shown", i)
