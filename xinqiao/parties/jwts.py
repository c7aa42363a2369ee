"""What every JWT sent to us is read by: two algorithms, and one measure for clocks that differ."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from joserfc.jws import JWSRegistry

ALGORITHMS: Final = ("Ed25519", "ES256")
LONGEST: Final = timedelta(minutes=5)  # bounds what must be remembered against replay
SKEW: Final = timedelta(seconds=10)  # clocks of two well-run houses
LONGEST_TEXT: Final = 4096  # characters
LONGEST_JTI: Final = 64

Claims = Mapping[str, object]


class Registry(JWSRegistry):
    """Ed25519 and ES256 and nothing else; `EdDSA` is the older name of the first (RFC 9864)."""

    max_header_length = 1024  # a proof carries its key there

    def __init__(self) -> None:
        super().__init__(algorithms=ALGORITHMS)

    def get_alg(self, name: str):  # type: ignore[no-untyped-def]  # the library's own type is private
        return super().get_alg("Ed25519" if name == "EdDSA" else name)


def instant(claims: Claims, name: str) -> datetime | None:
    """A claim in seconds (RFC 7519 `NumericDate`), None where it is not there. Raises `ValueError`."""
    value = claims.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(name)
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, OSError) as error:
        raise ValueError(name) from error


def is_fresh(issued: datetime, now: datetime) -> bool:
    """Said within the last five minutes, and not in the future."""
    return now - LONGEST - SKEW <= issued <= now + SKEW


def jti(claims: Claims) -> str | None:
    """The name of this one JWT, None where it is none that could be remembered."""
    value = claims.get("jti")
    return value if isinstance(value, str) and 0 < len(value) <= LONGEST_JTI and value.isprintable() else None
