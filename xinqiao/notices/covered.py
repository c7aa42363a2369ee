"""Which rows of notices the log vouches for: where news is sent."""

from xinqiao.ledger import covering
from xinqiao.ledger.model_rows import covered
from xinqiao.notices.models import Webhook


def register() -> None:
    covering.register(covered(Webhook))
