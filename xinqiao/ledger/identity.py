"""Under which name this log signs: the origin of its checkpoints and of its promises."""

from functools import lru_cache

from xinqiao import catalogue, keys
from xinqiao_verify.notes import Checkpoint, Key, open_checkpoint, open_note, signature_line

SIGNING_KEY = "log"  # its name in the key room


def origin() -> str:
    """The log's name, one for each city: `410400.xinqiao/log`."""
    return f"{_city()}.xinqiao/log"


@lru_cache(maxsize=1)
def _city() -> str:
    return catalogue.city().code


def key() -> Key:
    """The log's public key under its name; `.line` is what a trust file holds."""
    return Key(origin(), keys.public(SIGNING_KEY))


def signed(text: str) -> str:
    """A signed note of the log (C2SP signed-note): the text, an empty line, the signature line."""
    return f"{text}\n{signature_line(key(), keys.sign(SIGNING_KEY, text.encode()))}"


def opened(note: str) -> Checkpoint:
    """A checkpoint of this log. Raises `NotTrusted` when we did not sign it."""
    return open_checkpoint(note, key())


def alone(note: str) -> str:
    """A note of ours without other people's signatures under it. Raises `NotTrusted`."""
    return signed(open_note(note, key()))
