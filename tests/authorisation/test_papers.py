"""纸质授权: handed in by one officer, checked by another against the scan, asked about by phone where it was drawn."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from tests.authorisation.builders import UNTIL
from tests.disclosure.builders import World, a_world
from tests.parties.builders import BANK, NOW, TODAY, a_person, an_officer
from xinqiao import store
from xinqiao.authorisation import (
    calling,
    changing,
    drawing,
    marks,
    paper_queries,
    papers,
    queries,
    safeguards,
    scans,
    steps,
    two_people,
)
from xinqiao.authorisation.errors import (
    CeilingExceeded,
    FourEyes,
    NotAsOnPaper,
    NotParty,
    PaperClosed,
    PaperUnknown,
    RangeInvalid,
    ScanInvalid,
    ScopeExceeded,
)
from xinqiao.authorisation.paper_queries import Call, OnPaper
from xinqiao.authorisation.rules import Fetch, State
from xinqiao.disclosure.errors import GrantPaused, NotAuthorised
from xinqiao.kernel.ids import EventId, InstitutionId, PersonId
from xinqiao.ledger.checking import check
from xinqiao.ledger.events import Kind
from xinqiao.ledger.tracing import events_about
from xinqiao.parties import roles
from xinqiao.parties.rules import Role

SCAN = b"%PDF-1.7\n... signed and sealed ...\n%%EOF\n"
BANK_ID = InstitutionId(BANK)
SIGNED = TODAY - timedelta(days=2)


def a_world_without_a_grant() -> World:
    """A business that has granted nothing, and a bank with two officers."""
    made = a_world()
    changing.revoke(made.grant.id, by=made.representative, now=NOW)
    return made


pytestmark = pytest.mark.furnished(by=a_world_without_a_grant)


@pytest.fixture
def world(furnished: World) -> World:
    return furnished


def says(world: World, **other: object) -> OnPaper:
    said = OnPaper(world.business, ("tax_declared_sales",), "loan_review", Fetch.PERIODIC, UNTIL, "王小明", SIGNED)
    return replace(said, **other)  # type: ignore[arg-type]


def handed_in(world: World, scan: bytes = SCAN, **other: object) -> int:
    return papers.hand_in(says(world, **other), scan, institution=BANK_ID, by=world.officer, now=NOW).number


def accepted(world: World, number: int, by: PersonId, **other: object) -> paper_queries.PaperView:
    said: dict[str, object] = {"subject_id": world.business, "signed_on": SIGNED, "until": UNTIL}
    return papers.accept(number, **(said | other), of=BANK_ID, by=by, now=NOW)  # type: ignore[arg-type]


def text_of(event: EventId) -> str:
    """What was logged, to the letter."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM ledger_event WHERE id = %s", [event])
        text: str = cursor.fetchone()[0]
    return text


def drawing_all(monkeypatch: pytest.MonkeyPatch, percent: int) -> None:
    every = safeguards.safeguards()
    paper = every.paper.model_copy(update={"call_back_percent": percent})
    monkeypatch.setattr(safeguards, "safeguards", lambda: every.model_copy(update={"paper": paper}))


def test_a_paper_becomes_a_grant_once_a_second_officer_has_read_the_same_from_the_scan(world: World) -> None:
    number, colleague = handed_in(world), an_officer(name="陈经理")
    with pytest.raises(NotAuthorised):
        world.ask()
    with pytest.raises(FourEyes):
        accepted(world, number, world.officer)
    with pytest.raises(NotAsOnPaper):
        accepted(world, number, colleague, until=UNTIL - timedelta(days=1))
    with pytest.raises(NotParty):
        accepted(world, number, a_person("路人"))
    grant = accepted(world, number, colleague).grant
    assert grant is not None
    world.ask()
    view = queries.known(grant)
    assert (view.given_by, view.scan, view.state(NOW)) == ("王小明", paper_queries.known(number).scan, State.GIVEN)
    assert scans.of_mine(number, of=world.business, by=world.representative, now=NOW).content == SCAN
    with pytest.raises(PaperClosed):
        accepted(world, number, colleague)
    with pytest.raises(PaperUnknown):
        papers.turn_down(number, because="不清楚", of=InstitutionId("pds_another_bank"), by=colleague, now=NOW)
    changing.revoke(grant, by=world.representative, now=NOW)
    with pytest.raises(NotAuthorised):
        world.ask()
    assert check().sound


def test_at_the_window_two_operators_do_it_and_nobody_of_the_bank_has_a_hand_in_it(world: World) -> None:
    first, second = a_person("窗口甲"), a_person("窗口乙")
    for one in (first, second):
        roles.give(person=one, role=Role.OPERATOR, now=NOW)

    def at_window(by: PersonId) -> int:
        return papers.hand_in(says(world), SCAN, institution=BANK_ID, by=by, now=NOW, window=True).number

    def checked(number: int, by: PersonId, of: papers.Desk = papers.WINDOW) -> paper_queries.PaperView:
        days = {"signed_on": SIGNED, "until": UNTIL}
        return papers.accept(number, subject_id=world.business, of=of, by=by, now=NOW, **days)

    with pytest.raises(NotParty):
        at_window(world.officer)
    number, theirs = at_window(first), handed_in(world)
    with pytest.raises(FourEyes):
        checked(number, first)
    with pytest.raises(PaperUnknown):
        checked(number, an_officer(name="陈经理"), BANK_ID)
    with pytest.raises(PaperUnknown):
        checked(theirs, second)
    with pytest.raises(NotParty):
        checked(number, world.officer)
    assert checked(number, second).grant is not None
    world.ask()
    assert [one.number for one in paper_queries.at_window()] == [number]
    assert all("王小明" not in text_of(event.id) for event in events_about({"paper": number}))
    assert check().sound


def test_a_paper_is_held_to_what_any_grant_is_held_to(world: World) -> None:
    with pytest.raises(ScopeExceeded):
        handed_in(world, items=("invoice_line",))
    with pytest.raises(CeilingExceeded):
        handed_in(world, until=TODAY + timedelta(days=400))
    with pytest.raises(RangeInvalid):
        handed_in(world, signed_on=TODAY - timedelta(days=31))
    with pytest.raises(RangeInvalid):
        handed_in(world, signed_on=TODAY + timedelta(days=1))
    for scan in (b"", b"PK\x03\x04 a workbook", b"<html>%PDF-</html>"):
        with pytest.raises(ScanInvalid):
            handed_in(world, scan)


def test_paper_is_no_way_round_two_people(world: World) -> None:
    from tests.authorisation.test_two_people import an_agent

    an_agent(world.business)
    two_people.begin(world.business, by=world.representative, now=NOW)
    with pytest.raises(FourEyes):
        handed_in(world)


def test_a_paper_the_business_denies_suspends_its_grant_and_stands_against_the_institution(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawing_all(monkeypatch, 100)
    number, operator = handed_in(world), a_person("值班员")
    roles.give(person=operator, role=Role.OPERATOR, now=NOW)
    grant = accepted(world, number, an_officer(name="陈经理")).grant
    assert grant is not None
    assert [one.number for one in paper_queries.calls()] == [number]
    with pytest.raises(NotParty):
        calling.record(number, Call.DENIED, note="没签过", by=world.officer, now=NOW)
    calling.record(number, Call.UNREACHED, note="没人接", by=operator, now=NOW)
    calling.record(number, Call.DENIED, note="0375-2800000，王小明说没签过", by=operator, now=NOW)
    with pytest.raises(GrantPaused):
        world.ask()
    assert steps.of(grant)[-1].step == "suspended"
    assert marks.summary(BANK_ID, NOW).denied == 1
    with pytest.raises(PaperClosed):
        calling.record(number, Call.CONFIRMED, note="又说签过", by=operator, now=NOW)
    changing.resume(grant, by=world.representative, now=NOW)  # the business itself may
    world.ask()


def test_whether_it_was_drawn_can_be_reckoned_again_from_the_log(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    drawing_all(monkeypatch, 50)
    colleague, found = an_officer(name="陈经理"), set()
    for number in [handed_in(world, SCAN + bytes([n])) for n in range(6)]:
        view = accepted(world, number, colleague)
        [event] = [one for one in events_about({"paper": number}) if one.kind == Kind.PAPER_ACCEPTED]
        assert drawing.drawn(text_of(event.id), 50) is view.drawn
        found.add(view.drawn)
    assert found <= {True, False}


@given(st.text(), st.integers(0, 99))
def test_a_larger_sample_holds_the_smaller_one(entry: str, percent: int) -> None:
    assert drawing.drawn(entry, percent) <= drawing.drawn(entry, percent + 1)
    assert not drawing.drawn(entry, 0)
    assert drawing.drawn(entry, 100)


def test_the_sample_is_about_as_large_as_the_city_says() -> None:
    assert sum(drawing.drawn(f"entry {n}", 20) for n in range(5000)) in range(900, 1100)


def test_a_scan_is_kept_three_years_after_the_grants_end(world: World) -> None:
    number = handed_in(world)
    accepted(world, number, an_officer(name="陈经理"))
    assert paper_queries.known(number).scan in scans.named()
    on_the_day = NOW.replace(year=UNTIL.year + 3, month=UNTIL.month, day=UNTIL.day)
    assert scans.expire(on_the_day) == 0
    assert scans.expire(on_the_day + timedelta(days=1)) == 1
    assert scans.named() == set()
    with pytest.raises(PaperUnknown):
        scans.of_ours(number, of=BANK_ID, by=world.officer, now=NOW)
    assert "authorisation" in store.users()
