"""Which rows of rights the log vouches for: all of them."""

from typing import Final

from xinqiao.ledger import covering
from xinqiao.ledger.model_rows import covered
from xinqiao.rights.models import (
    Annulment,
    Breach,
    Commitment,
    Declaration,
    Objection,
    Proof,
    Repair,
    RepairResult,
    Stop,
)

MODELS: Final = (Objection, Stop, Proof, RepairResult, Repair, Annulment, Commitment, Breach, Declaration)


def register() -> None:
    for model in MODELS:
        covering.register(covered(model))
