"""What of disclosure the log vouches for: receipts, deferrals, corrections, documents, ends of keeping, watches and
their news, the sources that were asked live, pushes, renewals of
pseudonyms, and what institutions feed back."""

from typing import Final

from xinqiao.disclosure.models import (
    Call,
    Correction,
    Deferral,
    Disposal,
    Document,
    Feedback,
    FeedbackBatch,
    Overdue,
    PseudonymRenewal,
    Push,
    Receipt,
    SourceInterface,
    Subscription,
    Watch,
    WatchNews,
)
from xinqiao.ledger import covering
from xinqiao.ledger.model_rows import covered

TABLES: Final = (
    Receipt,
    Deferral,
    Correction,
    Document,
    Disposal,
    Overdue,
    Watch,
    WatchNews,
    SourceInterface,
    Call,
    Subscription,
    Push,
    PseudonymRenewal,
    FeedbackBatch,
    Feedback,
)


def register() -> None:
    for table in TABLES:
        covering.register(covered(table))
