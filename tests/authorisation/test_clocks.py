"""The four clocks of a grant, and its counter: what a template allows, what a grant opens, and when it stops."""

import threading
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from tests.authorisation.builders import UNTIL, a_bank_under_agreement, a_business, a_code, a_grant, a_representative
from tests.disclosure.builders import PENALTY, World, a_world, on_file
from tests.parties.builders import BANK, NOW, TODAY, an_officer
from xinqiao import catalogue
from xinqiao.authorisation import cases, changing, clocks, grants, notices, queries, steps, templates
from xinqiao.authorisation.cases import Outcome
from xinqiao.authorisation.clocks import NOTHING_SPECIAL, Wish
from xinqiao.authorisation.errors import (
    AlreadyEnded,
    CaseClosed,
    CaseUnknown,
    CeilingExceeded,
    NotLive,
    RangeInvalid,
    ScopeInvalid,
)
from xinqiao.authorisation.rules import Fetch, Frequency, Range, State
from xinqiao.disclosure.errors import CaseClosed as ClosedToTheBank
from xinqiao.disclosure.errors import (
    FrequencyExhausted,
    GrantExhausted,
    GrantPaused,
    GrantRevoked,
    RangeExceeded,
)
from xinqiao.kernel.ids import CaseId, GrantId, InstitutionId
from xinqiao.kernel.problems import Problem
from xinqiao.ledger.checking import check
from xinqiao.parties.errors import PurposeUnknown

LATER = NOW + timedelta(minutes=5)
SALES = {"subject_name": "鲁山县示例农产品有限公司"}
OFTEN = templates.template("loan_review", Fetch.PERIODIC)


def settled(wish: Wish, *items: str) -> clocks.Clocks:
    return clocks.settled(OFTEN, wish, items or ("tax_arrears",), TODAY, UNTIL)


# ── what a template allows ───────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_not_said_is_as_far_as_the_template_goes() -> None:
    most = settled(NOTHING_SPECIAL)
    assert most.range == Range(TODAY - timedelta(days=OFTEN.range_days - 1))
    assert (most.keep_days, most.frequency, most.most_uses) == (1826, Frequency(20, 1), None)
    assert templates.template("loan_review", None) == OFTEN
    once = clocks.settled(
        templates.template("loan_review", Fetch.ONCE), NOTHING_SPECIAL, ("tax_arrears",), TODAY, TODAY
    )
    assert once.most_uses == 1


@pytest.mark.parametrize(
    ("wish", "ceiling"),
    [
        pytest.param(Wish(data_since=date(2020, 1, 1)), "最早为", id="too far back"),
        pytest.param(Wish(keep_days=1827), "最多保存 1826 天", id="kept too long"),
        pytest.param(Wish(frequency=Frequency(21, 1)), "每 1 天最多看 20 次", id="too often"),
    ],
)
def test_beyond_a_ceiling_is_refused_and_the_ceiling_named(wish: Wish, ceiling: str) -> None:
    with pytest.raises(CeilingExceeded) as refused:
        settled(wish)
    assert ceiling in str(refused.value.detail)


def test_of_several_items_the_strictest_ceiling_holds() -> None:
    alone, together = settled(NOTHING_SPECIAL), settled(NOTHING_SPECIAL, "tax_arrears", "invoice_line")
    assert together.range == Range(TODAY - timedelta(days=730))
    assert alone.range.since is not None
    with pytest.raises(CeilingExceeded):
        settled(Wish(data_since=alone.range.since), "tax_arrears", "invoice_line")


@pytest.mark.parametrize(
    "wish", [Wish(keep_days=0), Wish(most_uses=0), Wish(frequency=Frequency(0, 1)), Wish(frequency=Frequency(1, 0))]
)
def test_counts_that_make_no_sense_are_refused_and_not_rounded(wish: Wish) -> None:
    with pytest.raises(ScopeInvalid):
        settled(wish)
    with pytest.raises(RangeInvalid):
        settled(Wish(data_since=TODAY + timedelta(days=1)))


def test_a_purpose_or_a_way_of_fetching_without_a_template_is_refused() -> None:
    with pytest.raises(PurposeUnknown):
        templates.template("loan_review", Fetch.MONITORING)
    with pytest.raises(PurposeUnknown):
        templates.template("curiosity", None)


def test_mistakes_in_the_templates_are_named_with_their_line(tmp_path: Path) -> None:
    text = (catalogue.city().folder / "templates.yml").read_text("utf-8")
    for name in ("purposes.yml",):
        (tmp_path / name).write_text((catalogue.city().folder / name).read_text("utf-8"), "utf-8")
    broken = text.replace("purpose: post_loan", "purpose: gambling").replace("keep_days: 1826", "keep_days: 0", 1)
    (tmp_path / "templates.yml").write_text(broken, "utf-8")
    mistakes = templates.load(tmp_path)[1]
    assert {mistake.message for mistake in mistakes} == {"至少是 1 天", "purposes.yml 里没有用途“gambling”"}
    assert all(mistake.line > 1 for mistake in mistakes)


@pytest.mark.parametrize("name", sorted(templates.templates()))
def test_every_template_can_be_granted_as_it_stands(name: str) -> None:
    clocks.settled(templates.templates()[name], NOTHING_SPECIAL, ("tax_arrears",), TODAY, TODAY)


@given(
    st.builds(
        Wish,
        data_since=st.none() | st.dates(TODAY - timedelta(days=4000), TODAY + timedelta(days=10)),
        keep_days=st.none() | st.integers(-1, 4000),
        frequency=st.none() | st.builds(Frequency, st.integers(0, 40), st.integers(0, 40)),
        most_uses=st.none() | st.integers(0, 40),
    ),
    st.sampled_from(sorted(templates.templates())),
)
def test_no_wish_gets_beyond_its_template(wish: Wish, name: str) -> None:
    template = templates.templates()[name]
    try:
        got = clocks.settled(template, wish, ("tax_arrears",), TODAY, TODAY)
    except Problem:
        return
    assert got.range.since is not None
    assert TODAY - timedelta(days=template.range_days) < got.range.since <= TODAY
    assert 0 < got.keep_days <= template.keep_days
    if template.frequency is not None:
        assert got.frequency is not None
        assert got.frequency.most <= template.frequency.most
        assert got.frequency.days >= template.frequency.days
    assert template.fetch is not Fetch.ONCE or got.most_uses == 1


# ── what a grant opens ───────────────────────────────────────────────────────────────────────────────────────────────


def test_the_words_that_are_signed_say_how_often_from_when_and_how_long_it_is_kept(city_db: str) -> None:
    a_bank_under_agreement()
    business = a_business()
    given_ = a_grant(business, by=a_representative(business))
    words = queries.shown_text(given_.statement_digest)
    assert words is not None
    assert "审查期间可以多次看，每 1 天最多 20 次" in words
    assert "2023-06-02以来的" in words
    assert "最多保存 1826 天" in words
    assert given_.template == "loan_review@2026.1"


def test_a_grant_for_one_look_is_used_up_by_it_and_never_comes_back(city_db: str) -> None:
    world = a_world()
    changing.revoke(world.grant.id, by=world.representative, now=NOW)
    once = once_more(world.business, world.representative, fetch=Fetch.ONCE, until=TODAY)
    world.ask(grant=once)
    assert queries.known(once).state(NOW) is State.EXHAUSTED
    with pytest.raises(GrantExhausted):
        world.ask(grant=once)
    for act in (changing.pause, changing.resume, changing.revoke):
        with pytest.raises(AlreadyEnded):
            act(once, by=world.representative, now=NOW)
    assert queries.known(once).state(NOW + timedelta(days=400)) is State.EXHAUSTED


def test_as_often_as_was_allowed_and_then_again_when_the_days_have_gone_by(city_db: str) -> None:
    world = a_world()
    changing.revoke(world.grant.id, by=world.representative, now=NOW)
    twice = once_more(world.business, world.representative, wish=Wish(frequency=Frequency(2, 7)))
    world.ask(grant=twice)
    world.ask(grant=twice, now=LATER)
    with pytest.raises(FrequencyExhausted):
        world.ask(grant=twice, now=LATER)
    world.ask(grant=twice, now=NOW + timedelta(days=7))
    assert queries.known(twice).terms.used.total == 3


def test_an_answer_that_was_lost_is_given_again_under_its_key_and_is_no_second_use(city_db: str) -> None:
    world = a_world()
    changing.revoke(world.grant.id, by=world.representative, now=NOW)
    once = once_more(world.business, world.representative, fetch=Fetch.ONCE, until=TODAY)
    first = world.ask(grant=once, key="k1")
    assert world.ask(grant=once, key="k1", now=LATER).text == first.text
    with pytest.raises(GrantExhausted):
        world.ask(grant=once, key="k2")
    changing_one = queries.known(once)
    assert changing_one.terms.used.total == 1


def test_nothing_older_than_the_data_range_is_told_and_asking_for_it_is_refused(city_db: str) -> None:
    world = a_world()
    changing.revoke(world.grant.id, by=world.representative, now=NOW)
    rows = [SALES | {"period": period, "sales": "1.00"} for period in ("2025-11", "2025-12", "2026-01")]
    on_file(world.business, "tax_declared_sales", [{**r, "sales": None} for r in rows], delivery=9)
    recent = once_more(world.business, world.representative, wish=Wish(data_since=date(2025, 12, 20)))
    assert periods(world.ask(grant=recent)) == ["2026-04", "2026-01", "2025-12"]
    newer = world.ask(grant=recent, range=Range(since=date(2026, 1, 1)))
    assert periods(newer) == ["2026-04", "2026-01"]
    with pytest.raises(RangeExceeded):
        world.ask(grant=recent, range=Range(since=date(2025, 12, 19)))


def test_what_is_open_is_open_from_all_days_and_what_only_the_grant_opens_is_not(city_db: str) -> None:
    """轻微 penalties are not public: they need the grant, and keep to its days; the others need neither."""
    a_bank_under_agreement(items=("administrative_penalty",))
    business = a_business()
    by = a_representative(business)
    of = {"1": ("2025-11-03", "2026-03-04"), "2": ("2025-11-05", "2026-03-06")}
    rows = [
        PENALTY | {"severity": severity, "doc_no": day, "decided_on": date.fromisoformat(day)}
        for severity, days in of.items()
        for day in days
    ]
    on_file(business, "administrative_penalty", rows)
    grant = a_grant(business, by=by, items=["administrative_penalty"], wish=Wish(data_since=date(2026, 1, 1)))
    world = World(business, a_code(), by, an_officer(), grant)
    [family] = [one for one in world.ask().report["families"] if one["items"][0]["item"] == "administrative_penalty"]
    told = {line["values"]["doc_no"] for line in family["items"][0]["lines"]}
    assert told == {"2026-03-04", "2025-11-05", "2026-03-06"}


def test_days_that_make_no_sense_or_lie_wholly_outside_are_refused_and_use_nothing_up(city_db: str) -> None:
    world = a_world()
    changing.revoke(world.grant.id, by=world.representative, now=NOW)
    wish = Wish(data_since=date(2026, 1, 1))
    once = once_more(world.business, world.representative, fetch=Fetch.ONCE, until=TODAY, wish=wish)
    with pytest.raises(RangeInvalid):
        world.ask(grant=once, range=Range(date(2026, 3, 2), date(2026, 3, 1)))
    with pytest.raises(RangeExceeded):
        world.ask(grant=once, range=Range(until=date(2025, 12, 31)))
    assert queries.known(once).state(NOW) is State.GIVEN


def test_a_grant_for_one_look_is_kept_for_what_no_other_opens(city_db: str) -> None:
    world = a_world()
    once = once_more(world.business, world.representative, fetch=Fetch.ONCE, until=TODAY)
    world.ask()
    assert queries.known(once).state(NOW) is State.GIVEN


def test_a_second_look_may_be_granted_the_same_day_in_the_same_words(city_db: str) -> None:
    world = a_world()
    changing.revoke(world.grant.id, by=world.representative, now=NOW)
    first = once_more(world.business, world.representative, fetch=Fetch.ONCE, until=TODAY)
    assert once_more(world.business, world.representative, fetch=Fetch.ONCE, until=TODAY) == first
    world.ask(grant=first)
    assert once_more(world.business, world.representative, fetch=Fetch.ONCE, until=TODAY) != first


def test_what_was_told_says_how_long_it_may_be_kept(city_db: str) -> None:
    world = a_world()
    assert world.ask().report["basis"]["keep_days"] == 1826


def test_a_paused_grant_opens_nothing_until_it_is_resumed_and_both_sides_read_every_step(city_db: str) -> None:
    world = a_world()
    number = world.grant.id
    changing.pause(number, by=world.representative, now=NOW)
    with pytest.raises(GrantPaused):
        world.ask()
    with pytest.raises(NotLive):
        changing.pause(number, by=world.representative, now=NOW)
    assert changing.resume(number, by=world.representative, now=LATER).state(LATER) is State.RESUMED
    world.ask(now=LATER)
    with pytest.raises(NotLive):
        changing.resume(number, by=world.representative, now=LATER)
    changing.pause(number, by=world.representative, now=LATER)
    changing.revoke(number, by=world.representative, now=LATER)
    with pytest.raises(GrantRevoked):
        world.ask(now=LATER)
    assert [one.step for one in steps.of(number)] == ["given", "paused", "resumed", "paused", "revoked"]
    assert check().sound


# ── cases ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_grant_bound_to_a_case_ends_with_it(city_db: str) -> None:
    world = a_world()
    changing.revoke(world.grant.id, by=world.representative, now=NOW)
    bank = InstitutionId(BANK)
    case = cases.open_case(institution=bank, subject_id=world.business, reference="2026-0417", now=NOW)
    bound = once_more(world.business, world.representative, case=case)
    world.ask(grant=bound)
    cases.close(case, institution=bank, outcome=Outcome.REFUSED, now=LATER)
    with pytest.raises(ClosedToTheBank):
        world.ask(grant=bound, now=LATER)
    with pytest.raises(CaseClosed):
        once_more(world.business, world.representative, case=case)
    with pytest.raises(CaseUnknown):
        cases.close(case, institution=InstitutionId("pds_another_bank"), outcome=Outcome.LENT, now=LATER)


def test_a_grant_given_while_its_case_is_being_closed_opens_nothing_afterwards(city_db: str) -> None:
    world = a_world()
    changing.revoke(world.grant.id, by=world.representative, now=NOW)
    bank = InstitutionId(BANK)
    case = cases.open_case(institution=bank, subject_id=world.business, reference="2026-0417", now=NOW)
    closing = threading.Thread(target=_closed, args=(case, bank))
    with transaction.atomic():
        bound = once_more(world.business, world.representative, case=case)
        closing.start()
        closing.join(timeout=0.3)
        assert closing.is_alive(), "closing waits for the grant that is being given"
    closing.join(timeout=30)
    with pytest.raises(ClosedToTheBank):
        world.ask(grant=bound, now=LATER)
    assert not queries.known(bound).live(LATER)


def _closed(case: CaseId, bank: InstitutionId) -> None:
    try:
        cases.close(case, institution=bank, outcome=Outcome.WITHDRAWN, now=LATER)
    finally:
        connection.close()


# ── ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────


def once_more(business: int, by: int, **wanted: object) -> GrantId:
    asked: dict[str, object] = {
        "subject_id": business,
        "to": BANK,
        "items": ["tax_declared_sales"],
        "purpose": "loan_review",
        "until": UNTIL,
        "notice": notices.current("loan_review"),
        "by": by,
        "now": NOW,
    }
    return grants.give(**(asked | wanted)).id  # type: ignore[arg-type]


def periods(told: object) -> list[str]:
    families = told.report["families"]  # type: ignore[attr-defined]
    [item] = [item for family in families for item in family["items"] if item["item"] == "tax_declared_sales"]
    return [line["values"]["period"] for line in item["lines"]]
