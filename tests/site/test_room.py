"""More callers than can be served at once: those one too many are told so politely, and then all is as before."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from xinqiao.cli.serving import AT_WORK, THREADS, WAITING
from xinqiao.site import room
from xinqiao.site.room import Room

ALL = AT_WORK + WAITING


def at(path: str) -> HttpRequest:
    return RequestFactory().get(path)


def test_who_is_one_too_many_is_told_at_once_and_the_rest_are_served() -> None:
    go_on, working = threading.Event(), threading.Semaphore(0)

    def slow(request: HttpRequest) -> HttpResponse:
        working.release()
        assert go_on.wait(timeout=30)
        return HttpResponse("served")

    house = Room(slow)
    with ThreadPoolExecutor(ALL) as pool:
        inside = [pool.submit(house, at("/")) for _ in range(ALL)]
        for _ in range(AT_WORK):
            assert working.acquire(timeout=30)
        assert not working.acquire(blocking=False), "no more at work than there are hands"
        while house._inside._value:
            threading.Event().wait(0.01)
        interface, page = house(at("/api/v1/reports")), house(at("/"))
        go_on.set()
        assert [one.result(timeout=30).status_code for one in inside] == [200] * ALL
    assert interface.status_code == page.status_code == 429
    assert interface.headers["Retry-After"] == page.headers["Retry-After"] == "1"
    assert json.loads(interface.content)["type"] == "rate-limited"  # type: ignore[attr-defined]
    assert "现在人多" in page.content.decode()  # type: ignore[attr-defined]
    assert house(at("/")).status_code == 200


def test_in_a_house_that_stands_still_nobody_waits_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "PATIENCE", 0.05)
    go_on = threading.Event()

    def stuck(request: HttpRequest) -> HttpResponse:
        assert go_on.wait(timeout=30)
        return HttpResponse()

    house = Room(stuck)
    with ThreadPoolExecutor(AT_WORK) as pool:
        inside = [pool.submit(house, at("/")) for _ in range(AT_WORK)]
        while house._at_work._value:
            threading.Event().wait(0.01)
        assert house(at("/")).status_code == 429
        go_on.set()
        assert all(one.result(timeout=30).status_code == 200 for one in inside)


def test_what_fails_leaves_its_place_to_the_next() -> None:
    def failing(request: HttpRequest) -> HttpResponse:
        raise RuntimeError

    house = Room(failing)
    for _ in range(ALL + 1):
        with pytest.raises(RuntimeError):
            house(at("/"))


def test_the_server_has_hands_left_for_saying_no() -> None:
    assert THREADS > ALL
