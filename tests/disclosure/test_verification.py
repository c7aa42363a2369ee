"""核验: what is answered, what is not known, who is refused, and who is guessing (abuse cases 13, 21, 23, 24)."""

import json
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from tests.authorisation.builders import a_business, a_code, a_grant, a_representative
from tests.disclosure.builders import PENALTY, REGISTRATION, World, a_world, on_file
from tests.disclosure.test_reports import _counted
from tests.intake.builders import a_row, csv_of, judged
from tests.parties.builders import BANK, NOW, TODAY, a_bank, an_agreement, an_officer
from xinqiao.authorisation import changing
from xinqiao.creditfile import annotations, following, standing
from xinqiao.creditfile.rules import Standing
from xinqiao.disclosure import comparisons, queries, receipts, verification
from xinqiao.disclosure.answering import Answer
from xinqiao.disclosure.errors import (
    AgreementNotInForce,
    GrantRevoked,
    KeyReused,
    NoSuchClaim,
    NoSuchSubject,
    NotAuthorised,
    OutOfScope,
    Probed,
    PurposeMismatch,
    RangeExceeded,
    ValueInvalid,
)
from xinqiao.disclosure.verification import verify_claim
from xinqiao.kernel.ids import FactId
from xinqiao.kernel.problems import Problem
from xinqiao.ledger import identity, sequencing
from xinqiao.ledger import receipts as house
from xinqiao.ledger.events import Kind
from xinqiao.parties import agreements
from xinqiao.parties import queries as parties
from xinqiao.parties.errors import TooOften
from xinqiao.parties.limits import Limit
from xinqiao_verify.notes import read_trust
from xinqiao_verify.receipts import Refused, verify

pytestmark = pytest.mark.furnished(by=a_world)

OWED = {"tax_kind": "增值税", "arrears_balance": "8000.00", "notice_on": "2026-04-10", "settled_on": ""}
REPRESENTATIVE = "legal_representative_is"


@pytest.fixture
def world(furnished: World) -> World:
    return furnished


def ask(world: World, claim: str, value: str = "", **other: Any) -> Answer:
    asked: dict[str, Any] = {
        "asker": BANK,
        "officer": world.officer,
        "uscc": world.code,
        "purpose": "loan_review",
        "claim": claim,
        "value": value,
        "now": NOW,
    }
    return verify_claim(**(asked | other))


def found(answer: Answer) -> tuple[str, str | None]:
    return answer.report["answer"], answer.report["unknown_because"]


def delivered(item: str, folder: Path, period: str, *rows: dict[str, str]) -> None:
    """The source hands in these rows, and all of them are in the file."""
    view = judged(item, csv_of(rows), folder, period=period, mode="full", now=NOW)
    assert view.accepted == len(rows), view
    filed()


def filed() -> None:
    sequencing.sequence(NOW)
    following.follow(NOW)
    sequencing.sequence(NOW)


def arrears(code: str = a_code(1), **said: str) -> dict[str, str]:
    return a_row("tax_arrears", uscc=code, taxpayer_id=code, **(OWED | said))


def events(kind: Kind) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM ledger_event WHERE kind = %s ORDER BY id", [str(kind)])
        return [json.loads(body)["about"] for (body,) in cursor.fetchall()]


# ── what is answered ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_whoever_owes_taxes_is_known_to_and_nothing_of_it_is_told(world: World, tmp_path: Path) -> None:
    delivered("tax_arrears", tmp_path, "2026-Q1", arrears())
    answer = ask(world, "no_tax_arrears")
    assert found(answer) == ("no", None)
    assert answer.report["answer_title"] == "有"
    for hidden in ("8000", "2026-04-10", "增值税", "鲁山县示例农产品有限公司"):
        assert hidden not in answer.text
    receipt = json.loads(answer.text)["receipt"]
    assert receipt["facts"] == []
    assert receipt["verified"] == {"claim": "no_tax_arrears", "answer": "no"}


def test_who_is_not_in_the_list_owes_nothing_once_the_list_is_here_and_in_the_file(
    world: World, tmp_path: Path
) -> None:
    assert found(ask(world, "no_tax_arrears")) == ("unknown", "source-silent")
    other = a_code(2)
    a_business(2, "另一家示例有限公司")
    judged("tax_arrears", csv_of([arrears(other)]), tmp_path, period="2026-Q1", mode="full", now=NOW)
    assert found(ask(world, "no_tax_arrears")) == ("unknown", "source-silent")
    filed()
    answer = ask(world, "no_tax_arrears")
    assert found(answer) == ("yes", None)
    assert [s["state"] for s in answer.report["sources"]] == ["answered"]
    assert found(ask(world, "no_tax_arrears", uscc=other)) == ("no", None)


def test_a_source_that_is_late_denies_nothing_and_what_it_said_still_stands(world: World, tmp_path: Path) -> None:
    delivered("tax_arrears", tmp_path, "2026-Q1", arrears())
    a_business(2, "另一家示例有限公司")
    later = NOW + timedelta(days=90)
    for code, said in ((world.code, ("no", None)), (a_code(2), ("unknown", "source-stale"))):
        assert found(ask(world, "no_tax_arrears", uscc=code, now=later)) == said


def test_a_delivery_that_is_still_being_filed_denies_nothing(world: World, tmp_path: Path) -> None:
    delivered("tax_arrears", tmp_path, "2026-Q1", arrears(a_code(1), settled_on="2026-05-01", arrears_balance="0"))
    assert found(ask(world, "no_tax_arrears")) == ("yes", None)
    again = arrears(notice_on="2026-05-20")
    judged("tax_arrears", csv_of([again]), tmp_path, period="2026-Q2", mode="changes", now=NOW)
    assert found(ask(world, "no_tax_arrears")) == ("unknown", "source-stale")
    filed()
    assert found(ask(world, "no_tax_arrears")) == ("no", None)


def test_what_is_disputed_counts_and_is_told_with_and_without(world: World, tmp_path: Path) -> None:
    delivered("tax_arrears", tmp_path, "2026-Q1", arrears())
    [fact] = _facts_behind(ask(world, "no_tax_arrears"))
    standing.mark(fact, Standing.DISPUTED, because="异议受理", by="operator", now=NOW)
    annotations.add(fact, kind="statement", text="已经缴清，正在核对。", by="subject", now=NOW)
    told = ask(world, "no_tax_arrears").report
    assert (told["answer"], told["disputed"], told["without_disputed"]) == ("no", True, "yes")
    assert [note["text"] for note in told["annotations"]] == ["已经缴清，正在核对。"]
    standing.mark(fact, Standing.REPAIRED, because="信用修复", by="operator", now=NOW)
    assert found(ask(world, "no_tax_arrears")) == ("yes", None)


def _facts_behind(answer: Answer) -> list[FactId]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT facts FROM disclosure_receipt WHERE number = %s", [answer.number])
        return [FactId(fact) for fact in cursor.fetchone()[0]]


def test_a_correction_finds_whoever_was_told_an_answer_that_rests_on_the_fact(world: World, tmp_path: Path) -> None:
    delivered("tax_arrears", tmp_path, "2026-Q1", arrears())
    answer = ask(world, "no_tax_arrears")
    [fact] = _facts_behind(answer)
    assert queries.recipients_of(fact) == [answer.number]


def test_rows_that_are_not_open_do_not_count_for_anybody_and_that_is_said(world: World) -> None:
    assert found(ask(world, "no_penalty_in_a_year")) == ("no", None)
    other = a_business(2, "另一家示例有限公司")
    on_file(other, "administrative_penalty", [PENALTY | {"severity": "1"}], delivery=9)
    answer = ask(world, "no_penalty_in_a_year", uscc=a_code(2))
    assert found(answer) == ("unknown", "source-silent")
    assert answer.report["rows_withheld"]


def test_a_claim_about_another_kind_of_business_is_not_known_and_says_so(world: World) -> None:
    with pytest.MonkeyPatch.context() as patch:
        claim = verification.known("not_abnormal_operation")
        patch.setattr(verification, "known", lambda _: claim.model_copy(update={"item": "rural_collective"}))
        assert found(ask(world, "x")) == ("unknown", "not-applicable")


# ── under a grant ────────────────────────────────────────────────────────────────────────────────────────────────────


def year_of_sales(world: World, folder: Path, *without: str) -> None:
    months = [f"2025-{m:02}" for m in range(5, 13)] + [f"2026-{m:02}" for m in range(1, 5)]
    for number, month in enumerate(months):
        judged(
            "tax_declared_sales",
            csv_of([a_row("tax_declared_sales", uscc=a_code(1 if month not in without else 2), period=month)]),
            folder,
            period=month,
            mode="changes",
            now=NOW + timedelta(seconds=number),
        )
    filed()


def test_sales_are_told_as_a_band_under_a_grant_and_counted_as_a_use(world: World, tmp_path: Path) -> None:
    year_of_sales(world, tmp_path)
    answer = ask(world, "declared_sales_in_a_year", now=NOW + timedelta(minutes=1))
    said = Decimal(a_row("tax_declared_sales")["sales"]) * 12
    assert answer.report["answer"] == next(
        b.band
        for b in verification.known("declared_sales_in_a_year").asks.bands  # type: ignore[union-attr]
        if b.below is None or said < b.below
    )
    assert answer.report["basis"]["grants"] == [world.grant.id]
    assert "sales" not in {key for key in answer.report if key == "sales"}
    assert a_row("tax_declared_sales")["sales"] not in answer.text
    with connection.cursor() as cursor:
        cursor.execute("SELECT receipt FROM authorisation_use")
        assert cursor.fetchall() == [(answer.number,)]


def test_a_month_that_is_missing_is_not_a_month_of_nothing(world: World, tmp_path: Path) -> None:
    a_business(2, "另一家示例有限公司")
    year_of_sales(world, tmp_path, "2025-11")
    answer = ask(world, "declared_sales_in_a_year", now=NOW + timedelta(minutes=1))
    assert found(answer) == ("unknown", "months-missing")


def test_a_claim_over_what_was_not_granted_is_refused_and_not_trimmed(world: World) -> None:
    with pytest.raises(OutOfScope):
        ask(world, "no_electricity_arrears")
    with pytest.raises(PurposeMismatch):
        ask(world, "declared_sales_in_a_year", purpose="post_loan")
    changing.revoke(world.grant.id, by=world.representative, now=NOW)
    with pytest.raises(GrantRevoked):
        ask(world, "declared_sales_in_a_year")
    told = [one["reason"] for one in events(Kind.VERIFICATION_REFUSED)]
    assert told == ["scope-exceeded", "purpose-mismatch", "grant-revoked"]


def test_a_claim_that_looks_back_beyond_the_days_granted_is_refused(world: World) -> None:
    from xinqiao.authorisation.clocks import Wish

    other = a_business(2, "另一家示例有限公司")
    wish = Wish(data_since=date(2026, 1, 1))
    a_grant(other, by=a_representative(other), items=["tax_declared_sales"], wish=wish)
    with pytest.raises(RangeExceeded):
        ask(world, "declared_sales_in_a_year", uscc=a_code(2))


def test_what_is_open_is_verified_without_a_grant_and_not_without_an_agreement(world: World) -> None:
    a_business(2, "另一家示例有限公司")
    told = ask(world, "no_tax_arrears", uscc=a_code(2)).report
    assert (told["basis"]["ground"], told["basis"]["grants"]) == ("依法公开的信息", [])
    held = parties.agreement_in_force(BANK, TODAY)
    assert held is not None
    agreements.end(held.id, because="机构退出", now=NOW)
    with pytest.raises(AgreementNotInForce):
        ask(world, "no_tax_arrears")


def test_an_unknown_business_and_a_forbidden_one_cannot_be_told_apart(world: World) -> None:
    """Same refusal, same size, same statements."""
    a_business(2, "另一家示例有限公司")
    answers, statements = [], []
    for code in (a_code(2), a_code(3)):
        with _counted() as asked, pytest.raises(NotAuthorised) as refused:
            ask(world, "declared_sales_in_a_year", uscc=code)
        answers.append(refused.value.as_dict())
        statements.append(asked)
    assert answers[0] == answers[1]
    assert statements[0] == statements[1]
    forbidden, unknown = events(Kind.VERIFICATION_REFUSED)
    assert forbidden | {"uscc": ""} == unknown | {"uscc": ""}


def test_that_nobody_bears_a_code_is_said_of_what_is_open_only(world: World) -> None:
    with pytest.raises(NoSuchSubject):
        ask(world, "no_tax_arrears", uscc=a_code(3))


def test_conditions_and_bands_are_the_catalogues_and_a_value_is_given_only_where_one_is_compared(world: World) -> None:
    for claim, value in (("no_such_claim", ""), ("sales_over_3141592", "")):
        with pytest.raises(NoSuchClaim):
            ask(world, claim, value)
    for claim, value in (
        ("no_tax_arrears", "8000"),
        (REPRESENTATIVE, ""),
        (REPRESENTATIVE, " 　"),
        (REPRESENTATIVE, "王" * 101),
    ):
        with pytest.raises(ValueInvalid):
            ask(world, claim, value)


# ── guessing ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def registered(world: World) -> World:
    on_file(world.business, "registration_basics", [REGISTRATION], delivery=7)
    return world


def test_a_value_that_is_given_is_compared_and_what_is_held_is_not_told(registered: World) -> None:
    assert found(ask(registered, REPRESENTATIVE, "王 小明")) == ("yes", None)
    other = ask(registered, REPRESENTATIVE, "王晓明")
    assert found(other) == ("unknown", "source-stale") or found(other) == ("unknown", "source-silent")
    assert "王小明" not in other.text
    assert other.report["compared"] == "王晓明"
    kept = json.dumps(receipts.receipt(other.number), ensure_ascii=False)
    assert "王晓明" not in kept


def test_after_a_few_different_values_for_one_business_no_more_is_answered_and_it_is_flagged(registered: World) -> None:
    for name in ("赵一", "钱二", "孙三"):
        ask(registered, REPRESENTATIVE, name)
    for _ in range(2):
        with pytest.raises(Probed) as refused:
            ask(registered, REPRESENTATIVE, "王小明")
    assert refused.value.type == "rate-limited"
    assert refused.value.wait == comparisons.WITHIN
    flagged = events(Kind.VERIFICATION_PROBED)
    assert flagged[0] == {"to": BANK, "claim": REPRESENTATIVE, "subject": registered.business, "values": 3}
    assert found(ask(registered, REPRESENTATIVE, "孙 三"))[0] == "unknown"  # said before: no guess
    assert found(ask(registered, "registered_in_division", "410423"))  # another question
    later = NOW + comparisons.WITHIN + timedelta(minutes=1)
    assert found(ask(registered, REPRESENTATIVE, "王小明", now=later)) == ("yes", None)


def test_guesses_of_one_bank_are_not_held_against_another(registered: World) -> None:
    for name in ("赵一", "钱二", "孙三"):
        ask(registered, REPRESENTATIVE, name)
    a_bank("pds_another_bank")
    an_agreement("pds_another_bank")
    officer = an_officer("pds_another_bank", "吴经理")
    assert found(ask(registered, REPRESENTATIVE, "王小明", asker="pds_another_bank", officer=officer)) == ("yes", None)


def test_a_name_carried_from_business_to_business_is_refused_and_flagged(registered: World) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(comparisons, "MOST_BUSINESSES", 2)
        for number in (2, 3):
            a_business(number, f"第{number}家示例有限公司")
            ask(registered, REPRESENTATIVE, "王小明", uscc=a_code(number))
        with pytest.raises(Probed):
            ask(registered, REPRESENTATIVE, "王小明")
    assert events(Kind.VERIFICATION_PROBED)[0]["businesses"] == 2


def test_of_guesses_sent_at_once_no_more_are_answered_than_one_after_the_other(registered: World) -> None:
    from concurrent.futures import ThreadPoolExecutor

    def guess(name: str) -> bool:
        try:
            return bool(ask(registered, REPRESENTATIVE, name))
        except Probed:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(guess, [f"赵{n}" for n in range(8)])) == comparisons.MOST_VALUES


def test_one_business_is_verified_so_often_a_day_and_no_more_whether_it_exists_or_not(world: World) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(verification, "PER_BUSINESS", Limit("verifications", 2, timedelta(days=1)))
        for code, refusal in ((world.code, None), (a_code(9), NoSuchSubject)):
            for _ in range(2):
                if refusal is None:
                    ask(world, "no_tax_arrears", uscc=code)
                else:
                    with pytest.raises(refusal):
                        ask(world, "no_tax_arrears", uscc=code)
            with pytest.raises(TooOften):
                ask(world, "no_tax_arrears", uscc=code)


# ── evidence ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_answer_verifies_offline_and_an_altered_one_does_not(world: World) -> None:
    trust = read_trust([identity.key().line, house.key().line])
    answer = ask(world, "no_penalty_in_a_year")
    assert verify(answer.text, trust).report
    changed = answer.text.replace('"answer":"no"', '"answer":"yes"')
    assert changed != answer.text
    with pytest.raises(Refused):
        verify(changed, trust)


def test_the_business_sees_the_question_and_the_answer(world: World) -> None:
    ask(world, "no_penalty_in_a_year")
    [look] = queries.who_looked(world.business).looks
    assert (look.kind, look.verified) == (Kind.VERIFICATION_TOLD, ("no_penalty_in_a_year", "no"))


def test_a_verification_repeated_under_its_key_is_one_look_and_no_second_guess(registered: World) -> None:
    by_program = {"officer": None, "client": "core", "key": "5f0c"}
    first, again = (ask(registered, REPRESENTATIVE, "赵一", **by_program) for _ in range(2))
    assert (first.number, first.report) == (again.number, again.report)
    assert len(queries.who_looked(registered.business).looks) == 1
    with pytest.raises(KeyReused):
        ask(registered, REPRESENTATIVE, "钱二", **by_program)


def test_every_refusal_is_on_the_one_list(world: World) -> None:
    from xinqiao.api.refusals import TYPES

    for wrong in (
        {"claim": "none"},
        {"value": "x"},
        {"uscc": a_code(9)},
        {"purpose": "post_loan", "claim": "tax_credit_good"},
    ):
        with pytest.raises(Problem) as refused:
            ask(world, **({"claim": "no_tax_arrears"} | wrong))
        assert refused.value.type in TYPES
