"""Evidence is believed for what it proves, and refused when a single byte of it is not what was handed out."""

import base64
import json
import re
from collections.abc import Callable, Iterator
from functools import reduce
from operator import getitem
from typing import Any

import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from tests.verify import evidence
from tests.verify.evidence import KEYS, LOG, RECEIPTS, b64, growth_file, key_line, note, receipt_file, row_file, written
from xinqiao_verify import consistency, receipts, rows
from xinqiao_verify.notes import read_trust
from xinqiao_verify.proofs import Refused, Standing
from xinqiao_verify.reading import LIMIT

TRUST = read_trust([key_line(LOG), key_line(RECEIPTS)])
KINDS: dict[str, tuple[dict[str, Any], Callable[..., object]]] = {
    "a proven receipt": (receipt_file(), receipts.verify),
    "a promised receipt": (receipt_file(proven=False), receipts.verify),
    "a receipt without its report": (receipt_file(with_report=False), receipts.verify),
    "a row": (row_file(), rows.verify),
    "a promised row": (row_file(proven=False), rows.verify),
    "growth": (growth_file(), consistency.verify),
}


def test_a_proven_receipt_tells_its_place() -> None:
    verdict = receipts.verify(written(receipt_file(size=11, index=6)), TRUST)
    assert (verdict.standing, verdict.position, verdict.size) == (Standing.PROVEN, 6, 11)
    assert verdict.receipt["number"] == 417


def test_a_receipt_without_a_proof_is_only_promised() -> None:
    verdict = receipts.verify(written(receipt_file(proven=False)), TRUST)
    assert (verdict.standing, verdict.position) == (Standing.PROMISED, None)


def test_a_row_is_proven_in_two_parts_and_its_content_with_it() -> None:
    verdict = rows.verify(written(row_file()), TRUST)
    assert (verdict.standing, verdict.table, verdict.ordinal, verdict.position) == (
        Standing.PROVEN,
        "creditfile_fact",
        2,
        3,
    )
    assert json.loads((verdict.fact or {})["payload"]) == {"level": "A", "year": "2025"}


@given(st.integers(1, 40), st.data())
def test_growth_is_proven_between_any_two_checkpoints(new: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, new))
    grown = consistency.verify(written(growth_file(old, new)), TRUST)
    assert (grown.log, grown.old, grown.new) == (LOG, old, new)


@given(st.integers(1, 60), st.data())
def test_a_receipt_is_proven_anywhere_in_a_log_of_any_size(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    verdict = receipts.verify(written(receipt_file(size=size, index=index)), TRUST)
    assert (verdict.position, verdict.size) == (index, size)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("indent", [None, 1, 2])
def test_the_file_may_be_one_line_or_indented_and_its_keys_in_any_order(kind: str, indent: int | None) -> None:
    file, verify = KINDS[kind]
    verify(written(file, indent), TRUST)
    verify(written(dict(reversed(file.items())), indent) + "\n", TRUST)


def test_the_file_may_be_as_a_page_must_carry_it() -> None:
    text = written(receipt_file())
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    receipts.verify(text, TRUST)


@pytest.mark.parametrize(("kind", "indent"), [(kind, None) for kind in KINDS] + [("a promised receipt", 1)])
def test_every_single_changed_byte_is_refused(kind: str, indent: int | None) -> None:
    """Each byte of the file in turn, to its neighbour, to another letter's case, to a blank and to a quotation mark."""
    file, verify = KINDS[kind]
    original = (written(file, indent) + "\n").encode()
    verify(original, TRUST)
    believed = []
    for at, byte in enumerate(original):
        for other in {byte ^ 1, byte ^ 0x20, 0x20, 0x09} - {byte}:
            changed = original[:at] + bytes([other]) + original[at + 1 :]
            try:
                verify(changed, TRUST)
            except Refused:
                continue
            believed.append((at, original[max(0, at - 20) : at + 20], other))
    assert believed == []


@given(st.sampled_from(sorted(KINDS)), st.data())
def test_bytes_taken_out_or_put_in_are_refused(kind: str, data: st.DataObject) -> None:
    file, verify = KINDS[kind]
    original = written(file).encode()
    at = data.draw(st.integers(0, len(original) - 1))
    more = data.draw(st.binary(min_size=1, max_size=3))
    for changed in (original[:at] + original[at + 1 :], original[:at] + more + original[at:]):
        if changed == original or changed == original + b"\n":
            continue
        with pytest.raises(Refused):
            verify(changed, TRUST)


ODD: list[Any] = [None, True, -1, 0, 2**70, "", "x" * 5_000, "\x1b[2J", "\u202e", "\ud800", [], [[]], {}, {"": ""}]


def places(value: Any, way: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The way to every value in a file."""
    if way:
        yield way
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in inside:
        yield from places(inner, (*way, key))


@pytest.mark.parametrize("kind", KINDS)
def test_a_value_of_another_kind_anywhere_is_refused(kind: str) -> None:
    file, verify = KINDS[kind]
    for way in places(file):
        for odd in ODD:
            copy = json.loads(json.dumps(file))
            holder = reduce(getitem, way[:-1], copy)
            if holder[way[-1]] == odd and type(holder[way[-1]]) is type(odd):
                continue
            holder[way[-1]] = odd
            with pytest.raises(Refused) as refused:
                verify(written(copy), TRUST)
            assert str(refused.value).isprintable()
            assert len(str(refused.value)) < 300


@pytest.mark.parametrize(
    "content",
    [
        "[" * 100_000,
        '{"a":' * 100_000,
        '{"format":"xinqiao-receipt/1","receipt":' + "[" * 900 + "]" * 900 + "}",
        '{"format":"xinqiao-receipt/1","format":"xinqiao-row/1"}',
        '{"format":' + "9" * 10_000 + "}",
        '{"format":1e400}',
        '{"format":NaN}',
        '\ufeff{"format":"xinqiao-receipt/1"}',
        b"\x00" * (LIMIT + 1),
        b'{"format":"\xff"}',
    ],
    ids=range(10),
)
def test_what_was_made_to_break_a_reader_is_refused(content: str | bytes) -> None:
    for verify in (receipts.verify, rows.verify, consistency.verify):
        with pytest.raises(Refused):
            verify(content, TRUST)


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_whatever_is_sent_instead_is_refused_and_breaks_nothing(content: bytes | str) -> None:
    for verify in (receipts.verify, rows.verify, consistency.verify):
        with pytest.raises(Refused):
            verify(content, TRUST)


def changed(change: Callable[[dict[str, Any]], object], file: dict[str, Any] | None = None) -> str:
    copy = json.loads(json.dumps(file or receipt_file()))
    change(copy)
    return written(copy)


FORGERIES: dict[str, Callable[[dict[str, Any]], object]] = {
    "another subject": lambda f: f["receipt"].update(subject="91410400MA11111111"),
    "another report": lambda f: f["report"].update(grade="A"),
    "another place": lambda f: f["proof"].update(index=2),
    "a larger log": lambda f: f["proof"].update(size=8),
    "a step less": lambda f: f["proof"]["path"].pop(),
    "a step more": lambda f: f["proof"]["path"].append(b64(bytes(32))),
    "a short step": lambda f: f["proof"]["path"].append(b64(bytes(31))),
    "an event of another receipt": lambda f: f.update(event=f["event"].replace("receipt_digest", "receipt_digeste")),
    "a place that is true and not a number": lambda f: f["proof"].update(index=True),
    "a field more": lambda f: f.update(remark="harmless"),
    "a field less": lambda f: f.pop("signature"),
    "a promise beside the proof": lambda f: f.update(promise="x"),
    "a fraction": lambda f: f["receipt"].update(number=417.0),
    "another format": lambda f: f.update(format="xinqiao-receipt/2"),
}


@pytest.mark.parametrize("what", FORGERIES)
def test_a_forged_part_is_refused(what: str) -> None:
    with pytest.raises(Refused):
        receipts.verify(changed(FORGERIES[what]), TRUST)


def test_a_receipt_that_brings_its_own_key_proves_nothing() -> None:
    mine = Ed25519PrivateKey.generate()

    def sign_again(file: dict[str, Any]) -> None:
        value = mine.sign(b"xinqiao-receipt/1\n" + rfc8785.dumps(file["receipt"]))
        file["signature"] = {"key": RECEIPTS, "value": b64(value)}
        text, _, _ = file["checkpoint"].rpartition("\n\n")
        file["checkpoint"] = note(text + "\n", key=mine)

    with pytest.raises(Refused):
        receipts.verify(changed(sign_again), TRUST)


def test_a_key_nobody_told_us_of_is_asked_for_by_name() -> None:
    with pytest.raises(Refused, match=re.escape(LOG)):
        receipts.verify(written(receipt_file()), read_trust([key_line(RECEIPTS)]))


def test_one_house_does_not_sign_for_the_log_of_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KEYS, "411000.xinqiao/receipts", KEYS[RECEIPTS])
    trust = read_trust([key_line(LOG), key_line("411000.xinqiao/receipts")])
    with pytest.raises(Refused, match="another"):
        receipts.verify(changed(lambda f: f["signature"].update(key="411000.xinqiao/receipts")), trust)


def test_an_old_key_of_the_same_name_still_checks_what_it_signed() -> None:
    newer = Ed25519PrivateKey.generate()
    trust = read_trust([key_line(LOG, newer), key_line(LOG), key_line(RECEIPTS, newer), key_line(RECEIPTS)])
    assert receipts.verify(written(receipt_file()), trust).standing is Standing.PROVEN


def test_a_promise_for_another_event_is_refused() -> None:
    other = receipt_file(proven=False, size=7)
    promise = note(f"xinqiao-promise/1\n{LOG}\n{b64(bytes(32))}\n")
    with pytest.raises(Refused):
        receipts.verify(written(other | {"promise": promise}), TRUST)


def test_a_checkpoint_is_no_promise_and_a_promise_no_checkpoint() -> None:
    proven, promised = receipt_file(), receipt_file(proven=False)
    with pytest.raises(Refused):
        receipts.verify(written(promised | {"promise": proven["checkpoint"]}), TRUST)
    with pytest.raises(Refused):
        receipts.verify(written(proven | {"checkpoint": promised["promise"]}), TRUST)


def test_a_fact_whose_content_was_changed_is_refused() -> None:
    for part, value in (("payload", '{"level":"D"}'), ("salt", b64(b"t" * 16)), ("secret_hash", "00" * 32)):
        with pytest.raises(Refused):
            rows.verify(changed(lambda f, p=part, v=value: f["fact"].update({p: v}), row_file()), TRUST)  # type: ignore[misc]


def test_a_salt_and_its_content_cannot_borrow_from_each_other() -> None:
    """The hash is over both: what the salt gives away the content would gain, with the same leaf."""
    file = row_file()
    whole = base64.b64decode(file["fact"]["salt"]) + file["fact"]["payload"].encode()
    for at in (0, 12, 15, 17, len(whole)):
        shifted = {"salt": b64(whole[:at]), "payload": whole[at:].decode()}
        with pytest.raises(Refused):
            rows.verify(changed(lambda f, said=shifted: f["fact"].update(said), file), TRUST)  # type: ignore[misc]


def test_a_log_that_was_rewritten_cannot_prove_that_it_has_only_grown() -> None:
    file = growth_file(3, 8)
    rewritten = [b"rewritten", *evidence.some(8)[1:]]
    with pytest.raises(Refused):
        consistency.verify(written(file | {"old": evidence.checkpoint(rewritten[:3])}), TRUST)
