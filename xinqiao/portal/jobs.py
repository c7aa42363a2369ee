"""What a page asks for and does not wait for."""

from django.utils import timezone

from xinqiao import work
from xinqiao.portal.operator import checks


@work.job("portal.check_log", alone=True)
def check_log(*, check: int) -> None:
    checks.run(check, now=timezone.now())
