"""What ends a fact's life here: its term, its erasure. And what anybody can prove of it, before and after."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import Error

from tests.creditfile.builders import ARREARS, NOW, SALES, stored
from xinqiao.creditfile import annotations, erasure, facts, following, proofs, queries, retention, standing
from xinqiao.creditfile.errors import EmptyAnnotation, NoGround, UnknownFact
from xinqiao.creditfile.queries import Fact
from xinqiao.creditfile.rules import Standing
from xinqiao.kernel.ids import EventId, FactId, Position, SubjectId
from xinqiao.ledger import checking, identity, sequencing
from xinqiao.ledger import queries as log
from xinqiao.ledger.events import Kind
from xinqiao.ledger.queries import Event
from xinqiao_verify import rows
from xinqiao_verify.notes import Trust
from xinqiao_verify.proofs import Refused
from xinqiao_verify.proofs import Standing as Proven

pytestmark = pytest.mark.usefixtures("city_db")
FIRM = SubjectId(1)
# 欠税公告 of 2026-09-30 may be shown for five years.
LAST_DAY = date(2031, 9, 30)


def the_fact() -> Fact:
    (fact,) = queries.facts_of(FIRM)
    return fact


def at_noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


def sound() -> bool:
    sequencing.sequence(NOW)
    return checking.check().sound


def trust() -> Trust:
    return {identity.key().line: identity.key()}


def written(file: dict[str, object]) -> str:
    return json.dumps(file, ensure_ascii=False, separators=(",", ":"))


# ── terms ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_fact_whose_term_is_over_is_marked_and_no_longer_counts() -> None:
    stored("tax_arrears", ARREARS)
    assert the_fact().shown_until == LAST_DAY
    assert retention.expire(at_noon(LAST_DAY)) == 0
    assert retention.expire(at_noon(date(2031, 10, 1))) == 1
    assert the_fact().standing is Standing.EXPIRED
    assert queries.frame("tax_arrears").height == 0
    assert retention.expire(at_noon(date(2031, 10, 2))) == 0
    assert sound()


def test_a_fact_nobody_has_marked_yet_counts_on_its_last_day_and_not_the_day_after() -> None:
    stored("tax_arrears", ARREARS)
    days = [LAST_DAY, LAST_DAY + timedelta(days=1)]
    assert [queries.frame("tax_arrears", on=day).height for day in days] == [1, 0]
    fact = the_fact().id
    assert [queries.standings_now([fact], day)[fact] for day in days] == [Standing.GOOD, Standing.EXPIRED]


def test_the_day_of_the_city_counts_and_not_that_of_greenwich() -> None:
    stored("tax_arrears", ARREARS)
    assert retention.expire(datetime(2031, 9, 30, 15, 59, tzinfo=UTC)) == 0
    assert retention.expire(datetime(2031, 9, 30, 16, 0, tzinfo=UTC)) == 1


def test_whoever_follows_the_log_learns_whose_facts_ran_out() -> None:
    stored("tax_arrears", ARREARS, ARREARS | {"subject_id": 2})
    retention.expire(at_noon(date(2031, 10, 1)))
    sequencing.sequence(NOW)
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(id) FROM ledger_event")
        (event,) = cursor.fetchone()
    assert list(queries.subjects_of([event])) == [1, 2]


def test_a_term_that_the_catalogue_changed_is_taken_over_when_the_row_comes_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stored("tax_arrears", ARREARS)
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute("ALTER TABLE creditfile_fact DISABLE TRIGGER USER")
        cursor.execute("UPDATE creditfile_fact SET shown_until = '2029-09-30'")
        cursor.execute("ALTER TABLE creditfile_fact ENABLE TRIGGER USER")
    assert stored("tax_arrears", ARREARS, delivery=2).stored == 1
    assert the_fact().shown_until == LAST_DAY


def test_a_fact_is_read_on_the_days_it_holds() -> None:
    stored("tax_arrears", ARREARS | {"settled_on": date(2026, 10, 15)})
    held = [date(2026, 9, 30), date(2026, 10, 15)]
    other = [date(2026, 9, 29), date(2026, 10, 16)]
    assert [len(queries.facts_of(FIRM, valid_on=day)) for day in held + other] == [1, 1, 0, 0]


# ── erasure ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_erased_fact_leaves_nothing_and_the_log_stays_whole() -> None:
    stored("tax_declared_sales", SALES)
    stored("tax_arrears", ARREARS, delivery=2)
    sales, arrears = sorted(queries.facts_of(FIRM), key=lambda fact: fact.item, reverse=True)
    annotations.add(sales.id, kind="statement", text="已更正申报", by="subject:1", now=NOW)
    standing.mark(sales.id, Standing.DISPUTED, because="异议受理", by="person:1", now=NOW)
    with transaction.atomic():
        facts.close([sales.id], because="unlisted", about={}, now=NOW)
    erasure.erase([sales.id], basis="个人信息保护法第四十七条", by="person:1", now=NOW)
    assert [fact.id for fact in queries.facts_of(FIRM)] == [arrears.id]
    assert queries.facts_of(FIRM, items=["tax_declared_sales"], at=log.latest_position()) == []
    for table in ("creditfile_secret", "creditfile_standing", "creditfile_annotation"):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone() == (0,), table
    assert sound()
    with pytest.raises(UnknownFact):
        proofs.opening(sales.id)


def test_whoever_follows_the_log_learns_whose_facts_were_erased() -> None:
    stored("tax_arrears", ARREARS | {"subject_id": 7})
    (fact,) = queries.facts_of(SubjectId(7))
    event = erasure.erase([fact.id], basis="民法典第一千零三十七条", by="person:1", now=NOW)
    assert list(queries.subjects_of([event])) == [7]


def test_a_fact_that_is_merely_deleted_is_missed() -> None:
    stored("tax_arrears", ARREARS)
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM creditfile_fact")
    with transaction.atomic(), connection.cursor() as cursor:  # a forged ground opens the door, and is found
        cursor.execute("INSERT INTO creditfile_erasure SELECT id, '', '', now() FROM creditfile_fact")
        cursor.execute("DELETE FROM creditfile_fact")
    found = {finding.table for finding in checking.check().found}
    assert {"creditfile_fact", "creditfile_erasure"} <= found


@pytest.mark.parametrize("forged", ["payload", "'{}'", "'[' || repeat('[', 3000) || repeat(']', 3000) || ']'"])
def test_an_erased_fact_that_is_put_back_is_named_whatever_it_says(forged: str) -> None:
    stored("tax_arrears", ARREARS)
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept AS SELECT * FROM creditfile_fact")
        erasure.erase([the_fact().id], basis="保存期限届满", by="person:1", now=NOW)
        assert sound()
        cursor.execute(f"UPDATE kept SET payload = ({forged})::jsonb")
        cursor.execute("INSERT INTO creditfile_fact SELECT * FROM kept RETURNING id")
        (fact,) = cursor.fetchone()
    assert [(f.table, f.key, f.what.value) for f in checking.check().found] == [("creditfile_fact", str(fact), "added")]


def test_a_delivery_struck_off_the_list_of_what_is_to_be_filed_is_missed() -> None:
    """Nothing else would tell that its facts never came."""
    with transaction.atomic(), connection.cursor() as cursor:
        following._note(NOW, Event(EventId(7), Kind.ROWS_PLACED, NOW, {"delivery": 3, "count": 1}, Position(0), "{}"))
    assert sound()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE creditfile_due SET done = true")
    assert [(f.table, f.key, f.what.value) for f in checking.check().found] == [("creditfile_due", "7", "altered")]


def test_nothing_is_erased_without_a_ground_or_twice() -> None:
    stored("tax_arrears", ARREARS)
    fact = the_fact()
    with pytest.raises(NoGround):
        erasure.erase([fact.id], basis=" ", by="person:1", now=NOW)
    erasure.erase([fact.id], basis="民法典第一千零三十七条", by="person:1", now=NOW)
    with pytest.raises(UnknownFact):
        erasure.erase([fact.id], basis="民法典第一千零三十七条", by="person:1", now=NOW)


# ── proofs ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("item", "row"), [("tax_arrears", ARREARS), ("tax_declared_sales", SALES)])
def test_who_was_told_a_fact_can_prove_it_stood_in_the_log_without_its_secrets(
    item: str, row: dict[str, object]
) -> None:
    stored(item, row, row | {"subject_id": 2}, row | {"subject_id": 3})
    fact = the_fact()
    file = proofs.proof(fact.id) | {"fact": proofs.opening(fact.id)}
    assert "412000" not in written(file)
    verdict = rows.verify(written(file), trust())
    assert (verdict.standing, verdict.position, verdict.ordinal) == (Proven.PROVEN, fact.known_from, 0)
    assert verdict.fact is not None
    assert json.loads(verdict.fact["payload"])["subject_name"] == row["subject_name"]
    forged = file | {"fact": file["fact"] | {"payload": verdict.fact["payload"].replace("鲁山", "叶县")}}
    with pytest.raises(Refused):
        rows.verify(written(forged), trust())


def test_the_proof_of_a_fact_outlives_its_erasure_and_opens_nothing() -> None:
    stored("tax_arrears", ARREARS, ARREARS | {"subject_id": 2})
    fact = the_fact()
    kept = proofs.proof(fact.id)
    erasure.erase([fact.id], basis="民法典第一千零三十七条", by="person:1", now=NOW)
    assert rows.verify(written(kept), trust()).standing is Proven.PROVEN
    with pytest.raises(UnknownFact):
        proofs.proof(fact.id)


def test_two_facts_that_say_the_same_have_different_leaves() -> None:
    stored("tax_arrears", ARREARS)
    stored("tax_arrears", ARREARS, source="another_source", delivery=2)
    one, other = (proofs.opening(fact.id) for fact in queries.facts_of(FIRM))
    assert one["payload"] == other["payload"]
    assert one["salt"] != other["salt"]


def test_a_fact_nobody_knows_has_no_proof() -> None:
    for ask in (proofs.proof, proofs.opening, queries.fact):
        with pytest.raises(UnknownFact):
            ask(FactId(404))


@pytest.mark.parametrize("text", ["", "  ", "长" * 2001])
def test_an_annotation_says_something_and_not_too_much(text: str) -> None:
    stored("tax_arrears", ARREARS)
    with pytest.raises(EmptyAnnotation):
        annotations.add(the_fact().id, kind="statement", text=text, by="subject:1", now=NOW)
