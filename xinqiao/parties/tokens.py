"""Access tokens for institutions' programs: OAuth 2 client credentials, proved by a signed assertion (RFC 7523).

The assertion names us, lives minutes and is good once. The token is random, lives ten minutes, and only its SHA-256 is
kept, sealed with a key, so that neither a copy of the database nor a row written into it opens a door.
"""

import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from hmac import compare_digest
from typing import Final

from django.db import connection, transaction
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from joserfc.jws import JWSRegistry

from xinqiao import keys
from xinqiao.kernel.ids import InstitutionId
from xinqiao.kernel.sayings import Saying
from xinqiao.parties.clients import ClientView, key_of
from xinqiao.parties.errors import BadAudience, Expired, Malformed, Replay, StaleTimestamp, UnknownCredential
from xinqiao.parties.models import Client, SpentAssertion, Token

LIFE: Final = timedelta(minutes=10)  # a stolen token is worth little; a new one costs its owner one signature
SKEW: Final = timedelta(seconds=10)  # clocks of two well-run houses
LONGEST: Final = timedelta(minutes=5)  # of an assertion: bounds what must be remembered against replay
LONGEST_ASSERTION: Final = 4096  # characters
LONGEST_JTI: Final = 64
ALGORITHMS: Final = ("Ed25519", "ES256")


@dataclass(frozen=True, slots=True)
class Issued:
    token: str
    expires_in: int  # seconds


class _Algorithms(JWSRegistry):
    """Ed25519 and ES256 and nothing else; `EdDSA` is the older name of the first (RFC 9864)."""

    def __init__(self) -> None:
        super().__init__(algorithms=ALGORITHMS)

    def get_alg(self, name: str):  # type: ignore[no-untyped-def]  # the library's own type is private
        return super().get_alg("Ed25519" if name == "EdDSA" else name)


def issue(*, assertion: str, audience: str, now: datetime) -> Issued:
    """A token for the client that signed the assertion.

    `audience` is the address of the token endpoint, which the assertion's `aud` must name. Raises `Malformed`,
    `UnknownCredential` (no such client or not its signature), `BadAudience`, `Expired`, `StaleTimestamp`, `Replay`.
    """
    client, claims = _signed_by(assertion)
    _check_audience(claims, audience)
    good_until = _check_times(claims, now)
    jti = claims.get("jti")
    if not isinstance(jti, str) or not 0 < len(jti) <= LONGEST_JTI:
        raise Malformed(Saying("凭据须有不超过 {most} 个字符的 jti", most=LONGEST_JTI))
    with transaction.atomic():
        _use_once(client, jti, good_until, now)
        return _new(client, now)


def _signed_by(assertion: str) -> tuple[Client, Mapping[str, object]]:
    claimed = _claimed_client(assertion)
    client = Client.objects.filter(pk=claimed, ended_at__isnull=True).first()
    key = key_of(client.jwk) if client is not None else _nobodys_key()
    try:
        token = jwt.decode(assertion, key, registry=_Algorithms())
    except (JoseError, ValueError) as error:
        raise UnknownCredential from error
    if client is None or token.claims.get("iss") != client.pk or token.claims.get("sub") != client.pk:
        raise UnknownCredential
    return client, token.claims


@cache
def _nobodys_key() -> OKPKey:
    """An unknown name costs the same work as a wrong signature."""
    return OKPKey.generate_key("Ed25519")


def _claimed_client(assertion: str) -> str:
    """Whom the assertion says it is from, not yet believed."""
    if len(assertion) > LONGEST_ASSERTION:
        raise Malformed(Saying("凭据超过 {most} 个字符", most=LONGEST_ASSERTION))
    try:
        claims = _unchecked(assertion)
    except (JoseError, ValueError, KeyError) as error:
        raise Malformed(Saying("凭据不是合法的 JWT")) from error
    claimed = claims.get("iss")
    if not isinstance(claimed, str) or "\x00" in claimed:
        raise Malformed(Saying("凭据须写明 iss"))
    return claimed


def _unchecked(assertion: str) -> Mapping[str, object]:
    _, payload, _ = assertion.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    if not isinstance(claims, dict):
        raise ValueError("claims are an object")
    return claims


def _check_audience(claims: Mapping[str, object], audience: str) -> None:
    named = claims.get("aud")
    if audience not in (named if isinstance(named, list) else [named]):
        raise BadAudience(Saying("aud 应为 {audience}", audience=audience))


def _check_times(claims: Mapping[str, object], now: datetime) -> datetime:
    """Until when the assertion must be remembered."""
    expires = _instant(claims, "exp")
    if expires is None:
        raise Malformed(Saying("凭据须写明 exp"))
    if expires + SKEW <= now:
        raise Expired
    if expires > now + LONGEST + SKEW:
        raise StaleTimestamp(Saying("exp 最多比现在晚 {minutes} 分钟", minutes=LONGEST.seconds // 60))
    issued = _instant(claims, "iat")
    if issued is not None and not now - LONGEST - SKEW <= issued <= now + SKEW:
        raise StaleTimestamp(
            Saying("iat 与平台时间相差超过 {minutes} 分钟，或晚于平台时间", minutes=LONGEST.seconds // 60)
        )
    begins = _instant(claims, "nbf")
    if begins is not None and begins > now + SKEW:
        raise StaleTimestamp(Saying("凭据还没有开始生效"))
    return expires + SKEW


def _instant(claims: Mapping[str, object], name: str) -> datetime | None:
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise Malformed(Saying("{name} 应为秒数", name=name))
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise Malformed(Saying("{name} 应为秒数", name=name)) from error


def _use_once(client: Client, jti: str, good_until: datetime, now: datetime) -> None:
    SpentAssertion.objects.filter(client=client, expires_at__lt=now).delete()
    with connection.cursor() as cursor:  # two at the same moment: the second waits for the first, then is refused
        cursor.execute(
            "INSERT INTO parties_spentassertion (client_id, jti, expires_at) VALUES (%s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            [client.pk, jti, good_until],
        )
        if cursor.rowcount == 0:
            raise Replay


def _new(client: Client, now: datetime) -> Issued:
    token, expires_at = secrets.token_urlsafe(32), now + LIFE
    digest = sha256(token.encode()).digest()
    Token.objects.filter(client=client, expires_at__lt=now).delete()
    Token.objects.create(digest=digest, client=client, expires_at=expires_at, seal=_seal(digest, client.pk, expires_at))
    return Issued(token, int(LIFE.total_seconds()))


def _seal(digest: bytes, client: str, expires_at: datetime) -> bytes:
    told = b"|".join((digest, client.encode(), expires_at.astimezone(UTC).isoformat().encode()))
    return keys.mark("access-token", told)


_HOLDER: Final = """
SELECT t.client_id, c.institution_id, t.expires_at, t.seal
  FROM parties_token t JOIN parties_client c ON c.id = t.client_id
 WHERE t.digest = %s AND t.expires_at > %s AND c.ended_at IS NULL
"""


def holder(token: str, *, now: datetime) -> ClientView | None:
    """Whose token this is, or None when it is unknown, over, or its client has ended."""
    digest = sha256(token.encode()).digest()
    with connection.cursor() as cursor:
        cursor.execute(_HOLDER, [digest, now])
        row = cursor.fetchone()
    if row is None or not compare_digest(bytes(row[3]), _seal(digest, row[0], row[2])):
        return None
    return ClientView(row[0], InstitutionId(row[1]))
