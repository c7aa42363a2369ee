"""An institution's feed: everything that concerns it, in order, nothing twice under two numbers, nobody else's."""

from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.authorisation.builders import a_business, a_grant, a_representative
from tests.disclosure.builders import World, a_world
from tests.parties.builders import BANK, NOW, a_bank, an_agreement
from tests.rights.builders import a_city
from xinqiao.authorisation import changing, expiring
from xinqiao.authorisation.clocks import Wish
from xinqiao.creditfile import queries as creditfile
from xinqiao.creditfile import standing
from xinqiao.creditfile.rules import Standing
from xinqiao.kernel.ids import InstitutionId
from xinqiao.ledger import following as ledger_following
from xinqiao.ledger import log, sequencing
from xinqiao.ledger.events import Kind
from xinqiao.ledger.queries import Event
from xinqiao.notices import following, hearing, keeping, queries
from xinqiao.notices.models import Notice

OTHER = InstitutionId("pds_another_bank")


def read(institution: InstitutionId = BANK, after: int = 0, size: int = queries.PAGE) -> queries.Page:
    sequencing.sequence(NOW)
    following.follow(NOW)
    return queries.feed(institution, after, size)


def said(page: queries.Page) -> list[tuple[str, Any]]:
    return [(one["type"].removeprefix("xinqiao."), one["subject"]) for one in page.events]


def test_what_becomes_of_a_grant_is_told_to_its_institution_step_by_step(city_db: str) -> None:
    world = a_world()
    grant = world.grant.id
    changing.pause(grant, by=world.representative, now=NOW)
    changing.resume(grant, by=world.representative, now=NOW)
    changing.revoke(grant, by=world.representative, now=NOW)
    page = read()
    assert said(page) == [
        ("agreement.made", "agreement/1"),
        *((f"grant.{step}", f"grant/{grant}") for step in ("given", "paused", "resumed", "revoked")),
    ]
    assert [one["data"]["number"] for one in page.events] == [1, 2, 3, 4, 5]
    assert page.next == 5
    assert set().union(*(one["data"] for one in page.events)) == {"number", "agreement", "grant"}


def test_a_grant_that_ends_by_itself_is_told_the_night_after_and_once(city_db: str) -> None:
    world = a_world()
    late = NOW + timedelta(days=365)
    assert expiring.expire(NOW) == 0
    assert [expiring.expire(late), expiring.expire(late)] == [1, 0]
    assert said(read(after=2)) == [("grant.expired", f"grant/{world.grant.id}")]


def test_the_last_use_of_a_grant_is_told_and_no_other(city_db: str) -> None:
    world = a_world()
    changing.revoke(world.grant.id, by=world.representative, now=NOW)
    twice = a_grant(world.business, by=world.representative, items=["tax_declared_sales"], wish=Wish(most_uses=2))
    before = read().next
    world.ask()
    assert said(read(after=before)) == []
    world.ask()
    assert said(read(after=before)) == [("grant.exhausted", f"grant/{twice.id}")]


def test_an_objection_to_a_line_it_was_told_is_told_and_its_end_and_the_correction(city_db: str) -> None:
    city = a_city()
    first = city.world.ask()
    a_bank(OTHER)
    before = read().next
    number = city.object()
    [disputed] = read(after=before).events
    assert disputed["type"] == "xinqiao.line.disputed"
    assert disputed["data"]["receipts"] == [first.number]
    assert set(disputed["data"]) == {"number", "fact", "receipts"}
    city.uphold(number)
    assert ("correction.waiting", f"receipt/{first.number + 1}") in said(read(after=before + 1))
    assert said(read(OTHER)) == []


def test_a_line_it_was_never_told_is_no_news(city_db: str) -> None:
    world = a_world()
    before = read().next
    penalty = creditfile.facts_of(world.business, items=("administrative_penalty",))[0].id
    standing.mark(penalty, Standing.DISPUTED, because="异议", by="test", now=NOW)
    assert said(read(after=before)) == []


def test_two_institutions_have_two_feeds_each_numbered_by_itself(city_db: str) -> None:
    world = a_world()
    a_bank(OTHER)
    an_agreement(OTHER, items=["tax_declared_sales"])
    firm = a_business(2, "宝丰县示例建材有限公司")
    theirs = a_grant(firm, to=OTHER, by=a_representative(firm), items=["tax_declared_sales"])
    mine, others = read(), read(OTHER)
    assert [one["data"]["number"] for one in mine.events] == [1, 2]
    assert [one["data"]["number"] for one in others.events] == [1, 2]
    assert {one["data"].get("grant") for one in mine.events} == {None, world.grant.id}
    assert {one["data"].get("grant") for one in others.events} == {None, theirs.id}
    assert not {one["id"] for one in mine.events} & {one["id"] for one in others.events}


def test_news_written_into_the_table_behind_our_back_is_told_to_nobody(city_db: str) -> None:
    a_world()
    honest = read()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE notices_notice SET about = '{\"grant\":999}' WHERE number = 2")
    assert read().events == honest.events[:1]
    assert read().next == 2, "the reader is not held up by it"


def test_what_is_older_than_its_term_is_gone_and_the_reader_can_tell_that_it_missed_some(city_db: str) -> None:
    world = a_world()
    assert read().oldest == 1
    keeping.clear(NOW + keeping.KEPT + timedelta(seconds=1))
    page = read()
    assert (page.events, page.oldest) == ((), 3)
    changing.revoke(world.grant.id, by=world.representative, now=NOW)
    page = read(after=1)
    assert [one["data"]["number"] for one in page.events] == [3], "numbers are never given again"
    assert page.oldest == 3


def test_an_act_met_twice_is_one_event(city_db: str) -> None:
    a_world()
    first, met = read(), list[Event]()
    ledger_following.follow("again", met.append, kinds=hearing.KINDS, now=NOW)
    with transaction.atomic():
        for event in met:
            following._take(event)
    assert len(met) == 2
    assert read().events == first.events


def an_act(world: World, institution: str) -> None:
    with transaction.atomic():
        log.append(
            Kind.GRANT_PAUSED,
            now=NOW,
            about={"grant": world.grant.id, "institution": institution, "subject": 1, "purpose": "loan_review"},
        )


def test_whoever_reads_on_by_any_steps_reads_every_event_once_and_in_order(city_db: str) -> None:
    """Acts of two institutions come in while one of them reads, by pages of any size, stopping and starting again."""
    world = a_world()
    a_bank(OTHER)
    steps = st.lists(
        st.one_of(st.sampled_from([BANK, OTHER]), st.integers(min_value=1, max_value=3), st.just("follow")), max_size=12
    )

    @settings(max_examples=8, derandomize=True, database=None)
    @given(steps)
    def holds(taken: list[Any]) -> None:
        cursor = read().next
        while (page := queries.feed(BANK, cursor)).events:
            cursor = page.next
        began, seen, done = cursor, list[int](), 0
        for step in taken:
            if step == "follow":
                sequencing.sequence(NOW)
                following.follow(NOW)
            elif isinstance(step, int):
                page = queries.feed(BANK, cursor, step)
                assert len(page.events) <= step
                seen += [one["data"]["number"] for one in page.events]
                cursor = page.next
            else:
                an_act(world, step)
                done += step == BANK
        rest = read(after=cursor)
        seen += [one["data"]["number"] for one in rest.events]
        assert seen == list(range(began + 1, began + 1 + done))
        positions = Notice.objects.filter(institution_id=BANK).order_by("number").values_list("position", flat=True)
        assert list(positions) == sorted(positions)

    holds()
