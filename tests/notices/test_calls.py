"""Calls to webhooks: signed, retried, given up, and never led into anybody's own network."""

import base64
import hmac
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from ipaddress import ip_address
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.authorisation.builders import a_grant
from tests.disclosure.builders import World, a_world
from tests.parties.builders import BANK, NOW
from xinqiao import work
from xinqiao.authorisation import changing
from xinqiao.kernel.ids import InstitutionId
from xinqiao.ledger import checking, sequencing
from xinqiao.notices import addresses, calling, following, queries, rules, sending, signing, webhooks
from xinqiao.notices.addresses import PRODUCTION, SAMPLE, may_call
from xinqiao.notices.calling import Answer, call
from xinqiao.notices.errors import AddressRefused, NotFound, NotLive, TooMany
from xinqiao.notices.models import Webhook
from xinqiao.notices.rules import DISABLED_AFTER, JITTER, MOST_CALLS, WAITS, News

URL = "https://hooks.bank.example/xinqiao"
# ── the machine of trying again ──────────────────────────────────────────────────────────────────────────────────────


@given(st.lists(st.tuples(st.booleans(), st.floats(0, 1)), max_size=40))
def test_calls_are_made_at_longer_and_longer_waits_and_a_webhook_is_disabled_after_days_of_nothing_else(
    outcomes: list[tuple[bool, float]],
) -> None:
    """Event after event: each is called until it is received or given up."""
    now, since, calls = NOW, None, 0
    for received, chance in outcomes:
        if received:
            since, calls = None, 0
            continue
        calls += 1
        found = rules.failed(calls, since, now, chance)
        assert found.failing_since <= now
        assert found.disabled == (now - found.failing_since >= DISABLED_AFTER)
        assert since is None or found.failing_since == since, "only a call that is received begins it anew"
        since = found.failing_since
        if found.next_at is None:
            assert found.disabled or calls == MOST_CALLS
            calls = 0
            now += timedelta(hours=7)
            continue
        wait = found.next_at - now
        assert WAITS[calls - 1] * (1 - JITTER) <= wait <= WAITS[calls - 1] * (1 + JITTER)
        now = found.next_at


def test_all_calls_for_an_event_fit_into_the_time_it_is_kept() -> None:
    assert list(WAITS) == sorted(WAITS)
    assert sum(WAITS, timedelta()) * (1 + JITTER) < DISABLED_AFTER


# ── where a call may go ──────────────────────────────────────────────────────────────────────────────────────────────

CLOSED = (
    "127.0.0.1 127.255.1.2 0.0.0.0 10.1.2.3 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 100.100.100.200",
    "192.0.0.192 198.18.0.1 192.0.2.1 224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255 168.63.129.16 192.88.99.1",
    ":: ::1 ::ffff:8.8.8.8 ::ffff:127.0.0.1 ::127.0.0.1 64:ff9b::a00:1 64:ff9b:1::a00:1 2002:7f00:1::1 2001::1",
    "fe80::1 fec0::1 fc00::1 fd00:ec2::254 ff02::1 2001:db8::1 3fff::1 5f00::1",
)
OPEN = ("8.8.8.8", "223.5.5.5", "2400:3200::1")


@pytest.mark.parametrize("address", [one for line in CLOSED for one in line.split()])
def test_an_address_inside_somebodys_network_is_never_called(address: str) -> None:
    assert not may_call(ip_address(address), PRODUCTION)
    assert call(URL, b"{}", {}, PRODUCTION, resolve=lambda *_: [ip_address(address)]) == Answer(None, "address-refused")


@pytest.mark.parametrize("address", OPEN)
def test_a_public_address_may_be_called(address: str) -> None:
    assert may_call(ip_address(address), PRODUCTION)


def test_one_closed_address_among_open_ones_refuses_the_name() -> None:
    both = [ip_address("8.8.8.8"), ip_address("10.0.0.1")]
    assert call(URL, b"{}", {}, PRODUCTION, resolve=lambda *_: both).fault == "address-refused"


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.bank.example/",
        "ftp://hooks.bank.example/",
        "file:///etc/passwd",
        "https://hooks.bank.example:22/",
        "https://hooks.bank.example:0/",
        "https://hooks.bank.example:99999/",
        "https://user:word@hooks.bank.example/",
        "https://hooks.bank.example/#part",
        "https://hooks.bank.example\\@10.0.0.1/",
        "https://10.0.0.1/",
        "https://[::1]/",
        "https://[fe80::1%25eth0]/",
        "https://127.0.0.1/",
        "https:///path",
        "https://hooks.bank.example/ x",
        "https://hooks.bank.example/\r\nHost: x",
        "https://钩子.example/",
        "https://" + "a" * 500 + ".example/",
    ],
    ids=range(18),
)
def test_an_address_of_another_form_is_not_taken(url: str) -> None:
    with pytest.raises(AddressRefused):
        addresses.read(url, PRODUCTION)
    assert call(url, b"{}", {}, PRODUCTION, resolve=lambda *_: [ip_address("8.8.8.8")]).fault == "address-refused"


def test_the_sample_may_call_this_machine_and_no_other_closed_one() -> None:
    assert addresses.read("http://127.0.0.1:9000/", SAMPLE).port == 9000
    assert may_call(ip_address("127.0.0.1"), SAMPLE)
    closed = [ip_address(one) for line in CLOSED for one in line.split()]
    assert not any(may_call(one, SAMPLE) for one in closed if not one.is_loopback)


# ── a server at the other end ────────────────────────────────────────────────────────────────────────────────────────


class Server:
    """Answers each connection with the same bytes and remembers what it was sent."""

    def __init__(self, answer: bytes, drip: float = 0) -> None:
        self.heard: list[bytes] = []
        self._answer, self._drip = answer, drip
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while not self._stop.is_set():
            try:
                peer, _ = self._socket.accept()
            except OSError:
                return
            with peer:
                peer.settimeout(5)
                self.heard.append(peer.recv(65536))
                try:
                    for part in [self._answer] if not self._drip else [bytes([one]) for one in self._answer]:
                        peer.sendall(part)
                        self._stop.wait(self._drip)
                except OSError:
                    pass

    def close(self) -> None:
        self._stop.set()
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)


@contextmanager
def a_server(answer: bytes = b"HTTP/1.1 204 No Content\r\n\r\n", drip: float = 0) -> Iterator[Server]:
    server = Server(answer, drip)
    try:
        yield server
    finally:
        server.close()


def test_the_name_is_asked_for_once_and_the_call_goes_where_it_was_judged() -> None:
    """DNS rebinding: the second answer would be another machine; nobody asks for it."""
    asked: list[str] = []

    def first_this_then_that(host: str, port: int) -> list[Any]:
        asked.append(host)
        return [ip_address("127.0.0.1" if len(asked) == 1 else "127.0.0.2")]

    with a_server() as server:
        url = f"http://hooks.bank.example:{server.port}/in?x=1"
        assert call(url, b'{"a":1}', {"X-Y": "z"}, SAMPLE, resolve=first_this_then_that) == Answer(204)
        [heard] = server.heard
    assert asked == ["hooks.bank.example"]
    assert heard.startswith(b"POST /in?x=1 HTTP/1.1\r\n")
    assert f"Host: hooks.bank.example:{server.port}\r\n".encode() in heard


def test_a_redirect_is_an_answer_and_not_followed() -> None:
    with a_server() as secret, a_server(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n") as server:
        answer = call(f"http://127.0.0.1:{server.port}/", b"{}", {}, SAMPLE)
        assert answer == Answer(302)
        assert not answer.received
        assert secret.heard == []


def test_an_answer_that_drips_or_has_no_end_takes_no_longer_and_no_more() -> None:
    with a_server(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100, drip=0.05) as server:
        url = f"http://127.0.0.1:{server.port}/"
        assert call(url, b"{}", {}, SAMPLE, within=0.4) == Answer(None, "too-slow")
    with a_server(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (calling.LARGEST_ANSWER + 1)) as server:
        assert call(f"http://127.0.0.1:{server.port}/", b"{}", {}, SAMPLE) == Answer(None, "too-large")


def test_https_is_spoken_to_the_names_own_certificate_only() -> None:
    """Somebody who answers in plain text where HTTPS is expected has received nothing."""
    with a_server() as server:
        answer = call(f"https://127.0.0.1:{server.port}/", b"the event", {}, SAMPLE)
        assert answer == Answer(None, "unreachable")
        assert all(b"the event" not in one for one in server.heard)


# ── from the log to the receiver ─────────────────────────────────────────────────────────────────────────────────────


class Receiver:
    """Stands in for the other end: answers as it is told to, and keeps what came."""

    def __init__(self, status: int = 204) -> None:
        self.status = status
        self.came: list[tuple[str, bytes, dict[str, str]]] = []

    def __call__(self, url: str, body: bytes, headers: dict[str, str]) -> Answer:
        self.came.append((url, body, headers))
        return Answer(self.status)


def a_world_read_on() -> World:
    world = a_world()
    followed()
    return world


pytestmark = pytest.mark.furnished(by=a_world_read_on)


@pytest.fixture
def world(furnished: World) -> World:
    return furnished


def followed() -> None:
    sequencing.sequence(NOW)
    following.follow(NOW)


def registered(news: tuple[News, ...] = ()) -> webhooks.Registered:
    return webhooks.register(institution=BANK, url=URL, news=news, now=NOW)


def run(number: int, receiver: Receiver, now: datetime = NOW) -> int:
    return sending.run(number, clock=lambda: now, post=receiver)


def checks(secret: str, body: bytes, headers: dict[str, str]) -> list[bool]:
    """As a receiver checks, by the text of the standard alone."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    right = base64.b64encode(hmac.new(key, signed, sha256).digest()).decode()
    return [one == f"v1,{right}" for one in headers["webhook-signature"].split(" ")]


def test_an_event_reaches_the_receiver_signed_and_without_a_word_about_the_business(world: World) -> None:
    hook = registered()
    changing.revoke(world.grant.id, by=world.representative, now=NOW)
    followed()
    receiver = Receiver()
    assert run(hook.id, receiver) == 2
    url, body, headers = receiver.came[-1]
    assert url == URL
    assert checks(hook.secret, body, headers) == [True]
    event = json.loads(body)
    assert event == queries.event(BANK, event["data"]["number"])
    assert headers["webhook-id"] == event["id"]
    assert event["type"] == "xinqiao.grant.revoked"
    told = body.decode()
    assert world.code not in told
    assert "示例" not in told
    assert run(hook.id, receiver) == 0, "received once, called once"


def test_only_the_news_it_wants_and_only_from_when_it_was_registered(world: World) -> None:
    hook = registered((News.GRANT_REVOKED,))
    changing.pause(world.grant.id, by=world.representative, now=NOW)
    changing.revoke(world.grant.id, by=world.representative, now=NOW)
    followed()
    run(hook.id, receiver := Receiver())
    assert [json.loads(body)["type"] for _, body, _ in receiver.came] == ["xinqiao.grant.revoked"]


def test_for_a_day_after_a_change_calls_are_signed_with_both_secrets(world: World) -> None:
    old = registered()
    new = webhooks.rotate(old.id, institution=BANK, now=NOW)
    followed()
    run(old.id, receiver := Receiver())
    _, body, headers = receiver.came[0]
    assert checks(new.secret, body, headers) == [True, False]
    assert checks(old.secret, body, headers) == [False, True]
    number = json.loads(body)["data"]["number"]
    later = NOW + webhooks.OVERLAP
    sending.replay(number, old.id, institution=BANK, now=later)
    run(old.id, receiver, later)
    assert checks(new.secret, *receiver.came[-1][1:]) == [True]


def test_what_fails_is_called_again_later_and_the_rest_is_not_held_up(world: World) -> None:
    hook = registered()
    changing.pause(world.grant.id, by=world.representative, now=NOW)
    followed()
    down = Receiver(503)
    assert run(hook.id, down) == 0
    assert len(down.came) == 2
    assert run(hook.id, down) == 0
    assert len(down.came) == 2, "not before its time"
    assert queries.webhook(hook.id, BANK).failing_since == NOW
    up = Receiver()
    assert run(hook.id, up, NOW + timedelta(seconds=7)) == 2
    assert queries.webhook(hook.id, BANK).failing_since is None
    newest = queries.calls(hook.id, BANK)[:2]  # in whichever order their waits came out
    assert {(call.number, call.status) for call in newest} == {(3, 204), (4, 204)}


def test_after_days_of_nothing_but_failures_it_is_disabled_and_told_and_can_be_taken_up_again(world: World) -> None:
    hook = registered()
    followed()
    down, now = Receiver(500), NOW
    for _ in range(3 * MOST_CALLS):
        run(hook.id, down, now)
        now += timedelta(hours=8)
        if queries.webhook(hook.id, BANK).waiting == 0:
            changing.pause(world.grant.id, by=world.representative, now=NOW)
            followed()
            changing.resume(world.grant.id, by=world.representative, now=NOW)
        if queries.webhook(hook.id, BANK).state == "disabled":
            break
    assert queries.webhook(hook.id, BANK).state == "disabled"
    assert now - NOW >= DISABLED_AFTER
    followed()
    assert "xinqiao.webhook.disabled" in {one["type"] for one in queries.newest(BANK)[:3]}
    before = len(down.came)
    assert run(hook.id, down, now + timedelta(days=9)) == 0
    assert len(down.came) == before, "nobody calls it any more"
    with pytest.raises(NotLive):
        sending.replay(1, hook.id, institution=BANK, now=now)
    webhooks.resume(hook.id, institution=BANK, now=now)
    sending.replay(1, hook.id, institution=BANK, now=now)
    assert run(hook.id, Receiver(), now) >= 1
    sequencing.sequence(NOW)
    assert checking.check().sound


def test_an_event_is_sent_again_when_asked_for_under_the_same_id(world: World) -> None:
    hook = registered()
    followed()
    run(hook.id, receiver := Receiver())
    sending.replay(3, hook.id, institution=BANK, now=NOW)
    run(hook.id, receiver)
    first, second = (headers["webhook-id"] for _, _, headers in receiver.came)
    assert first == second == "pds_sample_bank-3"


def test_the_job_makes_the_calls_that_an_act_asked_for(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    receiver = Receiver()
    monkeypatch.setattr(calling, "call", lambda url, body, headers, bounds: receiver(url, body, headers))
    registered()
    followed()
    work.drain()
    assert len(receiver.came) == 1


def test_another_institutions_webhook_and_event_are_as_unknown_as_any(world: World) -> None:
    hook = registered()
    other = InstitutionId("pds_another_bank")
    for act in (webhooks.rotate, webhooks.end, webhooks.resume):
        with pytest.raises(NotFound):
            act(hook.id, institution=other, now=NOW)
    with pytest.raises(NotFound):
        sending.replay(1, hook.id, institution=other, now=NOW)


def test_an_ended_webhook_is_called_no_more_and_five_are_the_most(world: World) -> None:
    hooks = [registered() for _ in range(webhooks.MOST)]
    with pytest.raises(TooMany):
        registered()
    webhooks.end(hooks[0].id, institution=BANK, now=NOW)
    a_grant(world.business, by=world.representative, items=["tax_declared_sales"], purpose="post_loan")
    followed()
    assert run(hooks[0].id, Receiver()) == 0
    with pytest.raises(NotLive):
        webhooks.end(hooks[0].id, institution=BANK, now=NOW)
    assert registered().id


def test_a_secret_is_never_in_the_tables_as_it_is(world: World) -> None:
    hook = registered()
    row = Webhook.objects.get(pk=hook.id)
    assert base64.b64decode(hook.secret.removeprefix(signing.PREFIX)) not in bytes(row.secret)
