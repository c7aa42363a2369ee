"""A migration gives a covered table columns: afterwards the log answers for the rows in their new form."""

from typing import Any

from django.apps import apps
from django.db import connection, transaction

from tests.authorisation.builders import a_bank_under_agreement, a_business, a_grant, a_representative
from xinqiao.ledger import restating
from xinqiao.ledger.checking import check
from xinqiao.ledger.events import Kind


def restate(app: str, model: str) -> None:
    now: Any = apps  # the models of today stand in for those a migration is handed
    with transaction.atomic():
        restating.restated(app, model).code(now, None)  # type: ignore[arg-type]


def test_rows_that_an_upgrade_changed_are_answered_for_once_the_log_is_told(city_db: str) -> None:
    a_bank_under_agreement()
    business = a_business()
    a_grant(business, by=a_representative(business))
    with connection.cursor() as cursor:  # as a migration does it: no act of the program, so nothing in the log
        cursor.execute("UPDATE authorisation_grant SET template = ''")
    assert [found.table for found in check().found] == ["authorisation_grant"]
    restate("authorisation", "grant")
    assert check().sound
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind FROM ledger_event ORDER BY id DESC LIMIT 1")
        assert cursor.fetchone() == (str(Kind.ROWS_RESTATED),)


def test_of_an_empty_table_the_log_is_told_nothing(city_db: str) -> None:
    restate("authorisation", "grant")
    assert check().waiting == 0
