"""What every signature on line has in common: who showed, just before, who she is; and how the signed file says it."""

from datetime import datetime

from xinqiao.ledger.canonical import JsonValue
from xinqiao.ledger.entries import instant
from xinqiao.parties.rules import Method, Shown
from xinqiao.parties.signing_errors import ConfirmFirst
from xinqiao.parties.texts import digest_of


def confirmed(shown: Shown | None, now: datetime) -> tuple[Method, int | None]:
    """By what, and with which factor of hers, who signs showed who she is just now. Raises `ConfirmFirst`."""
    if shown is None or not shown.just_now(now):
        raise ConfirmFirst
    return shown.method, shown.factor


def text(name: str, version: str, wording: str, english: str) -> dict[str, JsonValue]:
    """Which text was signed: the Chinese, which binds, and what stood beside it."""
    return {"name": name, "version": version, "sha256": digest_of(wording), "english_sha256": digest_of(english)}


def signature(person: int, name: str, method: Method, at: datetime) -> dict[str, JsonValue]:
    return {"person": person, "name": name, "method": str(method), "signed_at": instant(at)}
