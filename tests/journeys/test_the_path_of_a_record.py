"""One row's whole way, as docs/the-path-of-a-record.md tells it: from a department's file to the report a bank may
read, to the receipt anybody can check, to the door that closes when the business says so."""

import csv
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from tests.evaluation.worlds import models_in_force
from tests.parties.builders import assessed, sworn
from xinqiao import catalogue
from xinqiao.authorisation import changing, grants, mandates, notices
from xinqiao.authorisation.queries import GrantView
from xinqiao.cli import road
from xinqiao.creditfile import standing
from xinqiao.creditfile.rules import Standing
from xinqiao.disclosure import queries as disclosure
from xinqiao.disclosure import receipts, reports
from xinqiao.disclosure.answering import Answer
from xinqiao.disclosure.errors import NotAuthorised
from xinqiao.evaluation import grading
from xinqiao.evaluation import results as grades
from xinqiao.intake import deliveries, inspection
from xinqiao.intake import queries as intake
from xinqiao.intake.queries import DeliveryView
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import FactId, InstitutionId, PersonId, SubjectId
from xinqiao.ledger import checking, identity
from xinqiao.ledger import receipts as house
from xinqiao.parties import agreements, institutions, people, roles
from xinqiao.parties.rules import InstitutionKind, Role
from xinqiao.subjects import queries as subjects
from xinqiao_city import codes
from xinqiao_verify import receipts as verifier
from xinqiao_verify.receipts import Standing as Proof

pytestmark = pytest.mark.usefixtures("city_db")

NOW: Final = datetime.now(UTC)
TODAY: Final = day_of(NOW) - timedelta(days=1)
FIRM: Final = codes.uscc("91", "410423", 4_711)
STRANGER: Final = codes.uscc("91", "410423", 4_712)
AUTHORITY: Final = "11410423MB00000113"
BANK: Final = InstitutionId("pds_sample_bank")
NAME: Final = "鲁山县示例农产品有限公司"

REGISTRATION: Final = {
    "subject_name": NAME,
    "uscc": FIRM,
    "entity_type": "11",
    "status": "K",
    "legal_person_name": "王小明",
    "reg_capital": "200.000000",
    "established_on": "2019-05-06",
    "address": "河南省平顶山市鲁山县下汤镇示例村1组",
    "domicile_division": "410423",
    "industry_code": "C1391",
    "reg_authority": "鲁山县市场监督管理局",
}
PENALTY: Final = {
    "xdr_name": NAME,
    "uscc": FIRM,
    "doc_no": "平环罚决字〔2026〕118号",
    "facts": "未按规定保存原始监测记录",
    "basis": "《排污许可管理条例》第三十七条",
    "penalty_kind": "2",
    "content": "罚款42,000元",
    "fine": "4.200000",
    "decided_on": (TODAY - timedelta(days=200)).isoformat(),
    "authority": "鲁山县生态环境局",
    "severity": "2",
    "is_final": "是",
}


def a_file(folder: Path, item: str, *rows: dict[str, Any]) -> Path:
    """A department's own CSV: its column titles, GB18030, as it would leave their system."""
    fields = catalogue.city().item(item).fields
    path = folder / f"{item}.csv"
    with path.open("w", encoding="gb18030", newline="") as out:
        writer = csv.writer(out)
        writer.writerow([field.title for field in fields.values()])
        writer.writerows([[row.get(name, "") for name in fields] for row in rows])
    return path


def delivered(
    folder: Path, source: str, item: str, *rows: dict[str, Any], period: str = TODAY.isoformat()
) -> DeliveryView:
    """Steps 1 to 5: it arrives, is read strictly, judged, finds its subject and becomes a fact."""
    file = a_file(folder, item, *rows)
    number = deliveries.take_in(
        source=source, item=item, period=period, mode="changes", file=file, filename=file.name, by=None, now=NOW
    )
    inspection.inspect(number, now=NOW)
    road.settle(NOW)
    return intake.delivery(number)


def the_bank() -> PersonId:
    """An institution under agreement, and the officer who asks for it."""
    city = catalogue.city()
    bank = institutions.admit(
        id=BANK, name="平顶山示例银行", kind=InstitutionKind.BANK, contact="0375-0000001", now=NOW
    )
    assessed(bank, now=NOW, today=day_of(NOW))  # before anything is opened to it (个人信息保护法 §55)
    agreements.make(
        institution=BANK,
        document="信用信息共享协议",
        items=[item.item for item in city.whole_items()],
        purposes=("loan_review",),
        since=date(2026, 1, 1),
        until=TODAY + timedelta(days=700),
        feedback=True,
        now=NOW,
    )
    officer = people.add(name="周经理", username="officer", password="a-long-enough-word-81", now=NOW)
    roles.give(person=officer, role=Role.OFFICER, organisation=BANK, now=NOW)
    sworn(officer, BANK, now=NOW)
    return officer


def ask(officer: PersonId) -> Answer:
    return reports.disclose_report(asker=BANK, officer=officer, uscc=FIRM, purpose="loan_review", now=NOW)


def allowed(firm: SubjectId, owner: PersonId) -> GrantView:
    """The business allows the bank two items for one purpose until one day, after the risk notice."""
    return grants.give(
        subject_id=firm,
        to=BANK,
        items=["administrative_penalty", "registration_basics"],
        purpose="loan_review",
        until=TODAY + timedelta(days=90),
        notice=notices.current("loan_review"),
        by=owner,
        now=NOW,
    )


def the_stranger_appears(folder: Path) -> None:
    """The firm whose row was waiting is registered after all."""
    late = REGISTRATION | {"uscc": STRANGER, "subject_name": "还没有登记的公司"}
    period = (TODAY - timedelta(days=1)).isoformat()
    delivered(folder, "market_regulation", "registration_basics", late, period=period)


def test_one_row_from_the_departments_file_to_the_bank_and_back_to_the_business(tmp_path: Path) -> None:
    # 1–5 · the firm is registered; a penalty and a faulty row come; a row about a stranger waits
    registered = delivered(tmp_path, "market_regulation", "registration_basics", REGISTRATION)
    assert (registered.state, registered.accepted) == ("accepted", 1)
    wrong = PENALTY | {"doc_no": "平环罚决字〔2026〕119号", "fine": "约四万元"}
    waiting = PENALTY | {"doc_no": "平环罚决字〔2026〕120号", "uscc": STRANGER, "xdr_name": "还没有登记的公司"}
    penalty = delivered(tmp_path, "public_credit_platform", "administrative_penalty", PENALTY, wrong, waiting)
    assert (penalty.delivered, penalty.accepted, penalty.rejected, penalty.unplaced) == (3, 1, 1, 1)
    [finding] = intake.findings(penalty.number).findings
    assert (finding.line, finding.field) == (3, "fine")

    # 6 · it counts: a final penalty of ordinary severity costs points, and the grade says why
    firm = subjects.known_as(FIRM)
    models_in_force(now=NOW)
    grading.grade(firm.id, now=NOW)
    road.settle(NOW)
    grade = grades.latest(firm.id)
    assert grade is not None
    assert grade.grade in ("A", "B", "C", "D")

    # 7–9 · nothing is told before the business allows it
    officer = the_bank()
    with pytest.raises(NotAuthorised):
        ask(officer)
    owner = people.add(name="王小明", now=NOW)
    mandates.give(person=owner, subject_id=firm.id, now=NOW)
    grant = allowed(firm.id, owner)
    told = ask(officer)
    text = json.dumps(told.report, ensure_ascii=False)
    assert "未按规定保存原始监测记录" in text
    assert "42000.00" in text
    assert "王小明" not in text  # a person's name is masked
    assert f'"delivery": {penalty.number}' in text

    # 10 · the business sees who looked, the same minute; the receipt is proven by a program that never met us
    [look] = disclosure.who_looked(firm.id).looks
    assert (look.institution, look.officer) == (BANK, "周经理")
    promised = verifier.verify(told.text, trusted())
    assert promised.standing is Proof.PROMISED
    road.settle(NOW)
    evidence = json.dumps(receipts.receipt(told.number), ensure_ascii=False, indent=1)
    assert verifier.verify(evidence, trusted()).standing is Proof.PROVEN
    with pytest.raises(verifier.Refused):
        verifier.verify(evidence.replace("loan_review", "post_loan__"), trusted())

    # a correction can find everybody who was told
    [fact] = facts_in(told.report, "administrative_penalty")
    assert disclosure.recipients_of(fact) == [told.number]

    the_stranger_appears(tmp_path)
    later = intake.delivery(penalty.number)
    assert (later.delivered, later.accepted, later.rejected, later.unplaced) == (3, 2, 1, 0)

    # a disputed fact counts, is marked, and the grade is shown with and without it
    standing.mark(fact, Standing.DISPUTED, because="异议受理", by="test", now=NOW)
    road.settle(NOW)
    grading.grade(firm.id, now=NOW)
    disputed = grades.latest(firm.id)
    assert disputed is not None
    assert disputed.without_disputed is not None
    assert disputed.without_disputed.score is None  # without it there would be too little on file to rate

    # the business takes it back: the door is closed with that commit
    changing.revoke(grant.id, by=owner, now=NOW)
    with pytest.raises(NotAuthorised):
        ask(officer)

    # and through all of it nobody has altered a row
    road.settle(NOW)
    assert checking.check().found == []


def trusted() -> dict[str, Any]:
    """The keys a judge would have from outside: the log's and the receipts'."""
    return {key.name: key for key in (identity.key(), house.key())}


def facts_in(report: Any, item: str) -> list[FactId]:
    """The ids of the facts a report told of one item."""
    entries = [i for family in report["families"] for i in family["items"] if i["item"] == item]
    return [FactId(line["fact"]) for entry in entries for line in entry["lines"]]
