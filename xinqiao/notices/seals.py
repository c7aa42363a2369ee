"""A keyed mark on every event of a feed: what somebody wrote into the table behind our back is told to nobody."""

from datetime import UTC
from hmac import compare_digest

from xinqiao import keys
from xinqiao.notices.models import Notice


def seal(row: Notice) -> bytes:
    """The keyed mark of all that it tells."""
    at = row.at.astimezone(UTC).isoformat()
    told = (row.institution_id, row.number, row.news, row.subject, row.about, row.position, at)
    return keys.mark("notice", "\n".join(map(str, told)).encode())


def genuine(row: Notice) -> bool:
    return compare_digest(bytes(row.seal), seal(row))
