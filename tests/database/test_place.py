"""Where the database lives: a folder of its own, and nothing else on the machine is touched."""

import os
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from xinqiao.database import cluster, place, programs, unprivileged
from xinqiao.database.errors import DatabaseUnusable
from xinqiao.database.programs import Programs

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")
needs_wheel = pytest.mark.skipif(not programs.find("wheel"), reason="the extra `embedded` is not installed")


@pytest.fixture
def short() -> Iterator[Path]:
    """A folder with a short path whose parents others may pass."""
    folder = Path(tempfile.mkdtemp(prefix="xqd-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_a_path_too_long_for_a_socket_is_told_with_both_lengths(short: Path) -> None:
    with pytest.raises(DatabaseUnusable, match=r"\d+ 字节，系统上限是 107 字节"):
        place.make(short / ("x" * 90))
    assert list(short.iterdir()) == []


def test_a_path_the_databases_clients_would_misread_is_refused(short: Path) -> None:
    with pytest.raises(DatabaseUnusable, match="逗号"):
        place.make(short / "a,b")


def test_the_folder_is_closed_and_its_parents_stay_as_they_are(short: Path) -> None:
    here = place.make(short / "postgres")
    assert stat.S_IMODE(here.base.stat().st_mode) == (0o711 if os.geteuid() == 0 else 0o700)
    assert stat.S_IMODE(short.stat().st_mode) == 0o755


@needs_root
def test_a_folder_of_somebody_else_is_not_used(short: Path) -> None:
    (short / "postgres").mkdir()
    os.chown(short / "postgres", 12345, 12345)
    with pytest.raises(DatabaseUnusable, match="uid 12345"):
        place.make(short / "postgres")


@needs_root
def test_as_root_a_closed_parent_is_told_and_not_opened(short: Path) -> None:
    short.chmod(0o700)
    with pytest.raises(DatabaseUnusable, match="/var/lib/xinqiao"):
        place.make(short / "postgres")
    assert stat.S_IMODE(short.stat().st_mode) == 0o700


def test_a_link_in_the_folders_place_is_not_followed(short: Path) -> None:
    (short / "elsewhere").mkdir()
    (short / "postgres").symlink_to(short / "elsewhere")
    with pytest.raises(DatabaseUnusable):
        place.make(short / "postgres")


@needs_root
@needs_wheel
def test_as_root_programs_below_a_closed_folder_are_copied_to_where_postgresql_can_reach_them(short: Path) -> None:
    wheel = programs.find("wheel")[0]
    closed = short / "closed"
    closed.mkdir(mode=0o700)
    root = wheel.bundle[0].parent.parent
    for part in wheel.bundle:
        shutil.copytree(part, closed / part.relative_to(root), symlinks=True)
    parts = tuple(closed / part.relative_to(root) for part in wheel.bundle)
    hidden = Programs("wheel", wheel.major, parts[0] / "bin", wheel.label, parts)
    made = cluster.prepare(place.make(short / "postgres"), hidden)
    assert made.programs.folder.is_relative_to(short / "postgres" / "programs")
    assert made.uid == made.data.stat().st_uid != 0
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


@needs_root
def test_the_users_uid_is_nobodys_and_two_installations_seldom_share_it(short: Path) -> None:
    first, second = unprivileged.choose(short / "a"), unprivileged.choose(short / "b")
    assert first != second
    with pytest.raises(DatabaseUnusable):
        unprivileged.refuse_taken(0, short)
    with pytest.raises(DatabaseUnusable):
        unprivileged.refuse_taken(unprivileged.named().pw_uid, short)


def test_a_uid_some_process_uses_is_passed_over(short: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = unprivileged.choose(short)
    monkeypatch.setattr(unprivileged, "_uids_of_processes", lambda: {first})
    assert unprivileged.choose(short) == first + 1 or first == unprivileged._FIRST + unprivileged._COUNT - 1
    monkeypatch.setattr(unprivileged, "_uids_of_processes", lambda: set(range(60000, 62000)))
    with pytest.raises(DatabaseUnusable):
        unprivileged.choose(short)


def test_a_user_without_an_account_is_told_before_anything_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 61234)
    with pytest.raises(DatabaseUnusable, match="uid 61234"):
        unprivileged.refuse_nameless()
