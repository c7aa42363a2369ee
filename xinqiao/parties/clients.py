"""An institution's programs. Each proves itself with a private key that never reaches us; we keep the public half."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OKPKey

from xinqiao.kernel.ids import InstitutionId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of
from xinqiao.parties import jwts
from xinqiao.parties.errors import (
    AlreadyEnded,
    AlreadyThere,
    BadSignature,
    KeyInvalid,
    ScopeInvalid,
    StaleTimestamp,
    UnknownClient,
    UnknownInstitution,
)
from xinqiao.parties.institutions import SLUG
from xinqiao.parties.models import Client, Institution

LONGEST_SAID: Final = 16_000  # characters: five hundred numbers and a law
PUBLIC_MEMBERS: Final = {("OKP", "Ed25519"): ("kty", "crv", "x"), ("EC", "P-256"): ("kty", "crv", "x", "y")}


@dataclass(frozen=True, slots=True)
class ClientView:
    id: str
    institution: InstitutionId


@transaction.atomic
def register(*, id: str, institution: str, public_jwk: Mapping[str, object], now: datetime) -> ClientView:  # noqa: A002
    """Register a program under the public key it will sign with (RFC 7517: Ed25519 or P-256).

    Raises `KeyInvalid` for any other key and for a private one, `UnknownInstitution`, `AlreadyThere`.
    """
    if not SLUG.fullmatch(id):
        raise ScopeInvalid(Saying("接口账号用小写字母、数字和下划线，以字母开头，3 到 60 个字符"))
    jwk = public_half(public_jwk)
    if not Institution.objects.filter(pk=institution).exists():
        raise UnknownInstitution
    row, fresh = Client.objects.get_or_create(
        pk=id, defaults={"institution_id": institution, "jwk": jwk, "registered_at": now}
    )
    if not fresh:
        raise AlreadyThere(Saying("这个接口账号已经登记"))
    log.append(Kind.CLIENT_REGISTERED, now=now, about={"client": id, "institution": institution}, rows=[state_of(row)])
    return ClientView(id, InstitutionId(institution))


@transaction.atomic
def end(id: str, *, now: datetime) -> ClientView:  # noqa: A002
    """End a program: from this commit on neither its assertions nor its tokens open anything; its name stays taken.

    Raises `UnknownClient`, `AlreadyEnded`.
    """
    row = Client.objects.select_for_update().filter(pk=id).first()
    if row is None:
        raise UnknownClient
    if row.ended_at is not None:
        raise AlreadyEnded
    row.ended_at = now
    row.save(update_fields=["ended_at"])
    about = {"client": id, "institution": row.institution_id}
    log.append(Kind.CLIENT_ENDED, now=now, about=about, rows=[state_of(row)])
    return ClientView(id, InstitutionId(row.institution_id))


def of(institution: InstitutionId) -> list[ClientView]:
    """An institution's programs that have not ended, by name."""
    rows = Client.objects.filter(institution=institution, ended_at__isnull=True).order_by("pk")
    return [ClientView(row.pk, institution) for row in rows]


def signed_by(id: str, text: str, *, now: datetime) -> Mapping[str, object]:  # noqa: A002
    """What a program says in a JWS it signed a moment ago, by `iss` and `iat`. Raises `BadSignature`,
    `StaleTimestamp`."""
    row = Client.objects.filter(pk=id, ended_at__isnull=True).first()
    try:
        if row is None or len(text) > LONGEST_SAID:
            raise BadSignature
        claims = jwt.decode(text, key_of(row.jwk), registry=jwts.Registry()).claims
        issued = jwts.instant(claims, "iat")
    except (JoseError, ValueError) as error:
        raise BadSignature from error
    if claims.get("iss") != id:
        raise BadSignature
    if issued is None or not jwts.is_fresh(issued, now):
        raise StaleTimestamp
    return claims


def fingerprint(jwk: Mapping[str, object]) -> str:
    """The key's RFC 7638 thumbprint: what both sides read to each other before it is registered."""
    return key_of(public_half(jwk)).thumbprint()


def public_half(jwk: Mapping[str, object]) -> dict[str, str]:
    """The members that make a usable public key, and nothing else. Raises `KeyInvalid`."""
    if "d" in jwk:
        raise KeyInvalid(Saying("送来的是私钥。私钥只能留在贵机构，请更换一对密钥，只登记公钥"))
    members = PUBLIC_MEMBERS.get((str(jwk.get("kty")), str(jwk.get("crv"))))
    if members is None:
        raise KeyInvalid(Saying("只接受 Ed25519 或 P-256 公钥"))
    public = {name: str(jwk.get(name, "")) for name in members}
    try:
        key_of(public).public_key  # noqa: B018 — reading it is what checks the point
    except (JoseError, ValueError, TypeError) as error:
        raise KeyInvalid(Saying("公钥内容有误")) from error
    return public


def key_of(jwk: dict[str, str]) -> OKPKey | ECKey:
    """The key a client's assertions are checked with."""
    members: dict[str, str | list[str]] = {**jwk}
    return OKPKey.import_key(members) if jwk["kty"] == "OKP" else ECKey.import_key(members)
