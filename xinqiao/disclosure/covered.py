"""What of disclosure the log vouches for: receipts, corrections, documents, ends of keeping, watches and their news."""

from xinqiao.disclosure.models import Correction, Disposal, Document, Overdue, Receipt, Watch, WatchNews
from xinqiao.ledger import covering
from xinqiao.ledger.model_rows import covered


def register() -> None:
    covering.register(covered(Receipt))
    covering.register(covered(Correction))
    covering.register(covered(Document))
    covering.register(covered(Disposal))
    covering.register(covered(Overdue))
    covering.register(covered(Watch))
    covering.register(covered(WatchNews))
