"""One text for one value: our fast encoder against two others of RFC 8785."""

from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from xinqiao.ledger.canonical import LARGEST, canonical
from xinqiao.ledger.errors import EntryInvalid
from xinqiao_verify.canonical import canonical as of_the_verifier

keys = st.text(alphabet=st.characters(max_codepoint=127), max_size=12)
values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST, LARGEST) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=20,
)


@given(values)
def test_every_value_has_the_text_of_the_standard(value: Any) -> None:
    text = canonical(value).encode()
    assert text == rfc8785.dumps(value)
    assert text == of_the_verifier(value)


@pytest.mark.parametrize(
    "value",
    [
        1.5,
        float("nan"),
        b"bytes",
        {"a": {1: "number as a key"}},
        {"键": 1},
        2**53,
        [-(2**53)],
        "\ud800",
        {"a": object()},
    ],
)
def test_what_has_no_one_form_may_not_stand_in_the_log(value: Any) -> None:
    with pytest.raises(EntryInvalid):
        canonical(value)
