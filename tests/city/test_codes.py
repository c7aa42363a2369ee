"""Invented codes are valid ones, and no two businesses share one."""

import random
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from xinqiao.kernel.subject_kinds import SubjectKind, kind_of
from xinqiao.kernel.uscc import Fault, Uscc, fault_in
from xinqiao_city import codes, population

TODAY = date(2026, 10, 31)


@given(st.sampled_from(["91", "92", "93", "N1", "N2", "N3"]), st.integers(0, 31**6 - 1))
def test_every_invented_code_passes_both_checks(category: str, serial: int) -> None:
    assert fault_in(codes.uscc(category, "410423", serial)) is None


@given(st.integers(0, 31**6 - 1), st.integers())
def test_a_spoiled_code_fails_at_its_check_character(serial: int, seed: int) -> None:
    code = codes.spoil_check(random.Random(seed), codes.uscc("91", "410423", serial))
    assert fault_in(code) is Fault.CHECK


def test_two_thousand_businesses_have_two_thousand_codes_and_names() -> None:
    people = list(population.people(2_000, 7, TODAY))
    assert len({b.uscc for b in people}) == len({b.name for b in people}) == 2_000


def test_the_code_tells_the_kind_of_business() -> None:
    for business in population.people(500, 3, TODAY):
        assert kind_of(Uscc.parse(business.uscc)) is business.kind


def test_all_four_kinds_and_all_ten_divisions_are_there() -> None:
    people = list(population.people(2_000, 7, TODAY))
    assert {b.kind for b in people} == set(SubjectKind)
    assert len({b.county.code for b in people}) == 10


def test_nobody_was_founded_after_the_day_the_city_is_looked_at() -> None:
    assert max(b.established for b in population.people(2_000, 7, TODAY)) < TODAY
