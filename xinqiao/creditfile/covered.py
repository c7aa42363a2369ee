"""The credit file's tables as the log answers for them."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from xinqiao import keys
from xinqiao.creditfile import erasure, secrets, standing
from xinqiao.creditfile.closing import ASPECT
from xinqiao.creditfile.facts import TABLE
from xinqiao.creditfile.models import Annotation
from xinqiao.creditfile.models import Standing as StandingRow
from xinqiao.creditfile.rules import leaves
from xinqiao.creditfile.rules.values import canonical
from xinqiao.kernel.ids import EventId
from xinqiao.ledger import covering
from xinqiao.ledger.covering import Covered, CoveredRow
from xinqiao.ledger.model_rows import covered

FACTS: Final = """
SELECT f.city, f.item, f.source, f.delivery, f.received_on, f.id, f.subject_id, f.business_key, f.valid_from,
    f.valid_to, f.shown_until, f.line, f.payload::text, f.salt, f.content, s.sealed, f.stored_event, f.ordinal
FROM creditfile_fact f LEFT JOIN creditfile_secret s ON s.fact_id = f.id
"""
_IN_ORDER: Final = f"{FACTS} ORDER BY f.stored_event, f.ordinal"
_BROKEN: Final = b"\x00" * 32  # the digest of a row that cannot be read as one of ours


def register() -> None:
    covering.register(Covered(TABLE, "chunk", _facts))
    covering.register(Covered(ASPECT, "chunk", _closings))
    covering.register(Covered(secrets.TABLE, "chunk", _secrets))
    covering.register(Covered(standing.TABLE, "chunk", _standings))
    covering.register(Covered(erasure.ERASURES, "row", _erasures))
    covering.register(covered(Annotation))


def _facts() -> Iterator[CoveredRow]:
    for *said, payload, salt, content, sealed, event, ordinal in covering.stream(_IN_ORDER):
        yield CoveredRow(str(said[5]), leaf(said, payload, salt, content, sealed), EventId(event), ordinal)


def leaf(said: list[Any], payload: str, salt: bytes, content: bytes, sealed: bytes | None) -> bytes:
    """A fact's leaf made again from its row, the secret fields included: a forged cipher text shows here as well."""
    try:
        salted = None if sealed is None else secrets.unsealed(said[5], sealed)
        made = leaves.content(bytes(salt), canonical(json.loads(payload)).encode(), salted)
    except (keys.Tampered, keys.UnknownKey, ValueError):
        return _BROKEN
    if made != bytes(content):
        return _BROKEN
    return leaves.leaf(envelope_of(said), made)


def envelope_of(said: list[Any]) -> bytes:
    """A fact's envelope from its columns, in the order of `FACTS`."""
    return leaves.Envelope(*(_text(value) for value in said)).encode()


def _text(value: object) -> str:
    match value:
        case None:
            return ""
        case date():
            return value.isoformat()
        case _:
            return str(value)


def _closings() -> Iterator[CoveredRow]:
    for fact, event, ordinal in covering.stream(
        "SELECT id, closed_event, closed_ordinal FROM creditfile_fact WHERE closed_event IS NOT NULL"
        " ORDER BY closed_event, closed_ordinal"
    ):
        yield CoveredRow(str(fact), leaves.closing(fact, event), EventId(event), ordinal)


def _secrets() -> Iterator[CoveredRow]:
    for fact, sealed, event, ordinal in covering.stream(
        "SELECT fact_id, sealed, event, ordinal FROM creditfile_secret ORDER BY event, ordinal"
    ):
        yield CoveredRow(str(fact), secrets.leaf(fact, bytes(sealed)), EventId(event), ordinal)


def _standings() -> Iterator[CoveredRow]:
    for row in StandingRow.objects.order_by("event", "ordinal").iterator(chunk_size=2_000):
        yield CoveredRow(str(row.pk), standing.leaf(row), EventId(row.event), row.ordinal)


def _erasures() -> Iterator[CoveredRow]:
    for fact, basis, by, at in covering.stream("SELECT fact_id, basis, by, at FROM creditfile_erasure"):
        yield CoveredRow(str(fact), erasure.digest(fact, basis, by, at))
