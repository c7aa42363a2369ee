"""The path of a case of rights, by ids and events: for `xinqiao trace`. None of its words is read here."""

from collections.abc import Collection
from typing import Any

from xinqiao.disclosure import corrected
from xinqiao.kernel.ids import FactId
from xinqiao.ledger.tracing import path
from xinqiao.rights import annulled, commitments, declarations, queries, repairs


def of_objection(number: int) -> dict[str, Any]:
    """An objection: its line, its state, who was told of the correction. Raises `NotFound`."""
    view = queries.objection(number)
    said = {"reference": view.reference, "subject": view.subject_id, "fact": view.fact, "stands_on": view.stands_on}
    told = _told({view.fact, view.stands_on})
    return path("objection", number, said | {"source": view.source, "state": str(view.state), **told})


def of_repair(number: int) -> dict[str, Any]:
    """An application for repair: its line, its number at Credit China, who was told. Raises `UnknownRepair`."""
    view = repairs.repair(number)
    said = {"reference": view.reference, "subject": view.subject_id, "fact": view.fact, "source": view.source}
    facts = repairs.result(view.result).facts if view.result is not None else ()
    said |= {"state": str(view.state), "tracking": view.tracking, "result": view.result}
    return path("repair", number, said | _told(facts))


def of_annulment(number: int) -> dict[str, Any]:
    """A report of an annulled act: its line, its state, who was told. Raises `UnknownAnnulment`."""
    view = annulled.annulment(number)
    said = {"reference": view.reference, "subject": view.subject_id, "fact": view.fact, "source": view.source}
    return path("annulment", number, said | {"state": str(view.state), **_told({view.fact})})


def of_commitment(number: int) -> dict[str, Any]:
    """A commitment: its form, its state, the claim against it. Raises `UnknownCommitment`."""
    view = commitments.commitment(number)
    claim = None if view.breach is None else str(view.breach.state)
    said = {"reference": view.reference, "subject": view.subject_id, "form": view.promise, "state": str(view.state)}
    return path("commitment", number, said | {"claim": claim})


def of_declaration(number: int) -> dict[str, Any]:
    """What a business declared of itself: its item, its state. Raises `UnknownDeclaration`."""
    view = declarations.declaration(number)
    said = {"reference": view.reference, "subject": view.subject_id, "item": view.item, "state": str(view.state)}
    return path("declaration", number, said | {"commitment": view.commitment})


def _told(facts: Collection[FactId]) -> dict[str, Any]:
    return {"corrections": [one.receipt for one in corrected.told_of(facts)]}
