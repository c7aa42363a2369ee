import csv
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinqiao.kernel.subject_kinds import SubjectKind, kind_of
from xinqiao.kernel.uscc import (
    ALPHABET,
    CATEGORIES,
    Fault,
    NotAUscc,
    Uscc,
    check_character,
    fault_in,
    organisation_check_character,
)

REAL = "XINQIAO_REAL_DATA"

KNOWN = {
    "91410402MA40TE5TXF": SubjectKind.ENTERPRISE,
    "92410403MA41AB122Q": SubjectKind.INDIVIDUAL_BUSINESS,
    "93410421MA3XQ0C19R": SubjectKind.COOPERATIVE,
    "N2410423MF12345AXE": SubjectKind.RURAL_COLLECTIVE,
    "N1410422MF0000A17J": SubjectKind.RURAL_COLLECTIVE,
    "N3410425MF0000B724": SubjectKind.RURAL_COLLECTIVE,
    "31410411MD000ABC31": None,
    "52410481MJ000XY14F": None,
    "81410482MC0001234A": None,
    "124104004169000109": None,
    "91110000600037341L": SubjectKind.ENTERPRISE,
}

codes = st.builds(
    lambda department, category, division, body: _complete(department + category + division + body),
    st.sampled_from(sorted(CATEGORIES)),
    st.just("9"),
    st.text("0123456789", min_size=6, max_size=6),
    st.text(ALPHABET, min_size=8, max_size=8),
).filter(lambda code: code[1] in CATEGORIES[code[0]])


def _complete(first16: str) -> str:
    first17 = first16 + organisation_check_character(first16[8:16])
    return first17 + check_character(first17)


@pytest.mark.parametrize(("code", "kind"), KNOWN.items())
def test_codes_of_every_registering_department_are_read_and_their_kind_is_told(
    code: str, kind: SubjectKind | None
) -> None:
    assert kind_of(Uscc.parse(code)) == kind


def test_a_code_is_read_as_people_send_it() -> None:
    assert Uscc.parse(" 91410402ma40te5txf\n") == "91410402MA40TE5TXF"


@given(codes)
def test_every_code_with_right_checks_is_accepted(code: str) -> None:
    assert Uscc.parse(code) == code


@given(codes, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_found(code: str, place: int, wrong: str) -> None:
    spoilt = code[:place] + wrong + code[place + 1 :]
    assert (fault_in(spoilt) is None) == (spoilt == code)


@given(codes, st.integers(0, 16))
def test_two_neighbours_changing_places_are_found(code: str, place: int) -> None:
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert (fault_in(swapped) is None) == (swapped == code)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", Fault.LENGTH),
        ("91410402MA40TE5TX", Fault.LENGTH),
        ("91410402MA40TE5TXO", Fault.CHARACTER),
        ("９1410402MA40TE5TXF", Fault.CHARACTER),
        ("94410402MA40TE5TXF", Fault.DEPARTMENT),
        ("B1410402MA40TE5TXF", Fault.DEPARTMENT),
        ("914104A2MA40TE5TXF", Fault.DIVISION),
        ("91410402MA40TE5T1F", Fault.ORGANISATION_CHECK),
        ("91410402MA40TE5TXG", Fault.CHECK),
    ],
)
def test_the_first_fault_is_named(text: str, fault: Fault) -> None:
    with pytest.raises(NotAUscc) as refusal:
        Uscc.parse(text)
    assert refusal.value.fault == fault


@pytest.mark.real_data
def test_the_codes_found_in_public_sources_are_judged_right() -> None:
    folder = os.environ.get(REAL)
    if folder is None:
        pytest.skip(f"{REAL} is not set: the real codes were not judged")
    with (Path(folder) / "uscc" / "uscc_samples.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 133
    wrong = [
        row["code"] for row in rows if _judged(row["code"]) != (_said(row, "gb32100_ok"), _said(row, "gb11714_org_ok"))
    ]
    assert wrong == []


def _said(row: dict[str, str], column: str) -> bool:
    return row[column] == "True"


def _judged(code: str) -> tuple[bool, bool]:
    """Whether the code as a whole would pass on its check character, and whether its organisation code does."""
    fault = fault_in(code)
    organisation = len(code) == 18 and organisation_check_character(code[8:16]) == code[16]
    if fault is Fault.ORGANISATION_CHECK:
        return check_character(code[:17]) == code[17], organisation
    return fault is None, organisation
