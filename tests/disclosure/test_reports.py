"""The door: what a bank is told, and every way of being refused (abuse cases 1-5, 7, 23, 24)."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from tests.authorisation.builders import a_business, a_code, a_grant, a_representative
from tests.disclosure.builders import PENALTY, REGISTRATION, SALES, World, a_world, on_file
from tests.evaluation.worlds import models_in_force
from tests.intake.builders import businesses
from tests.parties.builders import BANK, NOW, TODAY, a_bank, a_person, an_agreement, an_officer, sworn
from xinqiao.authorisation import changing, mandates
from xinqiao.creditfile import annotations, standing
from xinqiao.creditfile.rules import Standing
from xinqiao.disclosure import queries
from xinqiao.disclosure.errors import (
    AgreementNotInForce,
    GrantExpired,
    GrantRevoked,
    KeyReused,
    NotAuthorised,
    NotParty,
    OutOfScope,
    PurposeMismatch,
)
from xinqiao.disclosure.models import Receipt
from xinqiao.evaluation import grading
from xinqiao.kernel.ids import FactId, GrantId
from xinqiao.kernel.problems import Problem
from xinqiao.kernel.uscc import NotAUscc
from xinqiao.ledger import sequencing
from xinqiao.parties import agreements, roles
from xinqiao.parties import queries as parties
from xinqiao.parties.errors import PurposeUnknown, UnknownInstitution
from xinqiao.parties.rules import Role

pytestmark = pytest.mark.furnished(by=a_world)

OTHER_BANK = "pds_another_bank"
A_WEEK, A_MOMENT = timedelta(days=7), timedelta(milliseconds=1)


@pytest.fixture
def world(furnished: World) -> World:
    return furnished


def lines(report: Any) -> dict[str, list[Any]]:
    return {item["item"]: item["lines"] for family in report["families"] for item in family["items"]}


def refusals() -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM ledger_event WHERE kind = 'disclosure:report:refused' ORDER BY id")
        return [json.loads(body)["about"] for (body,) in cursor.fetchall()]


# ── what is told ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_bank_is_told_what_is_open_and_what_was_granted_and_nothing_else(world: World) -> None:
    answer = world.ask()
    told = lines(answer.report)
    assert set(told) == {"administrative_penalty", "tax_declared_sales"}
    assert told["tax_declared_sales"][0]["values"]["sales"] == "1234567.80"
    assert told["administrative_penalty"][0]["values"]["legal_person_name"] == "王**"
    for hidden in ("王小明", "410402199001011234", "0412345678", "electricity_arrears_line"):
        assert hidden not in answer.text


def test_what_was_not_granted_is_named_whether_or_not_there_is_anything(world: World) -> None:
    other = a_business(2, "另一家示例有限公司")
    a_grant(other, by=a_representative(other), items=["tax_declared_sales"])
    full, empty = world.ask().report, world.ask(uscc=a_code(2)).report
    assert "electricity_arrears" in {closed["item"] for closed in full["not_included"]}
    assert full["not_included"] == empty["not_included"]


def test_every_line_says_where_it_comes_from_and_how_it_stands(world: World) -> None:
    [line] = lines(world.ask().report)["administrative_penalty"]
    assert line | {"values": None} == {
        "fact": line["fact"],
        "values": None,
        "nature": "breach",
        "standing": "good",
        "source": "public_credit_platform",
        "call": None,
        "changed": None,
        "delivery": 1,
        "line": 2,
        "received_on": "2026-05-20",
        "valid_from": "2026-05-12",
        "valid_to": None,
        "annotations": [],
        "pseudonyms": line["pseudonyms"],
    }


def test_codes_are_told_with_their_words_and_fields_with_their_titles(world: World) -> None:
    report = world.ask().report
    [item] = [i for f in report["families"] for i in f["items"] if i["item"] == "administrative_penalty"]
    assert item["codes"]["penalty_kind"] == {"2": "罚款"}
    titles = {field["field"]: field["title"] for field in item["fields"]}
    assert set(titles) == set(item["lines"][0]["values"])
    assert titles["decided_on"] == "处罚决定日期"
    assert "legal_person_id" in {field["field"] for field in item["withheld"]}


def test_the_report_says_for_whom_why_on_what_ground_and_as_of_when(world: World) -> None:
    report = world.ask().report
    assert report["number"] == "R-20260601-000001"
    assert report["recipient"] == {
        "kind": "institution",
        "id": BANK,
        "name": "平顶山示例银行",
        "officer": "周经理",
    }
    assert report["purpose"] == {"purpose": "loan_review", "title": "贷款审查"}
    assert report["basis"]["grants"] == [world.grant.id]
    assert report["data_as_of"]["position"] >= 0
    assert "仅供参考" in report["disclaimer"]
    assert report["subject"]["uscc"] == world.code
    assert report["subject"]["kind_title"] == "企业"
    assert report["subject"]["division_title"] == "鲁山县"
    assert report["subject"]["status_title"] == "存续"


def test_only_what_can_be_about_this_kind_of_business_is_asked(world: World) -> None:
    report = world.ask().report
    asked = {item for source in report["sources"] for item in source["items"]}
    assert "registration_basics" in asked
    assert {"individual_business", "cooperative", "rural_collective"}.isdisjoint(asked)


def test_the_worst_comes_first_in_three_lines_and_in_the_summary(world: World) -> None:
    report = world.ask().report
    assert [line["line"] for line in report["highlights"]] == ["adverse", "grade", "sources"]
    worst = report["highlights"][0]
    assert worst["tone"] == "bad"
    assert "1 条行政处罚" in worst["title"]
    assert "4.20 万元" in worst["detail"]
    assert report["summary"][0]["family"] == "administration"
    assert report["summary"][0]["breach"] == 1


def test_a_disputed_line_is_told_with_its_mark_and_the_businesss_words(world: World) -> None:
    [line] = lines(world.ask().report)["administrative_penalty"]
    fact = FactId(line["fact"])
    standing.mark(fact, Standing.DISPUTED, because="异议受理", by="operator", now=NOW)
    annotations.add(fact, kind="statement", text="罚款已缴，正在申请复议。", by="subject", now=NOW)
    [line] = lines(world.ask().report)["administrative_penalty"]
    assert line["standing"] == "disputed"
    assert [note["text"] for note in line["annotations"]] == ["罚款已缴，正在申请复议。"]
    assert world.ask().report["summary"][0]["disputed"] == 1


@pytest.mark.parametrize("gone", [Standing.REPAIRED, Standing.EXPIRED])
def test_what_was_repaired_or_has_expired_is_not_told(world: World, gone: Standing) -> None:
    [line] = lines(world.ask().report)["administrative_penalty"]
    standing.mark(FactId(line["fact"]), gone, because="信用修复", by="operator", now=NOW)
    answer = world.ask()
    assert "administrative_penalty" not in lines(answer.report)
    assert line["fact"] not in json.loads(answer.text)["receipt"]["facts"]


def test_an_adverse_fact_is_not_told_beyond_its_legal_term(world: World) -> None:
    on_file(world.business, "administrative_penalty", [PENALTY | {"decided_on": date(2025, 5, 31)}], delivery=9)
    assert "administrative_penalty" not in lines(world.ask().report)


def test_the_report_says_how_often_the_file_was_read_in_a_year(world: World) -> None:
    assert [world.ask().report["uses"]["count"] for _ in range(3)] == [0, 1, 2]


def test_facts_that_the_log_has_not_placed_yet_wait_for_the_next_report(world: World) -> None:
    placed = world.ask().report["data_as_of"]["position"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sequencing, "sequence", lambda now: None)
        on_file(world.business, "administrative_penalty", [PENALTY | {"doc_no": "平环罚〔2026〕2号"}], delivery=9)
    assert len(lines(world.ask().report)["administrative_penalty"]) == 1
    sequencing.sequence(NOW)
    after = world.ask().report
    assert len(lines(after)["administrative_penalty"]) == 2
    assert after["data_as_of"]["position"] > placed


def test_the_grade_is_told_with_its_reasons_and_what_it_would_be_without_the_disputed(world: World) -> None:
    assert (world.ask().report["grade"], world.ask().report["grade_state"]) == (None, "none")
    assert world.ask().report["highlights"][1]["title"] == "还没有评价"
    on_file(world.business, "registration_basics", [REGISTRATION], delivery=7)
    models_in_force(now=NOW)
    grading.grade_all(now=NOW)
    first = world.ask().report
    assert first["grade"]["grade"] in first["highlights"][1]["title"]
    assert first["grade"]["note"] == "仅供参考"
    assert first["grade"]["before"] is None
    fact = FactId(lines(first)["administrative_penalty"][0]["fact"])
    standing.mark(fact, Standing.DISPUTED, because="异议受理", by="operator", now=NOW)
    sequencing.sequence(NOW)
    grading.grade_all(now=NOW + timedelta(minutes=1))
    second = world.ask().report
    assert second["grade"]["without_disputed"] is not None
    assert "剔除后" in second["highlights"][1]["detail"]
    assert second["grade"]["before"]["score"] == first["grade"]["score"]


@pytest.mark.parametrize("marked", [Standing.DISPUTED, Standing.REPAIRED])
def test_a_grade_that_rests_on_what_has_changed_is_not_told_until_it_is_given_anew(
    world: World, marked: Standing
) -> None:
    """Abuse case 43: what was repaired a moment ago is in nobody's report, not in the reasons of a grade either."""
    on_file(world.business, "registration_basics", [REGISTRATION], delivery=7)
    models_in_force(now=NOW)
    grading.grade_all(now=NOW)
    told = world.ask().report
    assert told["grade_state"] == "given"
    assert any("行政处罚" in reason for reason in told["grade"]["reasons"])
    [line] = lines(told)["administrative_penalty"]
    standing.mark(FactId(line["fact"]), marked, because="信用修复", by="operator", now=NOW)
    meanwhile = world.ask().report
    assert (meanwhile["grade_state"], meanwhile["grade"]) == ("renewing", None)
    assert meanwhile["highlights"][1]["title"] == "正在重新评价"
    sequencing.sequence(NOW)
    grading.grade_all(now=NOW)
    anew = world.ask().report
    assert anew["grade_state"] == "given"
    assert (anew["grade"]["without_disputed"] is None) == (marked is Standing.REPAIRED)


def test_a_grade_is_not_told_beyond_the_term_of_what_it_rests_on(world: World) -> None:
    on_file(world.business, "registration_basics", [REGISTRATION], delivery=7)
    other = a_grant(
        world.business, by=world.representative, items=["tax_arrears"], purpose="post_loan", until=date(2028, 6, 1)
    )
    models_in_force(now=NOW)
    grading.grade_all(now=NOW)
    last_day = datetime(2027, 5, 12, 3, tzinfo=UTC)
    states = [
        world.ask(purpose="post_loan", grant=other.id, now=last_day + timedelta(days=day)).report["grade_state"]
        for day in (0, 1)
    ]
    assert states == ["given", "renewing"]


def test_a_correction_reaches_whoever_was_told_a_grade_that_rests_on_the_fact(world: World) -> None:
    on_file(world.business, "registration_basics", [REGISTRATION], delivery=7)
    models_in_force(now=NOW)
    grading.grade_all(now=NOW)
    told = world.ask()
    behind = {f for part in told.report["grade"]["parts"] for one in part["indicators"] for f in one["facts"]}
    assert behind
    for fact in behind:
        assert told.number in queries.recipients_of(fact)


# ── who is refused, and why ──────────────────────────────────────────────────────────────────────────────────────────


def another_bank(world: World) -> Any:
    a_bank(OTHER_BANK)
    an_agreement(OTHER_BANK, items=["tax_arrears", "tax_declared_sales"])
    return an_officer(OTHER_BANK, "吴经理")


def test_another_bank_gets_nothing_by_this_banks_grant(world: World) -> None:
    officer = another_bank(world)
    with pytest.raises(NotAuthorised) as refused:
        world.ask(asker=OTHER_BANK, officer=officer)
    with pytest.raises(NotAuthorised) as by_number:
        world.ask(asker=OTHER_BANK, officer=officer, grant=world.grant.id)
    assert type(refused.value) is type(by_number.value) is NotAuthorised
    assert [r["to"] for r in refusals()] == [OTHER_BANK, OTHER_BANK]


def test_a_grant_is_good_for_one_business_only(world: World) -> None:
    other = a_business(2, "另一家示例有限公司")
    a_grant(other, by=a_representative(other))
    with pytest.raises(NotAuthorised):
        world.ask(uscc=a_code(2), grant=world.grant.id)


def test_a_grant_is_good_for_its_purpose_only(world: World) -> None:
    with pytest.raises(PurposeMismatch):
        world.ask(purpose="post_loan")
    with pytest.raises(PurposeMismatch):
        world.ask(purpose="guarantee_review")


def test_a_millisecond_after_its_end_a_grant_opens_nothing(world: World) -> None:
    end = world.grant.ends_at
    assert world.ask(now=end - timedelta(milliseconds=1))
    with pytest.raises(GrantExpired, match=str(world.grant.id)):
        world.ask(now=end)


def test_a_revoked_grant_closes_the_door_at_once(world: World) -> None:
    assert world.ask()
    changing.revoke(world.grant.id, by=world.representative, now=NOW)
    with pytest.raises(GrantRevoked, match=str(world.grant.id)):
        world.ask()


def test_a_clock_set_back_revives_no_revoked_grant(world: World) -> None:
    changing.revoke(world.grant.id, by=world.representative, now=NOW + timedelta(days=2))
    with pytest.raises(GrantRevoked):
        world.ask(now=NOW + timedelta(days=1))


def test_asking_for_more_than_was_granted_is_refused_and_not_trimmed(world: World) -> None:
    assert world.ask(items=frozenset({"tax_declared_sales"}))
    with pytest.raises(OutOfScope):
        world.ask(items=frozenset({"tax_declared_sales", "electricity_arrears"}))


def test_a_grant_signed_by_one_who_had_left_never_came_to_be(world: World) -> None:
    other = a_business(2, "另一家示例有限公司")
    leaver = a_representative(other, "离任者")
    mandates.end(person=leaver, subject_id=other, now=NOW)
    with pytest.raises(Problem):
        a_grant(other, by=leaver, now=NOW + timedelta(minutes=1))
    with pytest.raises(NotAuthorised):
        world.ask(uscc=a_code(2))


def test_without_an_agreement_in_force_nothing_is_told(world: World) -> None:
    held = parties.agreement_in_force(BANK, TODAY)
    assert held is not None
    agreements.end(held.id, because="机构退出", now=NOW)
    with pytest.raises(AgreementNotInForce):
        world.ask()


def test_a_narrower_agreement_narrows_what_was_granted_before(world: World) -> None:
    held = parties.agreement_in_force(BANK, TODAY)
    assert held is not None
    agreements.end(held.id, because="缩小范围", now=NOW)
    an_agreement(items=["tax_arrears"])
    assert "tax_declared_sales" not in lines(world.ask().report)


def test_an_officer_who_left_the_bank_is_told_nothing(world: World) -> None:
    stranger = a_person("路人")
    with pytest.raises(NotParty):
        world.ask(officer=stranger)
    leaver = a_person("离任者")
    role = roles.give(person=leaver, role=Role.OFFICER, organisation=BANK, now=NOW)
    sworn(leaver)
    assert world.ask(officer=leaver)
    roles.end(role, now=NOW)
    with pytest.raises(NotParty):
        world.ask(officer=leaver)


def test_what_cannot_be_a_question_is_refused_before_anything_is_read(world: World) -> None:
    with pytest.raises(NotAUscc):
        world.ask(uscc="91410402MA0000015X")
    with pytest.raises(PurposeUnknown):
        world.ask(purpose="curiosity")
    with pytest.raises(UnknownInstitution):
        world.ask(asker="nobody")


def test_an_unknown_business_and_a_forbidden_one_cannot_be_told_apart(world: World) -> None:
    """Same refusal, same size, same queries; the log names both by a keyed mark."""
    a_business(2, "另一家示例有限公司")
    answers, queries = [], []
    for code in (a_code(2), a_code(3)):
        with _counted() as asked, pytest.raises(NotAuthorised) as refused:
            world.ask(uscc=code)
        answers.append(refused.value.as_dict())
        queries.append(asked)
    assert answers[0] == answers[1]
    assert queries[0] == queries[1]
    forbidden, unknown = refusals()
    assert forbidden.keys() == unknown.keys()
    assert len(forbidden["uscc"]) == len(unknown["uscc"]) == 64
    assert forbidden["uscc"] != unknown["uscc"]
    assert hashlib.sha256(a_code(2).encode()).hexdigest() != forbidden["uscc"]  # keyed, not a plain hash


class _counted:  # noqa: N801 — reads as what it does
    """The statements sent while it is open, without their values."""

    def __enter__(self) -> list[str]:
        self.asked: list[str] = []
        self.around = connection.execute_wrapper(self._note)
        self.around.__enter__()
        return self.asked

    def _note(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.asked.append(sql)
        return execute(sql, params, many, context)

    def __exit__(self, *raised: Any) -> None:
        self.around.__exit__(*raised)


def test_a_refusal_leaves_its_trace_and_no_receipt(world: World) -> None:
    before = Receipt.objects.count()
    for wrong in ({"purpose": "post_loan"}, {"uscc": a_code(9)}, {"grant": GrantId(99)}):
        with pytest.raises(Problem):
            world.ask(**wrong)
    assert [r["reason"] for r in refusals()] == ["purpose-mismatch", "no-grant", "no-grant"]
    assert Receipt.objects.count() == before


def test_nothing_is_told_inside_a_transaction_that_could_still_be_undone(world: World) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        world.ask()


def test_a_program_asks_under_its_own_name_or_for_a_named_officer(world: World) -> None:
    assert world.ask(officer=None, client="core").report["recipient"]["officer"] == "core"
    named = world.ask(officer=None, client="core", on_behalf="工号 0317").report
    assert named["recipient"]["officer"] == "工号 0317"
    with pytest.raises(NotParty):
        world.ask(officer=None)


def test_the_same_world_told_twice_differs_in_number_only(world: World) -> None:
    first, second = world.ask(), world.ask()
    assert first.number != second.number
    assert first.report["families"] == second.report["families"]
    assert replace(first, number=second.number) != second


# ── asked again because the answer was lost ──────────────────────────────────────────────────────────────────────────


def by_program(world: World, **other: Any) -> Any:
    return world.ask(**({"officer": None, "client": "core", "key": "5f0c"} | other))


def looks(world: World) -> int:
    return len(queries.who_looked(world.business).looks)


def test_a_question_repeated_under_its_key_is_the_same_report_and_one_look(world: World) -> None:
    on_file(world.business, "registration_basics", [REGISTRATION], delivery=7)
    models_in_force(now=NOW)
    grading.grade_all(now=NOW)
    first = by_program(world)
    on_file(world.business, "administrative_penalty", [PENALTY | {"doc_no": "平环罚〔2026〕9号"}], delivery=9)
    again = by_program(world, now=NOW + timedelta(hours=3))
    assert (again.number, again.report) == (first.number, first.report)
    assert json.loads(again.text)["receipt"] == json.loads(first.text)["receipt"]
    assert looks(world) == 1
    other = by_program(world, key="77aa")
    assert other.number != first.number
    assert len(lines(other.report)["administrative_penalty"]) == 2


def test_what_was_repaired_disputed_or_newly_forbidden_is_not_repeated(world: World) -> None:
    """Abuse cases 5 and 43: an answer kept anywhere must not outlive the right to it."""
    first = by_program(world)
    [line] = lines(first.report)["administrative_penalty"]
    standing.mark(FactId(line["fact"]), Standing.REPAIRED, because="信用修复", by="operator", now=NOW)
    anew = by_program(world)
    assert anew.number != first.number
    assert "administrative_penalty" not in lines(anew.report)
    assert looks(world) == 2
    changing.revoke(world.grant.id, by=world.representative, now=NOW)
    with pytest.raises(GrantRevoked):
        by_program(world)


def test_a_key_is_good_for_one_question_of_one_program_for_a_week(world: World) -> None:
    """Abuse case 10: the same key with another question."""
    first = by_program(world)
    with pytest.raises(KeyReused):
        by_program(world, items=frozenset({"tax_declared_sales"}))
    assert by_program(world, client="another_core").number != first.number
    with pytest.raises(KeyReused):
        by_program(world, items=frozenset({"tax_declared_sales"}), now=NOW + A_WEEK - A_MOMENT)
    assert by_program(world, items=frozenset({"tax_declared_sales"}), now=NOW + A_WEEK).number != first.number


def test_a_question_repeated_days_later_is_the_same_report_to_the_letter(world: World, tmp_path: Path) -> None:
    """Graded every night since, new facts, a source that had been silent: it is what was told, for that day."""
    on_file(world.business, "registration_basics", [REGISTRATION], delivery=7)
    models_in_force(now=NOW)
    grading.grade_all(now=NOW)
    first = by_program(world)
    for night in range(1, 6):
        on_file(world.business, "tax_declared_sales", [SALES | {"period": f"2026-0{night}"}], delivery=20 + night)
        grading.grade_all(now=NOW + timedelta(days=night))
    businesses(tmp_path, 77, now=NOW + timedelta(days=5), period="2026-06-06")
    later = by_program(world, now=NOW + A_WEEK - A_MOMENT)
    assert (later.number, later.report) == (first.number, first.report)
    assert json.loads(later.text)["receipt"] == json.loads(first.text)["receipt"]
    assert looks(world) == 1
    anew = by_program(world, now=NOW + A_WEEK - A_MOMENT, key="another").report
    assert all(anew[part] != first.report[part] for part in ("families", "grade", "sources"))


def test_what_has_run_out_since_is_not_told_again(world: World) -> None:
    its_last_day_is_today = PENALTY | {"doc_no": "平环罚〔2025〕3号", "decided_on": date(2025, 6, 1)}
    on_file(world.business, "administrative_penalty", [its_last_day_is_today], delivery=9)
    first = by_program(world)
    assert len(lines(first.report)["administrative_penalty"]) == 2
    tomorrow = by_program(world, now=NOW + timedelta(days=1))
    assert tomorrow.number != first.number
    assert len(lines(tomorrow.report)["administrative_penalty"]) == 1


def test_of_many_copies_of_one_question_sent_at_once_one_is_a_look(world: World) -> None:
    def ask(_: int) -> Any:
        try:
            return by_program(world).number
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(ask, range(8)))) == 1
    assert looks(world) == 1
