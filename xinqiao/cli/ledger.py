"""`xinqiao ledger …`, `xinqiao receipt`, `xinqiao verify`: the log, and what we hand out so that others can check."""

import argparse
import json
from pathlib import Path
from typing import Any

from xinqiao import home
from xinqiao.cli.files import FileUnusable, write
from xinqiao.kernel.ids import FactId, ReceiptNumber
from xinqiao.kernel.problems import Kind, Problem
from xinqiao.kernel.sayings import Saying


class EvidenceRefused(Problem):
    """The file does not prove what it says."""

    type = "evidence-refused"
    kind = Kind.INVALID
    title = "验证未通过"


class TrustNeeded(Problem):
    """Nobody may verify us with keys we hand him in the same breath."""

    type = "trust-needed"
    kind = Kind.INVALID
    title = "请指明可信的密钥"


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    acts = commands.add_parser("ledger", help="防篡改日志：核对、检查点、公钥").add_subparsers(
        required=True, metavar="ACT"
    )
    check = acts.add_parser("check", help="hold every covered table against the log; exit 1 when a row was changed")
    check.add_argument("--checkpoint", type=Path, action="append", default=[], metavar="FILE", help="one kept outside")
    _ready(check, _check, "database")
    _ready(acts.add_parser("checkpoint", help="the newest signed checkpoint"), _checkpoint, "database")
    _ready(acts.add_parser("keys", help="key lines for --trust"), _keys, "framework")
    prove = acts.add_parser("prove", help="that a fact is in the log, without what it says: two proofs in one file")
    prove.add_argument("fact", type=int, metavar="FACT")
    prove.add_argument("--to", type=Path, required=True, metavar="FILE")
    _ready(prove, _prove, "database")
    grown = acts.add_parser("grown", help="that the log has only grown since a checkpoint of ours that you kept")
    grown.add_argument("checkpoint", type=Path, metavar="CHECKPOINT")
    grown.add_argument("--to", type=Path, required=True, metavar="FILE")
    _ready(grown, _grown, "database")
    receipt = commands.add_parser("receipt", help="取一份回执，附日志证明")
    receipt.add_argument("number", type=int, metavar="N")
    receipt.add_argument("--to", type=Path, required=True, metavar="FILE")
    _ready(receipt, _receipt, "database")
    verify = commands.add_parser("verify", help="验证回执等凭证（不用连网）")
    verify.add_argument("file", type=Path, metavar="FILE")
    verify.add_argument("--trust", type=Path, metavar="KEYS", help="key lines; in the sample our own when left out")
    verify.add_argument("--receipt", type=Path, metavar="FILE", help="the receipt of a document (PDF, table)")
    _ready(verify, _verify, None)


def _ready(parser: argparse.ArgumentParser, run: Any, needs: str | None) -> None:
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run, needs=needs)


def _check(args: argparse.Namespace) -> dict[str, Any] | str:
    """Witnesses are shown the log only once it was found sound: they vouch for nothing we doubt ourselves."""
    from django.utils import timezone

    from xinqiao.ledger import checking, sequencing, witnessing

    now = timezone.now()
    sequencing.sequence(now)
    report = checking.check(outside=map(_text, args.checkpoint), witnessed=witnessing.seen())
    if report.sound:
        witnessing.show(now)
    args.exit_code = 0 if report.sound else 1
    return report.as_dict() if args.json else report.in_words()


def _checkpoint(args: argparse.Namespace) -> dict[str, Any] | str:
    from django.utils import timezone

    from xinqiao.ledger import queries, sequencing

    sequenced = sequencing.sequence(timezone.now())
    note = queries.checkpoint() or ""
    return (
        {"size": sequenced.size, "checkpoint": note} if args.json else note.removesuffix("\n")
    )  # printing ends the line


def _keys(args: argparse.Namespace) -> dict[str, Any] | str:
    lines = [key.line for key in _own_keys()]
    return {"keys": lines} if args.json else "\n".join(lines)


def _receipt(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.disclosure import receipts
    from xinqiao.ledger import sequencing

    sequencing.sequence(timezone.now())
    file = receipts.receipt(ReceiptNumber(args.number))
    return {"receipt": args.number, **write_evidence(file, args.to)}


def _prove(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.creditfile import proofs
    from xinqiao.ledger import sequencing

    sequencing.sequence(timezone.now())
    return {"fact": args.fact, **write_evidence(proofs.proof(FactId(args.fact)), args.to)}


def _grown(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.ledger import evidence
    from xinqiao_verify.notes import NotTrusted

    try:
        file = evidence.of_growth(_text(args.checkpoint))
    except NotTrusted as error:
        raise EvidenceRefused(
            Saying("{file} 不是本日志签署的检查点：{why}", file=str(args.checkpoint), why=str(error))
        ) from error
    write_evidence(file, args.to)
    return {"file": str(args.to), "standing": "proven"}


def write_evidence(file: dict[str, Any], to: Path) -> dict[str, str]:
    """Evidence as it is handed out, in a file; where, and what it shows."""
    write(to, f"{json.dumps(file, ensure_ascii=False, indent=1)}\n".encode())
    return {"file": str(to), "standing": "proven" if "proof" in file else "promised"}


def _verify(args: argparse.Namespace) -> dict[str, Any] | str:
    from xinqiao_verify import cli
    from xinqiao_verify.notes import NotTrusted, read_trust

    try:
        lines = _text(args.trust).splitlines() if args.trust else [key.line for key in _sample_keys()]
        trust = read_trust(lines)
        answer = cli.judge_document(args.file, args.receipt, trust) if args.receipt else cli.judge(args.file, trust)
    except NotTrusted as error:
        raise TrustNeeded(Saying("密钥文件有误：{error}", error=str(error))) from error
    except OSError as error:
        raise FileUnusable(Saying(f"{args.file}：{error.strerror}")) from error
    if answer.code:
        raise EvidenceRefused(Saying(answer.sentence))
    told = {"standing": answer.standing, "sentence": answer.sentence, "position": answer.position, "size": answer.size}
    return told if args.json else answer.sentence


def _sample_keys() -> list[Any]:
    if home.mode() is not home.Mode.SAMPLE:
        raise TrustNeeded(Saying("请用 --trust 给出密钥文件，其内容取自公示页面、协议或见证方，不取自被验证的文件。"))
    return _own_keys()


def _own_keys() -> list[Any]:
    from xinqiao.disclosure import credentials
    from xinqiao.ledger import identity, receipts

    return [identity.key(), receipts.key(), credentials.key()]


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FileUnusable(Saying(f"{file}：{error}")) from error
