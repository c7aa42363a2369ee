"""Who may see, decided without a database: tables of cases, and a machine that tries every order of events."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from xinqiao.authorisation.rules import (
    EVER,
    FINAL,
    AgreementTerms,
    Ask,
    Frequency,
    GrantTerms,
    Range,
    Reason,
    Refused,
    Seen,
    Used,
    last_day,
    may_see,
    state,
)
from xinqiao.kernel.city_time import day_of, end_of
from xinqiao.kernel.ids import CaseId, GrantId, InstitutionId, SubjectId

NOW = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)
FIRM, OTHER_FIRM = SubjectId(1), SubjectId(2)
BANK, OTHER_BANK = InstitutionId("pds_sample_bank"), InstitutionId("pds_another_bank")
ITEMS = frozenset({"tax_arrears", "tax_declared_sales", "real_estate_mortgage"})
AGREEMENT = AgreementTerms(ITEMS, frozenset({"loan_review", "post_loan"}))
GRANT = GrantTerms(
    id=GrantId(7),
    subject_id=FIRM,
    institution=BANK,
    items=frozenset({"tax_arrears"}),
    purpose="loan_review",
    starts_at=NOW,
    ends_at=NOW + timedelta(days=90),
)
ASK = Ask(subject_id=FIRM, institution=BANK, purpose="loan_review", now=NOW)


def seen(*told: int | str) -> Seen:
    """By these grants, of these items, whatever their days."""
    items = frozenset(item for item in told if isinstance(item, str))
    return Seen(items, tuple(GrantId(n) for n in told if isinstance(n, int)), dict.fromkeys(items, EVER))


def test_a_live_grant_opens_what_it_names_and_nothing_else() -> None:
    assert may_see(ASK, AGREEMENT, [GRANT]) == seen(7, "tax_arrears")


@pytest.mark.parametrize(
    ("ask", "grant", "agreement", "reason"),
    [
        pytest.param(ASK, GRANT, None, Reason.AGREEMENT_NOT_IN_FORCE, id="no agreement, no access"),
        pytest.param(
            replace(ASK, institution=OTHER_BANK), GRANT, AGREEMENT, Reason.NO_GRANT, id="another bank's grant"
        ),
        pytest.param(
            replace(ASK, institution=OTHER_BANK, grant=GrantId(7)),
            GRANT,
            AGREEMENT,
            Reason.NO_GRANT,
            id="another bank's grant, by its number",
        ),
        pytest.param(
            replace(ASK, subject_id=OTHER_FIRM, grant=GrantId(7)),
            GRANT,
            AGREEMENT,
            Reason.NO_GRANT,
            id="the grant of another business",
        ),
        pytest.param(replace(ASK, purpose="post_loan"), GRANT, AGREEMENT, Reason.PURPOSE_MISMATCH, id="other purpose"),
        pytest.param(
            replace(ASK, purpose="curiosity"), GRANT, AGREEMENT, Reason.PURPOSE_MISMATCH, id="purpose never agreed"
        ),
        pytest.param(
            replace(ASK, now=GRANT.ends_at + timedelta(milliseconds=1)),
            GRANT,
            AGREEMENT,
            Reason.GRANT_EXPIRED,
            id="a millisecond late",
        ),
        pytest.param(replace(ASK, now=GRANT.ends_at), GRANT, AGREEMENT, Reason.GRANT_EXPIRED, id="at the very end"),
        pytest.param(
            replace(ASK, now=NOW - timedelta(milliseconds=1)), GRANT, AGREEMENT, Reason.GRANT_NOT_STARTED, id="early"
        ),
        pytest.param(ASK, replace(GRANT, revoked_at=NOW), AGREEMENT, Reason.GRANT_REVOKED, id="revoked"),
        pytest.param(
            replace(ASK, now=NOW - timedelta(days=1)),
            replace(GRANT, revoked_at=NOW),
            AGREEMENT,
            Reason.GRANT_REVOKED,
            id="revoked, and the clock set back",
        ),
        pytest.param(ASK, replace(GRANT, paused=True), AGREEMENT, Reason.GRANT_PAUSED, id="paused"),
        pytest.param(ASK, replace(GRANT, asked=True), AGREEMENT, Reason.NO_GRANT, id="asked for and not answered"),
        pytest.param(ASK, replace(GRANT, declined=True), AGREEMENT, Reason.NO_GRANT, id="asked for and declined"),
        pytest.param(ASK, replace(GRANT, most_uses=2, used=Used(2)), AGREEMENT, Reason.GRANT_EXHAUSTED, id="used up"),
        pytest.param(
            ASK,
            replace(GRANT, frequency=Frequency(3, 7), used=Used(9, 3)),
            AGREEMENT,
            Reason.FREQUENCY_EXHAUSTED,
            id="used often enough for now",
        ),
        pytest.param(
            ASK, replace(GRANT, case=CaseId(1), case_closed=True), AGREEMENT, Reason.CASE_CLOSED, id="its case closed"
        ),
        pytest.param(
            replace(ASK, range=Range(date(2025, 12, 31))),
            replace(GRANT, range=Range(date(2026, 1, 1))),
            AGREEMENT,
            Reason.RANGE_EXCEEDED,
            id="a day before its data range",
        ),
        pytest.param(replace(ASK, watch=True), GRANT, AGREEMENT, Reason.SCOPE_EXCEEDED, id="a watch not granted"),
        pytest.param(
            replace(ASK, items=frozenset({"tax_arrears", "tax_declared_sales"})),
            GRANT,
            AGREEMENT,
            Reason.SCOPE_EXCEEDED,
            id="more than was granted: refused, not trimmed",
        ),
        pytest.param(
            replace(ASK, items=frozenset({"tax_arrears"})),
            GRANT,
            AgreementTerms(frozenset(), AGREEMENT.purposes),
            Reason.SCOPE_EXCEEDED,
            id="granted, but not agreed",
        ),
    ],
)
def test_every_way_of_being_refused_has_its_name(
    ask: Ask, grant: GrantTerms, agreement: AgreementTerms | None, reason: Reason
) -> None:
    answer = may_see(ask, agreement, [grant])
    assert isinstance(answer, Refused)
    assert answer.reason is reason


def test_without_any_grant_the_answer_is_that_for_a_business_that_does_not_exist() -> None:
    nobody = may_see(replace(ASK, subject_id=SubjectId(0)), AGREEMENT, [])
    assert nobody == may_see(ASK, AGREEMENT, []) == Refused(Reason.NO_GRANT)


def test_two_grants_for_one_purpose_add_up() -> None:
    second = replace(GRANT, id=GrantId(8), items=frozenset({"tax_declared_sales"}))
    answer = may_see(ASK, AGREEMENT, [second, GRANT])
    assert answer == seen(7, 8, "tax_arrears", "tax_declared_sales")


def test_one_of_two_grants_revoked_closes_what_only_it_opened() -> None:
    second = replace(GRANT, id=GrantId(8), items=frozenset({"tax_declared_sales"}), revoked_at=NOW)
    assert may_see(ASK, AGREEMENT, [second, GRANT]) == seen(7, "tax_arrears")


def test_the_party_is_told_which_grant_blocked() -> None:
    answer = may_see(ASK, AGREEMENT, [replace(GRANT, revoked_at=NOW)])
    assert answer == Refused(Reason.GRANT_REVOKED, GrantId(7))


def test_a_grant_until_a_day_holds_through_that_whole_day_in_the_city() -> None:
    end = end_of(date(2026, 8, 29))
    assert end == datetime(2026, 8, 29, 16, 0, tzinfo=UTC)
    assert day_of(end - timedelta(milliseconds=1)) == date(2026, 8, 29)
    assert day_of(end) == date(2026, 8, 30)


def test_a_ceiling_of_180_days_counts_both_ends() -> None:
    assert last_day(date(2026, 6, 1), 1) == date(2026, 6, 1)
    assert last_day(date(2026, 6, 1), 180) == date(2026, 11, 27)


# ── every order of events ────────────────────────────────────────────────────────────────────────────────────────────

subjects = st.sampled_from([FIRM, OTHER_FIRM])
banks = st.sampled_from([BANK, OTHER_BANK])
purposes = st.sampled_from(["loan_review", "post_loan", "curiosity"])
some_items = st.frozensets(st.sampled_from(sorted(ITEMS)), min_size=1)


def plainly(ask: Ask, agreement: AgreementTerms | None, grants: Iterable[GrantTerms]) -> frozenset[str] | None:
    """The same decision once more, as one would write it for a reader: what is seen, or None."""
    if agreement is None or ask.purpose not in agreement.purposes:
        return None
    live = [
        g
        for g in grants
        if (g.subject_id, g.institution, g.purpose) == (ask.subject_id, ask.institution, ask.purpose)
        and g.revoked_at is None
        and not g.paused
        and (g.most_uses is None or g.used.total < g.most_uses)
        and g.starts_at <= ask.now < g.ends_at
    ]
    return {item for g in live for item in g.items} & agreement.items if live else None  # type: ignore[return-value]


class Consent(RuleBasedStateMachine):
    """Businesses give and revoke, time passes, agreements end; at every moment everybody asks for everything."""

    @initialize()
    def begin(self) -> None:
        self.now = NOW
        self.grants: dict[GrantId, GrantTerms] = {}
        self.agreement: AgreementTerms | None = AGREEMENT
        self.gone: set[GrantId] = set()

    @rule(
        subject=subjects, bank=banks, items=some_items, purpose=purposes, wait=st.integers(0, 3), days=st.integers(1, 5)
    )
    def give(
        self, subject: SubjectId, bank: InstitutionId, items: frozenset[str], purpose: str, wait: int, days: int
    ) -> None:
        number = GrantId(len(self.grants) + 1)
        starts = self.now + timedelta(days=wait)
        self.grants[number] = GrantTerms(
            number, subject, bank, items, purpose, starts, starts + timedelta(days=days), most_uses=days
        )

    @rule(data=st.data())
    def revoke(self, data: st.DataObject) -> None:
        if self.grants:
            number = data.draw(st.sampled_from(sorted(self.grants)))
            self.grants[number] = replace(self.grants[number], revoked_at=self.now)

    @rule(data=st.data(), paused=st.booleans())
    def pause_or_resume(self, data: st.DataObject, paused: bool) -> None:
        if self.grants:
            number = data.draw(st.sampled_from(sorted(self.grants)))
            self.grants[number] = replace(self.grants[number], paused=paused, resumed=not paused)

    @rule(subject=subjects, bank=banks, purpose=purposes)
    def use(self, subject: SubjectId, bank: InstitutionId, purpose: str) -> None:
        answer = may_see(Ask(subject, bank, purpose, self.now), self.agreement, self.grants.values())
        for number in answer.grants if isinstance(answer, Seen) else ():
            grant = self.grants[number]
            self.grants[number] = replace(grant, used=Used(grant.used.total + 1))

    @rule(hours=st.integers(1, 60))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(agreement=st.sampled_from([None, AGREEMENT, AgreementTerms(frozenset({"tax_arrears"}), AGREEMENT.purposes)]))
    def agreement_changes(self, agreement: AgreementTerms | None) -> None:
        self.agreement = agreement

    @invariant()
    def nobody_sees_more_or_less_than_was_agreed(self) -> None:
        for subject in (FIRM, OTHER_FIRM, SubjectId(0)):
            for bank in (BANK, OTHER_BANK):
                for purpose in ("loan_review", "post_loan", "curiosity"):
                    ask = Ask(subject, bank, purpose, self.now)
                    answer = may_see(ask, self.agreement, self.grants.values())
                    seen = answer.items if isinstance(answer, Seen) else None
                    assert seen == plainly(ask, self.agreement, self.grants.values())

    @invariant()
    def what_has_ended_stays_ended(self) -> None:
        ended = {n for n, g in self.grants.items() if state(g, self.now) in FINAL}
        assert self.gone <= ended
        self.gone = ended


Consent.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
TestConsent = Consent.TestCase


asks = st.builds(
    Ask,
    subject_id=subjects,
    institution=banks,
    purpose=purposes,
    now=st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    items=st.none() | some_items,
    grant=st.none() | st.integers(1, 9).map(GrantId),
)


@given(asks, st.none() | st.builds(AgreementTerms, some_items, st.frozensets(purposes)))
def test_the_rule_answers_whatever_is_asked(ask: Ask, agreement: AgreementTerms | None) -> None:
    answer = may_see(ask, agreement, [GRANT, replace(GRANT, id=GrantId(8), purpose="post_loan")])
    match answer:
        case Seen(items, grants, _, _):
            assert grants
            assert items <= GRANT.items
        case Refused(reason, _):
            assert reason in Reason
