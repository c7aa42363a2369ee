"""A small city with something of everything in it, made the way it would come about: files delivered, judged, filed.

Rows are those of the catalogue's own cases, so that the pages show what an item really looks like.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import yaml
from django.db import connections
from django.utils import timezone

from tests.evaluation.worlds import models_in_force
from tests.parties.builders import a_department, a_sharing_basis
from tests.portal.builders import BANK, GUARANTOR, PASSWORD, a_bank, a_business, a_person
from xinqiao import catalogue, work
from xinqiao.authorisation import grants, mandates, notices
from xinqiao.catalogue.schema import Item
from xinqiao.creditfile import following as filing
from xinqiao.creditfile import queries as creditfile
from xinqiao.disclosure.reports import disclose_report
from xinqiao.evaluation import grading, trials
from xinqiao.intake import deliveries, inspection
from xinqiao.kernel.ids import DeliveryNumber, InstitutionId, PersonId, SubjectId
from xinqiao.kernel.uscc import Uscc
from xinqiao.ledger import sequencing
from xinqiao.parties import branches, stand_in_codes
from xinqiao.parties.rules import InstitutionKind, Role
from xinqiao.rights import objections
from xinqiao.subjects import matching
from xinqiao_city import codes

BUSINESS: Final = Uscc.parse("91410402MA40TE5TXF")
OBJECTED = "罚款已经缴清，整改也验收了。"
BUSINESS_NAME: Final = "平顶山市尧山商贸有限公司"
SOURCE: Final = "market_regulation"
GRANTED: Final = ("tax_credit_level", "tax_declared_sales", "insured_headcount", "electricity_arrears")
OTHERS: Final = 24

Row = Mapping[str, str]


@dataclass(frozen=True)
class WrongFile:
    """A file with a fault in every third row, and another content for the same period."""

    item: str
    period: str
    path: Path
    other: Path


@dataclass
class World:
    business: Uscc
    business_name: str
    wrong_file: WrongFile
    held: DeliveryNumber
    returned: DeliveryNumber
    passwords: dict[str, str] = field(default_factory=dict)
    evidence: bytes = b""

    def work(self) -> None:
        """What the workers of a running city do all the time; in a thread, since the browser keeps a loop in ours."""
        with ThreadPoolExecutor(1) as workers:
            workers.submit(_work).result()


def _work() -> None:
    try:
        work.drain()
        sequencing.sequence(timezone.now())
    finally:
        connections.close_all()


def today() -> date:
    return timezone.localdate()


def make(folder: Path) -> World:
    """Everything up to the moment the first person signs in."""
    _registered(folder)
    _told_by_everybody(folder)
    subject = matching.place([BUSINESS])[BUSINESS]
    people = _people(subject)
    _disputed(subject, people["business"])
    held, returned = _held(folder), _returned(folder)
    _settled()
    version, *_ = models_in_force("enterprise", "cooperative", now=timezone.now())
    grading.grade(subject, now=timezone.now())
    for _ in range(2):
        trials.monitor(version, now=timezone.now())
    _looked_at(people)
    _settled()
    world = World(BUSINESS, BUSINESS_NAME, _wrong_file(folder), held, returned)
    world.passwords = dict.fromkeys(people, PASSWORD)
    for login in people.keys() - {"business"}:
        stand_in_codes.give(login, now=timezone.now())
    return world


# ── files ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def a_row(item_name: str, **changed: str) -> dict[str, str]:
    """The first case of an item, its columns by the titles a department writes; `changed` by field name."""
    item = catalogue.city().item(item_name)
    text = (catalogue.city().folder / "items" / f"{item_name}.cases.yml").read_text(encoding="utf-8")
    cases = yaml.load(text, yaml.BaseLoader)  # noqa: S506 - texts only: the most harmless of loaders
    row: dict[str, str] = cases["cases"][0]["row"]
    return {_header(item, name): value for name, value in {**row, **changed}.items()}


def _header(item: Item, name: str) -> str:
    return item.fields[name].title if name in item.fields else name


def a_file(folder: Path, name: str, rows: Sequence[Row]) -> Path:
    path = folder / f"{name}.csv"
    with path.open("w", encoding="gb18030", newline="") as out:
        writer = csv.DictWriter(out, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def delivered(item_name: str, period: str, path: Path, *, mode: str | None = None) -> DeliveryNumber:
    """Handed in by its source and judged."""
    source, now = catalogue.city().item(item_name).sources[0], timezone.now()
    number = deliveries.take_in(
        source=source, item=item_name, period=period, file=path, filename=path.name, mode=mode, by=None, now=now
    )
    inspection.inspect(number, now=now)
    return number


def _settled() -> None:
    """Sequenced and filed, as the workers would have done by now."""
    sequencing.sequence(timezone.now())
    filing.follow(timezone.now())
    sequencing.sequence(timezone.now())


def _others(count: int) -> Iterable[Row]:
    for number in range(count):
        code = codes.uscc("91", "410402", 1_000 + number)
        yield a_row("registration_basics", uscc=code, subject_name=f"平顶山市尧山第{number + 1}商贸有限公司")


def _registered(folder: Path) -> None:
    rows = [a_row("registration_basics"), *_others(OTHERS)]
    yesterday = (today() - timedelta(days=1)).isoformat()
    delivered("registration_basics", yesterday, a_file(folder, "登记信息", rows), mode="full")


def _told_by_everybody(folder: Path) -> None:
    """A file from each of the departments that know this business."""
    day, month, year = today().isoformat(), today().strftime("%Y-%m"), str(today().year - 1)
    penalty = {
        "处罚决定日期": (today() - timedelta(days=60)).isoformat(),
        "公示截止期": (today() + timedelta(days=305)).isoformat(),
    }
    told: list[tuple[str, str, list[Row]]] = [
        ("administrative_penalty", day, [a_row("administrative_penalty", **penalty)]),
        ("administrative_licence", day, [a_row("administrative_licence")]),
        ("honour", day, [a_row("honour")]),
        ("tax_credit_level", year, [a_row("tax_credit_level", grade="B", score="81")]),
        ("tax_declared_sales", month, [a_row("tax_declared_sales", period=one) for one in _months(3)]),
        ("insured_headcount", month, [a_row("insured_headcount", period=one) for one in _months(1)]),
        ("real_estate_mortgage", month, [a_row("real_estate_mortgage")]),
    ]
    for item, period, rows in told:
        delivered(item, period, a_file(folder, item, rows))
    _settled()


def _months(count: int) -> list[str]:
    first = today().replace(day=1)
    found = []
    for _ in range(count):
        found.append(first.strftime("%Y-%m"))
        first = (first - timedelta(days=1)).replace(day=1)
    return found


def _disputed(subject: SubjectId, by: PersonId) -> None:
    [penalty] = creditfile.facts_of(subject, items=("administrative_penalty",))
    text, now = OBJECTED, timezone.now()
    objections.open_(subject_id=subject, fact=penalty.id, reason="settled", text=text, by=by, now=now)


def _held(folder: Path) -> DeliveryNumber:
    """A full list that lost most of its businesses overnight."""
    return delivered(
        "registration_basics", today().isoformat(), a_file(folder, "少了很多", list(_others(3))), mode="full"
    )


def _returned(folder: Path) -> DeliveryNumber:
    """A file that is no table."""
    path = folder / "打不开.csv"
    path.write_bytes("统一社会信用代码,主体名称\n".encode() + b"\xff\xff\x00\n")
    return delivered("abnormal_operation", today().isoformat(), path)


def _wrong_file(folder: Path) -> WrongFile:
    rows = []
    for number, row in enumerate(_others(12)):
        wrong = {"统一社会信用代码": row["统一社会信用代码"][:-1] + "0"} if number % 3 == 1 else {}
        wrong |= {"成立日期": "2062-05-12"} if number % 3 == 2 else {}
        rows.append({**row, **wrong})
    before = today() - timedelta(days=2)
    return WrongFile(
        "registration_basics",
        before.isoformat(),
        a_file(folder, "有错的登记信息", rows),
        a_file(folder, "另一份登记信息", rows[:1]),
    )


# ── people ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _people(subject: SubjectId) -> dict[str, PersonId]:
    a_bank()
    a_bank(GUARANTOR, "平顶山示例融资担保公司", InstitutionKind.GUARANTOR)
    people = {
        "business": a_person("business", "李秀兰", Role.BUSINESS),
        "partner": a_person("partner", "赵会计", Role.BUSINESS),
        "newcomer": a_person("newcomer", "王建国", Role.BUSINESS),
        "bank": a_person("bank", "周经理", Role.OFFICER, BANK),
        "colleague": a_person("colleague", "吴经理", Role.OFFICER, BANK),
        "head": a_person("head", "李行长", Role.ADMINISTRATOR, BANK),
        "guarantor": a_person("guarantor", "陈经理", Role.OFFICER, GUARANTOR),
        "provider": a_person("provider", "王科员", Role.PROVIDER, SOURCE),
        "operator": a_person("operator", "平台值班员", Role.OPERATOR),
        "reviewer": a_person("reviewer", "平台复核员", Role.OPERATOR),
        "inspector": a_person("inspector", "检查员", Role.INSPECTOR),
    }
    branches.open_(BANK, name="鲁山支行", division="410423", by=people["head"], now=timezone.now())
    mandates.give(person=people["business"], subject_id=subject, now=timezone.now())
    mandates.give(person=people["partner"], subject_id=subject, capacity=mandates.Capacity.AGENT, now=timezone.now())
    department, until = a_department(SOURCE), today() + timedelta(days=700)
    law, items = {"since": today(), "until": until, "now": timezone.now()}, {"administrative_penalty", "honour"}
    a_sharing_basis(department=department, persons={people["provider"]}, items=items, grade=True, **law)  # type: ignore[arg-type]
    empty, _code = a_business(7, "鲁山县新办种植专业合作社")
    mandates.give(person=people["newcomer"], subject_id=empty, now=timezone.now())
    return people


def _looked_at(people: Mapping[str, Any]) -> None:
    """The business has allowed the bank, and the bank has looked once."""
    now = timezone.now()
    grants.give(
        subject_id=matching.place([BUSINESS])[BUSINESS],
        to=BANK,
        items=GRANTED,
        purpose="loan_review",
        until=today() + timedelta(days=10),
        notice=notices.current("loan_review"),
        by=people["business"],
        now=now,
    )
    disclose_report(asker=InstitutionId(BANK), officer=people["bank"], uscc=BUSINESS, purpose="loan_review", now=now)
