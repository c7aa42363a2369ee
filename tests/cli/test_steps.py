"""The way a newcomer goes: from nothing to a city with a report told, and a second time at once."""

import json
import stat
from pathlib import Path

import pytest
from django.contrib.auth import authenticate
from django.utils import timezone

from tests.portal.builders import a_bank, a_person
from xinqiao import home
from xinqiao.cli import sample, steps
from xinqiao.parties.rules import Role


@pytest.fixture
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XINQIAO_HOME", str(tmp_path))


@pytest.mark.usefixtures("_own_home", "city_db")
def test_the_sample_city_comes_in_through_every_door_and_is_kept(capsys: pytest.CaptureFixture[str]) -> None:
    told = steps.make_ready(subjects=150)
    assert told["delivered"] == told["accepted"] + told["rejected"] + told["held"] + told["unplaced"]
    assert told["accepted"] > 300
    assert told["graded"] > 100
    assert told["receipt"] >= 1
    assert "[6/6]" in capsys.readouterr().err
    for login in sample.logins():
        assert authenticate(username=login.login, password=login.password) is not None
    again = steps.make_ready(subjects=150)
    assert again == told
    assert "保留原有数据" in capsys.readouterr().err


@pytest.mark.usefixtures("_own_home", "city_db")
def test_a_set_up_cut_short_after_each_of_its_steps_comes_to_the_same_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each time one step more is done and the process gone before anybody could note that it was."""
    for cut in steps._FIRST_TIME:
        with monkeypatch.context() as patched:
            patched.setattr(steps, "_FIRST_TIME", tuple(cut_short(s) if s == cut else s for s in steps._FIRST_TIME))
            with pytest.raises(KeyboardInterrupt):
                steps.make_ready(subjects=60)
    told = steps.make_ready(subjects=60)
    assert told["delivered"] == told["accepted"] + told["rejected"] + told["held"] + told["unplaced"]
    for login in sample.logins():
        assert authenticate(username=login.login, password=login.password) is not None


def cut_short(step: steps.Step) -> steps.Step:
    title, act = step

    def acting(making: steps.Making) -> None:
        act(making)
        raise KeyboardInterrupt

    return title, acting


@pytest.mark.usefixtures("_own_home")
def test_passwords_are_this_installations_own_and_for_its_owner_alone() -> None:
    first = sample.logins()
    assert sample.logins() == first
    assert len({login.password for login in first}) == len(first)
    file = home.home() / "sample" / "logins.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.unlink()
    assert sample.logins() != first


@pytest.mark.usefixtures("_own_home", "city_db")
def test_people_who_came_later_are_let_into_a_city_made_before_them(monkeypatch: pytest.MonkeyPatch) -> None:
    a_bank()
    with monkeypatch.context() as patched:
        patched.setattr(sample, "SIGN_INS", sample.SIGN_INS[:1])
        [first] = sample.logins()
        a_person(first.login, "示例企业负责人", Role.BUSINESS)
    for _ in range(2):
        sample.newcomers(timezone.now())
    entries = {login.login: login.password for login in sample.logins()}
    assert entries[first.login] == first.password
    assert authenticate(username="inspector", password=entries["inspector"]) is not None


@pytest.mark.usefixtures("_own_home")
def test_production_takes_no_invented_city(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XINQIAO_MODE", "production")
    with pytest.raises(sample.SampleOnly):
        steps.make_ready()


def test_a_marker_of_another_database_is_not_believed(city_db: str, tmp_path: Path) -> None:
    made = tmp_path / "made.json"
    assert steps._kept(made) is None
    made.write_text(json.dumps({"database": "another", "told": {}}))
    assert steps._kept(made) is None
    made.write_text(json.dumps({"database": steps._database(), "told": {"subjects": 1}}))
    assert steps._kept(made) == {"subjects": 1}
    assert city_db
