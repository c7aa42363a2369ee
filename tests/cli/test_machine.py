"""What the machine refuses is told as a refusal, never as a trace of the program."""

import argparse
import errno
import json
from collections.abc import Callable

import psycopg
import pytest
from django.db import connection

from xinqiao.cli import main


def command(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object], needs: str | None = None) -> int:
    """Run a command that does just this."""
    args = argparse.Namespace(run=lambda _: act(), needs=needs, json=True)
    monkeypatch.setattr(argparse.ArgumentParser, "parse_args", lambda *_: args)
    return main.main([])


def breaks(error: BaseException) -> Callable[[], object]:
    def act() -> object:
        raise error

    return act


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "/data/x"), "disk-full"),
        (OSError(errno.EROFS, "Read-only file system", "/data/x"), "not-permitted"),
        (PermissionError(errno.EACCES, "Permission denied", "/data/x"), "not-permitted"),
    ],
)
def test_a_full_or_closed_disk_is_told_with_the_file(
    error: OSError, kind: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(monkeypatch, breaks(error)) == 1
    problem = json.loads(capsys.readouterr().out)["problem"]
    assert problem["type"] == kind
    assert "/data/x" in problem["detail"]


def test_a_file_that_is_not_there_is_our_own_mistake_and_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FileNotFoundError):
        command(monkeypatch, breaks(FileNotFoundError(errno.ENOENT, "No such file", "/x")))


@pytest.mark.usefixtures("city_db")
@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (psycopg.OperationalError("server closed the connection unexpectedly\n\tProbably"), "database-failed"),
        (psycopg.errors.DiskFull("could not extend file: No space left on device\nHINT"), "disk-full"),
    ],
)
def test_a_database_that_goes_away_or_is_full_is_told_in_a_sentence(
    error: Exception, kind: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def through_the_framework() -> object:
        with connection.wrap_database_errors:
            raise error

    for act in (breaks(error), through_the_framework):
        assert command(monkeypatch, act, needs="server") == 1
        problem = json.loads(capsys.readouterr().out)["problem"]
        assert problem["type"] == kind
        assert str(error).splitlines()[0] in problem["detail"]
        assert "HINT" not in problem["detail"]


def test_an_interrupted_command_says_so_and_exits_as_shells_expect(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(monkeypatch, breaks(KeyboardInterrupt())) == 130
    assert "stopped" in capsys.readouterr().err
