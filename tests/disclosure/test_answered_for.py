"""The log answers for who may do what, what was allowed and what was told: every change behind its back is named."""

import pytest
from django.db import connection

from tests.disclosure.builders import a_world
from tests.parties.builders import BANK, NOW, a_program
from xinqiao.authorisation import changing, mandates
from xinqiao.kernel.city_time import day_of
from xinqiao.ledger import checking, sequencing
from xinqiao.parties import agreements, roles
from xinqiao.parties import queries as parties
from xinqiao.parties.rules import Role

# One telling edit of every table: what somebody with the database would want to change.
EDITS = {
    "parties_institution": "SET contact = '0375-9999999' WHERE id = 'pds_sample_bank'",
    "parties_agreement": "SET until = until + 3650, items = items || '{invoice_line}'",
    "parties_person": "SET user_id = NULL, name = '别人' WHERE id = 1",
    "parties_role": "SET until = NULL WHERE until IS NOT NULL",
    "parties_client": """SET jwk = jwk || '{"x": "AAAA"}'""",
    "authorisation_mandate": "SET until = NULL, since = since - interval '1 year'",
    "authorisation_grant": "SET revoked_at = NULL, ends_at = ends_at + interval '10 years'",
    "authorisation_showntext": "SET text = '什么也没有提示' WHERE name = 'credit_report'",
    "disclosure_receipt": "SET institution_id = NULL, officer = '', facts = '{}'",
}


@pytest.fixture
def lived_in(city_db: str) -> None:
    """A world in which everything that can end has ended: the best reason to change a row."""
    world = a_world()
    a_program()
    world.ask()
    changing.revoke(world.grant.id, by=world.representative, now=NOW)
    mandates.end(person=world.representative, subject_id=world.business, now=NOW)
    role = roles.give(person=world.representative, role=Role.OPERATOR, now=NOW)
    roles.end(role, now=NOW)
    held = parties.agreement_in_force(BANK, day_of(NOW))
    assert held is not None
    agreements.end(held.id, because="机构退出", now=NOW)
    sequencing.sequence(NOW)


def test_a_lived_in_world_agrees_with_its_log(lived_in: None) -> None:
    assert checking.check().sound


def test_every_edit_of_rights_and_receipts_is_named(lived_in: None) -> None:
    for table, edit in EDITS.items():
        _behind_the_back(table, f"UPDATE {table} {edit}")
    assert {found.table for found in checking.check().found} == set(EDITS)


def test_a_right_that_nobody_gave_and_a_receipt_that_was_removed_are_named(lived_in: None) -> None:
    _behind_the_back("disclosure_receipt", "DELETE FROM disclosure_receipt")
    _behind_the_back(
        "parties_role",
        "INSERT INTO parties_role (person_id, role, organisation, zone, since) VALUES (1, 'inspector', '', '', now())",
    )
    assert {found.table for found in checking.check().found} == {"disclosure_receipt", "parties_role"}


def _behind_the_back(table: str, statement: str) -> None:
    """As the owner of a table can: its own guards taken away and put back."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement)
        assert cursor.rowcount > 0, statement
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
