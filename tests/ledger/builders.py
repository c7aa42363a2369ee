"""A shelf of books (changed one by one) and of pages (written in bulk), covered by the log as a domain's tables are."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from threading import Thread
from typing import Any

from django.db import connection, transaction

from xinqiao.kernel.ids import EventId
from xinqiao.ledger import covering, following, log, sequencing, triggers, witnessing
from xinqiao.ledger.covering import Covered, CoveredRow
from xinqiao.ledger.digests import digester, row_digest
from xinqiao.ledger.events import Kind

NOW = datetime(2026, 11, 23, 1, 41, tzinfo=UTC)


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def run(statement: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def ask(query: str, *values: Any) -> Any:
    """The first column of the first row, or None."""
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        row = cursor.fetchone()
    return row[0] if row else None


def behind_our_back(statement: str, *values: Any) -> None:
    """What somebody with the database's password can do: the triggers are his to switch off and on again."""
    with transaction.atomic():
        for table in _guarded():
            run(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        run(statement, *values)
        for table in _guarded():
            run(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def _guarded() -> list[str]:
    found: list[str] = ask(
        "SELECT array_agg(DISTINCT tgrelid::regclass::text) FROM pg_trigger WHERE tgname LIKE ANY(%s)",
        ["ledger%", "shelf%"],
    )
    return sorted(found)


def an_act(number: int = 0, kind: Kind = Kind.SETTING_CHANGED) -> EventId:
    with transaction.atomic():
        return log.append(kind, now=later(number), about={"setting": number})


def acts(count: int) -> list[EventId]:
    """So many acts, each in its place in the log."""
    events = [an_act(n) for n in range(count)]
    sequencing.sequence(NOW)
    return events


def put_book(key: int, title: str) -> EventId:
    """An act on one row; putting it again changes it."""
    with transaction.atomic():
        run("INSERT INTO shelf_book VALUES (%s, %s) ON CONFLICT (id) DO UPDATE SET title = excluded.title", key, title)
        state = log.RowState("shelf_book", str(key), _book_digest(key, title))
        return log.append(Kind.SETTING_CHANGED, now=NOW, about={"book": key}, rows=[state])


def burn_book(key: int) -> EventId:
    """A row lawfully removed."""
    with transaction.atomic():
        run("DELETE FROM shelf_book WHERE id = %s", key)
        state = log.RowState("shelf_book", str(key), None)
        return log.append(Kind.SETTING_CHANGED, now=NOW, about={"book": key}, rows=[state])


def write_pages(words: Sequence[str]) -> EventId:
    """A bulk act."""
    with transaction.atomic():
        event = log.reserve_event_id()
        for ordinal, word in enumerate(words):
            run("INSERT INTO shelf_page VALUES (%s, %s, %s)", event, ordinal, word)
        leaves = [_page_digest(event, n, word) for n, word in enumerate(words)]
        about = {"pages": len(words)}
        return log.append_chunk(
            Kind.FACTS_STORED, now=NOW, about=about, table="shelf_page", leaves=leaves, event_id=event
        )


def rewrite_page(event: EventId, ordinal: int, word: str | None) -> EventId:
    """A later act on one row of a bulk act: another word, or its lawful erasure."""
    with transaction.atomic():
        if word is None:
            run("DELETE FROM shelf_page WHERE event = %s AND ordinal = %s", event, ordinal)
        else:
            run("UPDATE shelf_page SET words = %s WHERE event = %s AND ordinal = %s", word, event, ordinal)
        digest = None if word is None else _page_digest(event, ordinal, word)
        state = log.RowState("shelf_page", covering.chunk_key(event, ordinal), digest)
        return log.append(Kind.FACTS_ERASED, now=NOW, about={}, rows=[state])


def furnish() -> EventId:
    """Some of everything; returns the event of the pages."""
    for key in range(1, 6):
        put_book(key, f"book {key}")
    sequencing.sequence(NOW)
    put_book(2, "book 2, corrected")
    burn_book(5)
    pages = write_pages(["one", "two", "three", "four"])
    write_pages(["alpha", "beta"])
    sequencing.sequence(NOW)
    following.follow("reader", lambda event: None, kinds=[Kind.FACTS_STORED], now=NOW)
    sequencing.sequence(NOW)
    witnessing.show(later(1))
    return pages


@contextmanager
def a_shelf() -> Iterator[None]:
    """The two tables, guarded and registered; the registration ends with the test."""
    run("CREATE TABLE shelf_book (id int PRIMARY KEY, title text)")
    run("CREATE TABLE shelf_page (event bigint, ordinal int, words text)")
    run(triggers.refuse_truncate("shelf_book"))
    run(triggers.refuse_truncate("shelf_page"))
    before = covering.registered()
    covering.register(Covered("shelf_book", "row", _books))
    covering.register(Covered("shelf_page", "chunk", _pages))
    try:
        yield
    finally:
        covering._covered.clear()
        covering._covered.update(before)


def _book_digest(key: int, title: str) -> bytes:
    return row_digest("shelf_book", str(key), {"title": title})


def _page_digest(event: int, ordinal: int, words: str) -> bytes:
    return row_digest("shelf_page", covering.chunk_key(EventId(event), ordinal), {"words": words})


def _books() -> Iterator[CoveredRow]:
    digest = digester()
    for key, title in covering.stream("SELECT id, title FROM shelf_book"):
        yield CoveredRow(str(key), digest("shelf_book", str(key), {"title": title}))


def _pages() -> Iterator[CoveredRow]:
    for event, ordinal, words in covering.stream(
        "SELECT event, ordinal, words FROM shelf_page ORDER BY event, ordinal"
    ):
        key = f"{event}/{ordinal}"
        if ordinal is None or event is None:
            yield CoveredRow(key, bytes(32), event, ordinal)
        else:
            yield CoveredRow(key, _page_digest(event, ordinal, words), EventId(event), ordinal)


def at_once(*works: Callable[[], object]) -> list[BaseException]:
    """Run these at the same time, each with a database connection of its own; returns what went wrong."""
    faults: list[BaseException] = []

    def run_one(work: Callable[[], object]) -> None:
        try:
            work()
        except BaseException as fault:  # handed to the test
            faults.append(fault)
        finally:
            connection.close()

    threads = [Thread(target=run_one, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return faults
