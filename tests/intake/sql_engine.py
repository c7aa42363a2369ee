"""The same rules once more, as SQL for DuckDB: an engine that shares nothing with the product's but the catalogue.

Where the two disagree about a row, one of them is wrong.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date

import duckdb
import polars as pl

from xinqiao.catalogue import City
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
    SumOf,
    When,
)
from xinqiao.intake.reading import limits
from xinqiao.kernel.id_number import PROVINCES
from xinqiao.kernel.subject_kinds import kind_of
from xinqiao.kernel.uscc import ALPHABET, CATEGORIES, ORGANISATION_ALPHABET, Uscc

Verdict = tuple[set[tuple[int, str, str]], dict[int, dict[str, str]]]

WIDE = "".join(chr(c) for c in range(0xFF01, 0xFF5F)) + "\u3000"
NARROW = "".join(chr(c) for c in range(0x21, 0x7F)) + " "
HERE = "\0"  # where a column's name goes
PROSE = (FieldType.TEXT, FieldType.LONG_TEXT)
WHOLE = "[+-]?([0-9]{1,3}(,[0-9]{3})+|[0-9]+)"
SHAPES = {
    FieldType.USCC: f"({'|'.join(f'{d}[{c}]' for d, c in CATEGORIES.items())})[0-9]{{6}}[{ALPHABET}]{{10}}",
    FieldType.ORGANISATION_CODE: "[0-9A-Z]{8}[0-9X]",
    FieldType.REGISTRATION_NUMBER: "[0-9]{15}",
    FieldType.ID_NUMBER: f"(({'|'.join(PROVINCES)}|9[0-9])[0-9]{{15}}[0-9X]|({'|'.join(PROVINCES)})[0-9]{{13}})",
    FieldType.INTEGER: WHOLE,
    FieldType.DECIMAL: WHOLE + r"(\.[0-9]{1,6}0*)?",
    FieldType.MONEY_YUAN: WHOLE + r"(\.[0-9]{1,2}0*)?",
    FieldType.MONEY_WAN: WHOLE + r"(\.[0-9]{1,6}0*)?",
    FieldType.YEAR: "[1-9][0-9]{3}",
    FieldType.PHONE: r"\+?[0-9][0-9-]{4,18}[0-9]",
}
NUMBERS = {
    FieldType.INTEGER: "BIGINT",
    FieldType.YEAR: "BIGINT",
    FieldType.DECIMAL: "DECIMAL(24,6)",
    FieldType.MONEY_YUAN: "DECIMAL(18,2)",
    FieldType.MONEY_WAN: "DECIMAL(24,6)",
}


def judged(rows: pl.DataFrame, item: Item, city: City, on: date) -> Verdict:
    """Findings as (line, field, rule), and canonical values of rows without any. `rows`: line and cells by field."""
    with duckdb.connect() as engine:
        engine.execute("SET threads = 1")
        engine.register("sent", rows.to_arrow())
        found = engine.sql(_query(item, city, on, rows.columns)).fetchall()
    findings, values = set(), {}
    names = list(item.fields)
    for line, reasons, *row in found:
        findings |= {(line, *reason.split(":")) for reason in reasons}
        if not reasons:
            values[line] = {name: text for name, text in zip(names, row, strict=True) if text is not None}
    return findings, values


def q(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _list(texts: Iterator[str] | tuple[str, ...] | list[str]) -> str:
    return "[" + ", ".join(map(q, texts)) + "]"


def _query(item: Item, city: City, on: date, columns: list[str]) -> str:
    names = list(item.fields)
    read = [
        f"{_read(item.fields[n], city) if n in columns else 'NULL::VARCHAR'} AS n_{n}".replace(HERE, f'"{n}"')
        for n in names
    ]
    typed = [f"{_value(item.fields[n], city)} AS v_{n}".replace(HERE, f"n_{n}") for n in names]
    faults = [f"{_fault(n, item, city, on)} AS f_{n}" for n in names]
    refused = [_broken(c, item) for c in item.checks if isinstance(c, RefuseWhen)]
    crossed = [_broken(c, item) for c in item.checks if not isinstance(c, RefuseWhen)]
    own = [f"CASE WHEN f_{n} IS NOT NULL THEN {q(n + ':')} || f_{n} END" for n in names]
    every = f"list_filter([{', '.join(own + crossed) or 'NULL'}], lambda x: x IS NOT NULL)"
    texts = [f"{_text(item.fields[n])} AS t_{n}".replace(HERE, f"v_{n}") for n in names]
    return f"""
WITH a AS (SELECT line, {", ".join(read)} FROM sent),
b AS (SELECT *, {", ".join(typed)} FROM a),
c AS (SELECT *, {", ".join(faults)} FROM b),
d AS (SELECT *, coalesce({", ".join(refused) or "NULL"}, NULL) AS refused, {every} AS reasons FROM c)
SELECT line, CASE WHEN refused IS NOT NULL THEN [refused] ELSE reasons END, {", ".join(texts)} FROM d ORDER BY line
"""


def _read(field: ItemField, city: City) -> str:
    text = f"trim({HERE}, {q(limits.WHITE)})"
    if city.reading.fold_width and field.type not in PROSE:
        text = f"translate({text}, {q(WIDE)}, {q(NARROW)})"
    if field.type in city.reading.upper_case:
        text = f"upper({text})"
    empty = [_one(word, field, city) for word in ("", *city.reading.empty, *field.empty)]
    return f"CASE WHEN NOT list_contains({_list(empty)}, {text}) THEN {text} END"


def _one(text: str, field: ItemField, city: City) -> str:
    text = text.strip(limits.WHITE)
    if city.reading.fold_width and field.type not in PROSE:
        text = text.translate(str.maketrans(WIDE, NARROW))
    return text.upper() if field.type in city.reading.upper_case else text


def _value(field: ItemField, city: City) -> str:  # noqa: PLR0911
    match field.type:
        case FieldType.DATE:
            return f"try_cast({_iso(city.reading.dates)} AS DATE)"
        case FieldType.MONTH:
            iso = _iso(city.reading.months)
            return f"CASE WHEN regexp_full_match({iso}, '[0-9]{{4}}-(0[1-9]|1[0-2])') THEN {iso} END"
        case FieldType.BOOLEAN:
            words = [[_one(w, field, city) for w in some] for some in (city.reading.true, city.reading.false)]
            true, false = (f"list_contains({_list(some)}, {HERE})" for some in words)
            return f"CASE WHEN {true} THEN true WHEN {false} THEN false END"
        case FieldType.CODE:
            return _several(field, city) if field.separators else _code(field, city)
        case FieldType.ORGANISATION_CODE:
            return rf"regexp_replace({HERE}, '^(.{{8}})-(.)$', '\1\2')"
        case _ if field.type in NUMBERS:
            number = f"try_cast(replace(ltrim({HERE}, '+'), ',', '') AS {NUMBERS[field.type]})"
            return f"try_cast({number} * 10000 AS DECIMAL(18,2))" if field.type is FieldType.MONEY_WAN else number
        case _:
            return HERE


def _iso(forms: tuple[str, ...]) -> str:
    options = []
    for form in forms:
        separated = form not in ("YYYYMMDD", "YYYYMM")
        number = "([0-9]{1,2})" if separated else "([0-9]{2})"
        pattern = form.replace(".", r"\.").replace("YYYY", "([1-9][0-9]{3})")
        pattern = _numbers(pattern, number)
        if "D" in form:
            pattern += r"([ T]0{1,2}:00(:00(\.0+)?)?)?"
        parts = [f"regexp_extract({HERE}, " + q(f"^{pattern}$") + ", 1)"]
        parts += [
            f"lpad(regexp_extract({HERE}, {q(f'^{pattern}$')}, {g}), 2, '0')" for g in range(2, 4 if "D" in form else 3)
        ]
        joined = " || '-' || ".join(parts)
        options.append(f"CASE WHEN regexp_full_match({HERE}, {q(pattern)}) THEN {joined} END")
    return f"coalesce({', '.join(options)})"


def _numbers(pattern: str, number: str) -> str:
    for unit in ("MM", "DD"):
        pattern = pattern.replace(unit, unit[0])
    return pattern.replace("M", number).replace("D", number)


def _meaning(field: ItemField, city: City) -> dict[str, str]:
    meaning: dict[str, str] = {}
    for texts in (lambda c, v: (c,), lambda c, v: (v.title,), lambda c, v: v.also):
        for code, value in city.codes[field.codes or ""].values.items():
            for text in texts(code, value):
                meaning.setdefault(_one(text, field, city), code)
    return meaning


def _several(field: ItemField, city: City) -> str:
    meaning, order = _meaning(field, city), list(city.codes[field.codes or ""].values)
    words = "|".join(re.escape(word) for word in sorted(meaning, key=len, reverse=True))
    signs = "|".join(re.escape(_one(sign, field, city)) for sign in field.separators)
    whole = f"(?:{words})(?:\\s*(?:{signs})\\s*(?:{words}))*"
    said = f"regexp_extract_all({HERE}, {q(words)})"
    of = {code: [word for word, meant in meaning.items() if meant == code] for code in order}
    cases = ", ".join(f"CASE WHEN list_has_any({said}, {_list(of[code])}) THEN {q(code)} END" for code in order)
    codes = f"list_filter([{cases}], lambda x: x IS NOT NULL)"
    return f"CASE WHEN regexp_full_match({HERE}, {q(whole)}) THEN {codes} END"


def _code(field: ItemField, city: City) -> str:
    listed, meaning = city.codes[field.codes or ""], _meaning(field, city)
    cases = "".join(f" WHEN {q(text)} THEN {q(code)}" for text, code in meaning.items())
    known = f"CASE {HERE}{cases} END" if cases else "NULL"
    return f"coalesce({known}, {HERE})" if listed.open else known


def _fault(name: str, item: Item, city: City, on: date) -> str:
    field, n, v = item.fields[name], f"n_{name}", f"v_{name}"
    cases = [(f"{n} IS NULL", "required" if field.required else None), *_mangled(field, n)]
    if field.type in SHAPES:
        subject = v if field.type is FieldType.ORGANISATION_CODE else n
        cases.append((f"NOT regexp_full_match({subject}, {q(SHAPES[field.type])})", "type"))
    if field.type is FieldType.ID_NUMBER:
        eight = f"CASE length({n}) WHEN 15 THEN '19' || substr({n}, 7, 6) ELSE substr({n}, 7, 8) END"
        born = f"try_strptime({eight}, '%Y%m%d')"
        cases.append((f"{born} IS NULL OR {born} < DATE '1850-01-01'", "type"))
    if field.type not in PROSE and field.type is not FieldType.CODE:
        cases.append((f"{v} IS NULL", "type"))
    if (wrong := _wrong_digit(field.type, v)) is not None:
        cases.append((wrong, "check_digit"))
    if field.max_length is not None:
        cases.append((f"length({n}) > {field.max_length}", "length"))
    if field.pattern is not None:
        cases.append((f"NOT regexp_full_match({n}, {q(field.pattern)})", "pattern"))
    if field.codes is not None:
        cases.append((f"{v} IS NULL", "codes"))
    cases += [(wrong, "reference") for wrong in _unreferenced(field, city, n)]
    cases += [(wrong, "range") for wrong in _out_of_range(field, v)]
    if field.type in (FieldType.DATE, FieldType.MONTH, FieldType.YEAR) and not field.future:
        cases.append((f"{v} > {_day(field, on)}", "future"))
    if name == item.subject.field:
        pairs = [d + c for d, some in CATEGORIES.items() for c in some]
        kinds = [pair for pair in pairs if kind_of(Uscc(pair)) in item.subject.kinds]
        cases.append((f"NOT list_contains({_list(kinds)}, substr({v}, 1, 2))", "kind"))
    return "CASE " + " ".join(f"WHEN {w} THEN {q(r) if r else 'NULL'}" for w, r in cases) + " END"


def _mangled(field: ItemField, n: str) -> Iterator[tuple[str, str]]:
    if field.type is FieldType.TEXT:
        yield rf"regexp_full_match({n}, '[0-9](\.[0-9]+)?E\+[0-9]{{2}}')", "type"


def _wrong_digit(kind: FieldType, v: str) -> str | None:
    def total(alphabet: str, weights: list[int], start: int) -> str:
        sums = [f"(instr({q(alphabet)}, substr({v}, {start + i}, 1)) - 1) * {w}" for i, w in enumerate(weights)]
        return "(" + " + ".join(sums) + ")"

    organisation = "substr('0X987654321', CAST({0} % 11 AS BIGINT) + 1, 1)"
    match kind:
        case FieldType.USCC:
            inner = organisation.format(total(ORGANISATION_ALPHABET, [3, 7, 9, 10, 5, 8, 4, 2], 9))
            summed = total(ALPHABET, [pow(3, i, 31) for i in range(17)], 1)
            outer = f"substr({q(ALPHABET)}, (31 - {summed} % 31) % 31 + 1, 1)"
            return f"{inner} <> substr({v}, 17, 1) OR {outer} <> substr({v}, 18, 1)"
        case FieldType.ORGANISATION_CODE:
            inner = organisation.format(total(ORGANISATION_ALPHABET, [3, 7, 9, 10, 5, 8, 4, 2], 1))
            return f"{inner} <> substr({v}, 9, 1)"
        case FieldType.ID_NUMBER:
            check = (
                f"substr('10X98765432', {total('0123456789', [pow(2, 17 - i, 11) for i in range(17)], 1)} % 11 + 1, 1)"
            )
            return f"length({v}) = 18 AND {check} <> substr({v}, 18, 1)"
        case FieldType.REGISTRATION_NUMBER:
            digits = f"list_transform(range(1, 15), lambda i: try_cast(substr({v}, i, 1) AS BIGINT))"
            turn = "(CASE (p + d) % 10 WHEN 0 THEN 10 ELSE (p + d) % 10 END) * 2 % 11"
            product = f"list_reduce(list_prepend(10, {digits}), lambda p, d: {turn})"
            return f"(11 - {product}) % 10 <> try_cast({v}[15] AS BIGINT)"
        case _:
            return None


def _unreferenced(field: ItemField, city: City, n: str) -> Iterator[str]:
    match field.reference:
        case "division":
            yield f"NOT list_contains({_list(list(city.divisions))}, {n})"
        case "industry":
            sections = "".join(sorted({i.section for i in city.industries.values()}))
            yield f"NOT regexp_full_match({n}, {q(f'[{sections}]|[{sections}]?[0-9]{{2,4}}')})"
            owner = "CASE regexp_extract(" + n + ", '[0-9]{2}')"
            owner += "".join(f" WHEN {q(c)} THEN {q(i.section)}" for c, i in city.industries.items()) + " END"
            yield f"regexp_matches({n}, '[0-9]') AND ({owner}) IS NULL"
            yield f"regexp_full_match({n}, '[A-Z][0-9]+') AND ({owner}) <> substr({n}, 1, 1)"
        case "source":
            titles = [name.title for source in city.sources.values() for name in source.names]
            yield f"NOT list_contains({_list([*city.sources, *titles])}, {n})"


def _out_of_range(field: ItemField, v: str) -> Iterator[str]:
    scale = 10_000 if field.type is FieldType.MONEY_WAN else 1
    if field.at_least is not None:
        yield f"{v} < {field.at_least * scale}"
    if field.at_most is not None:
        yield f"{v} > {field.at_most * scale}"
    if field.not_before is not None:
        yield f"{v} < {_day(field, field.not_before)}"


def _day(field: ItemField, day: date) -> str:
    match field.type:
        case FieldType.DATE:
            return f"DATE '{day}'"
        case FieldType.YEAR:
            return str(day.year)
        case _:
            return f"'{day:%Y-%m}'"


def _broken(check: Check, item: Item) -> str:
    match check:
        case NotBefore():
            fields, wrong = [check.field, check.other], f"v_{check.field} < v_{check.other}"
        case RequiredWhen():
            fields = [check.field, check.when.field]
            wrong = f"v_{check.field} IS NULL AND {_when(check.when, item)}"
        case OneOfRequired():
            fields, wrong = list(check.fields), " AND ".join(f"v_{f} IS NULL" for f in check.fields)
        case SumOf():
            scale = 10_000 if item.fields[check.field].type is FieldType.MONEY_WAN else 1
            fields = [check.field, *check.parts]
            parts = " + ".join(f"v_{p}" for p in check.parts)
            wrong = f"abs(v_{check.field} - ({parts})) > {check.tolerance * scale}"
        case MustBe():
            fields = [check.field, *(w.field for w in check.when)]
            several = item.fields[check.field].several
            one = When(field=check.field, **{"only_in" if several else "is_in": check.is_in})
            wrong = " AND ".join([f"NOT {_when(one, item)}", *(_when(w, item) for w in check.when)])
        case RefuseWhen():
            fields, wrong = [w.field for w in check.all], " AND ".join(_when(w, item) for w in check.all)
    stand = " AND ".join(f"f_{f} IS NULL" for f in fields)
    return f"CASE WHEN {stand} AND ({wrong}) THEN {q(f'{fields[0]}:{check.rule}')} END"


def _when(when: When, item: Item) -> str:
    v, parts = f"v_{when.field}", []
    if item.fields[when.field].several:
        if when.is_in is not None:
            parts.append(f"coalesce(list_has_any({v}, {_list(when.is_in)}), false)")
        if when.only_in is not None:
            parts.append(f"coalesce(list_has_all({_list(when.only_in)}, {v}), false)")
    elif when.is_in is not None:
        parts.append(
            f"coalesce(list_contains({_list(when.is_in)}, {_text(item.fields[when.field]).replace(HERE, v)}), false)"
        )
    if when.filled is not None:
        parts.append(f"{v} IS {'NOT ' if when.filled else ''}NULL")
    if when.starts_with is not None:
        begins = " OR ".join(f"starts_with({v}, {q(b)})" for b in when.starts_with) or "false"
        parts.append(f"coalesce({begins}, false)")
    return "(" + " AND ".join(parts) + ")"


def _text(field: ItemField) -> str:
    return f"array_to_string({HERE}, '、')" if field.several else f"CAST({HERE} AS VARCHAR)"


def as_text(values: Mapping[str, object]) -> dict[str, str]:
    """A row of the product's engine in the words of this one."""
    return {name: _said(value) for name, value in values.items() if value is not None}


def _said(value: object) -> str:
    if isinstance(value, list):
        return "、".join(value)
    return str(value).lower() if isinstance(value, bool) else str(value)
