"""One PostgreSQL for whoever needs it: it comes, stays, survives every kill, and leaves nothing behind."""

import os
import signal
import stat
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.database.builders import Installation, eventually, installed, kill
from xinqiao.database import programs

ORIGINS = [
    pytest.param(origin, marks=[] if programs.find(origin) else pytest.mark.skip(f"no PostgreSQL of origin {origin}"))
    for origin in ("wheel", "system")
]


@pytest.fixture(scope="module", params=["root", "ordinary user"])
def here(request: pytest.FixtureRequest) -> Iterator[Installation]:
    """One cluster for all the kills, so that each meets what the one before left."""
    with installed(request.param, "wheel" if programs.find("wheel") else "system") as installation:
        yield installation


def ask(url: str, question: str) -> Any:
    with closing(psycopg.connect(url, autocommit=True)) as connection:
        return connection.execute(question).fetchall()


def write(url: str, count: int) -> int:
    """`count` rows, each committed; returns how many there are by now."""
    with closing(psycopg.connect(url, autocommit=True)) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS kept (n serial)")
        for _ in range(count):
            connection.execute("INSERT INTO kept DEFAULT VALUES")
        row = connection.execute("SELECT count(*) FROM kept").fetchone()
        assert row
        return int(row[0])


def comes_back_with(url: str, rows: int) -> None:
    def there() -> bool:
        try:
            return bool(ask(url, "SELECT count(*) FROM kept") == [(rows,)])
        except psycopg.OperationalError:
            return False

    eventually(there, f"the server with its {rows} rows")


@pytest.mark.parametrize("title", ["root", "ordinary user"])
@pytest.mark.parametrize("origin", ORIGINS)
def test_a_city_gets_a_database_of_its_own_that_nobody_else_can_reach(title: str, origin: str) -> None:
    with installed(title, origin) as here, here.someone() as client:
        url = client.said
        setting = "SELECT current_setting('data_checksums'), current_setting('listen_addresses'), current_database()"
        assert ask(url, setting) == [("on", "", "xinqiao")]
        assert ask(url, "SELECT rolsuper, rolcreaterole FROM pg_roles WHERE rolname = current_user") == [(False, False)]
        assert ask(url, "SELECT '信' ~ '\\w', upper('é'), 'Z' < 'a'") == [(True, "É", True)]
        assert closed_to_others(here)
        assert stat.S_IMODE(here.folder.stat().st_mode) == 0o711
        with pytest.raises(psycopg.OperationalError, match="authentication"):
            psycopg.connect(url, password="guessed")
        runs_unprivileged(here)


def closed_to_others(here: Installation) -> bool:
    inside = [p for p in here.base.iterdir() if p.name != "programs"]
    return all(p.stat().st_mode & 0o077 == 0 for p in inside)


def runs_unprivileged(here: Installation) -> None:
    status = Path(f"/proc/{here.postmaster()}/status").read_text()
    lines = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    owner = {str(here.server()[0] and next(here.base.glob("*/PG_VERSION")).stat().st_uid)}
    assert set(lines["Uid"].split()) == owner != {"0"}
    assert lines["Groups"].strip() in {"", lines["Gid"].split()[0]} or here.user.as_user == {}


def test_the_server_stays_for_the_second_client_and_goes_after_the_last(here: Installation) -> None:
    first, second = here.someone(), here.someone()
    url = first.said
    assert second.said == url
    first.leave()
    time.sleep(1)
    assert ask(url, "SELECT 1") == [(1,)]
    assert len(here.supervisor()) == 1
    second.leave()
    eventually(here.is_over, "the end after the last client")


def test_a_plain_connection_keeps_the_server_after_its_address_was_printed(here: Installation) -> None:
    with here.someone(linger=2) as client:
        url = client.said
    with closing(psycopg.connect(url)) as connection:
        time.sleep(3.5)
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert not here.is_over()
    eventually(here.is_over, "the end after the last connection")


@pytest.mark.parametrize("victims", ["the server's first process", "every process of the server"])
def test_a_killed_server_comes_back_with_everything_it_acknowledged(here: Installation, victims: str) -> None:
    with here.someone() as client:
        url = client.said
        rows = write(url, 200)
        pids = here.server()
        kill(*(pids if victims.startswith("every") else [here.postmaster()]))
        comes_back_with(url, rows)


def test_a_killed_supervisor_leaves_no_orphan_and_is_replaced_while_somebody_needs_it(here: Installation) -> None:
    with here.someone() as client:
        url = client.said
        rows = write(url, 200)
        before = here.supervisor()
        orphan = here.postmaster()
        kill(*before)
        eventually(lambda: not Path(f"/proc/{orphan}").exists(), "the end of the server without a supervisor")
        comes_back_with(url, rows)
        assert len(here.supervisor()) == 1
        assert here.supervisor() != before


def test_a_killed_client_keeps_nothing_alive(here: Installation) -> None:
    client = here.someone()
    assert client.said
    client.kill()
    eventually(here.is_over, "the end after the only client was killed")


def test_when_everything_is_killed_at_once_the_next_client_finds_every_row(here: Installation) -> None:
    client = here.someone()
    url = client.said
    rows = write(url, 200)
    kill(client.process.pid, *here.supervisor(), *here.server())
    client.leave()
    with here.someone() as following:
        assert following.said == url
        comes_back_with(url, rows)


def test_a_pid_file_that_names_a_living_stranger_does_not_keep_the_server_down(here: Installation) -> None:
    client = here.someone()
    assert client.said
    kill(client.process.pid, *here.supervisor(), *here.server())
    client.leave()
    eventually(here.is_over, "the end of all")
    pid_file = next(here.base.glob("*/postmaster.pid"))
    with subprocess.Popen(["sleep", "60"], **here.user.as_user) as stranger:
        lines = pid_file.read_text().splitlines()
        pid_file.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        with here.someone() as following:
            assert ask(following.said, "SELECT 1") == [(1,)]
        stranger.kill()


def test_clients_that_come_at_once_share_one_server(here: Installation) -> None:
    for _ in range(2):
        clients = [here.someone() for _ in range(4)]
        addresses = {client.said for client in clients}
        assert len(addresses) == 1
        assert ask(addresses.pop(), "SELECT 1") == [(1,)]
        assert len(here.supervisor()) == 1
        for client in clients:
            client.leave()


def test_a_supervisor_asked_to_stop_stops_the_server_properly(here: Installation) -> None:
    client = here.someone()
    assert client.said
    client.process.send_signal(signal.SIGSTOP)  # so that it cannot ask for a new one
    os.kill(here.supervisor()[0], signal.SIGTERM)
    eventually(here.is_over, "the end that was asked for")
    assert "database system is shut down" in (here.base / "server.log").read_text()
    client.process.send_signal(signal.SIGCONT)
    client.leave()


def test_a_cluster_that_cannot_start_is_told_with_the_log_to_read(here: Installation) -> None:
    with here.someone() as client:
        assert client.said
    eventually(here.is_over, "the end after the last client")
    control = next(here.base.glob("*/global/pg_control"))
    control.rename(control.with_suffix(".away"))
    try:
        with here.someone() as client:
            assert "server.log" in client.said
    finally:
        control.with_suffix(".away").rename(control)
