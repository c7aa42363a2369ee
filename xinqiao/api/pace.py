"""How often a program may ask. A limit is there for programs that run wild, not to be met by work."""

from datetime import timedelta
from typing import Final

from django.http import HttpRequest
from django.utils import timezone

from xinqiao.parties import limits
from xinqiao.parties.limits import Limit

# Ten reports a second for a minute: more than a bank's whole branch network asks for, less than a loop without an end.
REPORTS: Final = Limit("api-reports", 600, timedelta(minutes=1))
# A query or a verification is a smaller question, and asked as often.
QUERIES: Final = Limit("api-queries", 600, timedelta(minutes=1))
VERIFICATIONS: Final = Limit("api-verifications", 600, timedelta(minutes=1))
ESTIMATES: Final = Limit("api-estimates", 600, timedelta(minutes=1))
INDICATORS: Final = Limit("api-indicators", 600, timedelta(minutes=1))
PROFILES: Final = Limit("api-profiles", 600, timedelta(minutes=1))
# Own receipts and agreement: as many as reports.
OWN: Final = Limit("api-own", 600, timedelta(minutes=1))
# Whoever looks for news twice a second hears of it as soon as anybody could; more is a loop.
EVENTS: Final = Limit("api-events", 120, timedelta(minutes=1))
# A token lives ten minutes; one a second leaves room for a farm of servers behind one address.
TOKENS: Final = Limit("api-tokens", 60, timedelta(minutes=1))
# Whoever has no token has little to ask; a check of a report costs two look-ups.
CHECKS: Final = Limit("api-checks", 60, timedelta(minutes=1))


def of_client(limit: Limit, client: str) -> None:
    """One more by this program. Raises `TooOften`."""
    limits.count(limit, client, now=timezone.now())


def of_address(limit: Limit, request: HttpRequest) -> None:
    """One more from this address, as the server in front of us tells it. Raises `TooOften`."""
    limits.count(limit, str(request.META.get("REMOTE_ADDR", "")), now=timezone.now())
