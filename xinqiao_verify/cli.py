"""`xinqiao-verify FILE --trust KEYS`: 0 proven, promised or signed (it says which), 1 refused, 2 wrong usage."""

import argparse
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from xinqiao_verify import acceptances, agreements, consistency, credentials, documents, receipts, rows
from xinqiao_verify.consistency import Grown
from xinqiao_verify.credentials import Presented
from xinqiao_verify.notes import NotTrusted, Trust, read_trust
from xinqiao_verify.proofs import Refused, Standing
from xinqiao_verify.reading import LIMIT, evidence
from xinqiao_verify.receipts import Verdict
from xinqiao_verify.rows import RowVerdict

KINDS: Mapping[str, Callable[[Mapping[str, Any], Trust], Verdict | RowVerdict | Grown]] = {
    receipts.FORMAT: receipts.check,
    acceptances.FORMAT: acceptances.check,
    agreements.FORMAT: agreements.check,
    agreements.LETTER: agreements.check_letter,
    documents.FORMAT: documents.check,
    documents.PUSH: documents.check_push,
    rows.FORMAT: rows.check,
    consistency.FORMAT: consistency.check,
}
SAYS = {
    Standing.PROVEN: "已证明：由平台签发、未改动、已入日志。 Proven: issued by the platform, unaltered, in the log.",
    Standing.PROMISED: "已受理：由平台签发、未改动，尚未编入日志，证明稍后可取。"
    " Promised: issued by the platform, unaltered, not yet proven.",
}
REFUSED = "未通过：文件不完整、被改动过，或不是用可信的密钥签发的。 Refused:"
SIGNED = (
    "已签名：由平台签发、未改动；有没有撤销、更正，请到凭证里的查验地址看。 Signed: issued by the platform, unaltered."
)
BOUND = " 出示人已签名。 Presented by its holder."
GROWN = "已证明：日志只增不改。 Proven: the log has only grown."


class Answer(NamedTuple):
    """What a caller shows: exit code; `proven`, `promised`, `signed` or `refused`; one sentence in two languages."""

    code: int
    standing: str
    sentence: str
    position: int | None = None
    size: int | None = None


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="xinqiao-verify", description="离线检查信桥凭证 · check Xinqiao evidence offline"
    )
    parser.add_argument("file", type=Path, help="evidence, or a document (PDF, workbook, list) with its --receipt")
    parser.add_argument("--receipt", type=Path, metavar="FILE", help="the receipt of the document")
    parser.add_argument("--audience", help="to whom a report was presented, where its holder signed for it")
    parser.add_argument("--nonce", help="the occasion it was presented on")
    known = "key lines you have from the platform's public page, the agreement or a witness, not from the file"
    parser.add_argument("--trust", type=Path, required=True, metavar="KEYS", help=known)
    args = parser.parse_args(arguments)
    try:
        trust = read_trust(args.trust.read_text(encoding="utf-8").splitlines())
        occasion = {"audience": args.audience, "nonce": args.nonce}
        answer = (
            judge(args.file, trust, **occasion)
            if args.receipt is None
            else judge_document(args.file, args.receipt, trust)
        )
    except (OSError, NotTrusted, UnicodeDecodeError) as error:
        parser.error(str(error))
    print(answer.sentence, file=sys.stderr if answer.code else sys.stdout)
    return answer.code


def judge(file: Path, trust: Trust, **occasion: str | None) -> Answer:
    """Check a file of any kind; `audience` and `nonce` are of the occasion a report was presented on.

    Raises `OSError` when it cannot be read.
    """
    content = _read(file)
    try:
        if credentials.is_one(content):
            return _presented(credentials.check(content.decode(), trust, now=int(time.time()), **occasion))
        with evidence(content) as document:
            if document.get("format") not in KINDS:
                raise Refused(f"unknown format {str(document.get('format'))[:40]!r}")
            return _said(KINDS[document["format"]](document, trust))
    except Refused as error:
        return Answer(1, "refused", f"{REFUSED} {error}.")


def judge_document(file: Path, receipt: Path, trust: Trust) -> Answer:
    """Check a document against its receipt. Raises `OSError` when either cannot be read."""
    content = file.read_bytes()
    try:
        with evidence(_read(receipt)) as said:
            if said.get("format") not in {documents.FORMAT, documents.PUSH}:
                raise Refused("not the receipt of a document")
            verdict = (documents.check_push if said["format"] == documents.PUSH else documents.check)(said, trust)
            documents.same(verdict, credentials.signed_part_of(content))
            return _said(verdict)
    except Refused as error:
        return Answer(1, "refused", f"{REFUSED} {error}.")


def _presented(told: Presented) -> Answer:
    """A presentation's own signature tells that it is ours; its receipt, that it is in the log."""
    shown = "、".join(str(part.get("title", name)) for name, part in told.shown.items()) or "—"
    parts = f" （出示：{shown}；未出示：{'、'.join(told.hidden) or '—'}）"
    return Answer(0, "signed", f"{SIGNED}{BOUND if told.bound else ''}{parts}")


def _read(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(LIMIT + 1)


def _said(verdict: Verdict | RowVerdict | Grown) -> Answer:
    if isinstance(verdict, Grown):
        return Answer(0, "proven", f"{GROWN} （{verdict.old} → {verdict.new}）", None, verdict.new)
    place = ""
    if verdict.position is not None:
        place = f" （第 {verdict.position} 位，共 {verdict.size} 条 · position {verdict.position} of {verdict.size}）"
    return Answer(0, verdict.standing.value, SAYS[verdict.standing] + place, verdict.position, verdict.size)


if __name__ == "__main__":
    sys.exit(main())
