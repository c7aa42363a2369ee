"""A second, slow and plain reading of one row, straight from the catalogue's words: the oracle of cases.

It shares no code with intake, which judges whole files at once; the two must agree on every case.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from xinqiao.catalogue.city import City
from xinqiao.catalogue.headers import folded
from xinqiao.catalogue.meaning import adverse_nature, holds, row_class, shown_until
from xinqiao.catalogue.schema import (
    Check,
    FieldType,
    Item,
    ItemField,
    MustBe,
    NotBefore,
    OneOfRequired,
    RefuseWhen,
    RequiredWhen,
    RowCase,
    SumOf,
)
from xinqiao.kernel.subject_kinds import kind_of
from xinqiao.kernel.uscc import Fault, Uscc, fault_in, organisation_check_character

WORDS = {FieldType.TEXT, FieldType.LONG_TEXT}
MONEY = {FieldType.MONEY_YUAN: 2, FieldType.MONEY_WAN: 6}
WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


class Bad(Exception):  # noqa: N818
    """A cell breaks this rule."""


def findings_of(city: City, item: Item, row: Mapping[str, str], on: date) -> tuple[list[str], dict[str, str]]:
    """The findings of a row as `field:rule`, sorted, and the canonical values of its good fields."""
    cells = _by_field(item, row)
    values: dict[str, str] = {}
    found: list[str] = []
    for name, field in item.fields.items():
        try:
            values[name] = _value(city, field, cells.get(name, ""), on)
        except Bad as bad:
            found.append(f"{name}:{bad}")
    for refuse in item.checks:
        if isinstance(refuse, RefuseWhen) and all(holds(w, values) for w in refuse.all):
            return [f"{refuse.all[0].field}:refuse_when"], {}
    bad_fields = {f.split(":")[0] for f in found}
    subject = values.get(item.subject.field, "")
    if subject and kind_of(Uscc(subject)) not in item.subject.kinds:
        found.append(f"{item.subject.field}:kind")
    for check in item.checks:
        found += _crossing(item, check, values, bad_fields)
    return sorted(set(found)), values


def disagreements(city: City, item: Item, case: RowCase) -> Iterator[str]:
    """In what the row comes out otherwise than the case says."""
    found, values = findings_of(city, item, case.row, case.on)
    if found != sorted(case.findings):
        yield f"应为 {sorted(case.findings)}，实为 {found}"
        return
    if found:
        return
    if case.adverse is not None and adverse_nature(item, values) is not case.adverse:
        yield f"性质应为 {case.adverse}，实为 {adverse_nature(item, values)}"
    if case.classed is not None and row_class(item, values) is not case.classed:
        yield f"共享属性应为 {case.classed}，实为 {row_class(item, values)}"
    if case.shown_until is not None and shown_until(item, values) != case.shown_until:
        yield f"公示应至 {case.shown_until}，实至 {shown_until(item, values)}"
    for name, expected in case.values.items():
        if values[name] != expected:
            yield f"{name} 应读成 {expected!r}，实为 {values[name]!r}"


def _by_field(item: Item, row: Mapping[str, str]) -> dict[str, str]:
    owner = {folded(h): n for n, f in item.fields.items() for h in (n, f.title, *f.headers)}
    return {owner[folded(column)]: cell for column, cell in row.items()}


def _value(city: City, field: ItemField, cell: str, on: date) -> str:
    text = cell.strip()
    if city.reading.fold_width and field.type not in WORDS:
        text = text.translate(WIDE).strip()
    if field.type in city.reading.upper_case:
        text = text.upper()
    if text in {"", *city.reading.empty, *field.empty}:
        if field.required:
            raise Bad("required")
        return ""
    value = _typed(city, field, text)
    _limits(city, field, text, value, on)
    return value


def _typed(city: City, field: ItemField, text: str) -> str:  # noqa: PLR0911
    match field.type:
        case FieldType.USCC:
            return _uscc(text)
        case FieldType.REGISTRATION_NUMBER:
            return _registration_number(text)
        case FieldType.ORGANISATION_CODE:
            return _organisation_code(text)
        case FieldType.CODE:
            return _code(city, field, text)
        case FieldType.BOOLEAN:
            return _boolean(city, text)
        case FieldType.DATE:
            return _day(city, text)
        case FieldType.MONTH:
            return _month(text)
        case FieldType.YEAR | FieldType.INTEGER:
            if not re.fullmatch(r"\d{4}" if field.type is FieldType.YEAR else r"-?\d{1,15}", text):
                raise Bad("type")
            return str(int(text))
        case FieldType.MONEY_YUAN | FieldType.MONEY_WAN | FieldType.DECIMAL:
            return _amount(field.type, text)
        case _:
            return text


def _uscc(text: str) -> str:
    match fault_in(text):
        case None:
            return text
        case Fault.CHECK | Fault.ORGANISATION_CHECK:
            raise Bad("check_digit")
        case _:
            raise Bad("type")


def _registration_number(text: str) -> str:
    if not re.fullmatch(r"\d{15}", text):
        raise Bad("type")
    left = 10
    for digit in text[:14]:
        left = (int(digit) + left) % 10 or 10
        left = left * 2 % 11
    if (int(text[14]) + left) % 10 != 1:
        raise Bad("check_digit")
    return text


def _organisation_code(text: str) -> str:
    bare = text.replace("-", "")
    if not re.fullmatch(r"[0-9A-Z]{8}[0-9X]", bare):
        raise Bad("type")
    if organisation_check_character(bare[:8]) != bare[8]:
        raise Bad("check_digit")
    return bare


def _code(city: City, field: ItemField, text: str) -> str:
    listed = city.codes[field.codes or ""]
    for code, value in listed.values.items():
        spellings = (code, value.title, *value.also)
        if text in {*spellings, *(s.translate(WIDE) for s in spellings)}:
            return code
    if listed.open:
        return text
    raise Bad("codes")


def _boolean(city: City, text: str) -> str:
    if text in city.reading.true:
        return "true"
    if text in city.reading.false:
        return "false"
    raise Bad("type")


def _day(city: City, text: str) -> str:
    for form in city.reading.dates:
        pattern = re.escape(form).replace("YYYY", r"(\d{4})")
        loose = r"(\d{1,2})" if form != "YYYYMMDD" else r"(\d{2})"
        pattern = re.sub("MM?", lambda _: loose, re.sub("DD?", lambda _: loose, pattern))
        if found := re.fullmatch(pattern + r"([ T]00:00(:00)?(\.0+)?)?", text):
            try:
                return date(*(int(part) for part in found.groups()[:3])).isoformat()
            except ValueError:
                raise Bad("type") from None
    raise Bad("type")


def _month(text: str) -> str:
    found = re.fullmatch(r"(\d{4})-?(\d{2})|(\d{4})[/年](\d{1,2})月?", text)
    if found is None:
        raise Bad("type")
    year, month = (int(part) for part in found.groups() if part is not None)
    if not 1 <= month <= 12:
        raise Bad("type")
    return f"{year:04d}-{month:02d}"


def _amount(kind: FieldType, text: str) -> str:
    if not re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?|-?\d+(\.\d+)?", text):
        raise Bad("type")
    try:
        amount = Decimal(text.replace(",", ""))
    except InvalidOperation:
        raise Bad("type") from None
    if kind not in MONEY:
        return str(amount)
    exponent = amount.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > MONEY[kind]:
        raise Bad("type")
    return str((amount * (10_000 if kind is FieldType.MONEY_WAN else 1)).quantize(Decimal("0.01")))


def _limits(city: City, field: ItemField, text: str, value: str, on: date) -> None:
    if field.max_length is not None and len(value) > field.max_length:
        raise Bad("length")
    if field.pattern is not None and not re.fullmatch(field.pattern, value):
        raise Bad("pattern")
    if field.reference is not None and not _refers(city, field.reference, value):
        raise Bad("reference")
    if field.at_least is not None or field.at_most is not None:
        number = Decimal(text.replace(",", ""))
        if (field.at_least is not None and number < field.at_least) or (
            field.at_most is not None and number > field.at_most
        ):
            raise Bad("range")
    if field.type is FieldType.DATE:
        day = date.fromisoformat(value)
        if field.not_before is not None and day < field.not_before:
            raise Bad("range")
        if not field.future and day > on:
            raise Bad("future")
    if field.type is FieldType.MONTH and not field.future:
        first = datetime.strptime(value, "%Y-%m").date()  # noqa: DTZ007
        if first > on:
            raise Bad("future")


def _refers(city: City, reference: str, value: str) -> bool:
    if reference == "division":
        return value in city.divisions
    if reference == "industry":
        section, digits = (value[0], value[1:]) if value[0].isalpha() else ("", value)
        found = city.industries.get(digits[:2] or section)
        return found is not None and section in ("", found.section)
    return True


def _crossing(item: Item, check: Check, values: Mapping[str, str], bad: set[str]) -> Iterator[str]:
    """A rule across fields waits until each of its fields stands."""
    match check:
        case NotBefore():
            names = {check.field, check.other}
            if not names & bad and all(values[n] for n in names):
                one, other = _comparable(item, check.field, values), _comparable(item, check.other, values)
                if one < other:
                    yield f"{check.field}:not_before"
        case RequiredWhen():
            if not {check.field, check.when.field} & bad and holds(check.when, values) and not values[check.field]:
                yield f"{check.field}:required_when"
        case OneOfRequired():
            if not set(check.fields) & bad and not any(values[n] for n in check.fields):
                yield f"{check.fields[0]}:one_of_required"
        case SumOf():
            names = {check.field, *check.parts}
            if not names & bad and all(values[n] for n in names):
                total = sum((Decimal(values[n]) for n in check.parts), Decimal(0))
                if abs(Decimal(values[check.field]) - total) > check.tolerance:
                    yield f"{check.field}:sum_of"
        case MustBe():
            names = {check.field, *(w.field for w in check.when)}
            if not names & bad and all(holds(w, values) for w in check.when) and values[check.field] not in check.is_in:
                yield f"{check.field}:must_be"
        case RefuseWhen():
            pass


def _comparable(item: Item, name: str, values: Mapping[str, str]) -> Decimal | str:
    days = {FieldType.DATE, FieldType.MONTH, FieldType.YEAR}
    return values[name] if item.fields[name].type in days else Decimal(values[name])
