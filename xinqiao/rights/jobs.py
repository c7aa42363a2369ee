"""What rights does by itself."""

from datetime import time

from django.utils import timezone

from xinqiao import work
from xinqiao.rights import (
    annulling,
    commitment_rows,
    committing,
    deciding,
    declaration_rows,
    declaring,
    escalating,
    mending,
    proofs,
    pulling,
    repairing,
    results,
)


@work.job("rights.tell_recipients")
def tell_recipients(*, objection: int) -> None:
    """After an objection was upheld; a page that did it already finds nobody left."""
    deciding.tell_recipients(objection, now=timezone.now())


@work.job("rights.escalate", alone=True, nightly=time(0, 15))
def escalate() -> None:
    escalating.escalate(timezone.now())


@work.job("rights.expire_proofs", alone=True, nightly=time(0, 20))
def expire_proofs() -> None:
    """Before the file room is cleared, so that a file goes the night its term is over."""
    proofs.expire(timezone.now())


@work.job("rights.tell_repaired")
def tell_repaired(*, result: int) -> None:
    """After a repair was carried out."""
    results.tell_recipients(result, now=timezone.now())


@work.job("rights.carry_out", alone=True, nightly=time(0, 5))
def carry_out() -> None:
    """Repairs whose day has come, and those that waited for their line."""
    results.carry_out_due(timezone.now())


@work.job("rights.hand_over")
def hand_over(*, repair: int) -> None:
    """After an application was submitted; tried again while Credit China does not take it."""
    repairing.hand_over(repair, now=timezone.now())


@work.job("rights.pull", alone=True, nightly=time(0, 2))
def pull() -> None:
    """What Credit China decided; inspected and carried out by those who follow."""
    pulling.pull(timezone.now())


@work.job("rights.tell_annulled")
def tell_annulled(*, annulment: int) -> None:
    """After a line was withdrawn because its act was annulled."""
    annulling.tell_recipients(annulment, now=timezone.now())


@work.job("rights.write_down", alone=True)
def write_down() -> None:
    """After a commitment was signed or moved on; inspected and filed by those who follow."""
    commitment_rows.write(timezone.now())


@work.job("rights.end_commitments", alone=True, nightly=time(0, 10))
def end_commitments() -> None:
    """Those whose term is over."""
    committing.end_due(timezone.now())
    commitment_rows.write(timezone.now())


@work.job("rights.tell_mended")
def tell_mended(*, commitment: int) -> None:
    """After a breach that was found here was repaired here."""
    mending.tell_recipients(commitment, now=timezone.now())


@work.job("rights.write_declarations", alone=True)
def write_declarations() -> None:
    """After something was declared, corrected or proved."""
    declaration_rows.write(timezone.now())


@work.job("rights.tell_withdrawn")
def tell_withdrawn(*, declaration: int) -> None:
    """After a business took back what it had declared."""
    declaring.tell_recipients(declaration, now=timezone.now())
