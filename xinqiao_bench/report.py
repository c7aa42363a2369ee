"""Reading a business's file for a report (facts to JSON), against the bare SQL read of the same rows.

Both in one process over one connection, CPU of this process and of the server's backend together. The bare read fetches
the same rows with all a report says of each (as known at the log's position, standing, annotations, sealed value), lets
the driver decode them, and does nothing with them. Ours decides what may be told, opens what is sealed, covers names,
adds codes in words, counts, and writes canonical JSON. Goal: at most three times the bare read.

Beside it, without a goal: the same against a read of the fact table alone, and the whole telling (decision, sources,
receipt, signatures, log).
"""

import statistics
import time
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import polars as pl
from django.db import connection, transaction

from xinqiao import catalogue
from xinqiao.authorisation import grants, mandates, notices
from xinqiao.catalogue.schema import FieldType, Item, ItemField
from xinqiao.creditfile import facts
from xinqiao.creditfile import queries as creditfile
from xinqiao.creditfile.facts import Origin
from xinqiao.disclosure import composing
from xinqiao.disclosure.canonical import report_text
from xinqiao.disclosure.reports import disclose_report
from xinqiao.disclosure.rules import Reader
from xinqiao.disclosure.writing import IN_ORDER
from xinqiao.kernel.ids import DeliveryNumber, InstitutionId, SubjectId
from xinqiao.kernel.subject_kinds import SubjectKind
from xinqiao.kernel.uscc import Uscc
from xinqiao.ledger import queries as ledger
from xinqiao.ledger import sequencing
from xinqiao.parties import agreements, assessing, institutions, people, roles
from xinqiao.parties.rules import InstitutionKind, Role
from xinqiao.subjects import registration
from xinqiao.subjects.rules import Introduction
from xinqiao_bench import scratch
from xinqiao_bench.measures import Measure
from xinqiao_city import population

SUBJECTS: Final = 1_000
TURN: Final = 50  # reads before the other has its turn
ROUNDS: Final = 20
TELLINGS: Final = 50
WARM: Final = 20
GOAL: Final = 3.0
BANK: Final = InstitutionId("bench_bank")
NOW: Final = datetime(2026, 11, 23, 2, tzinfo=UTC)
TODAY: Final = date(2026, 11, 23)
OTHERS: Final = 3  # of the columns that may be empty, one in so many is filled
# What a middling enterprise has: 40 lines, a third of them sealed.
LINES: Final = {
    "administrative_licence": 10,
    "administrative_penalty": 2,
    "honour": 2,
    "tax_arrears": 3,
    "tax_credit_level": 3,
    "tax_declared_sales": 12,
    "tender_award": 8,
}

_TABLE: Final = """
SELECT f.id, f.item, f.source, f.payload, f.valid_from, f.valid_to, f.delivery, f.line, f.received_on, f.shown_until
  FROM creditfile_fact f
 WHERE f.subject_id = %s AND f.closed_event IS NULL AND f.item = ANY(%s) ORDER BY f.item, f.valid_from DESC
"""
_BARE: Final = """
SELECT f.id, f.item, f.source, f.payload, f.valid_from, f.valid_to, f.delivery, f.line, f.received_on, f.shown_until,
    x.sealed, opened.position, closed.position,
    (SELECT s.standing FROM creditfile_standing s WHERE s.fact = f.id ORDER BY s.id DESC LIMIT 1),
    (SELECT json_agg(json_build_array(a.kind, a.text, a.by, a.at) ORDER BY a.id) FROM creditfile_annotation a
      WHERE a.fact = f.id)
  FROM creditfile_fact f
  JOIN ledger_position opened ON opened.event = f.stored_event
  LEFT JOIN ledger_position closed ON closed.event = f.closed_event
  LEFT JOIN creditfile_secret x ON x.fact_id = f.id
 WHERE f.subject_id = %s AND f.item = ANY(%s)
   AND opened.position <= %s AND (closed.position IS NULL OR closed.position > %s)
 ORDER BY f.item, f.valid_from DESC
"""


def run(subjects: int = SUBJECTS) -> dict[str, Measure]:
    with scratch.database():
        usccs = fill(subjects)
        acts = {"table": _table, "bare": _bare, "read": _read}
        cost = _costs(acts, list(usccs), ROUNDS)
        whole = _costs({"told": lambda subject: _tell(usccs[subject])}, list(usccs)[:TELLINGS], 1)["told"]
    return {
        "report": Measure(cost["read"], "ms CPU", cost["bare"], cost["read"] / cost["bare"], GOAL),
        "report-table": Measure(cost["read"], "ms CPU", cost["table"], cost["read"] / cost["table"]),
        "report-told": Measure(whole, "ms CPU", cost["bare"], whole / cost["bare"]),
    }


def _costs(acts: Mapping[str, Callable[[SubjectId], object]], ids: list[SubjectId], rounds: int) -> dict[str, float]:
    """CPU milliseconds each act costs, here and in the server: the median of turns taken in short alternation, so that
    whatever else the machine does falls on all of them alike."""
    backend = _backend()
    for act in acts.values():
        for subject in ids[:WARM]:
            act(subject)
    spent: dict[str, list[float]] = {name: [] for name in acts}
    for turn in range(rounds):
        mine = [ids[(turn * TURN + n) % len(ids)] for n in range(TURN)]
        for name, act in acts.items():
            before = _cpu(backend)
            for subject in mine:
                act(subject)
            spent[name].append((_cpu(backend) - before) * 1000 / TURN)
    return {name: statistics.median(costs) for name, costs in spent.items()}


def _backend() -> Path | None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        stat = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
    return stat if stat.exists() else None  # another machine's server: its CPU is not ours to read


def _cpu(backend: Path | None) -> float:
    """Seconds: of this process, and of the backend by the scheduler's count in nanoseconds."""
    theirs = int(backend.read_text().split()[0]) / 1e9 if backend is not None else 0.0
    return time.process_time() + theirs


def _table(subject: SubjectId) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(_TABLE, [subject, list(LINES)])
        return list(cursor.fetchall())


def _bare(subject: SubjectId) -> list[Any]:
    position = ledger.latest_position()
    with connection.cursor() as cursor:
        cursor.execute(_BARE, [subject, list(LINES), position, position])
        return list(cursor.fetchall())


def _read(subject: SubjectId) -> str:
    """What a report does between the decision and the receipt, its grade aside."""
    city = catalogue.city()
    told = composing.asked(city, SubjectKind.ENTERPRISE, Reader(frozenset(LINES)))
    sealed = [name for name, lines in told.items.items() if lines.plan.opens]
    found = creditfile.facts_of(subject, items=told.items, at=ledger.latest_position(), live=True, with_secret=sealed)
    composing.answer(told, found, city=city, on=TODAY)
    return report_text({"families": composing.families(told, city), "summary": composing.summary(told, city)}, IN_ORDER)


def _tell(uscc: Uscc) -> str:
    return disclose_report(asker=BANK, officer=None, client="bench", uscc=uscc, purpose="loan_review", now=NOW).text


# ── the world ────────────────────────────────────────────────────────────────────────────────────────────────────────


def fill(count: int, *, granted: int = TELLINGS) -> dict[SubjectId, Uscc]:
    """So many enterprises with their lines; the bank holds a grant of the first `granted`."""
    made = list(population.people(count, 1, date(2026, 10, 31)))
    rows = [Introduction(b.uscc, b.name, b.kind, b.county.code, b.trade.industry, b.established, "1") for b in made]
    ids = {number: uscc for uscc, number in registration.introduce(rows, now=NOW).items()}
    for delivery, (name, lines) in enumerate(LINES.items(), start=1):
        item = catalogue.city().item(name)
        file_lines(item, list(ids), lines, DeliveryNumber(delivery))
    _allow(dict(list(ids.items())[:granted]))
    sequencing.sequence(NOW)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return ids


TYPES: Final[Mapping[FieldType, Any]] = {
    FieldType.INTEGER: pl.Int64,
    FieldType.YEAR: pl.Int64,
    FieldType.BOOLEAN: pl.Boolean,
    FieldType.DATE: pl.Date,
    FieldType.MONEY_YUAN: pl.Decimal(18, 2),
    FieldType.MONEY_WAN: pl.Decimal(18, 2),
}


def file_lines(item: Item, subjects: list[SubjectId], lines: int, delivery: DeliveryNumber) -> None:
    """Rows with what is required and some of the rest; each line another, days recent enough to be told."""
    pairs = [(subject, n) for subject in subjects for n in range(lines)]
    columns = {
        name: pl.Series(
            [_value(field, n) if field.required or place % OTHERS == 0 else None for _, n in pairs],
            dtype=TYPES.get(field.type, pl.String),
        )
        for place, (name, field) in enumerate(item.fields.items())
    }
    frame = pl.DataFrame({"line": range(2, len(pairs) + 2), "subject_id": [s for s, _ in pairs], **columns})
    origin = Origin(item, item.sources[0], delivery, TODAY)
    for chunk in frame.iter_slices(facts.CHUNK):
        with transaction.atomic():
            facts.store(origin, chunk, now=NOW)


def _value(field: ItemField, n: int) -> Any:
    plain: Mapping[FieldType, Any] = {
        FieldType.INTEGER: n,
        FieldType.YEAR: TODAY.year - n,
        FieldType.BOOLEAN: n % 2 == 0,
        FieldType.DATE: TODAY - timedelta(days=n),
        FieldType.MONEY_YUAN: Decimal(n * 1_000 + 100) / 100,
        FieldType.MONEY_WAN: Decimal(n * 1_000 + 100) / 100,
        FieldType.MONTH: f"{TODAY.year - n // 12}-{n % 12 + 1:02d}",
    }
    codes = list(catalogue.city().codes[field.codes].values) if field.codes else []
    return plain.get(field.type, codes[n % len(codes)] if codes else f"示例{field.title}{n}")


def _assessed() -> None:
    """No agreement without an impact assessment, by two people (个人信息保护法 §55)."""
    writer, other = (people.add(name=name, now=NOW) for name in ("基准评估员", "基准安全负责人"))
    for person in (writer, other):
        roles.give(person=person, role=Role.OPERATOR, now=NOW)
    text = "基准测试用的编造数据，没有任何真实的人，不对任何人产生影响。"
    again = TODAY + timedelta(days=400)
    said = assessing.Assessed(BANK, frozenset(LINES), frozenset({"loan_review"}), text, text, text, again)
    assessing.approve(assessing.assess(said, by=writer, today=TODAY, now=NOW), by=other, now=NOW)


def _allow(ids: Mapping[SubjectId, Uscc]) -> None:
    institutions.admit(id=BANK, name="基准银行", kind=InstitutionKind.BANK, contact="0375-0000000", now=NOW)
    _assessed()
    agreements.make(
        institution=BANK,
        document="基准",
        items=LINES,
        purposes=["loan_review"],
        since=TODAY,
        until=TODAY + timedelta(days=400),
        now=NOW,
    )
    person = people.add(name="基准经办人", now=NOW)
    for subject in ids:
        mandates.give(person=person, subject_id=subject, now=NOW)
        grants.give(
            subject_id=subject,
            to=BANK,
            items=LINES,
            purpose="loan_review",
            until=TODAY + timedelta(days=90),
            notice=notices.current("loan_review"),
            by=person,
            now=NOW,
        )
