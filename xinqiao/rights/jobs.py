"""What rights does by itself."""

from datetime import time

from django.utils import timezone

from xinqiao import work
from xinqiao.rights import deciding, escalating, proofs


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
