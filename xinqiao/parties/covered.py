"""Which rows of parties the log vouches for: all that say who may do what, sign-ins among them."""

from typing import Final

from django.contrib.auth import get_user_model

from xinqiao.ledger import covering
from xinqiao.ledger.model_rows import covered
from xinqiao.parties.models import (
    Agreement,
    Application,
    Appointment,
    Assessment,
    Branch,
    Charge,
    Client,
    Draft,
    Ending,
    Factor,
    FactorReset,
    Institution,
    Letter,
    LicenceShown,
    Person,
    RecoveryCode,
    Role,
    SharingBasis,
    Signature,
    SignedAgreement,
    SignOn,
    Suspension,
)

MODELS: Final = (
    Institution,
    Agreement,
    Application,
    Suspension,
    Assessment,
    Draft,
    Signature,
    SignedAgreement,
    Ending,
    Letter,
    SharingBasis,
    Person,
    Branch,
    Role,
    Appointment,
    Charge,
    Client,
    Factor,
    RecoveryCode,
    FactorReset,
    SignOn,
    LicenceShown,
)


def register() -> None:
    for model in (*MODELS, get_user_model()):
        covering.register(covered(model))
