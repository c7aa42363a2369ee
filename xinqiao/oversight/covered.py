"""Which rows of oversight the log vouches for: all of them."""

from typing import Final

from xinqiao.ledger import covering
from xinqiao.ledger.model_rows import covered
from xinqiao.oversight.models import Affected, Complaint, Concerned, Incident, Infringement, Inspection

MODELS: Final = (Infringement, Concerned, Inspection, Complaint, Incident, Affected)


def register() -> None:
    for model in MODELS:
        covering.register(covered(model))
