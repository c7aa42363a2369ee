"""What an accepted row means: how bad, how open, how long shown. Pure functions of an item and a row's values.

Values are by field name, as facts keep them: dates and months as ISO text, money as text with two decimals, codes as
text or, where a cell holds several, as a list, numbers and booleans as themselves or as text, absent or None where
nothing was said.
"""

from calendar import monthrange
from collections.abc import Mapping
from datetime import MAXYEAR, date
from typing import Final

from xinqiao.catalogue.schema import AdverseNature, FieldType, Item, SharingClass, ShownFor, When

Values = Mapping[str, object]

_STRICTNESS: Final = tuple(SharingClass)
_MONTHS_IN_YEAR: Final = 12


def field_class(item: Item, field: str) -> SharingClass:
    """The class of one field: the item's, or its own where that is stricter."""
    return stricter(item.sharing.classed, item.fields[field].classed or item.sharing.classed)


def stricter(one: SharingClass, other: SharingClass) -> SharingClass:
    return max(one, other, key=_STRICTNESS.index)


def shareable(item: Item) -> bool:
    """Whether departments may be told anything of an item by law (政务共享): what is open or shared, in whole or in
    rows, and kept here."""
    classes = {item.sharing.classed, *(case.classed for case in item.sharing.cases)}
    return item.called is None and not classes.isdisjoint({SharingClass.OPEN, SharingClass.SHARED})


def sealed_fields(item: Item) -> frozenset[str]:
    """The fields whose values are kept encrypted: the secret ones, but for what a fact's own frame needs.

    Where the whole item is secret, its subject, business key and dates of validity and retention still stand in plain
    columns: without them no fact could be found, replaced or ended. They are told no more freely for that.
    """
    secret = {name for name in item.fields if field_class(item, name) is SharingClass.SECRET}
    return frozenset(secret - frame_fields(item))


def frame_fields(item: Item) -> frozenset[str]:
    """The fields that say whose a fact is, which one, and from when until when."""
    named = (
        item.subject.field,
        item.subject.name,
        *item.delivery.key,
        item.delivery.order_by,
        item.delivery.full_within,
        item.validity.since,
        item.validity.until,
        item.retention.counted_from,
        item.retention.while_empty,
    )
    return frozenset(name for name in named if name is not None)


def holds(when: When, values: Values) -> bool:
    """Whether a row meets a condition. Every part that is stated must hold; an empty value is in no list."""
    value = values.get(when.field)
    if isinstance(value, list):
        return _holds_of_several(when, value)
    said = _text(value)
    return (
        (when.filled is None or (said != "") is when.filled)
        and (when.is_in is None or said in when.is_in)
        and (when.only_in is None or said in when.only_in)
        and (when.starts_with is None or said.startswith(when.starts_with))
    )


def _holds_of_several(when: When, codes: list[str]) -> bool:
    return (
        (when.filled is None or bool(codes) is when.filled)
        and (when.is_in is None or not set(codes).isdisjoint(when.is_in))
        and (when.only_in is None or (bool(codes) and set(codes) <= set(when.only_in)))
        and when.starts_with is None
    )


def adverse_nature(item: Item, values: Values) -> AdverseNature:
    """条例 §20: the nature of the first case whose conditions all hold, else the item's own."""
    for case in item.adverse.cases:
        if all(holds(when, values) for when in case.when):
            return case.nature
    return item.adverse.otherwise


def row_class(item: Item, values: Values) -> SharingClass:
    """The class of this row as a whole; a field's own class may be stricter still."""
    for case in item.sharing.cases:
        if all(holds(when, values) for when in case.when):
            return case.classed
    return item.sharing.classed


def kept_until(item: Item, values: Values) -> date | None:
    """The last day an adverse fact may be shown at all (条例 §19); None where no period runs, or not yet."""
    retention = item.retention
    begun = _begun(item, values)
    if retention.years is None or begun is None:
        return None
    return months_after(begun, retention.years * _MONTHS_IN_YEAR)


def shown_until(item: Item, values: Values) -> date | None:
    """The last day this row is told to others: its 公示期, never beyond `kept_until`. None: no end is in sight."""
    last = kept_until(item, values)
    begun = _begun(item, values)
    shown = shown_for(item, values)
    if begun is None or shown is None:
        return last
    end = months_after(begun, shown.at_most_months)
    return end if last is None else min(end, last)


def shown_for(item: Item, values: Values) -> ShownFor | None:
    """The 公示期 of this row: the first whose conditions all hold."""
    return next((one for one in item.retention.shown if all(holds(when, values) for when in one.when)), None)


def shown_at_least(item: Item, values: Values) -> date | None:
    """The last day of the shortest time this row has to be shown; None where there is none, or it has not begun."""
    begun, shown = _begun(item, values), shown_for(item, values)
    return None if begun is None or shown is None else months_after(begun, shown.at_least_months)


def _begun(item: Item, values: Values) -> date | None:
    """The day the period is counted from; None where no period runs, or the subject still stands on the list."""
    retention = item.retention
    if retention.counted_from is None:
        return None
    if retention.adverse_only and adverse_nature(item, values) is AdverseNature.NONE:
        return None
    if retention.while_empty is not None and not _text(values.get(retention.while_empty)):
        return None
    said = _text(values.get(retention.counted_from))
    return date.fromisoformat(first_day(said, item.fields[retention.counted_from].type)) if said else None


def first_day(said: str, kind: FieldType) -> str:
    """The first day of a date, month or year as it is written; a period counts from it, the earlier end for the
    subject."""
    match kind:
        case FieldType.MONTH:
            return f"{said}-01"
        case FieldType.YEAR:
            return f"{said}-01-01"
        case _:
            return said


def months_after(day: date, months: int) -> date:
    """The corresponding day so many months later, or that month's last (民法典 §202)."""
    index = day.year * _MONTHS_IN_YEAR + day.month - 1 + months
    year, month = divmod(index, _MONTHS_IN_YEAR)
    if year > MAXYEAR:  # 9999-12-31 is how offices write that something has no end
        return date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case _:
            return str(value)


def needs_grant(item: Item) -> bool:
    """Whether an institution sees the item where the business allows it: not what is open anyway, nor what departments
    share among themselves (政务共享)."""
    return item.sharing.classed not in {SharingClass.OPEN, SharingClass.SHARED}
