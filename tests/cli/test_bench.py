"""`make bench` finds its own server, and tells the figures to people and to scripts."""

import json
from functools import partial

import pytest
from django.db import transaction
from django.utils import timezone

from xinqiao import home
from xinqiao.cli import main
from xinqiao.ledger import identity, log, sequencing, witnessing
from xinqiao.ledger.events import Kind
from xinqiao_bench import scratch, search
from xinqiao_bench.measures import Measure


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch, server: str, template: str) -> None:
    """On the server of this run, where all migrations have been gone through once."""
    monkeypatch.setenv("XINQIAO_POSTGRES", "url")
    monkeypatch.setenv("XINQIAO_DATABASE_URL", server)
    monkeypatch.setattr(scratch, "LIKE", template)


@pytest.fixture
def a_small_city(monkeypatch: pytest.MonkeyPatch, here: None) -> None:
    """The same measuring over two hundred names instead of 450,000."""
    monkeypatch.setattr(search, "run", partial(search.run, 200))


@pytest.mark.usefixtures("a_small_city")
def test_every_figure_names_its_baseline_its_goal_and_whether_it_was_kept(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["bench", "search", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["search-rare"].keys() >= {"value", "unit", "baseline", "ratio", "goal", "ok"}
    assert told["search-rare"]["goal"] == 20


def test_people_get_a_table_with_a_line_for_each_figure(
    monkeypatch: pytest.MonkeyPatch, server: str, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XINQIAO_DATABASE_URL", server)
    rare = Measure(0.4, "ms", 12.0, 30.0, goal=20.0, kept="at_least")
    monkeypatch.setattr(search, "run", lambda: {"search-rare": rare, "search-common": Measure(1.2, "ms")})
    assert main.main(["bench", "search"]) == 0
    head, first, second = capsys.readouterr().out.splitlines()
    assert head.split()[:5] == ["figure", "value", "baseline", "ratio", "goal"]
    assert first.split()[0] == "search-rare"
    assert "≥ 20" in first
    assert second.split()[0] == "search-common"


@pytest.mark.usefixtures("here")
def test_what_is_measured_has_keys_and_a_witness_of_its_own() -> None:
    installed = home.home(), identity.key()
    with scratch.database():
        assert home.home() != installed[0]
        assert identity.key() != installed[1]
        with transaction.atomic():
            log.append(Kind.SETTING_CHANGED, now=timezone.now(), about={})
        sequencing.sequence(timezone.now())
        assert witnessing.show(timezone.now()) == 1
    assert (home.home(), identity.key()) == installed
    assert not (home.home() / "witness").exists()
