"""样例登录：plays 电子营业执照, 政务服务网 and 豫事办 for the sample city. It says so, and production refuses it.

As with the real ones the browser brings back a code only; the answer itself is fetched with it, once and within two
minutes, signed by a key of the simulator's own that opens nothing else here.
"""

import json
import os
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from hashlib import sha256
from hmac import compare_digest
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from xinqiao import home
from xinqiao.kernel.sayings import Saying
from xinqiao.kernel.uscc import Uscc
from xinqiao.keys import NotForProduction
from xinqiao.parties import jwts
from xinqiao.parties.errors import SignOnBroken, SignOnExpired
from xinqiao.parties.sign_on import Attempt, Capacity, Licence, Provider, Vouched, Way

STAND_IN: Final = (
    "电子营业执照、政务服务网、豫事办由样例登录扮演，没有核实任何人 · "
    "The e-licence, the government portal and Yushiban are played by a simulator: nobody is really identified"
)
PAGE: Final = "/simulated/{way}/"
CODE_LIFE: Final = timedelta(minutes=2)
US: Final = "xinqiao"
NUMBERED: Final = frozenset({Way.E_LICENCE, Way.GOV_SERVICE})  # the other one does not pass the number on
WITH_LICENCE: Final = frozenset({Way.E_LICENCE, Way.GOV_SERVICE})


@dataclass(frozen=True, slots=True)
class Card:
    """Somebody who can sign on: a person alone, or with a business's licence."""

    name: str
    number: str
    licence: Licence | None = None


def provider(way: Way) -> Provider:
    """The adapter to this one. Raises `NotForProduction` while only the simulator exists."""
    return Simulated(way, folder())


def ways() -> tuple[Way, ...]:
    """By whom somebody can sign on here: nobody in production, until one of them is joined."""
    return tuple(Way) if home.mode() is home.Mode.SAMPLE else ()


def folder() -> Path:
    """Raises `NotForProduction`."""
    if home.mode() is home.Mode.PRODUCTION:
        raise NotForProduction(Saying("电子营业执照、政务服务网和豫事办还没有接入；样例登录不能用于生产环境。"))
    place = home.make_home() / "sample" / "sign_on"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


class Simulated:
    """What the platform knows of it: where to send people, and by which key it signs."""

    stand_in: Final = STAND_IN

    def __init__(self, way: Way, place: Path) -> None:
        self._way, self._place = way, place

    def address(self, attempt: Attempt, back: str) -> str:
        asked = {"state": attempt.state, "nonce": attempt.nonce, "back": back}
        return f"{PAGE.format(way=self._way)}?{urlencode(asked)}"

    def answer(self, said: Mapping[str, str], attempt: Attempt, back: str, now: datetime) -> Vouched:
        claims = self._signed(_fetched(self._place, said.get("code", "")))
        issued, until = jwts.instant(claims, "iat"), jwts.instant(claims, "exp")
        wanted = {"iss": issuer(self._way), "aud": US, "azp": back}
        if any(claims.get(name) != value for name, value in wanted.items()) or issued is None or until is None:
            raise SignOnBroken
        if not compare_digest(str(claims.get("nonce", "")).encode(), attempt.nonce.encode()):
            raise SignOnBroken
        if not jwts.is_fresh(issued, now) or now >= until:
            raise SignOnExpired
        return _vouched(self._way, claims)

    def _signed(self, text: str) -> Mapping[str, Any]:
        try:
            return jwt.decode(text, _key(self._place), registry=jwts.Registry()).claims
        except (JoseError, ValueError) as error:
            raise SignOnBroken from error


def issuer(way: Way) -> str:
    return f"simulated:{way}"


def _vouched(way: Way, claims: Mapping[str, Any]) -> Vouched:
    number, held = claims.get("number"), claims.get("licence")
    licence = Licence(Uscc.parse(held["uscc"]), held["name"], Capacity(held["capacity"])) if held else None
    return Vouched(way, str(claims["sub"]), str(claims["name"]), None if number is None else str(number), licence)


# ── the provider's own side ──────────────────────────────────────────────────────────────────────────────────────────


def choose(way: Way, card: Card, *, nonce: str, back: str, now: datetime) -> str:
    """Somebody was chosen on the simulator's page: the code the browser takes back."""
    place, issued = folder(), int(now.timestamp())
    claims: dict[str, Any] = {
        "iss": issuer(way),
        "aud": US,
        "azp": back,
        "iat": issued,
        "exp": issued + int(CODE_LIFE.total_seconds()),
        "jti": secrets.token_urlsafe(16),
        "nonce": nonce,
        "sub": _account(way, card),
        "name": card.name,
    }
    if way in NUMBERED:
        claims["number"] = card.number
    if card.licence is not None and way in WITH_LICENCE:
        held = card.licence
        claims["licence"] = {"uscc": held.uscc, "name": held.name, "capacity": held.capacity}
    return _put(place, jwt.encode({"alg": "Ed25519"}, claims, _key(place), registry=jwts.Registry()))


def _account(way: Way, card: Card) -> str:
    return sha256(f"{way}\n{card.number}\n{card.name}".encode()).hexdigest()[:32]


def _put(place: Path, answer: str) -> str:
    code = secrets.token_urlsafe(32)
    new = _kept(place, code)
    _write(new, answer)
    for old in place.glob("*.answer"):  # what nobody came back for
        if new.stat().st_mtime - old.stat().st_mtime > CODE_LIFE.total_seconds():
            old.unlink(missing_ok=True)
    return code


def _fetched(place: Path, code: str) -> str:
    """The answer behind a code, which is gone then. Raises `SignOnBroken`."""
    mine = place / f"{secrets.token_hex(16)}.taken"
    try:
        _kept(place, code).rename(mine)  # of two at once one finds it
    except OSError as error:
        raise SignOnBroken from error
    try:
        return mine.read_text(encoding="ascii")
    finally:
        mine.unlink()


def _kept(place: Path, code: str) -> Path:
    return place / f"{sha256(code.encode()).hexdigest()}.answer"


def _key(place: Path) -> OKPKey:
    file = place / "key.json"
    if not file.exists():
        _write(file, json.dumps(OKPKey.generate_key("Ed25519").as_dict(private=True)), first=True)
    return OKPKey.import_key(json.loads(file.read_text(encoding="ascii")))


# ── who is there to be chosen ────────────────────────────────────────────────────────────────────────────────────────


def roster() -> Sequence[Card]:
    """The sample city's people, as `put_roster` wrote them."""
    file = folder() / "people.json"
    told = json.loads(file.read_text(encoding="utf-8")) if file.exists() else []
    return [_card(**one) for one in told]


def _card(name: str, number: str, licence: Mapping[str, str] | None) -> Card:
    held = licence and Licence(Uscc.parse(licence["uscc"]), licence["name"], Capacity(licence["capacity"]))
    return Card(name, number, held or None)


def put_roster(cards: Sequence[Card]) -> None:
    def told(card: Card) -> dict[str, Any]:
        held = card.licence
        licence = held and {"uscc": held.uscc, "name": held.name, "capacity": held.capacity}
        return {"name": card.name, "number": card.number, "licence": licence}

    _write(folder() / "people.json", json.dumps([told(card) for card in cards], ensure_ascii=False))


def has_roster() -> bool:
    return (folder() / "people.json").exists()


def _write(file: Path, text: str, *, first: bool = False) -> None:
    """In one piece, for its owner alone; with `first` whatever is there already stays."""
    draft = file.with_suffix(f".{secrets.token_hex(8)}")
    opened = partial(os.open, flags=os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode=0o600)
    with os.fdopen(opened(draft), "w", encoding="utf-8") as out:
        out.write(text)
    if first:
        with suppress(FileExistsError):
            file.hardlink_to(draft)
        draft.unlink()
    else:
        draft.replace(file)
