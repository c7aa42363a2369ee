"""持续关注: a change is news; what has changed is told at the door, while the business allows."""

from datetime import timedelta
from typing import Any

import pytest

from tests.authorisation.builders import a_grant
from tests.disclosure.builders import SALES, World, a_world, on_file
from tests.evaluation.worlds import models_in_force
from tests.parties.builders import BANK, NOW
from xinqiao.authorisation import changing
from xinqiao.authorisation import queries as authorisation
from xinqiao.authorisation.clocks import Wish
from xinqiao.authorisation.rules import Frequency
from xinqiao.disclosure import following, queries, watched, watching
from xinqiao.disclosure.answering import Answer
from xinqiao.disclosure.errors import (
    AlreadyWatching,
    FrequencyExhausted,
    GrantPaused,
    GrantRevoked,
    NoSuchWatch,
    OutOfScope,
    ScopeInvalid,
)
from xinqiao.evaluation import grading
from xinqiao.kernel.ids import GrantId, InstitutionId
from xinqiao.ledger import checking, sequencing
from xinqiao.ledger.events import Kind
from xinqiao.notices import following as notices
from xinqiao.notices import queries as feed

pytestmark = pytest.mark.furnished(by=a_world)

ITEM = "tax_declared_sales"


@pytest.fixture
def world(furnished: World) -> World:
    return furnished


def monitoring(world: World, **wish: Any) -> GrantId:
    given = a_grant(
        world.business, by=world.representative, items=[ITEM, "tax_arrears"], purpose="post_loan", wish=Wish(**wish)
    )
    return given.id


def begin(world: World, grant: GrantId, **other: Any) -> watched.WatchView:
    asked: dict[str, Any] = {"items": frozenset({ITEM}), "grade": False, "purpose": "post_loan"}
    return watching.begin(asker=BANK, client="core", uscc=world.code, grant=grant, now=NOW, **(asked | other))


def changed(world: World, period: str, item: str = ITEM) -> int | None:
    """A new month is filed; returns the news that waits."""
    on_file(world.business, item, [{**SALES, "period": period}], delivery=int(period[-2:]) + 10)
    following.follow(NOW)
    sequencing.sequence(NOW)
    return watched.of_institution(BANK)[0].waiting


def fetch(news: int | None, now: Any = NOW, asker: InstitutionId = BANK) -> Answer:
    assert news is not None
    return watching.fetch(news, asker=asker, client="core", now=now)


def uses(grant: GrantId) -> int:
    return authorisation.known(grant).terms.used.total


def test_a_change_is_news_without_content_and_told_when_it_is_fetched(world: World) -> None:
    grant = monitoring(world)
    watch = begin(world, grant)
    assert watch.waiting is None
    news = changed(world, "2026-02")
    notices.follow(NOW)
    [event] = [one for one in feed.newest(BANK) if one["type"] == "xinqiao.watch.news"]
    assert set(event["data"]) == {"number", "news", "watch"}
    assert uses(grant) == 0, "nobody has looked yet"
    answer = fetch(news)
    [item] = answer.report["items"]
    assert {line["values"]["period"] for line in item["lines"]} == {"2026-02", "2026-04"}
    assert uses(grant) == 1
    look = queries.who_looked(world.business).looks[0]
    assert (look.kind, look.items, look.grants) == (Kind.WATCH_TOLD, (ITEM,), (grant,))
    assert fetch(news).text == answer.text
    assert uses(grant) == 1, "fetched again it is the same look"
    sequencing.sequence(NOW)
    assert checking.check().sound


def test_what_waits_is_refused_from_the_moment_the_grant_is_paused_or_revoked(world: World) -> None:
    grant = monitoring(world)
    begin(world, grant)
    news = changed(world, "2026-02")
    changing.pause(grant, by=world.representative, now=NOW)
    with pytest.raises(GrantPaused):
        fetch(news)
    changing.resume(grant, by=world.representative, now=NOW)
    told = fetch(news)
    changing.revoke(grant, by=world.representative, now=NOW)
    with pytest.raises(GrantRevoked):
        fetch(news)
    assert uses(grant) == 1
    assert changed(world, "2026-03") is None, "nobody hears of changes after that"
    assert told.number == queries.who_looked(world.business).looks[0].number


def test_changes_that_come_before_it_is_fetched_are_one_piece_of_news_and_those_after_another(world: World) -> None:
    begin(world, monitoring(world))
    first = changed(world, "2026-01")
    assert changed(world, "2026-02") == first
    fetch(first)
    assert changed(world, "2026-03") not in {None, first}


def test_only_what_is_watched_is_news(world: World) -> None:
    begin(world, monitoring(world), items=frozenset({"tax_arrears"}))
    assert changed(world, "2026-02") is None


def test_a_grade_that_moves_is_news_and_one_that_stays_is_none(world: World) -> None:
    begin(world, monitoring(world), items=frozenset(), grade=True)
    models_in_force(now=NOW)
    grading.grade_some([world.business], now=NOW)
    sequencing.sequence(NOW)
    following.follow(NOW)
    first = watched.of_institution(BANK)[0].waiting
    told = fetch(first).report
    assert told["grade_moved"]
    assert told["grade"] is not None
    grading.grade_some([world.business], now=NOW + timedelta(minutes=1))
    sequencing.sequence(NOW)
    following.follow(NOW)
    assert watched.of_institution(BANK)[0].waiting is None


def test_each_fetch_counts_as_often_as_the_grant_allows(world: World) -> None:
    begin(world, monitoring(world, frequency=Frequency(1, 31)))
    fetch(changed(world, "2026-01"))
    second = changed(world, "2026-02")
    with pytest.raises(FrequencyExhausted):
        fetch(second)
    assert fetch(second, NOW + timedelta(days=31, seconds=1)).number


def test_a_grant_for_looking_is_none_for_watching_and_nothing_is_watched_beyond_it(world: World) -> None:
    with pytest.raises(OutOfScope):
        begin(world, world.grant.id, purpose="loan_review")
    grant = monitoring(world)
    with pytest.raises(OutOfScope):
        begin(world, grant, items=frozenset({"electricity_arrears"}))
    with pytest.raises(ScopeInvalid):
        begin(world, grant, items=frozenset())
    assert begin(world, grant).id == begin(world, grant).id
    with pytest.raises(AlreadyWatching):
        begin(world, grant, grade=True)


def test_another_institutions_watch_and_news_are_as_unknown_as_any(world: World) -> None:
    watch = begin(world, monitoring(world))
    news, other = changed(world, "2026-02"), InstitutionId("pds_another_bank")
    with pytest.raises(NoSuchWatch):
        fetch(news, asker=other)
    with pytest.raises(NoSuchWatch):
        watching.end(watch.id, institution=other, now=NOW)
    watching.end(watch.id, institution=BANK, now=NOW)
    assert watched.of_grant(watch.grant)[0].ended_at == NOW
