"""Which rows of parties the log vouches for: all that say who may do what."""

from typing import Final

from xinqiao.ledger import covering
from xinqiao.ledger.model_rows import covered
from xinqiao.parties.models import Agreement, Client, Institution, Person, Role

MODELS: Final = (Institution, Agreement, Person, Role, Client)


def register() -> None:
    for model in MODELS:
        covering.register(covered(model))
