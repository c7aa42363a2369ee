"""One way in for every kind of evidence: whatever is wrong with a file is a refusal, never a crash."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from xinqiao_verify.notes import NotTrusted
from xinqiao_verify.proofs import Refused
from xinqiao_verify.strict import document

LIMIT = 16 * 1024 * 1024  # bytes; a report is kilobytes, and anything near this is no evidence
SAID = 200  # characters of a refusal: it may quote the file, and the file may be anything


@contextmanager
def evidence(content: str | bytes) -> Iterator[dict[str, Any]]:
    """The file's object; every fault met while it is checked comes out as `Refused`."""
    with refusing():
        if len(content) > LIMIT:
            raise Refused("the file is too large to be evidence")
        yield document(content.decode() if isinstance(content, bytes) else content)


@contextmanager
def refusing() -> Iterator[None]:
    """Whatever is wrong with what is looked at comes out as `Refused`."""
    try:
        yield
    except NotTrusted as error:
        raise Refused(_short(error)) from error
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise Refused(f"not an evidence file: {_short(error)}") from error


def _short(error: Exception) -> str:
    """What was wrong, with nothing in it that a terminal would obey."""
    return "".join(sign if sign.isprintable() else "?" for sign in str(error)[:SAID])
