"""Signed notes, checkpoints and cosignatures (C2SP `signed-note`, `tlog-checkpoint`, `tlog-cosignature`; Ed25519).

A note is text ending in a newline, an empty line, and signature lines `— name base64(key id ‖ signature)`.
"""

import base64
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from xinqiao_verify.strict import Malformed, unbase64

ED25519 = b"\x01"
COSIGNATURE = b"\x04"  # a witness's key: it signs the time with the checkpoint
DASH = "— "
KEY_LENGTH, TIME_LENGTH, ID_LENGTH, ROOT_LENGTH = 32, 8, 4, 32
SIGNATURES_READ = 64  # a note with more is no note of ours
LATEST = 2**63 - 1  # seconds a cosignature may speak of (C2SP tlog-cosignature)
_NAME = re.compile(r"[^\s+]+").fullmatch  # no space and no plus in the name of a key
_FORM = re.compile(rf"{DASH}[^\s+]+ [A-Za-z0-9+/]+={{0,2}}").fullmatch


class NotTrusted(Exception):
    """The text is not signed by a key we were told to trust, or is not what it claims to be."""


@dataclass(frozen=True)
class Key:
    """A public key under the name it signs with. `raw` is 32 bytes; `kind` is the signature type's byte."""

    name: str
    raw: bytes
    kind: bytes = ED25519

    @property
    def hash(self) -> bytes:
        """The key id: four bytes that tell keys of one name apart."""
        return sha256(self.name.encode() + b"\n" + self.kind + self.raw).digest()[:ID_LENGTH]

    @property
    def line(self) -> str:
        """`name+hash+key`, one line of a trust file."""
        return f"{self.name}+{self.hash.hex()}+{base64.b64encode(self.kind + self.raw).decode()}"

    def signed(self, signature: bytes, message: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, message)
        except InvalidSignature:
            return False
        return True


Trust = Mapping[str, Key]
"""The keys we were told of. What they are filed under does not matter: a name may have several (rotation)."""


def named(trust: Trust, name: str, kind: bytes = ED25519) -> list[Key]:
    """The trusted keys of this name and kind. Raises `NotTrusted` when there is none."""
    keys = [key for key in trust.values() if key.name == name and key.kind == kind]
    if not keys:
        raise NotTrusted(f"no trusted key named {name!r}; give its key line with --trust")
    return keys


def read_trust(lines: Iterable[str]) -> dict[str, Key]:
    """Keys from `name+hash+key` lines; empty lines and `#` remarks are passed over. Raises `NotTrusted`."""
    keys = (_key(line.strip()) for line in lines if line.strip() and not line.startswith("#"))
    return {key.line: key for key in keys}


def _key(line: str) -> Key:
    try:
        name, told, encoded = line.split("+", 2)
        body = unbase64(encoded)
    except ValueError as error:
        raise NotTrusted(f"not a key line: {line[:40]}") from error
    key = Key(name, body[1:], body[:1])
    if (
        not _NAME(name)
        or key.kind not in (ED25519, COSIGNATURE)
        or len(key.raw) != KEY_LENGTH
        or key.hash.hex() != told
    ):
        raise NotTrusted(f"the key line of {name!r} does not agree with itself")
    return key


def signature_line(key: Key, signature: bytes) -> str:
    return f"{DASH}{key.name} {base64.b64encode(key.hash + signature).decode()}\n"


def open_note(note: str, *keys: Key) -> str:
    """The text of a note signed by one of these keys; signatures of others are passed over. Raises `NotTrusted`."""
    text, gap, signatures = note.rpartition("\n\n")
    *lines, end = signatures.split("\n")
    if not gap or end or not 0 < len(lines) <= SIGNATURES_READ or _unprintable(note) or not all(map(_FORM, lines)):
        raise NotTrusted("not a signed note")
    text += "\n"
    found = [_holds(line, text, key) for line in lines for key in keys if line.startswith(f"{DASH}{key.name} ")]
    if False in found or True not in found:
        raise NotTrusted(f"no valid signature of {keys[0].name if keys else 'anybody we know'}")
    return text


def _unprintable(note: str) -> bool:
    """Whether it holds a control character of ASCII other than the newline (C2SP signed-note)."""
    return any(sign < " " and sign != "\n" for sign in note)


def open_sole_note(note: str, *keys: Key) -> str:
    """`open_note` for evidence: one signature, by one of these keys, and not a byte beside it. Raises `NotTrusted`."""
    text = open_note(note, *keys)
    rest = note.removeprefix(f"{text}\n")
    if rest.count("\n") != 1 or not rest.endswith("\n"):
        raise NotTrusted("evidence carries a note with its own signature and no other")
    return text


def _holds(line: str, text: str, key: Key) -> bool | None:
    """Whether the line is this key's signature; None when it is another key's of the same name."""
    try:
        body = unbase64(line.removeprefix(f"{DASH}{key.name} "))
    except Malformed:
        return False
    if body[:ID_LENGTH] != key.hash:
        return None
    return key.signed(body[ID_LENGTH:], text.encode())


@dataclass(frozen=True)
class Checkpoint:
    """How large the log was and what its root was. `root` is 32 bytes."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def open_checkpoint(note: str, *keys: Key) -> Checkpoint:
    """The checkpoint inside a note signed by the log's own key; the origin is the key's name. Raises `NotTrusted`."""
    return _checkpoint(open_note(note, *keys), keys)


def open_sole_checkpoint(note: str, *keys: Key) -> Checkpoint:
    """`open_checkpoint` for evidence: see `open_sole_note`."""
    return _checkpoint(open_sole_note(note, *keys), keys)


def _checkpoint(text: str, keys: Sequence[Key]) -> Checkpoint:
    try:
        origin, size, root = text.splitlines()[:3]
        checkpoint = Checkpoint(origin, int(size), unbase64(root))
    except ValueError as error:
        raise NotTrusted("the note is no checkpoint") from error
    if (
        checkpoint.text != text
        or checkpoint.size < 0
        or checkpoint.origin != keys[0].name
        or len(checkpoint.root) != ROOT_LENGTH
    ):
        raise NotTrusted("the note is no checkpoint of this log")
    return checkpoint


def cosigned(time: int, checkpoint: Checkpoint) -> bytes:
    """What a witness signs: when it saw which checkpoint (C2SP tlog-cosignature, Ed25519). `time` is POSIX seconds."""
    return f"cosignature/v1\ntime {time}\n{checkpoint.text}".encode()


def cosignature_line(key: Key, time: int, signature: bytes) -> str:
    return signature_line(key, time.to_bytes(TIME_LENGTH) + signature)


def open_cosignature(line: str, checkpoint: Checkpoint, *keys: Key) -> int:
    """When one of these witnesses saw the checkpoint, in POSIX seconds. Raises `NotTrusted`."""
    for key in keys:
        try:
            body = unbase64(line.removesuffix("\n").removeprefix(f"{DASH}{key.name} "))
        except Malformed:
            continue
        moment, signature = body[ID_LENGTH : ID_LENGTH + TIME_LENGTH], body[ID_LENGTH + TIME_LENGTH :]
        time = int.from_bytes(moment)
        if time <= LATEST and body[:ID_LENGTH] == key.hash and key.signed(signature, cosigned(time, checkpoint)):
            return time
    raise NotTrusted("no valid cosignature")
