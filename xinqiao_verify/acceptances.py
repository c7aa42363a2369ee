"""Was this delivery taken in, as its receipt says? The sender's proof; docs/evidence-format.md tells its shape.

What it does not say is checked by whoever has the file: its SHA-256 is `receipt.file.sha256`.
"""

from collections.abc import Mapping
from typing import Any

from xinqiao_verify.notes import Trust
from xinqiao_verify.receipts import Verdict, certified

FORMAT = "xinqiao-acceptance/1"


def check(file: Mapping[str, Any], trust: Trust) -> Verdict:
    return certified(file, trust, FORMAT)
