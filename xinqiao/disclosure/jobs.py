"""What disclosure does by itself."""

from datetime import time

from django.utils import timezone

from xinqiao import work
from xinqiao.disclosure import calls, deferring, keeping, pushing, subscribing
from xinqiao.kernel.city_time import day_of


@work.job("disclosure.mark_overdue", alone=True, nightly=time(0, 30))
def mark_overdue() -> None:
    """Whoever should have deleted what it was told and has not said so."""
    now = timezone.now()
    while keeping.mark_overdue(day_of(now), now=now) == keeping.MOST_AT_ONCE:
        pass


@work.job("disclosure.forget_answers", alone=True, nightly=time(0, 40))
def forget_answers() -> None:
    """What sources answered live is dropped once no question can be repeated that it answered."""
    while calls.forget(timezone.now()):
        pass


@work.job("disclosure.show_deferred", alone=True, nightly=time(0, 20))
def show_deferred() -> None:
    """Departments' looks that were to be shown to their businesses later."""
    deferring.show_due(timezone.now())


@work.job("disclosure.make_push")
def make_push(*, order: int) -> None:
    """A file of public information that was ordered."""
    pushing.make(order, now=timezone.now())


@work.job("disclosure.push_changes", alone=True, nightly=time(4, 0))
def push_changes() -> None:
    """What has changed in a day, for everybody who subscribes."""
    subscribing.place_changes(timezone.now())
