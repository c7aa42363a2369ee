"""A server given by its address: used when it is fit, refused in a sentence that repeats no password."""

import os
from contextlib import closing
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import psycopg
import pytest

from xinqiao.database import given, programs
from xinqiao.database.errors import DatabaseUnusable


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://u:s3c@ret@127.0.0.1:1/x",
        "postgresql://u:s3c/ret@127.0.0.1:1/x",
        "postgresql://u:s3c?ret@127.0.0.1:1/x",
        "postgresql://u:s3c#ret@127.0.0.1:1/x",
        "postgresql://u:s3c%ret@127.0.0.1:1/x",
        "postgresql://u:s3c ret@127.0.0.1:1/x",
        "postgresql+psycopg://u:s3cret@127.0.0.1:1/x",
        "mysql://u:s3cret@127.0.0.1:1/x",
        "u:s3cret@127.0.0.1:1/x",
        "host=127.0.0.1 port=1 user=u password=s3c ret",
        "postgresql://u:s3cret@127.0.0.1:1/x",
        "postgresql://u:s3cret@nowhere.invalid/x",
        "postgresql://u:s3cret@/x?host=/nowhere",
        "postgresql://u:s3cret@127.0.0.1:99999/x",
    ],
)
def test_an_address_that_leads_nowhere_is_refused_without_any_piece_of_its_password(address: str) -> None:
    with pytest.raises(DatabaseUnusable, match="XINQIAO_DATABASE_URL") as told:
        given.checked(address)
    assert "s3c" not in told.value.detail
    assert "ret" not in told.value.detail.replace("secret", "")


def test_a_wrong_password_is_told_as_such_and_not_repeated(city_db: str) -> None:
    with pytest.raises(DatabaseUnusable, match="password authentication failed") as told:
        given.checked(with_password(city_db, "s3cret"))
    assert "s3cret" not in told.value.detail


def test_a_server_that_is_too_old_is_told_both_versions(city_db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(programs, "OLDEST", 99)
    with pytest.raises(DatabaseUnusable, match="需要 99"):
        given.checked(city_db)


def test_a_database_that_could_not_hold_a_chinese_name_is_refused(server: str) -> None:
    name = f"xq_ascii_{os.getpid()}_{uuid4().hex[:6]}"
    made = urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    with closing(psycopg.connect(server, autocommit=True)) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'")
        try:
            with pytest.raises(DatabaseUnusable, match="UTF8"):
                given.checked(made)
        finally:
            admin.execute(f"DROP DATABASE {name}")


def with_password(address: str, password: str) -> str:
    parts = urlsplit(address)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{parts.username}:{password}@{host}"))
