"""What authorisation does by itself."""

from datetime import time

from django.utils import timezone

from xinqiao import work
from xinqiao.authorisation import expiring, mandates, scans


@work.job("authorisation.expire", alone=True, nightly=time(0, 5))
def expire() -> None:
    expiring.expire(timezone.now())
    scans.expire(timezone.now())
    mandates.expire(timezone.now())
