"""Who sends what in which shape, in the order it arrives."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from xinqiao.kernel.subject_kinds import SubjectKind
from xinqiao_city import records
from xinqiao_city.population import Business
from xinqiao_city.records import Values
from xinqiao_city.writing import Form


@dataclass(frozen=True)
class Delivery:
    """One file of one item. `generation` picks the column names: 0 the titles, n the n-th other name a field has."""

    item: str
    source: str
    period: str
    mode: str
    form: Form
    rows: Callable[[Business], Iterator[Values]]
    generation: int = 0
    part: str = ""  # where an item comes as several files


def _months(today: date, count: int) -> list[date]:
    """The first days of the last `count` whole months before `today`, oldest first."""
    first = today.replace(day=1)
    months = []
    for _ in range(count):
        first = (
            first.replace(year=first.year - 1, month=12) if first.month == 1 else first.replace(month=first.month - 1)
        )
        months.append(first)
    return months[::-1]


def registers_late(b: Business) -> bool:
    """One in forty is registered only after other departments have written about it: their rows wait unplaced."""
    return b.number % 40 == 17 and b.kind is not SubjectKind.RURAL_COLLECTIVE


def plan(today: date) -> list[Delivery]:
    """The deliveries of one quarter, in the order in which they come."""
    on, month, year = f"{today:%Y-%m-%d}", f"{today:%Y-%m}", str(today.year - 1)
    quarter = f"{today.year}-Q{max(1, (today.month - 1) // 3)}"
    r = records

    def of(rows: Callable[[Business, date], Iterator[Values]], at: date) -> Callable[[Business], Iterator[Values]]:
        return lambda b: rows(b, at)

    def early(b: Business) -> Iterator[Values]:
        return iter(()) if registers_late(b) else r.registration_basics(b, today)

    def late(b: Business) -> Iterator[Values]:
        return r.registration_basics(b, today) if registers_late(b) else iter(())

    def half(rows: Callable[[Business, date], Iterator[Values]], odd: int) -> Callable[[Business], Iterator[Values]]:
        return lambda b: rows(b, today) if b.number % 2 == odd else iter(())

    months = _months(today, 3)
    market, court, tax = "market_regulation", "intermediate_court", "tax_bureau"
    return [
        Delivery("registration_basics", market, on, "changes", "csv-gb18030", early),
        Delivery("rural_collective", "agriculture", month, "full", "xlsx", of(r.rural_collective, today)),
        Delivery("individual_business", market, on, "changes", "csv-utf8-bom", of(r.individual_business, today)),
        Delivery("cooperative", market, on, "changes", "csv-gb18030", of(r.cooperative, today)),
        Delivery("registration_exit", market, on, "changes", "csv-utf8", of(r.registration_exit, today)),
        Delivery("judgment_defaulter", court, on, "full", "xlsx", of(r.judgment_defaulter, today)),
        Delivery("tax_credit_level", tax, year, "full", "csv-utf8-bom", of(r.tax_credit_level, today)),
        *(
            Delivery("tax_declared_sales", tax, f"{m:%Y-%m}", "changes", "csv-utf8", of(r.tax_declared_sales, m))
            for m in months
        ),
        Delivery("tax_arrears", tax, quarter, "changes", "xlsx", of(r.tax_arrears, today)),
        *(
            Delivery(
                "insured_headcount", "human_resources", f"{m:%Y-%m}", "full", "csv-gb18030", of(r.insured_headcount, m)
            )
            for m in months
        ),
        Delivery(
            "environmental_rating", "ecology_environment", year, "full", "xlsx", of(r.environmental_rating, today)
        ),
        Delivery(
            "real_estate_mortgage",
            "natural_resources",
            month,
            "changes",
            "csv-utf8-bom",
            of(r.real_estate_mortgage, today),
        ),
        Delivery(
            "administrative_licence",
            "public_credit_platform",
            f"{today.replace(day=8)}",
            "changes",
            "csv-gb18030",
            half(r.administrative_licence, 0),
            1,
            "a",
        ),
        Delivery(
            "administrative_licence",
            "public_credit_platform",
            f"{today.replace(day=15)}",
            "changes",
            "xlsx",
            half(r.administrative_licence, 1),
            0,
            "b",
        ),
        Delivery(
            "administrative_penalty",
            "public_credit_platform",
            f"{today.replace(day=8)}",
            "changes",
            "csv-gb18030",
            half(r.administrative_penalty, 0),
            1,
            "a",
        ),
        Delivery(
            "administrative_penalty",
            "public_credit_platform",
            f"{today.replace(day=15)}",
            "changes",
            "xlsx",
            half(r.administrative_penalty, 1),
            0,
            "b",
        ),
        Delivery("abnormal_operation", market, on, "full", "csv-gb18030", of(r.abnormal_operation, today)),
        Delivery("honour", "public_credit_platform", on, "changes", "xlsx", of(r.honour, today)),
        *(
            Delivery(
                "electricity_arrears",
                "power_supply",
                f"{m:%Y-%m}",
                "changes",
                "csv-gb18030",
                of(r.electricity_arrears, m),
            )
            for m in months[-2:]
        ),
        Delivery(
            "high_tech_enterprise", "science_technology", year, "full", "csv-utf8", of(r.high_tech_enterprise, today)
        ),
        Delivery("small_business_directory", market, month, "full", "csv-utf8", of(r.small_business_directory, today)),
        Delivery("government_guarantee", "finance_bureau", month, "changes", "xlsx", of(r.government_guarantee, today)),
        Delivery("tender_award", "public_resource_trading", on, "changes", "csv-utf8-bom", of(r.tender_award, today)),
        Delivery("registration_basics", market, f"{today - timedelta(days=1)}", "changes", "xlsx", late, 0, "late"),
    ]
