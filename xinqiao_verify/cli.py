"""`xinqiao-verify FILE --trust KEYS`: 0 proven or promised (it says which), 1 refused, 2 wrong usage."""

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from xinqiao_verify import acceptances, consistency, receipts, rows
from xinqiao_verify.consistency import Grown
from xinqiao_verify.notes import NotTrusted, Trust, read_trust
from xinqiao_verify.proofs import Refused, Standing
from xinqiao_verify.reading import LIMIT, evidence
from xinqiao_verify.receipts import Verdict
from xinqiao_verify.rows import RowVerdict

KINDS: Mapping[str, Callable[[Mapping[str, Any], Trust], Verdict | RowVerdict | Grown]] = {
    receipts.FORMAT: receipts.check,
    acceptances.FORMAT: acceptances.check,
    rows.FORMAT: rows.check,
    consistency.FORMAT: consistency.check,
}
SAYS = {
    Standing.PROVEN: "已证明：由平台签发、未改动、已入日志。 Proven: issued by the platform, unaltered, in the log.",
    Standing.PROMISED: "已受理：由平台签发、未改动，尚未编入日志，证明稍后可取。"
    " Promised: issued by the platform, unaltered, not yet proven.",
}
REFUSED = "未通过：文件不完整、被改动过，或不是用可信的密钥签发的。 Refused:"
GROWN = "已证明：日志只增不改。 Proven: the log has only grown."


class Answer(NamedTuple):
    """What a caller shows: the exit code, `proven`, `promised` or `refused`, and one sentence in two languages."""

    code: int
    standing: str
    sentence: str
    position: int | None = None
    size: int | None = None


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="xinqiao-verify", description="离线检查信桥凭证 · check Xinqiao evidence offline"
    )
    parser.add_argument("file", type=Path, help="a receipt, acceptance, row or consistency file")
    known = "key lines you have from the platform's public page, the agreement or a witness, not from the file"
    parser.add_argument("--trust", type=Path, required=True, metavar="KEYS", help=known)
    args = parser.parse_args(arguments)
    try:
        trust = read_trust(args.trust.read_text(encoding="utf-8").splitlines())
        answer = judge(args.file, trust)
    except (OSError, NotTrusted, UnicodeDecodeError) as error:
        parser.error(str(error))
    print(answer.sentence, file=sys.stderr if answer.code else sys.stdout)
    return answer.code


def judge(file: Path, trust: Trust) -> Answer:
    """Check a file of any kind. Raises `OSError` when it cannot be read."""
    with file.open("rb") as opened:
        content = opened.read(LIMIT + 1)
    try:
        with evidence(content) as document:
            if document.get("format") not in KINDS:
                raise Refused(f"unknown format {str(document.get('format'))[:40]!r}")
            return _said(KINDS[document["format"]](document, trust))
    except Refused as error:
        return Answer(1, "refused", f"{REFUSED} {error}.")


def _said(verdict: Verdict | RowVerdict | Grown) -> Answer:
    if isinstance(verdict, Grown):
        return Answer(0, "proven", f"{GROWN} （{verdict.old} → {verdict.new}）", None, verdict.new)
    place = ""
    if verdict.position is not None:
        place = f" （第 {verdict.position} 位，共 {verdict.size} 条 · position {verdict.position} of {verdict.size}）"
    return Answer(0, verdict.standing.value, SAYS[verdict.standing] + place, verdict.position, verdict.size)


if __name__ == "__main__":
    sys.exit(main())
