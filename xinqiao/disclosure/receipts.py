"""回执: the evidence of one telling, that anybody can check with `xinqiao verify` and nothing of ours.

The file's shape is docs/evidence-format.md. Right after the telling it carries a promise; a second later, the proof.
"""

from collections.abc import Collection
from typing import Any, Final

from xinqiao.disclosure import queries
from xinqiao.disclosure.canonical import canonical
from xinqiao.disclosure.errors import NotFound
from xinqiao.disclosure.models import Receipt
from xinqiao.disclosure.telling import FORMAT, Told
from xinqiao.kernel.ids import BranchId, EventId, InstitutionId, SubjectId
from xinqiao.ledger import promises, receipts

LARGEST: Final = 2**63 - 1


def receipt(
    number: int, *, of: InstitutionId | SubjectId | None = None, within: Collection[BranchId] | None = None
) -> dict[str, Any]:
    """The evidence of one telling, with the proof once the log has one.

    `of` limits it to what this institution was told, or what was told about this subject, and `within` to what it was
    told at these branches: anything else is as unknown. Raises `NotFound`.
    """
    row = Receipt.objects.filter(pk=number).first() if 0 < number <= LARGEST else None
    if row is None or not _belongs(row, of) or (within is not None and row.branch_id not in within):
        raise NotFound
    return evidence(row)


def _belongs(row: Receipt, of: InstitutionId | SubjectId | None) -> bool:
    match of:
        case None:
            return True
        case str():
            return row.institution_id == of
        case _:
            return row.subject_id == of and not queries.hidden().filter(pk=row.pk).exists()


def evidence(row: Receipt) -> dict[str, Any]:
    """The receipt file, without the report, which only its recipient has."""
    return receipts.file(FORMAT, row.body, bytes(row.signature), EventId(row.event))


def with_report(told: Told) -> str:
    """The answer to an ask: the evidence with the report in it, as canonical text.

    Only after the commit; the log has promised the event its place and not given it one yet.
    """
    promised = {"event": told.entry, "promise": promises.promise_of(told.entry)["note"]}
    row = told.receipt
    file = {**receipts.signed(FORMAT, row.body, bytes(row.signature)), **promised}
    parts = {name: canonical(value) for name, value in file.items()} | {"report": told.text}
    return "{" + ",".join(f'"{name}":{parts[name]}' for name in sorted(parts)) + "}"
