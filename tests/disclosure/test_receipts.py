"""What is left behind: receipts anybody can check, the business's own record, and the way to past recipients."""

import hashlib
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from django.db import DatabaseError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from tests.authorisation.builders import a_business, a_code, a_representative
from tests.disclosure.builders import World, a_world
from tests.parties.builders import BANK, NOW, a_bank, a_person
from xinqiao.authorisation import mandates
from xinqiao.disclosure import own_file, queries, receipts
from xinqiao.disclosure.canonical import canonical, report_text
from xinqiao.disclosure.errors import NotFound, NotParty
from xinqiao.disclosure.grades import show_grade
from xinqiao.disclosure.models import Receipt
from xinqiao.disclosure.queries import PublicCheck
from xinqiao.kernel.ids import InstitutionId
from xinqiao.ledger import identity, sequencing
from xinqiao.ledger import receipts as house
from xinqiao.ledger.events import Kind
from xinqiao.parties import roles
from xinqiao.parties.rules import Role
from xinqiao.subjects.errors import UnknownSubject
from xinqiao_verify.notes import read_trust
from xinqiao_verify.receipts import Refused, Standing, verify

pytestmark = pytest.mark.furnished(by=a_world)


@pytest.fixture
def world(furnished: World) -> World:
    return furnished


def trust() -> Any:
    return read_trust([identity.key().line, house.key().line])


def _written(file: Any) -> str:
    return json.dumps(file, ensure_ascii=False, separators=(",", ":"))


def logged(kind: Kind) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM ledger_event WHERE kind = %s ORDER BY id", [str(kind)])
        return [json.loads(body)["about"] for (body,) in cursor.fetchall()]


# ── evidence ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_answer_itself_is_a_receipt_file_that_verifies_offline(world: World) -> None:
    answer = world.ask()
    verdict = verify(answer.text, trust())
    assert verdict.standing is Standing.PROMISED
    assert verdict.receipt["subject"] == world.code
    assert verdict.receipt["recipient"]["id"] == BANK
    assert verdict.receipt["basis"]["grants"] == [world.grant.id]


def test_a_second_later_the_receipt_carries_its_proof(world: World) -> None:
    answer = world.ask()
    sequencing.sequence(NOW)
    file = receipts.receipt(answer.number)
    assert verify(_written(file), trust()).standing is Standing.PROVEN
    with_report = file | {"report": answer.report}
    assert verify(_written(with_report), trust()).standing is Standing.PROVEN


@pytest.mark.parametrize("part", ["families", "grade", "subject", "highlights"])
def test_a_report_changed_in_any_part_is_refused(world: World, part: str) -> None:
    file = world.ask().as_json()
    file["report"][part] = [] if part != "subject" else {"name": "别家"}
    if part == "grade":
        file["report"]["grade"] = {"grade": "AAA"}
    with pytest.raises(Refused):
        verify(_written(file), trust())


def test_a_receipt_swapped_for_another_is_refused(world: World) -> None:
    first, second = world.ask().as_json(), world.ask().as_json()
    with pytest.raises(Refused):
        verify(_written(first | {"event": second["event"]}), trust())
    with pytest.raises(Refused):
        verify(_written(first | {"report": second["report"]}), trust())


def test_the_log_holds_no_name_and_no_code_of_the_business(world: World) -> None:
    world.ask()
    own_file.own_file(subject_id=world.business, person=world.representative, now=NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(body, '') FROM ledger_event")
        whole = cursor.fetchone()[0]
    for content in (world.code, "鲁山县", "王小明", "1234567.80", "周经理"):
        assert content not in whole


json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(st.characters(codec="utf-8")),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(max_codepoint=127), max_size=5), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(json_values)
def test_what_is_told_has_the_one_form_rfc_8785_gives_it(value: Any) -> None:
    assert canonical(value).encode() == rfc8785.dumps(value)
    assert report_text({"b": value, "a": value}).encode() == rfc8785.dumps({"a": value, "b": value})


@given(st.text(st.characters(codec="utf-8")))
def test_text_is_written_alike_by_both_encoders(text: str) -> None:
    told: Any = {"a": [text, {"b": text}]}
    assert report_text(told, {"a"}).encode() == rfc8785.dumps(told)


def test_the_parts_said_to_be_in_order_are(world: World) -> None:
    for told in (world.ask(), own_file.own_file(subject_id=world.business, person=world.representative, now=NOW)):
        written = json.loads(told.text)["report"]
        assert told.text[told.text.index('"report":') + 9 :].startswith(rfc8785.dumps(written).decode())


def test_a_receipt_is_never_changed_or_taken_away(world: World) -> None:
    number = world.ask().number
    for wish in ("UPDATE disclosure_receipt SET officer = '别人'", "DELETE FROM disclosure_receipt"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"{wish} WHERE number = %s", [number])
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE disclosure_receipt")


# ── whose receipt ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_receipt_of_another_institution_is_as_unknown_as_none(world: World) -> None:
    number = world.ask().number
    a_bank("pds_another_bank")
    assert receipts.receipt(number, of=InstitutionId(BANK))["receipt"]["number"] == number
    answers = []
    for asked, of in ((number, "pds_another_bank"), (number + 1, BANK), (0, BANK), (-1, BANK), (2**64, BANK)):
        with pytest.raises(NotFound) as refused:
            receipts.receipt(asked, of=InstitutionId(of))
        answers.append(refused.value.as_dict())
    assert all(answer == answers[0] for answer in answers)


def test_a_business_gets_receipts_about_itself_only(world: World) -> None:
    number = world.ask().number
    other = a_business(2, "另一家示例有限公司")
    assert receipts.receipt(number, of=world.business)
    with pytest.raises(NotFound):
        receipts.receipt(number, of=other)


def test_the_public_learns_whether_number_and_report_belong_together_and_nothing_else(world: World) -> None:
    answer = world.ask()
    digest = hashlib.sha256(rfc8785.dumps(dict(answer.report))).hexdigest()
    assert queries.public_check(answer.number, digest) == PublicCheck(genuine=True, proven=False)
    sequencing.sequence(NOW)
    assert queries.public_check(answer.number, digest.upper()) == PublicCheck(genuine=True, proven=True)
    wrong = queries.public_check(answer.number, "0" * 64)
    unknown = queries.public_check(answer.number + 1, digest)
    assert wrong == unknown == PublicCheck(genuine=False)
    assert queries.public_check(answer.number, "伪造") == PublicCheck(genuine=False)
    assert queries.public_check(2**70, digest) == PublicCheck(genuine=False)


# ── who looked ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_business_sees_who_looked_the_moment_it_happened(world: World) -> None:
    assert queries.who_looked(world.business).looks == ()
    answer = world.ask()
    [look] = queries.who_looked(world.business).looks
    assert (look.number, look.institution_name, look.officer) == (answer.number, "平顶山示例银行", "周经理")
    assert (look.purpose, look.told_at, look.grants) == ("loan_review", NOW, (world.grant.id,))
    assert "tax_declared_sales" in look.items


def test_the_record_of_looks_is_read_page_by_page(world: World) -> None:
    numbers = [world.ask().number for _ in range(5)]
    first = queries.who_looked(world.business, size=2)
    second = queries.who_looked(world.business, before=first.before, size=2)
    last = queries.who_looked(world.business, before=second.before, size=2)
    assert [look.number for page in (first, second, last) for look in page.looks] == numbers[::-1]
    assert last.before is None
    assert queries.looks_of(InstitutionId(BANK), size=3).looks[0].number == numbers[-1]


def test_one_business_does_not_see_who_looked_at_another(world: World) -> None:
    world.ask()
    assert queries.who_looked(a_business(2, "另一家示例有限公司")).looks == ()


def test_a_correction_finds_every_past_recipient(world: World) -> None:
    first, second = world.ask(), world.ask()
    own = own_file.own_file(subject_id=world.business, person=world.representative, now=NOW)
    [fact] = [f for f in json.loads(first.text)["receipt"]["facts"] if _item_of(first, f) == "tax_declared_sales"]
    assert queries.recipients_of(fact) == [first.number, second.number, own.number]
    assert queries.recipients_of(fact + 1000) == []


def _item_of(answer: Any, fact: int) -> str:
    held = {
        line["fact"]: item["item"] for f in answer.report["families"] for item in f["items"] for line in item["lines"]
    }
    return str(held[fact])


# ── the business's own file, and the operator's look at a grade ──────────────────────────────────────────────────────


def test_the_business_reads_everything_held_on_it_and_that_is_on_the_record_too(world: World) -> None:
    told = own_file.own_file(subject_id=world.business, person=world.representative, now=NOW)
    items = {item["item"] for family in told.report["families"] for item in family["items"]}
    assert items == {"administrative_penalty", "tax_declared_sales", "electricity_arrears"}
    assert told.report["not_included"] == []
    assert "王小明" in told.text
    assert "410402199001011234" not in told.text
    assert verify(told.text, trust()).standing is Standing.PROMISED
    [look] = queries.who_looked(world.business).looks
    assert (look.kind, look.institution, look.officer) == (Kind.OWN_FILE_TOLD, None, "王小明")


def test_reading_ones_own_file_does_not_count_as_being_looked_up(world: World) -> None:
    own_file.own_file(subject_id=world.business, person=world.representative, now=NOW)
    assert world.ask().report["uses"]["count"] == 0


def test_nobody_reads_the_file_of_a_business_without_its_mandate(world: World) -> None:
    with pytest.raises(NotParty):
        own_file.own_file(subject_id=world.business, person=a_person("路人"), now=NOW)
    other = a_business(2, "另一家示例有限公司")
    with pytest.raises(NotParty):
        own_file.own_file(subject_id=other, person=world.representative, now=NOW)
    left = NOW + timedelta(days=1)
    mandates.end(person=world.representative, subject_id=world.business, now=left)
    with pytest.raises(NotParty):
        own_file.own_file(subject_id=world.business, person=world.representative, now=left)


def test_a_business_with_nothing_on_file_is_told_so(world: World) -> None:
    other = a_business(2, "另一家示例有限公司")
    told = own_file.own_file(subject_id=other, person=a_representative(other), now=NOW)
    assert told.report["families"] == []
    assert all(counted["facts"] == 0 for counted in told.report["summary"])
    assert told.report["highlights"][0]["tone"] == "plain"


def test_an_operator_who_looks_at_a_grade_leaves_a_trace_and_sees_no_facts(world: World) -> None:
    with pytest.raises(NotParty):
        show_grade(world.code, operator=a_person("路人"), now=NOW)
    operator = a_person("运营员")
    roles.give(person=operator, role=Role.OPERATOR, now=NOW)
    told = show_grade(world.code, operator=operator, now=NOW)
    assert set(told.report) == {"format", "number", "generated_at", "disclaimer", "subject", "grade", "grade_state"}
    [look] = queries.who_looked(world.business).looks
    assert (look.kind, look.officer) == (Kind.GRADE_SHOWN, "运营员")
    assert logged(Kind.GRADE_SHOWN)[0]["to"] == "operator"
    with pytest.raises(UnknownSubject):
        show_grade(a_code(9), operator=operator, now=NOW)


def test_a_receipt_altered_in_the_database_is_named_by_the_check(world: World) -> None:
    from xinqiao.ledger import checking

    number = world.ask().number
    sequencing.sequence(NOW)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE disclosure_receipt DISABLE TRIGGER USER")  # its owner can
        cursor.execute("UPDATE disclosure_receipt SET officer = '别人' WHERE number = %s", [number])
        cursor.execute("ALTER TABLE disclosure_receipt ENABLE TRIGGER USER")
    assert [(found.table, found.key) for found in checking.check().found] == [("disclosure_receipt", str(number))]


def test_saved_to_a_file_and_checked_by_the_command_alone(world: World, tmp_path: Path) -> None:
    from xinqiao_verify.cli import main

    file, keys = tmp_path / "answer.json", tmp_path / "keys"
    file.write_text(world.ask().text, encoding="utf-8")
    keys.write_text(f"{identity.key().line}\n{house.key().line}\n", encoding="utf-8")
    assert main([str(file), "--trust", str(keys)]) == 0
    file.write_text(file.read_text(encoding="utf-8").replace("1234567.80", "9234567.80"), encoding="utf-8")
    assert main([str(file), "--trust", str(keys)]) == 1


def test_the_receipt_row_is_the_only_thing_kept_of_a_report(world: World) -> None:
    world.ask()
    row = Receipt.objects.get()
    assert "1234567.80" not in row.body
    assert "鲁山县" not in row.body
