"""Signed notes and the checkpoints written in them (C2SP `signed-note` and `checkpoint`, Ed25519).

A note is text ending in a newline, an empty line, and signature lines `— name base64(key hash ‖ signature)`.
"""

import base64
import binascii
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ED25519 = b"\x01"
DASH = "— "


class NotTrusted(Exception):
    """The text is not signed by a key we were told to trust, or is not what it claims to be."""


@dataclass(frozen=True)
class Key:
    """A public key under the name it signs with. `raw` is 32 bytes."""

    name: str
    raw: bytes

    @property
    def hash(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + ED25519 + self.raw).digest()[:4]

    @property
    def line(self) -> str:
        """`name+hash+key`, one line of a trust file."""
        return f"{self.name}+{self.hash.hex()}+{base64.b64encode(ED25519 + self.raw).decode()}"

    def signed(self, signature: bytes, message: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(self.raw).verify(signature, message)
        except InvalidSignature:
            return False
        return True


Trust = Mapping[str, Key]
"""The keys we were told of, by name."""


def read_trust(lines: Iterable[str]) -> dict[str, Key]:
    """Keys from `name+hash+key` lines; empty lines and `#` remarks are passed over. Raises `NotTrusted`."""
    keys = {}
    for line in lines:
        if line.strip() and not line.startswith("#"):
            key = _key(line.strip())
            keys[key.name] = key
    return keys


def _key(line: str) -> Key:
    try:
        name, told, encoded = line.split("+", 2)
        body = base64.b64decode(encoded, validate=True)
    except (ValueError, binascii.Error) as error:
        raise NotTrusted(f"not a key line: {line[:40]}") from error
    key = Key(name, body[1:])
    if body[:1] != ED25519 or len(key.raw) != 32 or key.hash.hex() != told:  # noqa: PLR2004 - bytes of an Ed25519 key
        raise NotTrusted(f"the key line of {name} does not agree with itself")
    return key


def signature_line(key: Key, signature: bytes) -> str:
    return f"{DASH}{key.name} {base64.b64encode(key.hash + signature).decode()}\n"


def open_note(note: str, key: Key) -> str:
    """The text of a note signed by `key`; signatures of others are passed over. Raises `NotTrusted`."""
    text, gap, signatures = note.rpartition("\n\n")
    if not gap:
        raise NotTrusted("not a signed note")
    text += "\n"
    for line in signatures.splitlines():
        if line.startswith(f"{DASH}{key.name} ") and _by(key, line, text):
            return text
    raise NotTrusted(f"no valid signature of {key.name}")


def _by(key: Key, line: str, text: str) -> bool:
    try:
        body = base64.b64decode(line.rsplit(" ", 1)[1], validate=True)
    except binascii.Error:
        return False
    return body[:4] == key.hash and key.signed(body[4:], text.encode())


@dataclass(frozen=True)
class Checkpoint:
    """How large the log was and what its root was. `root` is 32 bytes."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def open_checkpoint(note: str, key: Key) -> Checkpoint:
    """The checkpoint inside a note signed by the log's own key; the origin is the key's name. Raises `NotTrusted`."""
    lines = open_note(note, key).splitlines()
    if len(lines) < 3 or lines[0] != key.name or not lines[1].isdecimal():  # noqa: PLR2004 - origin, size, root
        raise NotTrusted("the note is no checkpoint of this log")
    return Checkpoint(lines[0], int(lines[1]), base64.b64decode(lines[2], validate=True))
