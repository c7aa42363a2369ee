"""可选披露凭证: a report as an SD-JWT (RFC 9901), whose holder shows only the parts it chooses.

Every part the subject could be asked about is there, with lines or without, and its name is always to be seen: who gets
a presentation reads what it is not shown, and learns nothing from there being a part.
"""

import json
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from sd_jwt.common import SDObj
from sd_jwt.holder import SDJWTHolder
from sd_jwt.issuer import SDJWTIssuer

from xinqiao import catalogue, keys
from xinqiao.disclosure.composing import Json
from xinqiao.disclosure.errors import NotACredential, ScopeInvalid
from xinqiao.kernel.sayings import Saying
from xinqiao_verify.notes import Key

SIGNING_KEY: Final = "credentials"  # its name in the key room
TYPE: Final = "dc+sd-jwt"
VCT: Final = "xinqiao-report/1"
# A report is of its day: whoever is shown one from last spring should ask for a newer one.
HOLDS: Final = timedelta(days=90)
GRADE: Final = "grade"
JWK: Final = {"OKP": ("kty", "crv", "x"), "EC": ("kty", "crv", "x", "y")}


def key() -> Key:
    """The public key credentials are signed with; `.line` is what a trust file holds."""
    return Key(f"{catalogue.city().code}.xinqiao/{SIGNING_KEY}", keys.public(SIGNING_KEY))


class _Issuer(SDJWTIssuer):  # type: ignore[misc]  # the library has no types
    """Signs in the key room, by Ed25519 under the name our keys have everywhere."""

    def _create_signed_jws(self) -> None:
        header = {"alg": "EdDSA", "kid": key().name, "typ": TYPE}
        signed = ".".join(self._base64url_encode(_text(part)) for part in (header, self.sd_jwt_payload))
        self.serialized_sd_jwt = f"{signed}.{self._base64url_encode(keys.sign(SIGNING_KEY, signed.encode()))}"


def _text(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def issued(
    report: Mapping[str, Any], *, document: int, check: str, now: datetime, holder: Mapping[str, str] | None = None
) -> str:
    """The whole credential, every part open. `holder` is a public key (RFC 7517) whose owner alone may show it."""
    parts = _parts(report)
    claims: dict[Any, Any] = {
        "iss": key().name.rpartition("/")[0],
        "iat": int(now.timestamp()),
        "exp": int((now + HOLDS).timestamp()),
        "vct": VCT,
        "document": document,
        "report": report["number"],
        "recipient": report["recipient"],
        "subject": {name: report["subject"][name] for name in ("uscc", "name", "kind_title")},
        "parts": [{"part": name, "title": part["title"]} for name, part in parts.items()],
        "status": {"check": check},
        **{SDObj(name): part for name, part in parts.items()},
    }
    if holder is not None:
        claims["cnf"] = {"jwk": {name: holder[name] for name in JWK[holder["kty"]]}}
    whole: str = _Issuer(claims, None).sd_jwt_issuance
    return whole


def _parts(report: Mapping[str, Any]) -> dict[str, Json]:
    """By name: the grade, and every item that was asked for, those without lines too."""
    told = {item["item"]: item for family in report["families"] for item in family["items"]}
    names = {name for source in report["sources"] for name in source["items"]}
    city = catalogue.city()
    parts: dict[str, Json] = {GRADE: {"title": "评价", "grade": report["grade"], "state": report["grade_state"]}}
    for name in city.items:
        if name in names:
            parts[name] = told.get(name) or {"title": city.item(name).title, "lines": []}
    return parts


def part_names(report: Mapping[str, Any]) -> dict[str, str]:
    """What can be chosen, with its title."""
    return {name: part["title"] for name, part in _parts(report).items()}


def parts_in(credential: str) -> list[dict[str, str]]:
    """The names and titles of the parts of a credential. Raises `NotACredential`."""
    return list(_opened(credential).sd_jwt_payload["parts"])


def _opened(credential: str) -> SDJWTHolder:
    try:
        opened = SDJWTHolder(credential.strip())
        opened.sd_jwt_payload["parts"], opened.sd_jwt_payload["_sd"]
    except (KeyError, TypeError, ValueError) as error:
        raise NotACredential from error
    return opened


def presented(credential: str, parts: Collection[str]) -> str:
    """The credential with these parts open and no other. Raises `ScopeInvalid`, `NotACredential`."""
    holder = _opened(credential)
    known = {one["part"] for one in holder.sd_jwt_payload["parts"]}
    if not parts or not known.issuperset(parts):
        raise ScopeInvalid(Saying("请至少选一部分，而且只能选凭证里有的"))
    holder.create_presentation(dict.fromkeys(parts, True))
    presentation: str = holder.sd_jwt_presentation
    return presentation
