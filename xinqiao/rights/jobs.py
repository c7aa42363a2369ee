"""What rights does by itself."""

from datetime import time

from django.utils import timezone

from xinqiao import work
from xinqiao.rights import deciding, escalating


@work.job("rights.tell_recipients")
def tell_recipients(*, objection: int) -> None:
    """After an objection was upheld; a page that did it already finds nobody left."""
    deciding.tell_recipients(objection, now=timezone.now())


@work.job("rights.escalate", alone=True, nightly=time(0, 15))
def escalate() -> None:
    escalating.escalate(timezone.now())
