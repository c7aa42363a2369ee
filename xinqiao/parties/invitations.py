"""邀请: a code somebody is handed, which leads to what they were asked by name, and which nobody else can make up.

What it leads to is its domain's: a consent, a mandate, a place in an organisation.
"""

import hmac
from typing import Final

from xinqiao import keys
from xinqiao.kernel.ids import PersonId
from xinqiao.parties import identities, queries
from xinqiao.parties.people_errors import NotInvited, SignOnFirst

_DIGITS: Final = 19  # fewer: a number the database has room for


def code_of(purpose: str, number: int) -> str:
    return f"{number}-{keys.mark(purpose, str(number).encode()).hex()[:32]}"


def number_of(purpose: str, code: str) -> int | None:
    """The number behind a code; None for a code that was never handed out for this."""
    number = code.partition("-")[0]
    if not (number.isascii() and number.isdecimal() and len(number) < _DIGITS):
        return None
    return int(number) if hmac.compare_digest(code_of(purpose, int(number)).encode(), code.encode()) else None


def check_name(name: str, by: PersonId) -> None:
    """That it is she who was invited. Raises `SignOnFirst` where nobody vouches for her name, `NotInvited`."""
    person = queries.person(by)
    if person is None or not identities.ways_of(by):
        raise SignOnFirst
    if person.name != name:
        raise NotInvited
