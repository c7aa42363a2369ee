"""One item against itself and its city: where it belongs, whom it is about, how it comes, how long it stays."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from xinqiao.catalogue import field_consistency, lawfulness, rule_consistency
from xinqiao.catalogue.errors import Mistake
from xinqiao.catalogue.meaning import frame_fields
from xinqiao.catalogue.pack import Placed
from xinqiao.catalogue.schema import DuplicatePolicy, FieldType, Item, SharingClass, SharingMode
from xinqiao.catalogue.surroundings import Surroundings

SLOWEST_ANSWER: Final = 10  # seconds of a source that is asked while a person waits
DAYS: Final = frozenset({FieldType.DATE, FieldType.MONTH, FieldType.YEAR})
_ORDERED: Final = DAYS | {FieldType.INTEGER, FieldType.DECIMAL}


def mistakes_in(placed: Placed[Item], around: Surroundings) -> Iterator[Mistake]:
    """Everything wrong with an item that the schema alone cannot see."""
    yield from _belonging(placed, around)
    yield from _subject(placed)
    yield from _introduces(placed)
    yield from _represented(placed)
    for i, name in enumerate(placed.entry.headline):
        yield from missing_field(placed, name, "headline", i)
    yield from _delivery(placed)
    yield from _called(placed)
    yield from _validity(placed)
    yield from _retention(placed)
    yield from _shown(placed)
    yield from field_consistency.mistakes_in(placed, around)
    yield from rule_consistency.mistakes_in(placed, around)
    yield from lawfulness.mistakes_in(placed, around)
    yield from _wholeness(placed, around)


def missing_field(placed: Placed[Item], name: str | None, *at: int | str) -> Iterator[Mistake]:
    """The mistake of naming a field the item does not have; nothing for None."""
    if name is not None and name not in placed.entry.fields:
        yield placed.mistake(f"没有名为“{name}”的信息项", *at)


def _belonging(placed: Placed[Item], around: Surroundings) -> Iterator[Mistake]:
    item = placed.entry
    if around.families is not None and item.family not in around.families:
        yield placed.mistake(f"没有名为“{item.family}”的类别", "family")
    for i, source in enumerate(item.sources):
        if source not in around.sources:
            yield placed.mistake(f"没有名为“{source}”的提供单位", "sources", i)
    for key, what in (("sources", "提供单位"), ("basis", "法定依据"), ("fields", "信息项"), ("formats", "数据格式")):
        if not getattr(item, key):
            yield placed.mistake(f"至少要有一个{what}", key)
    repeated = [name for name, times in Counter(item.sources).items() if times > 1]
    if repeated:
        yield placed.mistake(f"提供单位重复：{'、'.join(repeated)}", "sources")


def _subject(placed: Placed[Item]) -> Iterator[Mistake]:
    item = placed.entry
    yield from missing_field(placed, item.subject.field, "subject", "field")
    yield from missing_field(placed, item.subject.name, "subject", "name")
    field = item.fields.get(item.subject.field)
    if field is not None and (field.type is not FieldType.USCC or not field.required):
        message = "主体代码必须是必填的统一社会信用代码（条例第十六条：唯一标识）"
        yield placed.mistake(message, "subject", "field")
    if not item.subject.kinds:
        yield placed.mistake("至少要有一种主体类型", "subject", "kinds")


def _introduces(placed: Placed[Item]) -> Iterator[Mistake]:
    item = placed.entry
    if item.introduces is None:
        return
    for role, name in item.introduces:
        yield from missing_field(placed, name, "introduces", role)
    named = item.fields.get(item.introduces.name)
    if named is not None and not named.required:
        yield placed.mistake("由它引入主体，主体名称必须是必填的", "introduces", "name")


def _represented(placed: Placed[Item]) -> Iterator[Mistake]:
    item = placed.entry
    if item.represented is None:
        return
    for role, name in item.represented:
        yield from missing_field(placed, name, "represented", role)
    only = item.fields.get(item.represented.only or "")
    if only is not None and only.type is not FieldType.BOOLEAN:
        yield placed.mistake("只看哪些行，要由是否型的信息项决定", "represented", "only")


def _called(placed: Placed[Item]) -> Iterator[Mistake]:
    item, called = placed.entry, placed.entry.called
    if called is None:
        return
    if item.sharing.mode is not SharingMode.API:
        yield placed.mistake("由接口调用的数据项，共享方式应为 api", "sharing", "mode")
    if item.introduces is not None:
        yield placed.mistake("由接口调用的数据项不留存，不能引入主体", "introduces")
    if not 1 <= called.within_seconds <= SLOWEST_ANSWER:
        yield placed.mistake(f"等待应在 1 至 {SLOWEST_ANSWER} 秒之间：有人在等", "called", "within_seconds")
    for name in ("failures", "rest_seconds"):
        if getattr(called, name) < 1:
            yield placed.mistake("至少为 1", "called", name)


def _delivery(placed: Placed[Item]) -> Iterator[Mistake]:
    item, rules = placed.entry, placed.entry.delivery
    if not rules.key:
        yield placed.mistake("业务键不能是空的；每个主体只有一条的，写主体代码", "delivery", "key")
    for i, name in enumerate(rules.key):
        yield from missing_field(placed, name, "delivery", "key", i)
        field = item.fields.get(name)
        if field is not None and not field.required:
            yield placed.mistake(f"业务键“{name}”必须是必填的", "delivery", "key", i)
    if not rules.modes:
        yield placed.mistake("至少要有一种交付方式", "delivery", "modes")
    if not 0 <= rules.max_drop <= 1:
        yield placed.mistake("应在 0 和 1 之间", "delivery", "max_drop")
    if rules.full_within is not None and rules.full_within not in rules.key:
        yield placed.mistake("应是业务键之一", "delivery", "full_within")
    yield from _order(placed)


def _order(placed: Placed[Item]) -> Iterator[Mistake]:
    rules = placed.entry.delivery
    if (rules.duplicate is DuplicatePolicy.LAST_WINS) is not (rules.order_by is not None):
        yield placed.mistake("last_wins 和 order_by 必须同时写", "delivery", "duplicate")
    yield from missing_field(placed, rules.order_by, "delivery", "order_by")
    field = placed.entry.fields.get(rules.order_by or "")
    if field is not None and field.type not in _ORDERED:
        yield placed.mistake("用来判断先后的应是日期或数字", "delivery", "order_by")


def _validity(placed: Placed[Item]) -> Iterator[Mistake]:
    item = placed.entry
    for end, name in item.validity:
        yield from missing_field(placed, name, "validity", end)
        field = item.fields.get(name or "")
        if field is not None and field.type not in DAYS:
            yield placed.mistake("有效期的起止应是日期、年月或年份", "validity", end)
    if item.validity.until is not None and item.validity.since is None:
        yield placed.mistake("写了止（until）就要写起（since）", "validity")


def _retention(placed: Placed[Item]) -> Iterator[Mistake]:
    item, retention = placed.entry, placed.entry.retention
    yield from missing_field(placed, retention.counted_from, "retention", "counted_from")
    yield from missing_field(placed, retention.while_empty, "retention", "while_empty")
    field = item.fields.get(retention.counted_from or "")
    if field is not None and field.type not in DAYS:
        yield placed.mistake("应从一个日期、年月或年份起算", "retention", "counted_from")
    if (retention.years is None) is not (retention.counted_from is None):
        yield placed.mistake("年限（years）和起算日（counted_from）要么都写，要么都不写", "retention")
    if retention.years is None and retention.reason is None:
        yield placed.mistake("没有年限的，应写明长期保存的理由（reason）", "retention")


def _shown(placed: Placed[Item]) -> Iterator[Mistake]:
    retention = placed.entry.retention
    if retention.shown and retention.counted_from is None:
        yield placed.mistake("公示期没有起算日（counted_from）", "retention", "shown")
    for i, shown in enumerate(retention.shown):
        if shown.at_least_months > shown.at_most_months:
            yield placed.mistake("最短公示期长于最长公示期", "retention", "shown", i)
        if not shown.when and i != len(retention.shown) - 1:
            yield placed.mistake("没有条件的一条应放在最后，否则后面的永远用不上", "retention", "shown", i)


def _wholeness(placed: Placed[Item], around: Surroundings) -> Iterator[Mistake]:
    """Only whole items may be delivered, so whole is a promise: its lists are closed. `check` looks at its cases."""
    item = placed.entry
    if not item.whole:
        return
    for name, field in item.fields.items():
        listed = around.codes.get(field.codes or "")
        if listed is not None and listed.open:
            message = f"代码表 {listed.list} 还没有内容（open），这一项不能算完整（whole）"
            yield placed.mistake(message, "fields", name, "codes")
    secret = [n for n in frame_fields(item) if n in item.fields and item.fields[n].classed is SharingClass.SECRET]
    for name in sorted(secret):
        yield placed.mistake("业务键、有效期、保存期用到的信息项不能单独定为 secret", "fields", name, "classed")
