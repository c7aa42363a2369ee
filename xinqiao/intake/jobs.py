"""Intake's later work. Whoever asks again finds it done."""

from datetime import time

from django.utils import timezone

from xinqiao import work
from xinqiao.intake import expiry, inspection, placing
from xinqiao.kernel.ids import DeliveryNumber


@work.job("intake.inspect")
def inspect(*, delivery: int) -> None:
    inspection.inspect(DeliveryNumber(delivery), now=timezone.now())


@work.job("intake.place", alone=True)
def place() -> None:
    placing.place(timezone.now())


@work.job("intake.expire", alone=True, nightly=time(0, 30))
def expire() -> None:
    expiry.expire(timezone.now())
