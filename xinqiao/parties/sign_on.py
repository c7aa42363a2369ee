"""统一身份登录: people come in by 电子营业执照, 政务服务网 or 豫事办, which vouch for who they are.

Each is one adapter. The browser is sent there with a state and a nonce and comes back with an answer; what was begun
lies sealed in that browser meanwhile, so that an answer fetched elsewhere, kept for later or sent twice opens nothing.
"""

import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hmac import compare_digest
from typing import Final, Protocol

from django.db import transaction

from xinqiao import keys
from xinqiao.database import statements
from xinqiao.kernel.sayings import Saying
from xinqiao.kernel.uscc import Uscc
from xinqiao.parties.errors import SignOnBroken, SignOnExpired, SignOnReplayed

LIFE: Final = timedelta(minutes=10)  # from the button here to the answer; scanning a code takes one
_SEAL: Final = "sign-on"


class Way(StrEnum):
    """By whom somebody signs on. The names stand in tables and are never given to another."""

    E_LICENCE = "e_licence"  # 电子营业执照
    GOV_SERVICE = "gov_service"  # 政务服务网
    YUSHIBAN = "yushiban"  # 豫事办


class Capacity(StrEnum):
    """As what a licence names its holder."""

    REPRESENTATIVE = "representative"  # 法定代表人、经营者
    CLERK = "clerk"  # 执照管理员、办事人员


@dataclass(frozen=True, slots=True)
class Licence:
    """The business a person signed on with, and as what."""

    uscc: Uscc
    name: str
    capacity: Capacity


@dataclass(frozen=True, slots=True)
class Vouched:
    """What a provider says of who signed on. `account` is its own lasting name for the person; `number` None where it
    does not vouch for one."""

    way: Way
    account: str
    name: str
    number: str | None
    licence: Licence | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """What was begun in a browser: the answer has to carry both, and to come in time. `wanted` is where to go then."""

    way: Way
    state: str
    nonce: str
    wanted: str
    begun_at: str

    def good_until(self) -> datetime:
        return datetime.fromisoformat(self.begun_at) + LIFE


class Provider(Protocol):
    """One adapter to one of them. Its pages' origin goes into `form-action` where it is not ours."""

    @property
    def stand_in(self) -> str | None:
        """What to say at start where this is none of the real thing."""
        ...

    def address(self, attempt: Attempt, back: str) -> str:
        """Where the browser is sent; it is to come back to the address `back`."""
        ...

    def answer(self, said: Mapping[str, str], attempt: Attempt, back: str, now: datetime) -> Vouched:
        """Who signed on, by what the browser brought back. Raises `SignOnBroken`, `SignOnExpired`, `SignOnReplayed`."""
        ...


def begin(provider: Provider, way: Way, *, wanted: str, back: str, now: datetime) -> tuple[str, str]:
    """Where to send the browser, and what it is to keep sealed until it comes back."""
    attempt = Attempt(way, secrets.token_urlsafe(32), secrets.token_urlsafe(32), wanted, now.isoformat())
    sealed = keys.seal(_SEAL, way, json.dumps(asdict(attempt)).encode())
    return provider.address(attempt, back), base64.urlsafe_b64encode(sealed).decode()


def complete(
    provider: Provider, way: Way, *, sealed: str, said: Mapping[str, str], back: str, now: datetime
) -> tuple[Vouched, str]:
    """Who signed on, and where they wanted to go. Good once, in the browser it was begun in, within ten minutes.

    Raises `SignOnBroken`, `SignOnExpired`, `SignOnReplayed`.
    """
    attempt = _opened(way, sealed)
    if not compare_digest(attempt.state.encode(), said.get("state", "").encode()):
        raise SignOnBroken
    if now > attempt.good_until():
        raise SignOnExpired
    _use_once(attempt, now)
    return provider.answer(said, attempt, back, now), attempt.wanted


def _opened(way: Way, sealed: str) -> Attempt:
    try:
        kept = json.loads(keys.unseal(_SEAL, way, base64.urlsafe_b64decode(sealed)))
    except (keys.Tampered, keys.UnknownKey, ValueError) as error:
        raise SignOnBroken from error
    return Attempt(**kept | {"way": Way(kept["way"])})


_SWEEP: Final = "DELETE FROM parties_spentsignon WHERE good_until < $1"
_SPEND: Final = """
INSERT INTO parties_spentsignon (mark, good_until) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING mark
"""


@transaction.atomic
def _use_once(attempt: Attempt, now: datetime) -> None:
    """Spent before it is judged: of two at once the second waits, and is refused."""
    statements.rows(_SWEEP, now)
    if not statements.rows(_SPEND, keys.mark("sign-on", attempt.state.encode()), attempt.good_until()):
        raise SignOnReplayed


WAY_TITLES: Final = {
    Way.E_LICENCE: Saying("电子营业执照"),
    Way.GOV_SERVICE: Saying("政务服务网"),
    Way.YUSHIBAN: Saying("豫事办"),
}
