"""Which rows of disclosure the log vouches for: every receipt, correction and document."""

from xinqiao.disclosure.models import Correction, Document, Receipt
from xinqiao.ledger import covering
from xinqiao.ledger.model_rows import covered


def register() -> None:
    covering.register(covered(Receipt))
    covering.register(covered(Correction))
    covering.register(covered(Document))
