"""The whole interface against its own description: what it says may be sent and what it says is answered.

Every operation is called with what the description allows and with what it forbids, by a program with its token and by
nobody. The same examples come on every run.
"""

import importlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.utils import timezone
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from ninja import Schema
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.config import SchemathesisConfig
from schemathesis.generation import GenerationMode

from tests.api.test_interface import Caller
from tests.disclosure.builders import World, a_world
from tests.parties.builders import NOW, Program, a_program
from tests.soak.campaign import WHOLE
from xinqiao.api import pace

pytestmark = pytest.mark.soak
HOST = "http://localhost"
EXAMPLES = settings(
    max_examples=50 if WHOLE else 8,  # of each operation; `make soak` tries the larger number
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
)
# 413: a body may be wrong by being too large. What is allowed and refused all the same (a code's check characters, a
# purpose of this city: no schema can say them) is refused by name, and held by the other checks.
CONFIG = SchemathesisConfig.from_dict(
    {"checks": {"negative_data_rejection": {"expected-statuses": ["400", "401", "404", "405", "413"]}}}
)
BEYOND_A_SCHEMA = {"positive_data_acceptance"}
GIVEN = {"ignored_auth"}  # what takes the token we give for one that was made up


@pytest.fixture(autouse=True)
def _at_nine_and_without_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: NOW)
    services = ("REPORTS", "QUERIES", "VERIFICATIONS", "INDICATORS", "PROFILES", "ESTIMATES")
    for name in (*services, "OWN", "EVENTS", "TOKENS", "CHECKS"):
        monkeypatch.setattr(pace, name, replace(getattr(pace, name), times=10**6))


@pytest.fixture
def world(city_db: str) -> World:
    return a_world()


def test_no_two_shapes_have_one_name() -> None:
    """The description knows shapes by their names: of two it keeps one, and describes the other's answers by it."""
    importlib.import_module("xinqiao.api.urls")
    shapes: list[type] = [Schema]
    for one in shapes:
        shapes += one.__subclasses__()
    ours = Counter(one.__name__ for one in set(shapes) if one.__module__.startswith("xinqiao.api."))
    assert [name for name, many in ours.items() if many > 1] == []


def operations() -> Iterator[Any]:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", WSGIHandler(), config=CONFIG)
    found: Any
    for found in schema.get_all_operations():
        yield found.ok()


def checks(without: set[str]) -> list[Any]:
    load_all_checks()
    return [CHECKS.get_one(name) for name in CHECKS.get_all_names() if name not in without]


# What makes a well-formed question one that can be answered, by its address.
SENSIBLE = {
    "/api/v1/reports": {"items": None},
    "/api/v1/queries": {"items": ["administrative_penalty", "tax_declared_sales"]},
    "/api/v1/indicators/ask": {"indicators": ["abnormal_now", "declared_sales_12m"]},
    "/api/v1/verifications": {"claim": "no_tax_arrears", "value": None},
}


def by_a_program(case: Any, program: Program, token: str, world: World, well_formed: bool) -> None:
    """As a program sends it: with its token and a proof; where nothing is wrong with it, of a business it knows."""
    address = HOST + case.formatted_path
    case.headers = {**(case.headers or {}), "Authorization": f"DPoP {token}"}
    case.headers["DPoP"] = program.proof(case.method, address, token)
    if well_formed and isinstance(case.body, dict) and "uscc" in case.body:
        case.body = {**case.body, "uscc": str(world.code), "purpose": "loan_review", "grant": None}
        case.body |= SENSIBLE.get(case.formatted_path, {})
    if case.formatted_path == "/oauth/token":
        case.headers["DPoP"] = program.proof(address=address)


MODES = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]


@pytest.mark.parametrize("mode", MODES, ids=str)
def test_whatever_a_program_sends_the_answer_is_one_that_is_described(world: World, mode: Any) -> None:
    program = a_program()
    token, of_a_stranger = Caller(program).token, checks(BEYOND_A_SCHEMA)
    of_a_program = checks(BEYOND_A_SCHEMA | GIVEN)
    for operation in operations():
        if mode is GenerationMode.NEGATIVE and not (operation.body or any(operation.iter_parameters())):
            continue  # there is nothing in it that could be wrong

        @EXAMPLES
        @given(case=operation.as_strategy(generation_mode=mode), known=st.booleans())
        def holds(case: Any, known: bool) -> None:
            if known:
                by_a_program(case, program, token, world, mode is GenerationMode.POSITIVE)
            case.call_and_validate(checks=of_a_program if known else of_a_stranger)

        holds()
