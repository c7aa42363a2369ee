"""Signed notes and cosignatures against their specifications' own examples."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.verify.evidence import KEYS, LOG, key_line, note
from xinqiao_verify.notes import (
    COSIGNATURE,
    Checkpoint,
    Key,
    NotTrusted,
    cosignature_line,
    cosigned,
    open_checkpoint,
    open_cosignature,
    open_note,
    open_sole_note,
    read_trust,
    signature_line,
)

# The example of the Go implementation the specification grew out of (golang.org/x/mod/sumdb/note).
NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
SAYING = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
SIGNED = (
    f"{SAYING}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBw"
    "JnAM=\n"
)


def test_the_published_note_is_opened_with_its_published_key() -> None:
    (key,) = read_trust([NEUMANN]).values()
    assert open_note(SIGNED, key) == SAYING
    assert key.line == NEUMANN


@pytest.mark.parametrize("at", range(0, len(SIGNED), 7))
def test_a_changed_note_is_not_opened(at: int) -> None:
    (key,) = read_trust([NEUMANN]).values()
    changed = SIGNED[:at] + chr(ord(SIGNED[at]) ^ 1) + SIGNED[at + 1 :]
    with pytest.raises(NotTrusted):
        open_sole_note(changed, key)


@pytest.mark.parametrize(
    "line",
    [
        NEUMANN.replace("c74f20a3", "c74f20a4"),
        NEUMANN.replace("ARpc", "ARpd"),
        NEUMANN.replace("+ARpc", "+AhpC"),
        "PeterNeumann+c74f20a3",
        "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "no key at all",
        key_line("a name+log", KEYS[LOG]),
        key_line("a\u3000name", KEYS[LOG]),
    ],
)
def test_a_key_line_that_does_not_agree_with_itself_is_refused(line: str) -> None:
    with pytest.raises(NotTrusted):
        read_trust([line])


def test_remarks_and_empty_lines_of_a_trust_file_are_passed_over() -> None:
    assert len(read_trust(["# keys of the city", "", key_line(LOG), "  "])) == 1


def test_signatures_of_strangers_are_passed_over_and_a_false_one_of_a_known_key_is_not() -> None:
    (key,) = read_trust([key_line(LOG)]).values()
    stranger = Ed25519PrivateKey.generate()
    text = "text\n"
    witness = Key("w.example", stranger.public_key().public_bytes_raw())
    both = note(text) + signature_line(witness, stranger.sign(text.encode()))
    assert open_note(both, key) == text
    with pytest.raises(NotTrusted):
        open_sole_note(both, key)
    with pytest.raises(NotTrusted):
        open_note(note(text) + signature_line(key, bytes(64)), key)


@pytest.mark.parametrize(
    "more",
    [
        "\n",
        "—\n",
        "— w.example\n",
        "— w.example AAAAAAAA",
        "— a+b AAAAAAAA\n",
        "— a b AAAAAAAA\n",
        "— w AAAA\x0bAAAA\n",
        "x\n",
    ],
)
def test_a_signature_line_of_another_form_is_no_signature(more: str) -> None:
    (key,) = read_trust([key_line(LOG)]).values()
    assert open_note(note("text\n"), key) == "text\n"
    with pytest.raises(NotTrusted):
        open_note(note("text\n") + more, key)


def test_a_note_with_a_control_character_in_it_is_no_note() -> None:
    (key,) = read_trust([key_line(LOG)]).values()
    for sign in ("\x00", "\t", "\r", "\x1b"):
        with pytest.raises(NotTrusted):
            open_note(note(f"te{sign}xt\n"), key)


def test_sixteen_signatures_are_read_whoever_they_are_of() -> None:
    (key,) = read_trust([key_line(LOG)]).values()
    strangers = "".join(f"— witness.example/{n} AAAAAAAA\n" for n in range(16))
    assert open_note(note("text\n") + strangers, key) == "text\n"


@pytest.mark.parametrize(
    "text",
    [
        f"{LOG}\n07\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        f"{LOG}\n7\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\nmore\n",
        f"{LOG}\n7\nCsUY\n",
        "another.log\n7\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        f"{LOG}\n-7\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n",
        f"{LOG}\n7\n",
    ],
)
def test_what_is_signed_and_yet_no_checkpoint_of_this_log_is_refused(text: str) -> None:
    (key,) = read_trust([key_line(LOG)]).values()
    with pytest.raises(NotTrusted):
        open_checkpoint(note(text), key)


def test_a_witness_signs_the_time_and_the_whole_checkpoint() -> None:
    """C2SP tlog-cosignature: the message of its own example."""
    root = base64.b64decode("CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=")
    checkpoint = Checkpoint("example.com/behind-the-sofa", 20852163, root)
    assert cosigned(1679315147, checkpoint) == (
        b"cosignature/v1\ntime 1679315147\nexample.com/behind-the-sofa\n20852163\n"
        b"CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    )
    private = Ed25519PrivateKey.generate()
    key = Key("witness.example.com/w1", private.public_key().public_bytes_raw(), COSIGNATURE)
    line = cosignature_line(key, 1679315147, private.sign(cosigned(1679315147, checkpoint)))
    assert open_cosignature(line, checkpoint, key) == 1679315147
    assert read_trust([key.line]) == {key.line: key}
    beyond = cosignature_line(key, 2**63, private.sign(cosigned(2**63, checkpoint)))
    with pytest.raises(NotTrusted):
        open_cosignature(beyond, checkpoint, key)
    later = Checkpoint(checkpoint.origin, 20852164, root)
    with pytest.raises(NotTrusted):
        open_cosignature(line, later, key)
