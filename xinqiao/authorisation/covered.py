"""Which rows of authorisation the log vouches for: all of them, and the texts people were shown."""

from typing import Final

from xinqiao.authorisation.models import (
    Case,
    Consent,
    ConsentUse,
    Doubt,
    Grant,
    Invitation,
    Mandate,
    Paper,
    ShownText,
    Step,
    TwoPeople,
    Use,
)
from xinqiao.ledger import covering
from xinqiao.ledger.model_rows import covered

MODELS: Final = (Mandate, Invitation, Doubt, TwoPeople, ShownText, Case, Grant, Paper, Consent, ConsentUse, Step, Use)


def register() -> None:
    for model in MODELS:
        covering.register(covered(model))
