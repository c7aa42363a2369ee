"""`xinqiao agreement make|end|list|drafts|file`: agreements with institutions, for scripts in the sample city.

They exist in the sample profile only: in a real city both sides sign, in the portal. What `make` writes down was made
on paper; `file` hands out an agreement signed on line, for `xinqiao verify`.
"""

import argparse
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from xinqiao.kernel.city_time import day_of

if TYPE_CHECKING:
    from xinqiao.parties.draft_queries import DraftView
    from xinqiao.parties.queries import AgreementView

SAID: Final = "命令行办理（样例）"


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    agreement = commands.add_parser("agreement", help="样例：与机构签订、终止共享协议")
    acts = agreement.add_subparsers(required=True, metavar="ACT")
    making = act(acts, "make", _make, "签订一份协议；一家机构同一天只有一份")
    making.add_argument("--institution", required=True, metavar="INST")
    making.add_argument("--items", required=True, type=names, metavar="a,b")
    making.add_argument("--purposes", required=True, type=names, metavar="p,q")
    making.add_argument("--until", required=True, type=date.fromisoformat, metavar="DATE")
    making.add_argument("--since", type=date.fromisoformat, metavar="DATE", help="不写就是今天")
    making.add_argument("--document", default=SAID, metavar="T", help="签字文本的编号")
    making.add_argument("--feedback", action="store_true", help="约定结果反馈")
    ending = act(acts, "end", _end, "终止一份协议，当时起这家机构什么也查不到")
    ending.add_argument("agreement", type=int, metavar="AGREEMENT")
    ending.add_argument("--because", default=SAID, metavar="T")
    listing = act(acts, "list", _list, "一家机构的协议，新的在前")
    listing.add_argument("--institution", required=True, metavar="INST")
    drafts = act(acts, "drafts", _drafts, "一家机构的协议草稿，新的在前")
    drafts.add_argument("--institution", required=True, metavar="INST")
    file = act(acts, "file", _file, "网上签好的协议，可以用 xinqiao verify 核对")
    file.add_argument("agreement", type=int, metavar="AGREEMENT")


def act(acts: Any, name: str, run: Callable[..., Any], said: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = acts.add_parser(name, help=f"样例：{said}")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(run=run, needs="database")
    return parser


def names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _make(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.cli.sample import only_in_sample
    from xinqiao.parties import agreements, queries

    only_in_sample()
    now = timezone.now()
    number = agreements.make(
        institution=args.institution,
        document=args.document,
        items=args.items,
        purposes=args.purposes,
        since=args.since or day_of(now),
        until=args.until,
        feedback=args.feedback,
        now=now,
    )
    return _told(queries.agreement(number))


def _end(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.cli.sample import only_in_sample
    from xinqiao.parties import agreements, queries

    only_in_sample()
    agreements.end(args.agreement, because=args.because, now=timezone.now())
    return _told(queries.agreement(args.agreement))


def _list(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.cli.sample import only_in_sample
    from xinqiao.parties import queries

    only_in_sample()
    institution = queries.institution(args.institution)
    found = [_told(one) for one in queries.agreements_of(institution.id)]
    return {"institution": institution.id, "agreements": found}


def _drafts(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.cli.sample import only_in_sample
    from xinqiao.parties import draft_queries, queries

    only_in_sample()
    institution = queries.institution(args.institution)
    found = [_edition(one) for one in draft_queries.of(institution.id, timezone.now())]
    return {"institution": institution.id, "drafts": found}


def _edition(one: "DraftView") -> dict[str, Any]:
    return {
        "draft": one.id,
        "follows": one.follows,
        "state": str(one.state),
        "items": sorted(one.items),
        "purposes": sorted(one.purposes),
        "since": one.since.isoformat(),
        "until": one.until.isoformat(),
        "sign_by": one.last_day.isoformat(),
        "sha256": one.digest,
        "signatures": [
            {"side": str(s.side), "person": s.person, "method": str(s.method), "signed_at": s.signed_at.isoformat()}
            for s in one.signatures
        ],
        "agreement": one.agreement,
    }


def _file(args: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.cli.sample import only_in_sample
    from xinqiao.parties import draft_queries

    only_in_sample()
    return draft_queries.signed_file(args.agreement)


def _told(one: "AgreementView") -> dict[str, Any]:
    return {
        "agreement": one.id,
        "institution": one.institution,
        "document": one.document,
        "items": sorted(one.items),
        "purposes": sorted(one.purposes),
        "since": one.since.isoformat(),
        "until": one.until.isoformat(),
        "feedback": one.feedback,
        "ended_at": one.ended_at and one.ended_at.isoformat(),
    }
