"""How often somebody may try: counted for all processes together, and without a name."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection

from tests.parties.builders import NOW
from xinqiao.parties import limits
from xinqiao.parties.errors import TooOften
from xinqiao.parties.limits import Limit
from xinqiao.parties.models import Tries

pytestmark = pytest.mark.usefixtures("city_db")
FEW = Limit("few", 3, timedelta(minutes=1))


def test_one_more_than_allowed_is_refused_until_the_time_is_over() -> None:
    for _ in range(3):
        limits.count(FEW, "core", now=NOW)
    with pytest.raises(TooOften) as refused:
        limits.count(FEW, "core", now=NOW + timedelta(seconds=30))
    assert refused.value.seconds == 30
    limits.count(FEW, "another", now=NOW)
    limits.count(FEW, "core", now=NOW + timedelta(minutes=1))


def test_of_many_at_once_no_more_than_allowed_are_heard() -> None:
    def tried(_: int) -> bool:
        try:
            limits.count(FEW, "core", now=NOW)
        except TooOften:
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(tried, range(12))) == 3


def test_what_is_counted_does_not_name_anybody() -> None:
    limits.count(FEW, "li-xiulan", now=NOW)
    [row] = Tries.objects.all()
    assert b"li-xiulan" not in bytes(row.key)
