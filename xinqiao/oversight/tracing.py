"""The path of a case, an inspection or a complaint, by ids and events: for `xinqiao trace`. No words of it are told."""

from typing import Any

from xinqiao.ledger.tracing import path
from xinqiao.oversight import complaints, infringements, inspections
from xinqiao.parties.rules import Role, Scope

Json = dict[str, Any]


def of_infringement(number: int) -> Json:
    """A case: against whom, the looks it is about, the suspension imposed in it, its state. Raises `NotFound`."""
    view = infringements.infringement(number)
    said: Json = {"reference": view.reference, "institution": view.institution, "origin": str(view.origin)}
    said |= {"subjects": list(view.concerned), "receipts": list(view.receipts), "suspension": view.suspension}
    return path("infringement", number, said | {"state": str(view.state)})


def of_inspection(number: int) -> Json:
    """An inspection: of whom (None: the operator), its state. Raises `NotFound`."""
    view = inspections.inspection(number, of=Scope(None, Role.INSPECTOR))
    said = {"reference": view.reference, "institution": view.institution, "state": str(view.state)}
    return path("inspection", number, said)


def of_complaint(number: int) -> Json:
    """A complaint: about whom, whose (None: nobody said), its state, the case it became. Raises `NotFound`."""
    view = complaints.complaint(number, of=Scope(None, Role.OPERATOR))
    said: Json = {"reference": view.reference, "about": str(view.about), "institution": view.institution}
    said |= {"source": view.source or None, "subject": view.subject_id, "state": str(view.state)}
    return path("complaint", number, said | {"infringement": view.infringement})
