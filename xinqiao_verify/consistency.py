"""Has the log only grown between two checkpoints? Whoever kept an old one can ask, and needs nobody's word for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xinqiao_verify import merkle
from xinqiao_verify.notes import Trust, named, open_sole_checkpoint
from xinqiao_verify.proofs import Refused, path
from xinqiao_verify.reading import evidence
from xinqiao_verify.strict import fields, text

FORMAT = "xinqiao-consistency/1"


@dataclass(frozen=True)
class Grown:
    """The log of `new` entries begins with the log of `old`."""

    log: str
    old: int
    new: int


def verify(content: str | bytes, trust: Trust) -> Grown:
    """Check the evidence against keys from outside it. Raises `Refused`."""
    with evidence(content) as file:
        if file.get("format") != FORMAT:
            raise Refused(f"not a {FORMAT} file")
        return check(file, trust)


def check(file: Mapping[str, Any], trust: Trust) -> Grown:
    fields(file, ("format", "log", "old", "new", "path"))
    log = text(file["log"])
    keys = named(trust, log)
    old, new = open_sole_checkpoint(text(file["old"]), *keys), open_sole_checkpoint(text(file["new"]), *keys)
    if not merkle.grown(old.size, new.size, path(file["path"]), old.root, new.root):
        raise Refused("the later log does not begin with the earlier one: it was rewritten")
    return Grown(log, old.size, new.size)
