"""A small world in which something can be told: a business with facts on file, a bank under agreement, a grant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import polars as pl
from django.db import transaction

from tests.authorisation.builders import ITEMS, a_bank_under_agreement, a_business, a_code, a_grant, a_representative
from tests.parties.builders import BANK, NOW, an_officer
from xinqiao import catalogue
from xinqiao.authorisation.queries import GrantView
from xinqiao.catalogue.schema import FieldType
from xinqiao.creditfile import facts
from xinqiao.creditfile.facts import Origin
from xinqiao.disclosure.answering import Answer
from xinqiao.disclosure.reports import disclose_report
from xinqiao.kernel.ids import DeliveryNumber, PersonId, SubjectId
from xinqiao.kernel.uscc import Uscc
from xinqiao.ledger import sequencing

TYPES: Mapping[FieldType, Any] = {
    FieldType.INTEGER: pl.Int64,
    FieldType.BOOLEAN: pl.Boolean,
    FieldType.DATE: pl.Date,
    FieldType.MONEY_YUAN: pl.Decimal(18, 2),
    FieldType.MONEY_WAN: pl.Decimal(18, 2),
}

PENALTY = {
    "xdr_name": "鲁山县示例农产品有限公司",
    "legal_person_name": "王小明",
    "legal_person_id": "410402199001011234",
    "doc_no": "平环罚〔2026〕1号",
    "facts": "未按规定保存监测记录",
    "penalty_kind": "2",
    "fine": Decimal("42000.00"),
    "decided_on": date(2026, 5, 12),
    "authority": "平顶山市生态环境局",
    "severity": "2",
    "is_final": True,
}
REGISTRATION = {
    "subject_name": "鲁山县示例农产品有限公司",
    "entity_type": "11",
    "status": "K",
    "legal_person_name": "王小明",
    "established_on": date(2020, 3, 1),
    "address": "鲁山县示例路 1 号",
    "industry_code": "13",
    "reg_authority": "鲁山县市场监督管理局",
}
SALES = {"subject_name": "鲁山县示例农产品有限公司", "period": "2026-04", "sales": Decimal("1234567.80")}
ARREARS = {"subject_name": "鲁山县示例农产品有限公司", "account_no": "0412345678", "period": "2026-04"}


def on_file(
    subject_id: SubjectId,
    item: str,
    rows: Sequence[Mapping[str, Any]],
    *,
    delivery: int = 1,
    received_on: date = date(2026, 5, 20),
    now: datetime = NOW,
) -> None:
    """File accepted rows and let the log place them."""
    entry = catalogue.city().item(item)
    columns: dict[str, Any] = {
        name: pl.Series([row.get(name) for row in rows], dtype=TYPES.get(field.type, pl.String))
        for name, field in entry.fields.items()
    }
    numbers = range(2, 2 + len(rows))
    frame = pl.DataFrame({"line": list(numbers), "subject_id": [subject_id] * len(rows), **columns})
    with transaction.atomic():
        facts.store(Origin(entry, entry.sources[0], DeliveryNumber(delivery), received_on), frame, now=now)
    sequencing.sequence(now)


@dataclass(frozen=True)
class World:
    """One business, its representative, a bank's officer, and what the business granted the bank."""

    business: SubjectId
    code: Uscc
    representative: PersonId
    officer: PersonId
    grant: GrantView

    def ask(self, *, now: datetime = NOW, **other: Any) -> Answer:
        asked: dict[str, Any] = {
            "asker": BANK,
            "officer": self.officer,
            "uscc": self.code,
            "purpose": "loan_review",
            "now": now,
        }
        return disclose_report(**(asked | other))


def a_world(items: Sequence[str] = ("tax_declared_sales",), *, agreed: Sequence[str] = ITEMS) -> World:
    a_bank_under_agreement(items=agreed)
    business = a_business()
    representative = a_representative(business)
    on_file(business, "administrative_penalty", [PENALTY])
    on_file(business, "tax_declared_sales", [SALES], delivery=2)
    on_file(business, "electricity_arrears", [ARREARS], delivery=3)
    officer = an_officer()
    return World(business, a_code(), representative, officer, a_grant(business, by=representative, items=items))
