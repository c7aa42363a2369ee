"""Subjects as the house speaks of them. Pure."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from xinqiao.kernel.ids import SubjectId
from xinqiao.kernel.subject_kinds import SubjectKind
from xinqiao.kernel.uscc import Uscc


@dataclass(frozen=True)
class Introduction:
    """What a registering department says of a subject. Empty text: it did not say."""

    uscc: Uscc
    name: str
    kind: SubjectKind
    division: str = ""
    industry: str = ""
    established: date | None = None
    status: str = ""


@dataclass(frozen=True)
class SubjectView:
    """A subject as other domains see it. `division` is where it is registered now, an attribute that may change."""

    id: SubjectId
    uscc: Uscc
    kind: SubjectKind
    name: str
    division: str
    industry: str
    established: date | None
    status: str


def columns(view: SubjectView, city: str) -> dict[str, Any]:
    """Everything about a subject that the log answers for, by column."""
    return {
        "city": city,
        "uscc": str(view.uscc),
        "kind": str(view.kind),
        "name": view.name,
        "division": view.division,
        "industry": view.industry,
        "established": view.established,
        "status": view.status,
    }


def after(known: SubjectView, said: Introduction) -> SubjectView:
    """The subject once a department has spoken again: what it left empty stays as it was."""
    return SubjectView(
        known.id,
        known.uscc,
        known.kind,
        said.name or known.name,
        said.division or known.division,
        said.industry or known.industry,
        said.established or known.established,
        said.status or known.status,
    )
