"""One list of refusals: nothing else is ever answered, and what is at fault is named."""

import importlib
import json
import pkgutil
import re
from collections.abc import Iterator
from typing import Any

from django.test import Client, RequestFactory

import xinqiao
from xinqiao.api import refusals
from xinqiao.api.problems import answered
from xinqiao.kernel.problems import Problem
from xinqiao.kernel.sayings import Saying

# Issue 3, "Decided here": programs rely on these names, so that none goes and none is added in passing.
DECIDED = re.findall(
    r"\S+",
    """
malformed unsupported-version stale-timestamp bad-signature bad-audience bad-proof unknown-credential not-party
not-found subject-invalid subject-mismatch signer-not-authorised evidence-mismatch content-mismatch no-grant
grant-not-started grant-paused grant-revoked grant-expired grant-exhausted wrong-state agreement-not-in-force
case-closed purpose-unknown purpose-mismatch purpose-missing scope-invalid scope-exceeded range-invalid range-exceeded
frequency-exhausted life-elapsed ceiling-exceeded conflict duplicate replay expired session-expired not-ready
key-invalid source-failed address-refused small-group output-check four-eyes rate-limited log-unavailable
""",
)
# Whose refusals are answers to an institution's program; those of all other packages are the house's own trouble there.
IN_FRONT = ("xinqiao.api", "xinqiao.parties", "xinqiao.authorisation", "xinqiao.disclosure", "xinqiao.subjects")


def every_refusal() -> Iterator[type[Problem]]:
    for module in pkgutil.walk_packages(xinqiao.__path__, "xinqiao."):
        if not re.search(r"__main__|\.migrations|\.wsgi", module.name):  # these begin something when imported
            importlib.import_module(module.name)
    waiting = [Problem]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            waiting.append(kind)
            if kind.__module__.startswith("xinqiao."):
                yield kind


def test_the_list_is_the_one_that_was_decided() -> None:
    assert sorted(refusals.TYPES) == sorted(DECIDED)


def test_whatever_refuses_an_institution_is_on_the_list() -> None:
    off = {f"{k.__module__}.{k.__qualname__}: {k.type}" for k in every_refusal() if k.type not in refusals.TYPES}
    assert {one for one in off if one.startswith(IN_FRONT)} == set()


def test_every_other_trouble_of_the_house_is_told_as_one_and_without_its_words() -> None:
    request = RequestFactory().get("/api/v1/reports")
    told = set()
    for kind in every_refusal():
        if kind.type in refusals.TYPES:
            continue
        problem = kind.__new__(kind)
        problem.detail = Saying("内部的事")
        answer = answered(request, problem)
        assert (answer.status_code, json.loads(answer.content)["type"]) == (503, "not-ready"), kind
        told.add(answer.content)
    assert len(told) == 1
    assert "内部的事" not in told.pop().decode()


def test_the_description_names_every_refusal_there_is_today_with_its_status(city_db: str) -> None:
    about = Client().get("/api/v1/openapi.json").json()
    rows = about["info"]["description"]
    today = {k for k in every_refusal() if k.type in refusals.TYPES and k.__module__.startswith(IN_FRONT)}
    assert {k.type for k in today if f"`{k.type}` |" not in rows} == set()
    assert "| 422 | `conflict` |" not in rows  # 409 as well: names in use elsewhere
    assert "409, 422 | `conflict` |" in rows
    schema = about["components"]["schemas"]["ProblemAnswer"]["properties"]["type"]
    assert sorted(schema["enum"]) == sorted(DECIDED)


NO_ADDRESSES = ["/api/", "/api/v1/", "/api/v2/reports", "/api/v1/reports/7", "/oauth/", "/api/v1/receipts/x"]
WRONG_METHODS = [
    ("get", "/oauth/token"),
    ("put", "/api/v1/reports"),
    ("delete", "/api/v1/receipts/1"),
    ("post", "/api/v1/log/keys"),
]


def test_what_is_no_address_and_no_method_is_refused_like_everything_else(city_db: str) -> None:
    for path in NO_ADDRESSES:
        answer: Any = Client().get(path)
        assert answer.headers["Content-Type"].startswith("application/problem+json"), path
        assert answer.json()["type"] in {"not-found", "session-expired", "malformed"}, path
    for method, path in WRONG_METHODS:
        refused: Any = getattr(Client(), method)(path)
        assert (refused.status_code, refused.json()["type"]) == (405, "malformed"), path
        assert refused.headers["Allow"] in {"GET", "POST"}, path
