"""Which PostgreSQL is taken, and what is said when none can be."""

from functools import partial
from pathlib import Path

import pytest

from xinqiao import database
from xinqiao.database import programs
from xinqiao.database.errors import DatabaseUnusable
from xinqiao.database.programs import Programs


def having(monkeypatch: pytest.MonkeyPatch, **majors: list[int]) -> None:
    """A machine with these major versions by origin."""
    folder = Path("/nowhere")
    for origin in ("system", "wheel"):
        found = [Programs(origin, major, folder, f"{origin}-{major}") for major in majors.get(origin, [])]
        monkeypatch.setitem(programs._ORIGINS, origin, partial(list, found))


def chosen(*, forced: str | None = None, data: list[int] | None = None) -> str:
    return programs.choose(forced=forced, data=data or []).label


def test_the_systems_programs_come_before_the_wheels_and_the_newest_first(monkeypatch: pytest.MonkeyPatch) -> None:
    having(monkeypatch, system=[15, 17], wheel=[18])
    assert chosen() == "system-17"
    assert chosen(forced="wheel") == "wheel-18"


def test_data_that_are_there_decide_the_version(monkeypatch: pytest.MonkeyPatch) -> None:
    having(monkeypatch, system=[15], wheel=[18])
    assert chosen(data=[18]) == "wheel-18"
    assert chosen(data=[15]) == "system-15"
    assert chosen(data=[15, 18]) == "system-15"


def test_data_of_another_version_are_never_passed_over_in_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    having(monkeypatch, system=[15], wheel=[18])
    with pytest.raises(DatabaseUnusable, match="PostgreSQL 18，而现在只找到 15"):
        chosen(forced="system", data=[18])


def test_a_machine_without_postgresql_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    having(monkeypatch)
    with pytest.raises(DatabaseUnusable, match="XINQIAO_DATABASE_URL"):
        chosen()


def test_the_wheels_programs_are_there_and_recent() -> None:
    if not (found := programs.find("wheel")):
        pytest.skip("the extra `embedded` is not installed")
    assert all((p.folder / name).exists() for p in found for name in ("postgres", "initdb"))
    assert all(p.major >= programs.OLDEST for p in found)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"XINQIAO_POSTGRES": "embedded"}, "url、system 或 wheel"),
        ({"XINQIAO_POSTGRES": "url", "XINQIAO_DATABASE_URL": ""}, "XINQIAO_DATABASE_URL"),
        ({"XINQIAO_POSTGRES": "", "XINQIAO_DATABASE_URL": "postgresql://u:s3cret@127.0.0.1:1/x"}, "连接不上"),
    ],
)
def test_what_the_environment_says_wrongly_is_told(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], sentence: str
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(DatabaseUnusable, match=sentence) as told:
        database.ensure()
    assert "s3cret" not in told.value.detail


def test_a_server_given_by_its_address_is_used_as_it_is(city_db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XINQIAO_POSTGRES", "url")
    with database.ensure() as server:
        assert server.url == city_db
    assert database.url() == city_db
