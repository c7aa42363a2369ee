"""By what a program proves who it is: an assertion signed with its key (`private_key_jwt`, RFC 7523), good once."""

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from django.db import connection
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from xinqiao.kernel.sayings import Saying
from xinqiao.parties import jwts
from xinqiao.parties.clients import key_of
from xinqiao.parties.errors import BadAudience, Expired, Malformed, Replay, StaleTimestamp, UnknownCredential
from xinqiao.parties.jwts import LONGEST, LONGEST_JTI, LONGEST_TEXT, SKEW, Claims
from xinqiao.parties.models import Client, SpentAssertion


@dataclass(frozen=True, slots=True)
class Assertion:
    """Read and found true; to be used once, and remembered until it would have ended by itself."""

    client: Client
    jti: str
    good_until: datetime


def read(assertion: str, *, audience: str, now: datetime) -> Assertion:
    """Raises `Malformed`, `UnknownCredential`, `BadAudience`, `Expired`, `StaleTimestamp`."""
    client, claims = _signed_by(assertion)
    _check_audience(claims, audience)
    good_until = _check_times(claims, now)
    if (jti := jwts.jti(claims)) is None:
        raise Malformed(Saying("凭据须有不超过 {most} 个字符的 jti", most=LONGEST_JTI))
    return Assertion(client, jti, good_until)


def use_once(one: Assertion, now: datetime) -> None:
    """Raises `Replay`. Of two at the same moment the second waits for the first, then is refused."""
    SpentAssertion.objects.filter(client=one.client, expires_at__lt=now).delete()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO parties_spentassertion (client_id, jti, expires_at) VALUES (%s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            [one.client.pk, one.jti, one.good_until],
        )
        if cursor.rowcount == 0:
            raise Replay


def _signed_by(assertion: str) -> tuple[Client, Claims]:
    claimed = _claimed_client(assertion)
    client = Client.objects.filter(pk=claimed, ended_at__isnull=True).first()
    key = key_of(client.jwk) if client is not None else _nobodys_key()
    try:
        token = jwt.decode(assertion, key, registry=jwts.Registry())
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
    if len(assertion) > LONGEST_TEXT:
        raise Malformed(Saying("凭据超过 {most} 个字符", most=LONGEST_TEXT))
    try:
        claims = _unchecked(assertion)
    except (ValueError, RecursionError) as error:
        raise Malformed(Saying("凭据不是合法的 JWT")) from error
    claimed = claims.get("iss")
    if not isinstance(claimed, str) or not claimed.isprintable():  # no text the database could not look up
        raise Malformed(Saying("凭据须写明 iss"))
    return claimed


def _unchecked(assertion: str) -> Claims:
    _, payload, _ = assertion.split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    if not isinstance(claims, dict):
        raise ValueError("claims are an object")
    return claims


def _check_audience(claims: Claims, audience: str) -> None:
    named = claims.get("aud")
    if audience not in (named if isinstance(named, list) else [named]):
        raise BadAudience(Saying("aud 应为 {audience}", audience=audience))


def _check_times(claims: Claims, now: datetime) -> datetime:
    """Until when the assertion must be remembered."""
    expires = _instant(claims, "exp")
    if expires is None:
        raise Malformed(Saying("凭据须写明 exp"))
    if expires + SKEW <= now:
        raise Expired
    if expires > now + LONGEST + SKEW:
        raise StaleTimestamp(Saying("exp 最多比现在晚 {minutes} 分钟", minutes=LONGEST.seconds // 60))
    issued = _instant(claims, "iat")
    if issued is not None and not jwts.is_fresh(issued, now):
        raise StaleTimestamp(
            Saying("iat 与平台时间相差超过 {minutes} 分钟，或晚于平台时间", minutes=LONGEST.seconds // 60)
        )
    begins = _instant(claims, "nbf")
    if begins is not None and begins > now + SKEW:
        raise StaleTimestamp(Saying("凭据还没有开始生效"))
    return expires + SKEW


def _instant(claims: Claims, name: str) -> datetime | None:
    try:
        return jwts.instant(claims, name)
    except ValueError as error:
        raise Malformed(Saying("{name} 应为秒数", name=name)) from error
