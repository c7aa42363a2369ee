"""Subjects come into being once, and change by what is said anew."""

import pytest
from django.db import connection, transaction

from tests.subjects.builders import CITY, a_code, found, introduced, said
from xinqiao.kernel.subject_kinds import SubjectKind
from xinqiao.kernel.uscc import Uscc
from xinqiao.parties.rules import Role, Scope
from xinqiao.subjects import matching, queries
from xinqiao.subjects.errors import UnknownSubject

pytestmark = pytest.mark.usefixtures("city_db")


def named() -> list[str]:
    """The tables of the rows that `ledger check` finds wrong."""
    from xinqiao.ledger import checking

    return [finding.table for finding in checking.check().found]


def test_a_subject_is_known_by_its_code_in_all_four_kinds() -> None:
    introduced(*(said(n, f"主体{n}", category) for n, category in enumerate(("91", "92", "93", "N2"))))
    assert [queries.known_as(a_code(n, c)).kind for n, c in enumerate(("91", "92", "93", "N2"))] == list(SubjectKind)


def test_the_same_introduction_again_changes_nothing() -> None:
    first = introduced(said(1, "鲁山县示例农产品有限公司"))
    assert introduced(said(1, "鲁山县示例农产品有限公司")) == first
    assert named() == []


def test_a_new_name_leaves_the_old_one_as_an_alias() -> None:
    [number] = introduced(said(1, "鲁山县旧名有限公司")).values()
    introduced(said(1, "鲁山县新名有限公司"))
    assert queries.names_of(number) == ["鲁山县旧名有限公司", "鲁山县新名有限公司"]
    assert found("旧名") == ["鲁山县新名有限公司"]
    assert named() == []


def test_a_firm_that_moves_keeps_its_code_and_changes_its_county() -> None:
    introduced(said(1, "某某有限公司"))
    introduced(said(1, "某某有限公司", division="410482"))
    assert queries.known_as(a_code(1)).division == "410482"


def test_what_a_department_leaves_empty_stays_as_it_was() -> None:
    introduced(said(1, "某某有限公司"))
    introduced(said(1, "某某有限公司", industry="", division="", established=None))
    assert queries.known_as(a_code(1)).industry == "C1391"


def test_rows_are_matched_by_code_and_never_by_name() -> None:
    ids = introduced(said(1, "同名有限公司"))
    assert matching.place([str(a_code(1)), str(a_code(2))]) == ids


def test_an_unknown_code_is_refused_by_name() -> None:
    with pytest.raises(UnknownSubject):
        queries.known_as(Uscc(a_code(5)))


def test_a_county_officer_finds_the_countys_businesses_only() -> None:
    introduced(said(1, "汝州甲有限公司", division="410482"), said(2, "鲁山甲有限公司"))
    assert found("甲", Scope(person=None, role=Role.OPERATOR, zone="410482")) == ["汝州甲有限公司"]
    assert found("甲", CITY) == ["汝州甲有限公司", "鲁山甲有限公司"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE subjects_subject SET name = '冒名有限公司'",
        "UPDATE subjects_subject SET division = '410402'",
        "DELETE FROM subjects_name",
        "UPDATE subjects_name SET name = '冒名'",
        "INSERT INTO subjects_name (subject_id, name, event, ordinal) SELECT id, '冒', event, 9 FROM subjects_subject",
    ],
)
def test_whoever_edits_a_subject_behind_our_back_is_found_out(statement: str) -> None:
    introduced(said(1, "某某有限公司"))
    with transaction.atomic(), connection.cursor() as cursor:
        for table in ("subjects_subject", "subjects_name"):  # the owner of the database can do this
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement)
    assert any(table.startswith("subjects_") for table in named())
