"""The credit file's tables as the log answers for them."""

import json
from collections.abc import Iterator

from xinqiao.creditfile import facts, rules
from xinqiao.creditfile.models import Annotation, Standing
from xinqiao.kernel.ids import EventId
from xinqiao.ledger import covering
from xinqiao.ledger.covering import Covered, CoveredRow
from xinqiao.ledger.model_rows import covered

_FACTS = """
SELECT f.id, f.city, f.item, f.source, f.subject_id, f.business_key, f.delivery, f.line, f.received_on, f.valid_from,
    f.valid_to, f.salt, f.payload, s.sealed, f.stored_event, f.ordinal
FROM creditfile_fact f LEFT JOIN creditfile_secret s ON s.fact_id = f.id
ORDER BY f.stored_event, f.ordinal
"""
_BROKEN = b"\x00" * 32  # the digest of a row that cannot even be read as one of ours


def register() -> None:
    covering.register(Covered("creditfile_fact", "chunk", _facts))
    covering.register(Covered("creditfile_fact/closing", "chunk", _closings))
    covering.register(Covered("creditfile_secret", "chunk", _secrets))
    covering.register(covered(Standing))
    covering.register(covered(Annotation))


def _facts() -> Iterator[CoveredRow]:
    for row in covering.stream(_FACTS):
        yield CoveredRow(str(row[0]), _leaf(row), EventId(row[14]), row[15])


def _leaf(row: tuple[object, ...]) -> bytes:
    """The leaf as it was made from this row, secret included: a forged cipher text shows here as well."""
    fact, received, since, until, salt, payload, sealed = row[0], row[8], row[9], row[10], row[11], row[12], row[13]
    if salt is None or payload is None:
        return _BROKEN  # erased: the log says so, and a later event speaks for the row
    text = rules.envelope(*row[:8], str(received), _iso(since), _iso(until))  # type: ignore[arg-type]
    try:
        secret = facts.unseal(int(str(fact)), bytes(sealed)) if sealed is not None else facts.NOTHING  # type: ignore[call-overload]
    except Exception:  # whatever a forger left there, the row is altered and must be named
        return _BROKEN
    return rules.leaf(text, bytes(salt), _canonical(payload), secret)  # type: ignore[call-overload]


def _canonical(payload: object) -> str:
    return rules.canonical(json.loads(payload) if isinstance(payload, str) else payload)  # type: ignore[arg-type]


def _iso(day: object) -> str | None:
    return None if day is None else str(day)


def _closings() -> Iterator[CoveredRow]:
    for fact, event, ordinal in covering.stream(
        "SELECT id, closed_event, closed_ordinal FROM creditfile_fact WHERE closed_event IS NOT NULL"
        " ORDER BY closed_event, closed_ordinal"
    ):
        yield CoveredRow(str(fact), rules.closing_leaf(fact), EventId(event), ordinal)


def _secrets() -> Iterator[CoveredRow]:
    for fact, sealed, event, ordinal in covering.stream(
        "SELECT fact_id, sealed, event, ordinal FROM creditfile_secret ORDER BY event, ordinal"
    ):
        yield CoveredRow(str(fact), rules.secret_leaf(fact, bytes(sealed)), EventId(event), ordinal)
