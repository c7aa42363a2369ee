"""`xinqiao document`, `present`, `whose-copy`, `keeping`, `attest`: files of what was told, and how long it is kept."""

import argparse
from pathlib import Path
from typing import Any, Final

from xinqiao.cli.files import read, write
from xinqiao.kernel.city_time import day_of

MOST_TERMS: Final = 1_000
SAMPLE_SITE: Final = "http://127.0.0.1:8000"  # where `make run` serves unless told otherwise


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    document = commands.add_parser("document", help="取一个文件的回执，附日志证明")
    document.add_argument("number", type=int, metavar="N")
    document.add_argument("--to", type=Path, required=True, metavar="FILE")
    document.set_defaults(run=_document, needs="database")
    present = commands.add_parser("present", help="从可选披露凭证里选出要出示的部分")
    present.add_argument("file", type=Path, metavar="FILE")
    present.add_argument("--parts", metavar="a,b", help="不写就列出有哪些部分")
    present.add_argument("--to", type=Path, metavar="FILE")
    present.set_defaults(run=_present, needs="framework")
    whose = commands.add_parser("whose-copy", help="一份流出的文件当初是给谁的")
    whose.add_argument("file", type=Path, metavar="FILE")
    whose.set_defaults(run=_whose, needs="database")
    terms = commands.add_parser("keeping", help="机构查到的信息最多保存到哪一天、哪些逾期")
    terms.add_argument("institution", nargs="?", metavar="INST", help="不写就是所有机构")
    terms.set_defaults(run=_terms, needs="database")
    attest = commands.add_parser("attest", help="样例：以机构名义证明已删除，或者依法保留")
    attest.add_argument("receipts", nargs="+", type=int, metavar="RECEIPT")
    attest.add_argument("--as", dest="institution", required=True, metavar="INST")
    attest.add_argument("--retained", metavar="LAW", default="", help="法律要求继续保存、已停止使用：哪一条")
    attest.set_defaults(run=_attest, needs="database")
    reseal = commands.add_parser("renew-secrets", help="换一把密封涉密字段的密钥，全部重新密封")
    reseal.set_defaults(run=_reseal, needs="database")
    for command in (document, present, whose, terms, attest, reseal):
        command.add_argument("--json", action="store_true")


def report(asked: dict[str, Any], form: str, to: Path | None) -> dict[str, Any]:
    """The report as a file."""
    from xinqiao.disclosure.door import Asked
    from xinqiao.disclosure.papers import FORMS, checked_at
    from xinqiao.disclosure.reports import hand_out_report
    from xinqiao.kernel.uscc import Uscc

    question = Asked(**(asked | {"uscc": Uscc.parse(asked["uscc"])}))
    paper = hand_out_report(question, FORMS[form], check=checked_at(lambda path: f"{SAMPLE_SITE}{path}"))
    file = to or Path(paper.name)
    write(file, paper.content)
    return {"document": paper.number, "receipt": paper.receipt, "file": str(file)}


def _document(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.cli.ledger import write_evidence
    from xinqiao.disclosure import copies
    from xinqiao.ledger import sequencing

    sequencing.sequence(timezone.now())
    return {"document": args.number, **write_evidence(copies.evidence(args.number), args.to)}


def _present(args: argparse.Namespace) -> dict[str, Any] | str:
    """What is chosen, from a credential its holder has: nothing of the platform's is needed."""
    from xinqiao.disclosure import credentials

    whole = read(args.file).decode("ascii", "replace")
    if not args.parts:
        parts = credentials.parts_in(whole)
        return {"parts": parts} if args.json else "\n".join(f"{one['part']}  {one['title']}" for one in parts)
    chosen = [part.strip() for part in args.parts.split(",")]
    to = args.to or args.file.with_suffix(".shown.sdjwt")
    write(to, credentials.presented(whole, chosen).encode())
    return {"file": str(to), "shown": chosen}


def _whose(args: argparse.Namespace) -> dict[str, Any] | str:
    from dataclasses import asdict

    from django.utils import timezone

    from xinqiao.disclosure import copies

    found = copies.whose(read(args.file), by=None, now=timezone.now())
    if args.json:
        return {"copies": [asdict(copy) for copy in found]}
    if not found:
        return "没有认出来：文件里没有平台的暗记，也不是平台出过的原件"
    return "\n".join(
        f"{copy.name} · {copy.officer}  关于 {copy.about}  回执 {copy.receipt}  {copy.found}" for copy in found
    )


def _terms(args: argparse.Namespace) -> dict[str, Any] | str:
    from django.utils import timezone

    from xinqiao.disclosure import kept
    from xinqiao.kernel.ids import InstitutionId

    today = day_of(timezone.now())
    found = kept.outstanding(InstitutionId(args.institution) if args.institution else None, size=MOST_TERMS)
    if args.json:
        return {
            "terms": [
                {"receipt": k.receipt, "institution": k.institution, "until": k.until, "overdue": k.until < today}
                for k in found
            ]
        }
    lines = [f"回执 {k.receipt}  {k.institution_name}  {k.until}{'  逾期' if k.until < today else ''}" for k in found]
    return "\n".join(lines) or "没有要删除的"


def _attest(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.cli.sample import only_in_sample
    from xinqiao.disclosure import keeping
    from xinqiao.disclosure.kept import How
    from xinqiao.kernel.ids import InstitutionId, ReceiptNumber

    only_in_sample()
    how = How.RETAINED if args.retained else How.DELETED
    attested = keeping.Attested([ReceiptNumber(number) for number in args.receipts], how, args.retained)
    of, by = InstitutionId(args.institution), "命令行（样例）"
    return {"attested": keeping.attest_as(attested, of=of, officer=by, now=timezone.now())}


def _reseal(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.creditfile import resealing

    return {"generation": resealing.renew(now=timezone.now())}
