"""What scripts may rely on: one JSON object, exit codes, and refusals in a fixed form."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from xinqiao.cli import main, opening
from xinqiao.kernel.problems import Problem
from xinqiao.kernel.sayings import Saying

ROOT = Path(__file__).resolve().parents[2]


def run(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "xinqiao.cli.main", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_wrong_usage_exits_two_and_says_how_it_is_used() -> None:
    done = run("no-such-command")
    assert done.returncode == 2
    assert "usage: xinqiao" in done.stderr


def test_a_refusal_exits_one_with_the_problem_alone_on_stdout(capsys: pytest.CaptureFixture[str], city_db: str) -> None:
    code = main.main(["report", "91410400MA00000000", "--as", "nobody", "--purpose", "loan_review", "--json"])
    problem = json.loads(capsys.readouterr().out)["problem"]
    assert code == 1
    assert set(problem) == {"type", "title", "detail"}
    assert city_db


def test_without_json_a_refusal_is_a_sentence_on_stderr(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XINQIAO_POSTGRES", "nonsense")
    assert main.main(["database", "url"]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("数据库不可用：")


def test_a_command_before_the_tables_are_made_is_told_what_to_run(
    city_db: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(opening, "_refuse_without_tables", _no_tables)
    assert main.main(["institutions", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["problem"]["type"] == "database-not-migrated"
    assert city_db


def _no_tables() -> None:
    raise opening.NotMigrated


def test_the_tables_are_found_missing_in_an_empty_database(city_db: str) -> None:
    from django.db import connection

    opening._refuse_without_tables()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE django_migrations RENAME TO put_away")
    with pytest.raises(opening.NotMigrated):
        opening._refuse_without_tables()
    assert city_db


def test_the_address_of_the_database_is_printed_alone(city_db: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["database", "url"]) == 0
    assert capsys.readouterr().out == f"{city_db}\n"


def test_every_change_of_a_model_has_its_migration(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["migrations", "check"]) == 0
    assert capsys.readouterr().out == "missing\t0\n"


def test_a_refusal_inside_a_command_names_itself(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Forbidden(Problem):
        type = "forbidden-here"
        title = "不可以"

    def refuse() -> str:
        raise Forbidden(Saying("因为这样"))

    monkeypatch.setattr("xinqiao.database.url", refuse)
    assert main.main(["database", "url"]) == 1
    assert capsys.readouterr().err == "不可以：因为这样\n"


def test_a_refusal_of_set_up_is_said_in_english_too_before_anything_is_set_up() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "xinqiao.cli.main", "serve"],
        cwd=ROOT,
        env=os.environ | {"PORT": "http", "LC_ALL": "C"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        "端口不可用：PORT 应是 1 到 65535 的数字，不能是“http”。",
        "The port cannot be used: PORT is a number from 1 to 65535, not “http”.",
    ]
