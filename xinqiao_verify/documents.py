"""Is this file one we handed out, unaltered? Its receipt is checked as every receipt is, then the file against it."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from xinqiao_verify import credentials
from xinqiao_verify.notes import Trust
from xinqiao_verify.proofs import Refused
from xinqiao_verify.receipts import Verdict, certified
from xinqiao_verify.strict import fields, number, text, unbase64

FORMAT = "xinqiao-document/1"
PUSH = "xinqiao-push/1"  # a file of many businesses, in several forms under one receipt


def check(file: Mapping[str, Any], trust: Trust) -> Verdict:
    """The receipt of a document, and the document where the file has it (`content`, base64)."""
    verdict = certified(file, trust, FORMAT, ("content",))
    if "content" in file:
        content = unbase64(file["content"])
        same(verdict, credentials.signed_part_of(content))
    return verdict


def check_push(file: Mapping[str, Any], trust: Trust) -> Verdict:
    """The receipt of a batch file."""
    return certified(file, trust, PUSH, ())


def same(verdict: Verdict, content: bytes) -> None:
    """Raises `Refused` unless the content is, to the byte, what this receipt was written for: of several forms one."""
    told = verdict.receipt["files"] if "files" in verdict.receipt else [verdict.receipt["file"]]
    if not isinstance(told, list) or not any(_is(one, content) for one in told):
        raise Refused("the document is not the one this receipt was written for: it was altered, or it is another")


def _is(told: object, content: bytes) -> bool:
    named = fields(told, ("name", "media", "sha256", "bytes"), ("form",))
    return len(content) == number(named["bytes"]) and sha256(content).hexdigest() == text(named["sha256"])
