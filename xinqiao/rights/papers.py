"""Reading which papers lie with a case: what they are and how large, not what they hold."""

from dataclasses import dataclass
from datetime import datetime

from xinqiao.rights.cases import About
from xinqiao.rights.models import Proof
from xinqiao.rights.rules.papers import Kind


@dataclass(frozen=True, slots=True)
class ProofView:
    """`digest` is the SHA-256 of the file, as the log has it; `erased_at` says since when it is kept no more."""

    number: int
    paper: str
    kind: Kind
    size: int
    digest: str
    added_at: datetime
    erased_at: datetime | None


def of_case(about: About, number: int) -> list[ProofView]:
    """In the order they came."""
    return [shown(row) for row in Proof.objects.filter(about=about, number=number).order_by("id")]


def shown(row: Proof) -> ProofView:
    return ProofView(row.pk, row.paper, Kind(row.kind), row.size, row.digest, row.added_at, row.erased_at)
