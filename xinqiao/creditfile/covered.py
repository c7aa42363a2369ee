"""The credit file's tables as the log answers for them."""

import json
from collections.abc import Iterator
from typing import Any, Final

from xinqiao import keys
from xinqiao.creditfile import erasure, secrets, standing, worklist
from xinqiao.creditfile.closing import ASPECT
from xinqiao.creditfile.facts import TABLE
from xinqiao.creditfile.models import Annotation
from xinqiao.creditfile.rules import leaves
from xinqiao.creditfile.rules.values import canonical
from xinqiao.kernel.ids import EventId
from xinqiao.ledger import covering
from xinqiao.ledger.covering import BROKEN, Covered, CoveredRow
from xinqiao.ledger.digests import day_in_sql, moment_in_sql
from xinqiao.ledger.model_rows import covered

FACTS: Final = f"""
SELECT f.city, f.item, f.source, f.delivery, {day_in_sql("f.received_on")}, f.id, f.subject_id, f.business_key,
    {day_in_sql("f.valid_from")}, {day_in_sql("f.valid_to")}, {day_in_sql("f.shown_until")},
    f.line, f.payload::text, f.salt, f.content, s.sealed, f.stored_event, f.ordinal
FROM creditfile_fact f LEFT JOIN creditfile_secret s ON s.fact_id = f.id
"""
_IN_ORDER: Final = f"{FACTS} ORDER BY f.stored_event, f.ordinal"


def register() -> None:
    covering.register(Covered(TABLE, "chunk", _facts))
    covering.register(Covered(ASPECT, "chunk", _closings))
    covering.register(Covered(secrets.TABLE, "chunk", _secrets))
    covering.register(Covered(standing.TABLE, "chunk", _standings))
    covering.register(Covered(erasure.ERASURES, "row", _erasures))
    covering.register(Covered(worklist.DUE, "row", _due))
    covering.register(Covered(worklist.FILED, "row", _filed))
    covering.register(covered(Annotation))


def _facts() -> Iterator[CoveredRow]:
    for *said, payload, salt, content, sealed, event, ordinal in covering.stream(_IN_ORDER):
        yield CoveredRow(str(said[5]), leaf(said, payload, salt, content, sealed), EventId(event), ordinal)


def leaf(said: list[Any], payload: str, salt: bytes, content: bytes, sealed: bytes | None) -> bytes:
    """A fact's leaf made again from its row, the secret fields included: a forged cipher text shows here as well."""
    try:
        salted = None if sealed is None else secrets.unsealed(said[5], sealed)
        made = leaves.content(bytes(salt), canonical(json.loads(payload)).encode(), salted)
    except (keys.Tampered, keys.UnknownKey, ValueError, RecursionError):
        return BROKEN
    if made != bytes(content):
        return BROKEN
    return leaves.leaf(envelope_of(said), made)


def envelope_of(said: list[Any]) -> bytes:
    """A fact's envelope from its columns, in the order of `FACTS`."""
    return leaves.Envelope(*("" if value is None else str(value) for value in said)).encode()


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
    for number, *said, event, ordinal in covering.stream(
        f"SELECT id, fact, standing, because, by, {moment_in_sql('at')}, event, ordinal FROM creditfile_standing"
        " ORDER BY event, ordinal"
    ):
        yield CoveredRow(str(number), standing.leaf(number, *said), EventId(event), ordinal)


def _erasures() -> Iterator[CoveredRow]:
    for fact, basis, by, at in covering.stream(
        f"SELECT fact_id, basis, by, {moment_in_sql('at')} FROM creditfile_erasure"
    ):
        yield CoveredRow(str(fact), erasure.digest(fact, basis, by, at))


def _due() -> Iterator[CoveredRow]:
    for line in covering.stream(f"SELECT {', '.join(worklist.DUE_COLUMNS)} FROM creditfile_due"):
        _, key, digest = worklist.due(*line)
        yield CoveredRow(key, digest or BROKEN)


def _filed() -> Iterator[CoveredRow]:
    for part in covering.stream(f"SELECT {', '.join(worklist.FILED_COLUMNS)} FROM creditfile_filed"):
        _, key, digest = worklist.filed(*part)
        yield CoveredRow(key, digest or BROKEN)
