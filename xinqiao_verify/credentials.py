"""Is this presentation of a report signed by the platform, and which parts of the report does it show? (SD-JWT.)

The signature holds the digests of all parts; each part that is shown is compared with its digest. Where the credential
names its holder's key, the holder must have signed this presentation, for this reader and this occasion (KB-JWT).
"""

import base64
import binascii
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from xinqiao_verify.canonical import read
from xinqiao_verify.notes import Trust, named
from xinqiao_verify.proofs import Refused
from xinqiao_verify.reading import refusing
from xinqiao_verify.strict import Malformed, fields, number, text

TYPE, BOUND = "dc+sd-jwt", "kb+jwt"
SIGNATURE = 64  # bytes
OURS = ("iss", "iat", "exp", "vct", "document", "report", "recipient", "subject", "parts", "status", "_sd", "_sd_alg")
LATE = 300  # seconds a clock may be off


@dataclass(frozen=True)
class Presented:
    """What holds: the signed claims, the parts that are shown, the titles of those that are not, and whether its holder
    signed this presentation."""

    claims: Mapping[str, Any]
    shown: Mapping[str, Any]
    hidden: Sequence[str]
    bound: bool = False

    @property
    def document(self) -> int:
        return number(self.claims["document"])


def is_one(content: bytes) -> bool:
    """Whether this looks like a presentation: a JWT with parts behind it."""
    jwt, tilde, _ = content.partition(b"~")
    return tilde != b"" and jwt.startswith(b"eyJ") and jwt.count(b".") == 2  # noqa: PLR2004 - head, body, signature


def signed_part(content: str) -> str:
    """The JWT without the parts: what the receipt of the document is of."""
    return content.strip().partition("~")[0]


def signed_part_of(content: bytes) -> bytes:
    """Of a report whose parts can be shown singly, what its receipt is of; of any other file all of it."""
    return signed_part(content.decode()).encode() if is_one(content) else content


def check(content: str, trust: Trust, *, now: int, audience: str | None = None, nonce: str | None = None) -> Presented:
    """Check a presentation against keys from outside it. `now` in POSIX seconds. Raises `Refused`."""
    with refusing():
        return _checked(content, trust, now, audience, nonce)


def _checked(content: str, trust: Trust, now: int, audience: str | None, nonce: str | None) -> Presented:
    jwt, *shown, binding = content.strip().split("~")
    claims = _claims(jwt, trust)
    if now > number(claims["exp"]) + LATE:
        raise Refused("the presentation has expired; ask for a newer one")
    parts = dict(_part(one, claims["_sd"]) for one in shown)
    if len(parts) != len(shown):
        raise Refused("a part is shown twice")
    hidden = [text(one["title"]) for one in claims["parts"] if one["part"] not in parts]
    bound = _bound(claims.get("cnf"), content.strip().removesuffix(binding), binding, now, audience, nonce)
    return Presented(claims, parts, hidden, bound)


def _claims(jwt: str, trust: Trust) -> dict[str, Any]:
    head, body, signature = jwt.split(".")
    header = fields(read(_unbase64url(head)), ("alg", "kid", "typ"))
    if (header["alg"], header["typ"]) != ("EdDSA", TYPE):
        raise Refused("not a credential of ours")
    name, value = text(header["kid"]), _unbase64url(signature)
    if not any(key.signed(value, f"{head}.{body}".encode()) for key in named(trust, name)):
        raise Refused("the credential was altered, or signed by somebody else")
    claims = fields(read(_unbase64url(body)), OURS, ("cnf",))
    if claims["iss"] != name.rpartition("/")[0] or claims["_sd_alg"] != "sha-256":
        raise Refused("the credential is not its signer's")
    return claims


def _part(shown: str, digests: Sequence[str]) -> tuple[str, Any]:
    """One part that is shown: `[salt, name, value]`, whose digest stands in what is signed."""
    if _base64url(sha256(shown.encode()).digest()) not in digests:
        raise Refused("a part was altered, or is of another report")
    _, name, value = read(_unbase64url(shown))
    if name in OURS:
        raise Refused("a part bears the name of a claim")
    return text(name), value


def _bound(cnf: Any, presented: str, binding: str, now: int, audience: str | None, nonce: str | None) -> bool:
    """Whether the holder signed it. Raises `Refused` where it had to and did not, or signed for somebody else."""
    if cnf is None:
        if binding or audience or nonce:
            raise Refused("the credential names no holder's key, so nobody can have signed this presentation")
        return False
    if not binding:
        raise Refused("its holder has not signed this presentation")
    head, body, signature = binding.split(".")
    header, said = read(_unbase64url(head)), read(_unbase64url(body))
    _signed_by(cnf["jwk"], f"{head}.{body}".encode(), _unbase64url(signature))
    if header["typ"] != BOUND or said["sd_hash"] != _base64url(sha256(presented.encode()).digest()):
        raise Refused("its holder signed another presentation")
    if (audience or nonce) and (said["aud"], said["nonce"]) != (audience, nonce):
        raise Refused("it was presented to somebody else, or on another occasion")
    if number(said["iat"]) > now + LATE:
        raise Refused("it was presented in the future")
    return True


def _signed_by(jwk: Mapping[str, str], message: bytes, signature: bytes) -> None:
    try:
        if jwk["kty"] == "OKP" and jwk["crv"] == "Ed25519":
            Ed25519PublicKey.from_public_bytes(_unbase64url(jwk["x"])).verify(signature, message)
        elif jwk["kty"] == "EC" and jwk["crv"] == "P-256" and len(signature) == SIGNATURE:
            x, y = (int.from_bytes(_unbase64url(jwk[name])) for name in ("x", "y"))
            r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
            key = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
            key.verify(encode_dss_signature(r, s), message, ec.ECDSA(SHA256()))
        else:
            raise Refused("the holder's key is of no kind we know")
    except InvalidSignature as error:
        raise Refused("somebody other than its holder signed this presentation") from error


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _unbase64url(encoded: str) -> bytes:
    try:
        raw = base64.b64decode(encoded + "=" * (-len(encoded) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise Malformed("not base64url") from error
    if _base64url(raw) != encoded:
        raise Malformed("base64url in another spelling")
    return raw
