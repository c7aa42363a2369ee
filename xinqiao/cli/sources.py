"""`xinqiao source …`: the interfaces of sources that are asked live, and the sample's stand-in for such a source."""

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from xinqiao.cli.opening import say

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

PLAYED: Final = "housing_fund"  # the one source of the sample city that keeps its data itself
STAND_IN: Final = (
    "样例环境里由本机的模拟系统扮演住房公积金中心，接口调用得到的是编造的数据。"
    " · sample profile: the housing fund's system is a stand-in on this machine, and what it answers is invented"
)


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    acts = commands.add_parser("source", help="数据源接口：登记、查看").add_subparsers(required=True, metavar="ACT")
    new = acts.add_parser("interface", help="登记一个单位的接口：从此在这里问它")
    new.add_argument("source", metavar="SOURCE")
    new.add_argument("--address", required=True, metavar="URL")
    new.add_argument("--key", required=True, metavar="LINE", help="key line the source signs its answers with")
    new.add_argument("--json", action="store_true")
    new.set_defaults(run=_interface, needs="database")
    state = acts.add_parser("interfaces", help="各接口近来答得怎么样")
    state.add_argument("--json", action="store_true")
    state.set_defaults(run=_interfaces, needs="database")
    play = acts.add_parser("play", help="样例：扮演一个由接口随问随调的单位")
    play.add_argument("--port", type=int, default=0)
    play.set_defaults(run=_play, needs="database")


def _interface(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.disclosure import interfaces

    made = interfaces.set_up(source=args.source, address=args.address, key_line=args.key, now=timezone.now())
    return {"source": made.source, "address": made.address, "key": made.key.line}


def _interfaces(_: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.disclosure import interfaces

    return {"interfaces": [one.as_json() for one in interfaces.standing(timezone.now())]}


def _play(args: argparse.Namespace) -> None:
    """Answer as the source would, until stopped; its interface is set up on the way."""
    from django.utils import timezone

    from xinqiao.catalogue import city
    from xinqiao.cli import processes
    from xinqiao.cli.sample import only_in_sample
    from xinqiao.disclosure import interfaces
    from xinqiao.ledger import identity, receipts
    from xinqiao.parties.purposes import purposes
    from xinqiao_city import interface
    from xinqiao_verify.gate import Agreed
    from xinqiao_verify.notes import read_trust

    only_in_sample()
    if "XINQIAO_STARTED_BY" in os.environ:
        processes.die_with_parent()
    say(STAND_IN)
    trust = read_trust([identity.key().line, receipts.key().line])
    items = {one.item: frozenset(one.fields) for one in city().whole_items() if one.called and PLAYED in one.sources}
    department = interface.Department(PLAYED, _key(), trust, Agreed(PLAYED, items, frozenset(purposes())))
    with interface.server(department, args.port) as server:
        address = f"http://127.0.0.1:{server.server_address[1]}/"
        interfaces.set_up(source=PLAYED, address=address, key_line=department.key.line, now=timezone.now())
        say(f"{PLAYED}: {address}")
        server.serve_forever()


def _key() -> "Ed25519PrivateKey":
    """The stand-in's own key, made once; it plays somebody outside, so it is none of the platform's keys."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from xinqiao import home

    file = home.make_home() / f"{PLAYED}.key"
    if not file.exists():
        _write(file, Ed25519PrivateKey.generate().private_bytes_raw())
    return Ed25519PrivateKey.from_private_bytes(file.read_bytes())


def _write(file: Path, content: bytes) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
        opened.write(content)
