"""Rows become facts: once, append-only, each with its leaf in the log; what is known at a position stays known."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.db.utils import Error

from tests.creditfile.builders import ARREARS, NOW, SALES, stored
from xinqiao.creditfile import annotations, erasure, facts, queries, standing
from xinqiao.creditfile.errors import WrongStanding
from xinqiao.creditfile.queries import Fact
from xinqiao.creditfile.rules import Standing
from xinqiao.kernel.ids import Position, SubjectId
from xinqiao.ledger import queries as log
from xinqiao.ledger import sequencing

pytestmark = pytest.mark.usefixtures("city_db")
FIRM = SubjectId(1)


def balances(**options: object) -> list[str]:
    return [f.values["arrears_balance"] for f in queries.facts_of(FIRM, items=["tax_arrears"], **options)]  # type: ignore[arg-type]


def named() -> list[str]:
    """The tables of the rows that `ledger check` finds wrong."""
    from xinqiao.ledger import checking

    return [finding.table for finding in checking.check().found]


def test_a_fact_names_department_delivery_line_and_place_in_the_log() -> None:
    stored("tax_arrears", ARREARS, delivery=7)
    (fact,) = queries.facts_of(FIRM)
    assert (fact.provider, fact.delivery, fact.line, fact.received_on) == ("tax_bureau", 7, 2, date(2026, 11, 23))
    assert fact.known_from == 0
    assert fact.known_to is None
    assert fact.standing is Standing.GOOD


def test_the_same_row_again_stores_nothing() -> None:
    stored("tax_arrears", ARREARS)
    done = stored("tax_arrears", ARREARS, delivery=2)
    assert (done.stored, done.closed, done.confirmed) == (0, 0, 1)
    assert [f.delivery for f in queries.facts_of(FIRM)] == [1]


def test_a_changed_row_is_the_next_version_and_the_old_one_is_still_known_as_of_then() -> None:
    stored("tax_arrears", ARREARS)
    before = log.latest_position()
    stored("tax_arrears", ARREARS | {"arrears_balance": Decimal("0.00")}, delivery=2)
    assert balances() == ["0.00"]
    assert balances(at=before) == ["8000.00"]


def test_a_place_in_the_log_read_again_gives_the_same_whatever_came_since() -> None:
    stored("tax_arrears", ARREARS, ARREARS | {"tax_kind": "10104"}, ARREARS | {"tax_kind": "10106"})
    stored("tax_declared_sales", SALES, delivery=2)
    disputed, repaired, replaced = (fact.id for fact in reversed(queries.facts_of(FIRM, items=["tax_arrears"])))
    standing.mark(repaired, Standing.DISPUTED, because="异议受理", by="person:1", now=NOW)
    annotations.add(disputed, kind="statement", text="先前的说明", by="subject:1", now=NOW)
    sequencing.sequence(NOW)
    then = log.latest_position()
    before, table = as_known(then), queries.frame("tax_arrears", at=then)
    standing.mark(disputed, Standing.DISPUTED, because="异议受理", by="person:1", now=NOW)
    standing.mark(repaired, Standing.REPAIRED, because="信用修复", by="person:2", now=NOW)
    annotations.add(disputed, kind="statement", text="后来的说明", by="subject:1", now=NOW)
    stored("tax_arrears", ARREARS | {"tax_kind": "10106", "arrears_balance": Decimal("0.00")}, delivery=3)
    assert as_known(then) == before
    assert queries.frame("tax_arrears", at=then).equals(table)
    assert {fact.standing for fact in before} == {Standing.GOOD, Standing.DISPUTED}
    now = {fact.id: fact for fact in queries.facts_of(FIRM, items=["tax_arrears"])}
    assert (now[disputed].standing, now[repaired].standing) == (Standing.DISPUTED, Standing.REPAIRED)
    assert [note.text for note in now[disputed].annotations] == ["先前的说明", "后来的说明"]
    erasure.erase([repaired], basis="依法删除", by="person:2", now=NOW)
    assert as_known(then) == [fact for fact in before if fact.id != repaired]
    assert replaced not in now


def as_known(position: Position) -> list[Fact]:
    return queries.facts_of(FIRM, at=position, with_secret=["tax_declared_sales"])


def test_whoever_is_told_next_is_told_of_a_dispute_that_has_no_place_in_the_log_yet() -> None:
    stored("tax_arrears", ARREARS)
    (fact,) = queries.facts_of(FIRM)
    standing.mark(fact.id, Standing.DISPUTED, because="异议受理", by="person:1", now=NOW)
    annotations.add(fact.id, kind="statement", text="正在核对", by="subject:1", now=NOW)
    (known,), (told,) = (queries.facts_of(FIRM, at=log.latest_position(), live=live) for live in (False, True))
    assert (known.standing, known.annotations) == (Standing.GOOD, ())
    assert (told.standing, [note.text for note in told.annotations]) == (Standing.DISPUTED, ["正在核对"])


def test_two_keys_of_one_subject_stand_side_by_side() -> None:
    stored("tax_arrears", ARREARS, ARREARS | {"tax_kind": "10104"})
    assert len(balances()) == 2


def test_secret_fields_are_told_only_when_they_are_asked_for() -> None:
    stored("tax_declared_sales", SALES)
    (fact,) = queries.facts_of(FIRM)
    assert "sales" not in fact.values
    (fact,) = queries.facts_of(FIRM, with_secret=["tax_declared_sales"])
    assert fact.values["sales"] == "412000.50"


def test_nothing_secret_stands_readable_in_the_database() -> None:
    stored("tax_declared_sales", SALES)
    with connection.cursor() as cursor:
        cursor.execute("SELECT f::text || s::text FROM creditfile_fact f, creditfile_secret s")
        assert "412000" not in cursor.fetchone()[0]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE creditfile_fact SET payload = '{}'",
        "UPDATE creditfile_fact SET closed_event = 1, closed_ordinal = 0, line = 9",
        "DELETE FROM creditfile_fact",
        "TRUNCATE creditfile_fact",
        "INSERT INTO creditfile_fact (id, city, item, source, subject_id, business_key, payload, salt, content,"
        " delivery, line, received_on, stored_event, ordinal) SELECT id + 1, city, item, source, subject_id,"
        " business_key, payload, salt, content, delivery, line, received_on, stored_event, ordinal + 1"
        " FROM creditfile_fact",
    ],
)
def test_the_database_refuses_to_change_a_fact_or_to_hold_two_current_ones(statement: str) -> None:
    stored("tax_arrears", ARREARS)
    with pytest.raises(Error), connection.cursor() as cursor:
        cursor.execute(statement)


def test_a_fact_is_closed_once() -> None:
    stored("tax_arrears", ARREARS)
    (fact,) = queries.facts_of(FIRM)
    with transaction.atomic():
        facts.close([fact.id], because="unlisted", about={}, now=NOW)
    assert queries.facts_of(FIRM) == []
    with pytest.raises(Error), connection.cursor() as cursor:
        cursor.execute("UPDATE creditfile_fact SET closed_event = NULL, closed_ordinal = NULL")


def test_the_log_answers_for_every_row() -> None:
    stored("tax_arrears", ARREARS, ARREARS | {"tax_kind": "10104"})
    stored("tax_arrears", ARREARS | {"arrears_balance": Decimal("1.00")}, delivery=2)
    stored("tax_declared_sales", SALES)
    assert named() == []


@pytest.mark.parametrize(
    "statement",
    [
        """UPDATE creditfile_fact SET payload = payload || '{"arrears_balance": "0.00"}' WHERE item = 'tax_arrears'""",
        "UPDATE creditfile_fact SET subject_id = 2 WHERE item = 'tax_arrears'",
        "DELETE FROM creditfile_fact WHERE item = 'tax_arrears'",
        "UPDATE creditfile_secret SET sealed = set_byte(sealed, 20, 0)",
        "DELETE FROM creditfile_secret",
        "UPDATE creditfile_fact SET closed_event = 1, closed_ordinal = 0 WHERE item = 'tax_arrears'",
    ],
)
def test_whoever_edits_a_fact_behind_our_back_is_found_out(statement: str) -> None:
    stored("tax_arrears", ARREARS)
    stored("tax_declared_sales", SALES)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE creditfile_fact DISABLE TRIGGER USER")  # the owner of the database can do this
        cursor.execute("ALTER TABLE creditfile_secret DISABLE TRIGGER USER")
        cursor.execute(statement)
    assert any(table.startswith("creditfile_") for table in named())


def test_a_disputed_fact_is_marked_and_a_repaired_one_never_comes_back() -> None:
    stored("tax_arrears", ARREARS)
    (fact,) = queries.facts_of(FIRM)
    standing.mark(fact.id, Standing.DISPUTED, because="异议受理", by="person:1", now=NOW)
    assert queries.facts_of(FIRM)[0].standing is Standing.DISPUTED
    standing.mark(fact.id, Standing.REPAIRED, because="信用修复", by="person:2", now=NOW)
    with pytest.raises(WrongStanding):
        standing.mark(fact.id, Standing.GOOD, because="", by="person:2", now=NOW)


def test_a_businesss_own_words_stand_beside_the_fact() -> None:
    stored("tax_arrears", ARREARS)
    (fact,) = queries.facts_of(FIRM)
    annotations.add(fact.id, kind="statement", text="已于11月20日缴清", by="subject:1", now=NOW)
    assert [n.text for n in queries.facts_of(FIRM)[0].annotations] == ["已于11月20日缴清"]
    sequencing.sequence(NOW)
    assert named() == []


def test_evaluation_reads_facts_as_a_typed_table_now_and_as_known_then() -> None:
    stored("tax_arrears", ARREARS, ARREARS | {"tax_kind": "10104", "subject_id": 2})
    then = log.latest_position()
    stored("tax_arrears", ARREARS | {"arrears_balance": Decimal("5.50")}, delivery=2)
    now, before = queries.frame("tax_arrears"), queries.frame("tax_arrears", at=then)
    assert sorted(now["arrears_balance"].to_list()) == [Decimal("5.50"), Decimal("8000.00")]
    assert before["arrears_balance"].to_list() == [Decimal("8000.00")] * 2
    assert queries.frame("tax_arrears", subjects=[SubjectId(2)])["subject_id"].to_list() == [2]
    assert now["notice_on"].to_list()[0] == date(2026, 9, 30)
