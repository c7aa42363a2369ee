"""The sample city's clock is set forward, and a term runs out; never back, and never in production."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.portal.builders import a_bank, a_business_on_its_phone, a_grant
from xinqiao import home
from xinqiao.cli import main


@pytest.fixture(autouse=True)
def _right_again(city_db: str) -> Iterator[None]:
    yield
    (home.home() / "sample" / "clock").unlink(missing_ok=True)


def told(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    main.main([*words, "--json"])
    answer: dict[str, Any] = json.loads(capsys.readouterr().out)
    return answer


def test_a_grant_is_seen_to_run_out(capsys: pytest.CaptureFixture[str]) -> None:
    a_bank()
    li = a_business_on_its_phone()
    a_grant(li, days=5)
    before = timezone.now()
    assert told(capsys, "clock", "set", "+6d")["ahead_seconds"] == timedelta(days=6).total_seconds()
    assert timedelta(days=6) <= timezone.now() - before < timedelta(days=6, minutes=5)
    [grant] = told(capsys, "grants", "--subject", li.uscc)["grants"]
    assert grant["state"] == "expired"
    assert told(capsys, "clock", "set", "+1h")["ahead_seconds"] == timedelta(days=6, hours=1).total_seconds()


@pytest.mark.parametrize("wrong", ["2020-01-01", "2020-01-01T09:00", "+9999d", "tomorrow", "-1d"])
def test_it_goes_forward_and_no_farther_than_any_term(capsys: pytest.CaptureFixture[str], wrong: str) -> None:
    if wrong == "-1d":
        with pytest.raises(SystemExit):
            main.main(["clock", "set", wrong])
        return
    assert told(capsys, "clock", "set", wrong)["problem"]["type"] == "range-invalid"
    assert home.ahead() == timedelta()


def test_in_production_there_is_no_such_clock(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    told(capsys, "clock", "set", "+6d")
    monkeypatch.setenv("XINQIAO_MODE", "production")
    assert home.ahead() == timedelta()
    assert told(capsys, "clock", "set", "+1d")["problem"]["type"] == "sample-only"
