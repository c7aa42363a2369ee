"""Signing on by somebody who vouches: a round trip good once, and who a person is then."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import OKPKey

from tests.authorisation.builders import a_code
from tests.parties.builders import NOW
from xinqiao import home
from xinqiao.keys import NotForProduction
from xinqiao.ledger import checking
from xinqiao.parties import identities, queries, sign_on
from xinqiao.parties import sign_on_simulator as simulator
from xinqiao.parties.errors import NotTheSamePerson, SignOnBroken, SignOnExpired, SignOnReplayed
from xinqiao.parties.models import LicenceShown, SignOn
from xinqiao.parties.sign_on import Capacity, Licence, Vouched, Way
from xinqiao.parties.sign_on_simulator import Card

BACK = "https://xinqiao.test/sign-on/e_licence/back/"
NUMBER = "410402198001010018"
WANG = Card("王小明", NUMBER, Licence(a_code(), "鲁山县示例农产品有限公司", Capacity.REPRESENTATIVE))

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture(autouse=True)
def _a_home_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(home, "make_home", lambda: tmp_path)


class Browser:
    """What one browser holds between going and coming back."""

    def __init__(self, way: Way = Way.E_LICENCE, now: datetime = NOW) -> None:
        self.way, self.provider = way, simulator.provider(way)
        address, self.sealed = sign_on.begin(self.provider, way, wanted="/my/", back=BACK, now=now)
        self.asked = {name: value for name, [value] in parse_qs(urlsplit(address).query).items()}

    def chosen(self, card: Card = WANG, *, nonce: str = "", back: str = BACK, now: datetime = NOW) -> Mapping[str, str]:
        code = simulator.choose(self.way, card, nonce=nonce or self.asked["nonce"], back=back, now=now)
        return {"code": code, "state": self.asked["state"]}

    def comes_back(self, said: Mapping[str, str], now: datetime = NOW) -> Vouched:
        vouched, wanted = sign_on.complete(self.provider, self.way, sealed=self.sealed, said=said, back=BACK, now=now)
        assert wanted == "/my/"
        return vouched


def test_a_licence_tells_who_signed_on_for_which_business_and_as_what() -> None:
    browser = Browser()
    vouched = browser.comes_back(browser.chosen())
    assert (vouched.name, vouched.number, vouched.licence) == (WANG.name, NUMBER, WANG.licence)
    here = Browser(Way.YUSHIBAN)
    assert here.comes_back(here.chosen()).number is None, "it does not pass the number on"


def test_an_answer_brought_back_twice_or_to_another_browser_opens_nothing() -> None:
    mine, thief = Browser(), Browser()
    said = mine.chosen()
    with pytest.raises(SignOnBroken):
        thief.comes_back(said)
    with pytest.raises(SignOnBroken):
        thief.comes_back({**said, "state": thief.asked["state"]})  # his own state, my code: another nonce
    again = mine.chosen()
    mine.comes_back(again)
    with pytest.raises(SignOnReplayed):
        mine.comes_back(mine.chosen())
    with pytest.raises(SignOnReplayed):
        mine.comes_back(again)


def test_an_answer_that_comes_late_is_refused() -> None:
    browser = Browser()
    said = browser.chosen()
    with pytest.raises(SignOnExpired):
        browser.comes_back(said, NOW + simulator.CODE_LIFE)
    slow = Browser()
    late = NOW + sign_on.LIFE + timedelta(seconds=1)
    with pytest.raises(SignOnExpired):
        slow.comes_back(slow.chosen(now=late), late)


@pytest.mark.parametrize("what", ["key", "nonce", "back", "way", "none"])
def test_a_forged_answer_is_refused(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = Browser()
    if what == "key":
        with monkeypatch.context() as patch:
            other = OKPKey.generate_key("Ed25519")
            patch.setattr(simulator, "_key", lambda place: other)
            said = browser.chosen()
    elif what == "way":
        code = simulator.choose(Way.GOV_SERVICE, WANG, nonce=browser.asked["nonce"], back=BACK, now=NOW)
        said = {"code": code, "state": browser.asked["state"]}
    elif what == "none":
        with monkeypatch.context() as patch:
            patch.setattr(jwt, "encode", lambda *_args, **_kw: "eyJhbGciOiJub25lIn0.e30.")
            said = browser.chosen()
    elif what == "nonce":
        said = browser.chosen(nonce="another")
    else:
        said = browser.chosen(back="https://elsewhere.test/")
    with pytest.raises(SignOnBroken):
        browser.comes_back(said)


def test_production_has_no_such_way_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XINQIAO_MODE", "production")
    assert simulator.ways() == ()
    with pytest.raises(NotForProduction):
        simulator.provider(Way.E_LICENCE)
    with pytest.raises(NotForProduction):
        simulator.choose(Way.E_LICENCE, WANG, nonce="n", back=BACK, now=NOW)


# ── who it is ────────────────────────────────────────────────────────────────────────────────────────────────────────


def vouched(
    way: Way = Way.E_LICENCE, account: str = "a1", number: str | None = NUMBER, name: str = "王小明"
) -> Vouched:
    return Vouched(way, account, name, number, WANG.licence if way is Way.E_LICENCE else None)


def test_one_person_comes_by_every_way_that_vouches_for_the_number_and_is_never_known_by_name() -> None:
    wang = identities.recognise(vouched(), now=NOW)
    assert identities.recognise(vouched(), now=NOW) == wang
    assert identities.recognise(vouched(Way.GOV_SERVICE, "g9", NUMBER.lower()), now=NOW) == wang
    namesake = identities.recognise(vouched(Way.YUSHIBAN, "y1", None), now=NOW)
    assert namesake != wang
    assert identities.ways_of(wang) == [Way.E_LICENCE, Way.GOV_SERVICE]
    assert NUMBER.encode() not in b"".join(
        bytes(row.number or b"") + bytes(row.account) for row in SignOn.objects.all()
    )
    assert checking.compare().found == []


def test_an_account_with_another_persons_number_is_let_in_as_nobody() -> None:
    wang = identities.recognise(vouched(), now=NOW)
    other = identities.recognise(vouched(account="a2", number="410402198101010017", name="李四"), now=NOW)
    assert other != wang
    with pytest.raises(NotTheSamePerson):
        identities.recognise(vouched(account="a2"), now=NOW)
    later = identities.recognise(vouched(Way.YUSHIBAN, "y1", None), now=NOW)
    with pytest.raises(NotTheSamePerson):
        identities.recognise(replace(vouched(Way.YUSHIBAN, "y1")), now=NOW)
    assert later not in {wang, other}


def test_a_new_name_is_taken_over_as_it_is_vouched_for() -> None:
    wang = identities.recognise(vouched(), now=NOW)
    assert identities.recognise(vouched(name="王晓明"), now=NOW) == wang
    known = queries.person(wang)
    assert known is not None
    assert known.name == "王晓明"
    assert checking.compare().found == []


def test_a_licence_can_be_acted_on_for_half_an_hour() -> None:
    wang = identities.recognise(vouched(), now=NOW)
    shown = identities.licence_of(wang, NOW + timedelta(minutes=29))
    assert shown is not None
    assert (shown.uscc, shown.capacity) == (a_code(), Capacity.REPRESENTATIVE)
    assert identities.licence_of(wang, NOW + timedelta(minutes=30)) is None
    assert LicenceShown.objects.count() == 1
