"""One cell, read slowly and plainly from the catalogue's words: the first half of the oracle of cases."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from xinqiao.catalogue.city import City
from xinqiao.catalogue.schema import FieldType, ItemField
from xinqiao.kernel.uscc import Fault, fault_in, organisation_check_character

WORDS = {FieldType.TEXT, FieldType.LONG_TEXT}
PLACES = {FieldType.MONEY_YUAN: 2, FieldType.MONEY_WAN: 6, FieldType.DECIMAL: 6}
LARGEST = {FieldType.MONEY_YUAN: 16, FieldType.MONEY_WAN: 16, FieldType.DECIMAL: 18}  # digits before the point, kept
BLANK = " \t\r\n\u3000\u00a0\u200b\ufeff"
WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
WAN = 10_000
NUMBER = r"[+-]?([0-9]{1,3}(,[0-9]{3})+|[0-9]+)(\.[0-9]+)?"


class BadCell(Exception):
    """The cell breaks the rule this says."""


def value_of(city: City, field: ItemField, cell: str, on: date) -> str | list[str]:
    """The canonical value of a cell, "" for none, a list where it may hold several codes; raises `BadCell`."""
    text = cell.strip(BLANK)
    if city.reading.fold_width and field.type not in WORDS:
        text = text.translate(WIDE)
    if field.type in city.reading.upper_case:
        text = text.upper()
    if text in {"", *city.reading.empty, *field.empty}:
        if field.required:
            raise BadCell("required")
        return ""
    if field.separators:
        return _several(city, field, text)
    value = _typed(city, field, text)
    for limit in (_length, _pattern, _reference, _range, _time):
        limit(city, field, text, value, on)
    return value


def _typed(city: City, field: ItemField, text: str) -> str:
    reader = READERS.get(field.type)
    return reader(city, field, text) if reader else text


# ── types ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _uscc(_city: City, _field: ItemField, text: str) -> str:
    match fault_in(text):
        case None:
            return text
        case Fault.CHECK | Fault.ORGANISATION_CHECK:
            raise BadCell("check_digit")
        case _:
            raise BadCell("type")


def _registration_number(_city: City, _field: ItemField, text: str) -> str:
    if not re.fullmatch(r"[0-9]{15}", text):
        raise BadCell("type")
    left = 10
    for digit in text[:14]:
        left = (int(digit) + left) % 10 or 10
        left = left * 2 % 11
    if (int(text[14]) + left) % 10 != 1:
        raise BadCell("check_digit")
    return text


def _organisation_code(_city: City, _field: ItemField, text: str) -> str:
    bare = text.replace("-", "")
    if not re.fullmatch(r"[0-9A-Z]{8}[0-9X]", bare):
        raise BadCell("type")
    if organisation_check_character(bare[:8]) != bare[8]:
        raise BadCell("check_digit")
    return bare


def _text(_city: City, _field: ItemField, text: str) -> str:
    if re.fullmatch(r"[0-9](\.[0-9]+)?E\+[0-9][0-9]", text):
        raise BadCell("type")
    return text


def _spellings(city: City, field: ItemField) -> dict[str, str]:
    known: dict[str, str] = {}
    for code, value in city.codes[field.codes or ""].values.items():
        for spelling in (code, value.title, *value.also):
            known |= {spelling: code, spelling.translate(WIDE): code}
    return known


def _code(city: City, field: ItemField, text: str) -> str:
    if (code := _spellings(city, field).get(text)) is not None:
        return code
    if city.codes[field.codes or ""].open:
        return text
    raise BadCell("codes")


def _several(city: City, field: ItemField, text: str) -> list[str]:
    """Word by word from the left, the longest first, with one sign between two words and nothing before or behind."""
    known = _spellings(city, field)
    words = "|".join(re.escape(word) for word in sorted(known, key=len, reverse=True))
    signs = "|".join(re.escape(sign) for sign in {*field.separators, *(s.translate(WIDE) for s in field.separators)})
    if not re.fullmatch(f"(?:{words})(?:[{BLANK}]*(?:{signs})[{BLANK}]*(?:{words}))*", text):
        raise BadCell("codes")
    said = {known[word] for word in re.findall(words, text)}
    return [code for code in city.codes[field.codes or ""].values if code in said]


def _boolean(city: City, _field: ItemField, text: str) -> str:
    if text in city.reading.true:
        return "true"
    if text in city.reading.false:
        return "false"
    raise BadCell("type")


def _day(city: City, _field: ItemField, text: str) -> str:
    for form in city.reading.dates:
        number = r"([0-9]{2})" if form == "YYYYMMDD" else r"([0-9]{1,2})"
        parts = re.split("(YYYY|MM?|DD?)", form)
        units = {"YYYY": r"([1-9][0-9]{3})", "MM": number, "M": number, "DD": number, "D": number}
        pattern = "".join(units.get(part, re.escape(part)) for part in parts)
        if found := re.fullmatch(pattern + r"(?:[ T]00:00(?::00)?(?:\.0+)?)?", text):
            try:
                return date(*(int(part) for part in found.groups())).isoformat()
            except ValueError:
                raise BadCell("type") from None
    raise BadCell("type")


def _month(_city: City, _field: ItemField, text: str) -> str:
    found = re.fullmatch(
        r"([1-9][0-9]{3})([0-9]{2})|([1-9][0-9]{3})[-/]([0-9]{1,2})|([1-9][0-9]{3})年([0-9]{1,2})月", text
    )
    if found is None:
        raise BadCell("type")
    year, month = (int(part) for part in found.groups() if part is not None)
    if not 1 <= month <= 12:
        raise BadCell("type")
    return f"{year:04d}-{month:02d}"


def _year(_city: City, _field: ItemField, text: str) -> str:
    if not re.fullmatch(r"[0-9]{4}", text):
        raise BadCell("type")
    return text


def _integer(_city: City, _field: ItemField, text: str) -> str:
    if not re.fullmatch(NUMBER, text) or "." in text or len(text.strip("+-").replace(",", "")) > 18:
        raise BadCell("type")
    return str(int(text.replace(",", "")))


def _amount(_city: City, field: ItemField, text: str) -> str:
    """As facts keep it: money in yuan with two decimals, other numbers with six; too large or too fine is refused."""
    if not re.fullmatch(NUMBER, text):
        raise BadCell("type")
    amount = Decimal(text.replace(",", ""))
    exponent = amount.normalize().as_tuple().exponent
    if isinstance(exponent, int) and -exponent > PLACES[field.type]:
        raise BadCell("type")
    kept = amount * (WAN if field.type is FieldType.MONEY_WAN else 1)
    if abs(kept) >= Decimal(10) ** LARGEST[field.type]:
        raise BadCell("type")
    places = Decimal("0.000001") if field.type is FieldType.DECIMAL else Decimal("0.01")
    return str(kept.quantize(places) + 0)


READERS: dict[FieldType, Callable[[City, ItemField, str], str]] = {
    FieldType.TEXT: _text,
    FieldType.USCC: _uscc,
    FieldType.REGISTRATION_NUMBER: _registration_number,
    FieldType.ORGANISATION_CODE: _organisation_code,
    FieldType.CODE: _code,
    FieldType.BOOLEAN: _boolean,
    FieldType.DATE: _day,
    FieldType.MONTH: _month,
    FieldType.YEAR: _year,
    FieldType.INTEGER: _integer,
    FieldType.DECIMAL: _amount,
    FieldType.MONEY_YUAN: _amount,
    FieldType.MONEY_WAN: _amount,
}


# ── limits ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _length(_city: City, field: ItemField, _text: str, value: str, _on: date) -> None:
    if field.max_length is not None and len(value) > field.max_length:
        raise BadCell("length")


def _pattern(_city: City, field: ItemField, _text: str, value: str, _on: date) -> None:
    if field.pattern is not None and not re.fullmatch(field.pattern, value):
        raise BadCell("pattern")


def _reference(city: City, field: ItemField, _text: str, value: str, _on: date) -> None:
    if field.reference == "division" and value not in city.divisions:
        raise BadCell("reference")
    if field.reference == "industry":
        section, digits = (value[0], value[1:]) if value[0].isalpha() else ("", value)
        found = city.industries.get(digits[:2] or section)
        if found is None or section not in ("", found.section):
            raise BadCell("reference")


def _range(_city: City, field: ItemField, text: str, value: str, _on: date) -> None:
    if field.at_least is not None and Decimal(text.replace(",", "")) < field.at_least:
        raise BadCell("range")
    if field.at_most is not None and Decimal(text.replace(",", "")) > field.at_most:
        raise BadCell("range")
    if field.not_before is not None and value < field.not_before.isoformat()[: len(value)]:
        raise BadCell("range")


def _time(_city: City, field: ItemField, _text: str, value: str, on: date) -> None:
    dated = field.type in {FieldType.DATE, FieldType.MONTH, FieldType.YEAR}
    if dated and not field.future and value > on.isoformat()[: len(value)]:
        raise BadCell("future")
