"""Where an installation keeps what is its own."""

import os
import stat
from pathlib import Path

import pytest

from xinqiao import home

CLOSED = 0o711 if os.geteuid() == 0 else 0o700  # as root PostgreSQL passes through as a user of its own


def test_the_folder_and_what_leads_to_it_are_made_the_same_whatever_the_umask(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XINQIAO_HOME", str(tmp_path / "数据 folder" / "xinqiao"))
    before = stat.S_IMODE(tmp_path.stat().st_mode)
    umask = os.umask(0o077)
    try:
        made = home.make_home()
    finally:
        os.umask(umask)
    assert stat.S_IMODE(made.stat().st_mode) == stat.S_IMODE(made.parent.stat().st_mode) == CLOSED
    assert stat.S_IMODE(tmp_path.stat().st_mode) == before


def test_a_folder_that_is_there_already_stays_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XINQIAO_HOME", str(tmp_path))
    tmp_path.chmod(0o755)
    assert home.make_home() == tmp_path
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


@pytest.mark.parametrize("place", ["file", "file/below", "/proc/xinqiao"])
def test_a_place_where_no_folder_can_be_is_told(place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XINQIAO_HOME", str(tmp_path / place))
    with pytest.raises(home.HomeUnusable, match="请用 XINQIAO_HOME") as told:
        home.make_home()
    assert str(tmp_path / place) in told.value.detail


def test_an_unknown_word_for_the_mode_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XINQIAO_MODE", "prod")
    with pytest.raises(home.ModeUnknown, match="prod"):
        home.mode()
    monkeypatch.setenv("XINQIAO_MODE", "")
    assert home.mode() is home.Mode.SAMPLE
