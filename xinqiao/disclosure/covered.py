"""What of disclosure the log vouches for: receipts, corrections, documents, ends of keeping, watches and their news,
and the sources that were asked live."""

from xinqiao.disclosure.models import (
    Call,
    Correction,
    Disposal,
    Document,
    Overdue,
    Receipt,
    SourceInterface,
    Watch,
    WatchNews,
)
from xinqiao.ledger import covering
from xinqiao.ledger.model_rows import covered


def register() -> None:
    for table in (Receipt, Correction, Document, Disposal, Overdue, Watch, WatchNews, SourceInterface, Call):
        covering.register(covered(table))
