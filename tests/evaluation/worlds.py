"""A small city made with the verbs of the domains below, as a department's files would make it."""

import csv
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from xinqiao import catalogue
from xinqiao.creditfile import following as creditfile
from xinqiao.evaluation import approving, fit_language, versions
from xinqiao.evaluation.language import Bound
from xinqiao.intake import deliveries, inspection
from xinqiao.intake import queries as intake
from xinqiao.kernel.ids import PersonId, SubjectId
from xinqiao.kernel.uscc import Uscc
from xinqiao.ledger import sequencing
from xinqiao.parties import people, roles
from xinqiao.parties.rules import Role
from xinqiao.subjects import queries as subjects
from xinqiao_city import codes

NOW = datetime(2026, 11, 23, 1, 41, tzinfo=UTC)
TODAY = date(2026, 11, 23)


def a_code(serial: int, category: str = "91") -> Uscc:
    return codes.uscc(category, "410423", serial)


def delivered(item: str, *rows: Mapping[str, str], period: str = "2026-11-20", now: datetime = NOW) -> None:
    """A department's file of these rows, taken in, inspected, filed and in the log."""
    entry = catalogue.city().item(item)
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"{item}.csv"
        _written(path, [entry.fields[name].title for name in _named(rows)], _named(rows), rows)
        number = deliveries.take_in(
            source=entry.sources[0], item=item, period=period, file=path, filename=path.name, by=None, now=now
        )
        inspection.inspect(number, now=now)
    found = intake.delivery(number)
    assert found.rejected == found.held == 0, intake.findings(number)
    settle(now)


def _named(rows: Sequence[Mapping[str, str]]) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row))


def _written(path: Path, titles: list[str], names: list[str], rows: Sequence[Mapping[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(titles)
        lines.writerows([row.get(name, "") for name in names] for row in rows)


def settle(now: datetime = NOW) -> None:
    """Everything written so far has its place in the log, and the credit file has taken it up."""
    sequencing.sequence(now)
    creditfile.follow(now)
    sequencing.sequence(now)


def enterprise(serial: int = 1, **changes: str) -> dict[str, str]:
    """A row of the register: a limited company in being since 2015."""
    return {
        "subject_name": f"鲁山县示例{serial}号有限公司",
        "uscc": a_code(serial),
        "entity_type": "11",
        "status": "K",
        "legal_person_name": "王示例",
        "established_on": "2015-03-01",
        "address": "鲁山县示例路1号",
        "domicile_division": "410423",
        "industry_code": "C1391",
        "reg_authority": "鲁山县市场监督管理局",
    } | changes


def penalty(serial: int = 1, **changes: str) -> dict[str, str]:
    """A final, general penalty with a fine of half a 万元, half a year ago."""
    return {
        "xdr_name": f"鲁山县示例{serial}号有限公司",
        "uscc": a_code(serial),
        "doc_no": f"鲁市监罚〔2026〕{serial}号",
        "violation_kind": "价格违法",
        "facts": "未明码标价",
        "basis": "价格法",
        "penalty_kind": "2",
        "content": "罚款5000元",
        "fine": "0.5",
        "decided_on": "2026-05-20",
        "valid_to": "2029-05-19",
        "authority": "鲁山县市场监督管理局",
        "severity": "2",
        "is_final": "是",
    } | changes


def defaulter(serial: int = 1, **changes: str) -> dict[str, str]:
    return {
        "subject_name": f"鲁山县示例{serial}号有限公司",
        "uscc": a_code(serial),
        "case_no": f"（2026）豫0423执{serial}号",
        "court": "鲁山县人民法院",
        "filed_on": "2026-01-05",
        "basis_no": "（2025）豫0423民初1号",
        "duty": "偿还借款",
        "performance": "1",
        "behaviour": "有履行能力而拒不履行",
        "published_on": "2026-02-01",
    } | changes


def deregistration(serial: int = 1, **changes: str) -> dict[str, str]:
    return {
        "subject_name": f"鲁山县示例{serial}号有限公司",
        "uscc": a_code(serial),
        "exit_type": "1",
        "exit_on": "2026-10-01",
    } | changes


def an_operator(name: str = "王运营", now: datetime = NOW) -> PersonId:
    person = people.add(name=name, now=now)
    roles.give(person=person, role=Role.OPERATOR, now=now)
    return person


def models_in_force(*names: str, now: datetime = NOW) -> list[int]:
    """The city's own models, proposed by one operator and approved by another; returns the versions' numbers."""
    first, second = an_operator("王运营", now), an_operator("李复核", now)
    numbers = [approving.propose(name, because="第一版", by=first, now=now) for name in names or ("enterprise",)]
    for number in numbers:
        approving.approve(number, by=second, now=now)
    return numbers


def a_city(enterprises: int = 3) -> list[SubjectId]:
    """A model in force, a register of that many enterprises, and nothing else yet. Asked for again, the same one."""
    if not versions.in_force(on=TODAY, now=NOW):
        models_in_force()
    return a_city_without_a_model(enterprises)


def a_city_without_a_model(enterprises: int = 3) -> list[SubjectId]:
    delivered("registration_basics", *(enterprise(n) for n in range(1, enterprises + 1)))
    return [subject(n) for n in range(1, enterprises + 1)]


def subject(serial: int = 1, category: str = "91") -> SubjectId:
    return subjects.known_as(a_code(serial, category)).id


def fitted_on_better_firms(bound: Bound) -> Bound:
    """The same rules, as if fitted on ten businesses of which all scored in the band above those of this city."""
    nobody = {name: {"-2" if name == "honours" else "-1": 10} for name in bound.model.indicators}
    learnt = {"states": {"rated": 10}, "grades": {"A": 10}, "scores": [*[0] * 17, 10, 0, 0], "inputs": nobody}
    of = {"on": "2026-11-01", "target": "一年内逾期", "labels": "0" * 64, "position": 1, "rows": 10, "bad": 2}
    odds = {"intercept": "12", "slope": "-0.015"}  # 700 points: 18 % fail
    judged = {
        "figures": {"scorecard": {"auc": "0.81", "ks": "0.5"}},
        "forbidden": {"honours": "只有部分县报送"},
        "overrides": [{"input": "general_penalties", "by": "王运营", "on": "2026-11-01", "why": "两条以上太少"}],
        "leakage": [{"input": "court_defaults", "said": "这一列单独就几乎分得开"}],
    }
    fit = fit_language.sealed({**of, "learnt": learnt, "probability": odds, **judged})
    return bound.model_copy(update={"model": bound.model.model_copy(update={"version": "2026.2", "fit": fit})})
