"""authorization_details: what a token reaches, and what it does not."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.parties.builders import BANK, NOW, TODAY, Program, a_bank, a_program, an_agreement
from xinqiao.kernel.problems import Problem
from xinqiao.parties import reach, tokens
from xinqiao.parties.errors import BeyondAgreement, NoAgreement, PurposeNotAgreed, PurposeUnknown
from xinqiao.parties.models import Token
from xinqiao.parties.reach import WHOLE, Detail, Reach, Service

HERE = "https://xinqiao.test/api/v1/reports"

ITEMS = st.frozensets(st.sampled_from(["tax_arrears", "tax_declared_sales", "electricity_arrears"]), min_size=1)
CALLS = st.builds(
    Detail,
    service=st.sampled_from(Service),
    purpose=st.sampled_from(["loan_review", "post_loan"]),
    uscc=st.sampled_from(["one", "another"]),
    items=st.none() | ITEMS,
    grant=st.none() | st.integers(1, 3),
)
DETAILS = st.builds(
    Detail,
    service=st.sampled_from(Service),
    purpose=st.none() | st.sampled_from(["loan_review", "post_loan"]),
    uscc=st.none() | st.sampled_from(["one", "another"]),
    items=st.none() | ITEMS,
    grant=st.none() | st.integers(1, 3),
)


@given(CALLS)
def test_a_token_without_details_has_its_clients_whole_reach(call: Detail) -> None:
    assert reach.covers(WHOLE, call)


@given(st.lists(DETAILS, min_size=1, max_size=4), CALLS)
def test_a_call_is_inside_where_every_limit_of_one_detail_is_named_and_kept(
    details: list[Detail], call: Detail
) -> None:
    def kept(one: Detail) -> bool:
        limited = [(one.purpose, call.purpose), (one.uscc, call.uscc), (one.grant, call.grant)]
        items = one.items is None or (call.items is not None and not call.items - one.items)
        return one.service is call.service and items and all(limit in {None, said} for limit, said in limited)

    assert reach.covers(tuple(details), call) == any(kept(one) for one in details)


@given(DETAILS, CALLS)
def test_two_details_never_add_up_to_a_third(one: Detail, call: Detail) -> None:
    split = (replace(one, purpose="loan_review", uscc="one"), replace(one, purpose="post_loan", uscc="another"))
    if (call.purpose, call.uscc) in {("loan_review", "another"), ("post_loan", "one")}:
        assert not reach.covers(split, call)


@given(st.lists(DETAILS, max_size=4).map(tuple))
def test_what_is_kept_is_what_was_given(details: Reach) -> None:
    assert reach.recalled(reach.kept(details)) == details


# ── when a token is asked for ────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def program(db: None) -> Program:
    a_bank()
    an_agreement(items=["tax_arrears"], purposes=["loan_review"])
    return a_program()


def ask(program: Program, *details: Detail) -> str:
    asked = {"assertion": program.assertion(), "call": program.call(), "reach": details}
    return tokens.issue(**asked, today=TODAY, now=NOW).token  # type: ignore[arg-type]


def a_report(**limits: object) -> Detail:
    return Detail(Service.REPORT, **limits)  # type: ignore[arg-type]


def test_a_token_keeps_the_reach_it_was_asked_with(program: Program) -> None:
    wanted = a_report(purpose="loan_review", items=frozenset({"tax_arrears"}))
    token = ask(program, wanted)
    holder = tokens.holder(token, call=program.call("POST", HERE, token), now=NOW)
    assert holder is not None
    assert (holder.institution, holder.reach) == (BANK, (wanted,))


@pytest.mark.parametrize(
    ("limits", "refusal"),
    [
        ({"purpose": "post_loan"}, PurposeNotAgreed),
        ({"purpose": "curiosity"}, PurposeUnknown),
        ({"items": frozenset({"tax_arrears", "electricity_arrears"})}, BeyondAgreement),
    ],
)
def test_a_reach_beyond_the_agreement_is_refused_and_spends_nothing(
    program: Program, limits: dict[str, object], refusal: type[Problem]
) -> None:
    with pytest.raises(refusal):
        ask(program, a_report(), a_report(**limits))
    assert not Token.objects.exists()


def test_without_an_agreement_there_is_no_reach_to_be_had(db: None) -> None:
    a_bank()
    with pytest.raises(NoAgreement):
        ask(a_program(), a_report())


def test_a_reach_widened_in_the_database_opens_nothing(program: Program) -> None:
    token = ask(program, a_report(purpose="loan_review"))
    Token.objects.update(details="")
    assert tokens.holder(token, call=program.call("POST", HERE, token), now=NOW) is None
