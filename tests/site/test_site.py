"""What every answer carries, whoever composed it."""

import io
import json
import logging
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import override_settings

from xinqiao import keys
from xinqiao.site import logs

pytestmark = pytest.mark.usefixtures("db")
NAME, NUMBER = "王小明", "410402199001011234"


def policy(answer: object) -> dict[str, str]:
    header = answer.headers["Content-Security-Policy"]  # type: ignore[attr-defined]
    return dict(part.strip().split(" ", 1) for part in header.split(";") if part.strip())


def test_a_page_may_load_nothing_from_elsewhere_and_run_nothing_inline() -> None:
    answer = Client().get("/")
    assert answer.status_code == 200
    rules = policy(answer)
    assert rules["default-src"] == rules["script-src"] == rules["style-src"] == "'self'"
    assert rules["frame-ancestors"] == rules["object-src"] == rules["base-uri"] == "'none'"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/", "/sign-in/", "/nowhere/", "/api/v1/nowhere", "/api/v1/docs"])
def test_every_answer_is_closed_to_frames_caches_and_guessing(path: str) -> None:
    headers = Client().get(path).headers
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in headers["Cache-Control"]
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]


def test_an_address_that_is_not_there_is_told_as_a_page_or_as_a_problem() -> None:
    page, problem = Client().get("/nowhere/"), Client().get("/api/v1/nowhere")
    assert page.status_code == problem.status_code == 404
    assert page.headers["Content-Type"].startswith("text/html")
    assert json.loads(problem.content)["type"] == "not-found"


def test_a_strange_host_is_refused() -> None:
    assert Client(headers={"host": "evil.example"}).get("/").status_code == 400


def test_a_broken_page_says_so_and_tells_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object) -> None:
        raise RuntimeError("s3cret")

    monkeypatch.setattr("xinqiao.portal.naming.city", breaks)
    answer = Client(raise_request_exception=False).get("/")
    assert answer.status_code == 500
    assert b"s3cret" not in answer.content


def test_static_files_come_from_the_packages_with_their_own_headers() -> None:
    answer = Client().get("/static/portal/xinqiao.css")
    assert answer.status_code == 200
    assert "max-age=600" in answer.headers["Cache-Control"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    answer.close()


def test_the_sites_secret_is_this_installations_own() -> None:
    assert len(str(settings.SECRET_KEY)) == 44
    assert str(settings.SECRET_KEY) == str(settings.SECRET_KEY)
    assert keys.provider().secret("site") not in str(settings.SECRET_KEY).encode()


def test_cookies_are_out_of_reach_of_scripts_and_other_sites() -> None:
    cookie = Client().get("/sign-in/").cookies[settings.CSRF_COOKIE_NAME]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


@override_settings(SECURE_SSL_REDIRECT=True)
def test_behind_https_plain_http_is_sent_there() -> None:
    answer = Client().get("/sign-in/")
    assert answer.status_code == 301
    assert answer.headers["Location"].startswith("https://")


def test_what_was_sent_cannot_forge_a_line_of_the_log() -> None:
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logs.Line())
    record = logging.LogRecord(
        "xinqiao", logging.WARNING, "", 0, "asked for %s", ("a\nERROR x: b\x1b[31m\u2028",), None
    )
    handler.emit(record)
    assert out.getvalue().count("\n") == 1
    assert "\\nERROR x: b\\x1b[31m\\u2028" in out.getvalue()


def test_what_a_databases_error_says_of_rows_stands_in_no_log() -> None:
    """Abuse case 47: neither in ours nor in the database server's own."""
    log, said = logging.getLogger("xinqiao.test_rows"), io.StringIO()
    handler = logging.StreamHandler(said)
    handler.setFormatter(logs.Line())
    log.addHandler(handler)
    for act in (_twice, _copied):
        try:
            act(f"{NAME} {NUMBER}")
        except (DatabaseError, psycopg.Error):
            log.exception("it failed: %s", act.__name__)
    log.removeHandler(handler)
    assert said.getvalue().count("Traceback") >= 2
    assert "UniqueViolation" in said.getvalue()
    log_file = Path(connection.settings_dict["HOST"]).parent / "server.log"  # where the server is one of our own
    kept = log_file.read_text(encoding="utf-8") if log_file.is_file() else ""
    for text in (said.getvalue(), kept):
        assert NAME not in text
        assert NUMBER not in text


def _twice(secret: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE once (said text PRIMARY KEY) ON COMMIT DROP")
        cursor.execute("INSERT INTO once VALUES (%s), (%s)", [secret, secret])


def _copied(secret: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE sums (said text, sum numeric) ON COMMIT DROP")
        with cursor.copy("COPY sums FROM STDIN") as copy:
            copy.write(f"{secret}\tnot a number\n")
