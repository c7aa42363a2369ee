"""An agreement signed on line: drafted by one, read and signed by the institution, signed by another operator."""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.catalogue.builders import a_copy, replaced
from tests.parties.builders import (
    BANK,
    NOW,
    TODAY,
    a_bank,
    an_administrator,
    an_agreement,
    an_operator,
    shown,
    signed_on_line,
    terms,
)
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.problems import Problem
from xinqiao.ledger import checking, identity, receipts, sequencing
from xinqiao.parties import draft_queries, drafting, ending, letter_queries, queries, signing, texts
from xinqiao.parties.rules import DraftState, Ground, Side
from xinqiao_verify import cli
from xinqiao_verify.notes import read_trust

LATER = NOW + timedelta(minutes=10)


def refused(act: Callable[[], Any]) -> str:
    with pytest.raises(Problem) as refusal:
        act()
    return str(refusal.value.type)


def judged(folder: Path, file: Any) -> cli.Answer:
    path = folder / "agreement.json"
    path.write_text(json.dumps(file, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return cli.judge(path, read_trust([identity.key().line, receipts.key().line]))


def test_no_agreement_is_in_force_before_both_sides_have_signed_the_same_text(city_db: str) -> None:
    a_bank()
    signatory, drafter, other = an_administrator(), an_operator("起草员"), an_operator("签字员")
    colleague = an_administrator(name="吴经理")
    first = drafting.draft(terms(signatory), by=drafter, now=NOW)
    more = terms(signatory, items=frozenset({"tax_arrears", "honour"}))
    number = drafting.change(first, more, by=drafter, now=NOW)
    view = draft_queries.draft(number, NOW)
    assert view.follows == first
    assert draft_queries.draft(first, NOW).state is DraftState.REPLACED
    digest = view.digest
    sign: dict[str, Any] = {"digest": digest, "shown": shown(), "now": NOW}
    old = draft_queries.draft(first, NOW).digest
    assert refused(lambda: signing.sign(first, **sign | {"digest": old}, by=signatory)) == "wrong-state"
    assert refused(lambda: signing.sign(number, **sign, by=colleague)) == "signer-not-authorised"
    assert refused(lambda: signing.sign(number, **sign | {"digest": old}, by=signatory)) == "content-mismatch"
    stale = sign | {"shown": shown(NOW - timedelta(minutes=6))}
    assert refused(lambda: signing.sign(number, **stale, by=signatory)) == "session-expired"
    assert refused(lambda: signing.countersign(number, **sign, by=other)) == "wrong-state", (
        "the institution signs first"
    )
    signing.sign(number, **sign, by=signatory)
    assert refused(lambda: drafting.change(number, more, by=drafter, now=NOW)) == "wrong-state"
    assert refused(lambda: signing.countersign(number, **sign, by=drafter)) == "four-eyes"
    assert queries.agreement_in_force(BANK, TODAY) is None
    agreement = signing.countersign(number, **sign, by=other)
    held = queries.agreement_in_force(BANK, TODAY)
    assert held is not None
    assert held.id == agreement
    assert held.items == {"tax_arrears", "honour"}
    [letter] = letter_queries.of(BANK, texts.SECURITY)
    assert letter.person == signatory, "the letter of information security is signed with it"
    assert checking.check().sound


def test_the_signed_file_is_checked_by_anybody_and_an_altered_one_refused(city_db: str, tmp_path: Path) -> None:
    a_bank()
    agreement = signed_on_line(terms(an_administrator()))
    assert judged(tmp_path, draft_queries.signed_file(agreement)).standing == "promised"
    sequencing.sequence(LATER)
    file = draft_queries.signed_file(agreement)
    assert judged(tmp_path, file).standing == "proven"
    [ours, theirs] = file["receipt"]["signatures"]
    assert (ours["side"], theirs["side"]) == ("institution", "platform")
    assert (ours["name"], ours["method"]) == ("李行长", "passkey")
    wider = json.loads(json.dumps(file))
    wider["receipt"]["scope"]["items"].append("tax_paid")
    for altered in (
        wider,
        file | {"text": file["text"].replace("当天", "适时")},
        {k: file[k] for k in file if k != "text"},
    ):
        assert judged(tmp_path, altered).code == 1
    letter = letter_queries.signed_file(letter_queries.of(BANK)[0].id)
    assert judged(tmp_path, letter).standing == "proven"
    assert judged(tmp_path, letter | {"text": letter["text"] + "。"}).code == 1


def test_a_new_agreement_takes_over_from_the_old_one_without_a_gap_or_an_overlap(city_db: str) -> None:
    a_bank()
    old = signed_on_line(terms(an_administrator()))
    begins = TODAY + timedelta(days=30)
    new = signed_on_line(terms(an_administrator(), since=begins, until=begins + timedelta(days=100)))
    days = [TODAY + timedelta(days=n) for n in range(131)]
    held = [queries.agreement_in_force(BANK, day) for day in days]
    assert [one.id for one in held if one] == [old] * 30 + [new] * 101
    at_once = signed_on_line(terms(an_administrator(), since=begins, until=begins + timedelta(days=9)), now=_on(begins))
    now_held = queries.agreement_in_force(BANK, begins)
    assert now_held is not None
    assert now_held.id == at_once
    assert checking.check().sound


def _on(day: date) -> datetime:
    return NOW + (day - TODAY)


def test_either_side_ends_it_and_the_platform_gives_the_notice_the_text_promises(city_db: str) -> None:
    a_bank()
    signatory, operator = an_administrator(), an_operator()
    number = signed_on_line(terms(signatory))
    notice = texts.current(texts.AGREEMENT).notice_days or 0

    def end(**said: Any) -> None:
        usual = {"side": Side.PLATFORM, "ground": Ground.NOTICE, "because": "平台调整", "by": operator}
        ending.end(number, **{**usual, "last_day": None, "shown": shown(), "now": NOW, **said})

    early = TODAY + timedelta(days=notice - 1)
    assert refused(end) == "range-invalid"
    assert refused(lambda: end(last_day=early)) == "range-invalid"
    assert refused(lambda: end(side=Side.INSTITUTION, by=an_administrator(name="吴经理"))) == "signer-not-authorised"
    assert refused(lambda: end(ground=Ground.BREACH, because=" ")) == "malformed"
    end(last_day=early + timedelta(days=1))
    assert queries.agreement_in_force(BANK, early + timedelta(days=1)) is not None
    assert queries.agreement_in_force(BANK, early + timedelta(days=2)) is None
    assert refused(lambda: end(side=Side.INSTITUTION, by=signatory)) == "wrong-state", "ended once"
    on_paper = an_agreement(since=TODAY + timedelta(days=300))
    assert draft_queries.drafts_of([number, on_paper]).keys() == {number}


def test_nothing_is_drafted_beyond_what_was_assessed_and_it_is_looked_at_again_at_the_end(city_db: str) -> None:
    a_bank()
    signatory, drafter = an_administrator(), an_operator()
    over = TODAY + timedelta(days=1001)
    late = terms(signatory, since=over, until=over)
    assert refused(lambda: drafting.draft(late, by=drafter, now=NOW)) == "evidence-mismatch"
    number = drafting.draft(terms(signatory), by=drafter, now=NOW)
    assert refused(lambda: drafting.draft(terms(signatory), by=drafter, now=NOW)) == "wrong-state", (
        "one draft at a time"
    )
    lapsed = NOW + timedelta(days=31)
    assert draft_queries.draft(number, lapsed).state is DraftState.LAPSED
    said = {"digest": draft_queries.draft(number, NOW).digest, "by": signatory, "shown": shown(lapsed), "now": lapsed}
    assert refused(lambda: signing.sign(number, **said)) == "wrong-state"  # type: ignore[arg-type]


def test_a_text_of_the_city_with_a_blank_missing_is_named_with_its_line(tmp_path: Path) -> None:
    city = a_copy(tmp_path)
    replaced(city, "texts/sharing_agreement.yml", "可以查询：{items}。企业", "可以查询。企业")
    [mistake] = texts.load(city)[1]
    assert "items" in str(mistake)


# ── whatever both sides do in whatever order ─────────────────────────────────────────────────────────────────────────

BANKS = count(1)


class Drafting(RuleBasedStateMachine):
    """One institution's drafts. The model holds what each edition said when it was written, and who signed it."""

    @initialize()
    def admitted(self) -> None:
        self.bank = a_bank(f"pds_bank_{next(BANKS)}")
        self.now = NOW
        self.signatory = an_administrator(self.bank)
        self.operators = [an_operator("甲"), an_operator("乙")]
        self.written: dict[int, str] = {}
        self.signed: dict[int, dict[Side, int]] = {}

    @rule(who=st.integers(0, 1), wide=st.booleans(), change=st.booleans())
    def somebody_drafts(self, who: int, wide: bool, change: bool) -> None:
        items = frozenset({"tax_arrears", "honour"} if wide else {"tax_arrears"})
        since = day_of(self.now)
        said = terms(self.signatory, institution=self.bank, items=items, since=since, until=since + timedelta(days=90))
        with suppress(Problem):
            if change and self.written:
                number = drafting.change(max(self.written), said, by=self.operators[who], now=self.now)
            else:
                number = drafting.draft(said, by=self.operators[who], now=self.now)
            assert not self.signed.get(max(self.written, default=0)) or not change, "changed after a signature"
            self.written[number] = draft_queries.draft(number, self.now).wording

    @rule(back=st.integers(0, 2), side=st.sampled_from(Side), who=st.integers(0, 2))
    def somebody_signs(self, back: int, side: Side, who: int) -> None:
        numbers = sorted(self.written, reverse=True)
        if back >= len(numbers):
            return
        number, person = numbers[back], [*self.operators, self.signatory][who]
        act = signing.sign if side is Side.INSTITUTION else signing.countersign
        with suppress(Problem):
            act(
                number,
                digest=texts.digest_of(self.written[number]),
                by=person,
                shown=shown(self.now),
                now=self.now,
            )
            self.signed.setdefault(number, {})[side] = person

    @rule()
    def it_is_withdrawn(self) -> None:
        if self.written:
            with suppress(Problem):
                drafting.withdraw(max(self.written), because="重谈", by=self.operators[0], now=self.now)

    @rule(days=st.sampled_from([1, 20, 31]))
    def days_pass(self, days: int) -> None:
        self.now += timedelta(days=days)

    @invariant()
    def nothing_is_in_force_without_two_signatures_by_different_people_under_the_same_text(self) -> None:
        made = {one.agreement: one for one in draft_queries.of(self.bank, self.now) if one.agreement}
        for agreement in queries.agreements_of(self.bank):
            one = made[agreement.id]
            assert set(self.signed[one.id]) == set(Side)
            assert len(set(self.signed[one.id].values())) == len(Side)
            assert (agreement.items, agreement.purposes) == (one.items, one.purposes)

    @invariant()
    def what_was_written_and_signed_stays_as_it_was(self) -> None:
        views = {one.id: one for one in draft_queries.of(self.bank, self.now)}
        assert {number: one.wording for number, one in views.items()} == self.written
        for number, one in views.items():
            assert {s.side: s.person for s in one.signatures} == self.signed.get(number, {})


def test_whatever_is_drafted_changed_signed_and_withdrawn_in_whatever_order(city_db: str) -> None:
    run_state_machine_as_test(Drafting, settings=settings(max_examples=8, stateful_step_count=12, deadline=None))
