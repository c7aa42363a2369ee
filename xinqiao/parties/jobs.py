"""What parties does by itself."""

from datetime import time

from django.utils import timezone

from xinqiao import work
from xinqiao.parties import suspending


@work.job("parties.end_lapsed", alone=True, nightly=time(0, 1))
def end_lapsed() -> None:
    """Suspensions of access whose last day is past."""
    suspending.end_lapsed(today=timezone.localdate(), now=timezone.now())
