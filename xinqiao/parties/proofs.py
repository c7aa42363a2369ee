"""DPoP (RFC 9449): a token works only beside a proof signed with the key it was given to.

The proof names the one call it goes with and is good once. So neither a token nor a proof that somebody read on the
way, in a log or at a proxy opens anything; only whoever holds the key can call.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Final
from urllib.parse import unquote, urlsplit

from joserfc import jwt
from joserfc.errors import JoseError

from xinqiao.database import statements
from xinqiao.kernel.sayings import Saying
from xinqiao.parties import jwts
from xinqiao.parties.clients import key_of, public_half
from xinqiao.parties.errors import BadProof, KeyInvalid, ReplayedProof, StaleProof
from xinqiao.parties.jwts import LONGEST, LONGEST_JTI, LONGEST_TEXT, SKEW, Claims

TYPE: Final = "dpop+jwt"
PORTS: Final = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Call:
    """A request as its proof has to name it: `proof` is its `DPoP` header, None where it has none. `certificate` is
    the DER of the one its TLS connection was opened with, which stands in for a proof where there is none."""

    method: str
    address: str
    proof: str | None
    certificate: bytes | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """Read and found true. `key` is the thumbprint of who signed (RFC 7638); `mark` is what is remembered of it."""

    key: str
    mark: bytes
    good_until: datetime


def read(call: Call, *, now: datetime, token: str | None = None) -> Proof:
    """The proof that goes with this call, and with this token where there is one. Raises `BadProof`, `StaleProof`."""
    if call.proof is None:
        raise BadProof(Saying("请求须带 DPoP 证明"))
    key, claims = _signed(call.proof)
    _check_call(claims, call)
    if token is not None and claims.get("ath") != hash_of(token):
        raise BadProof(Saying("证明的 {claim} 与请求不符", claim="ath"))
    jti, issued = jwts.jti(claims), _issued(claims)
    if jti is None:
        raise BadProof(Saying("凭据须有不超过 {most} 个字符的 jti", most=LONGEST_JTI))
    if not jwts.is_fresh(issued, now):
        raise StaleProof(Saying("iat 与平台时间相差超过 {minutes} 分钟，或晚于平台时间", minutes=LONGEST.seconds // 60))
    return Proof(key, sha256(f"{key}\n{jti}".encode()).digest(), issued + LONGEST + SKEW)


def hash_of(token: str) -> str:
    """`ath`: the token a proof goes with (RFC 9449 §4.2)."""
    return base64.urlsafe_b64encode(sha256(token.encode()).digest()).rstrip(b"=").decode()


_USE_ONCE: Final = """
INSERT INTO parties_spentproof (mark, good_until) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING mark
"""
SWEEP: Final = """
DELETE FROM parties_spentproof WHERE mark IN
       (SELECT mark FROM parties_spentproof WHERE good_until < $1 LIMIT 20 FOR UPDATE SKIP LOCKED)
"""


def use_once(proof: Proof, now: datetime) -> None:
    """Raises `ReplayedProof`. A few that are over go with each new one."""
    if not statements.rows(_USE_ONCE, proof.mark, proof.good_until):
        raise ReplayedProof
    statements.rows(SWEEP, now)


def _signed(proof: str) -> tuple[str, Claims]:
    """The thumbprint of the key it names and has signed with, and what it says."""
    jwk = _named_key(proof)
    key = key_of(jwk)
    try:
        claims: Claims = jwt.decode(proof, key, registry=jwts.Registry()).claims
    except (JoseError, ValueError, RecursionError) as error:
        raise BadProof(Saying("证明的签名或算法有误，算法用 {algorithms}", algorithms=jwts.ALGORITHMS)) from error
    return key.thumbprint(), claims


def _named_key(proof: str) -> dict[str, str]:
    if len(proof) > LONGEST_TEXT:
        raise BadProof(Saying("凭据超过 {most} 个字符", most=LONGEST_TEXT))
    head = _head(proof)
    if head.get("typ") != TYPE:
        raise BadProof(Saying("{name} 应为 {value}", name="typ", value=TYPE))
    jwk = head.get("jwk")
    if not isinstance(jwk, dict):
        raise BadProof(Saying("证明的头部须有公钥（jwk）"))
    try:
        return public_half(jwk)
    except KeyInvalid as error:
        raise BadProof(error.detail) from error


def _head(proof: str) -> Mapping[str, object]:
    try:
        head, _, _ = proof.split(".")
        read = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    except (ValueError, RecursionError) as error:
        raise BadProof(Saying("凭据不是合法的 JWT")) from error
    if not isinstance(read, dict):
        raise BadProof(Saying("凭据不是合法的 JWT"))
    return read


def _issued(claims: Claims) -> datetime:
    try:
        issued = jwts.instant(claims, "iat")
    except ValueError as error:
        raise BadProof(Saying("{name} 应为秒数", name="iat")) from error
    if issued is None:
        raise BadProof(Saying("{name} 应为秒数", name="iat"))
    return issued


def _check_call(claims: Claims, call: Call) -> None:
    if claims.get("htm") != call.method:
        raise BadProof(Saying("证明的 {claim} 与请求不符", claim="htm"))
    named = claims.get("htu")
    if not isinstance(named, str) or not _same(named, call.address):
        raise BadProof(Saying("证明的 {claim} 与请求不符", claim="htu"))


def _same(named: str, address: str) -> bool:
    """The same address, however it is spelt; query and fragment do not count (RFC 9449 §4.3)."""
    try:
        return _spelt(named) == _spelt(address)
    except ValueError:  # no address at all
        return False


def _spelt(address: str) -> tuple[str, str | None, int | None, str]:
    parts = urlsplit(address)
    return parts.scheme, parts.hostname, parts.port or PORTS.get(parts.scheme), unquote(parts.path)
