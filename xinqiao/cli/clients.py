"""`xinqiao client …`: the operator registers an institution's program under its public key, and ends it.

The institution hands over a public key (JWK) and reads its fingerprint over another way; the private half never leaves
it. Both acts are in the log.
"""

import argparse
import json
from pathlib import Path
from typing import Any

from xinqiao.kernel.problems import Kind, Problem
from xinqiao.kernel.sayings import Saying


class KeyFileUnusable(Problem):
    type = "key-invalid"
    kind = Kind.INVALID
    title = "公钥文件不能使用"


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    acts = commands.add_parser("client", help="接口账号：登记机构程序的公钥，或终止").add_subparsers(
        required=True, metavar="ACT"
    )
    new = acts.add_parser("register", help="登记一个接口账号")
    new.add_argument("client", metavar="ID")
    new.add_argument("--institution", required=True, metavar="INST")
    new.add_argument("--key", required=True, type=Path, metavar="FILE", help="public JWK: Ed25519 or P-256")
    new.add_argument("--json", action="store_true")
    new.set_defaults(run=_register, needs="database")
    over = acts.add_parser("end", help="终止一个接口账号，令牌随之失效")
    over.add_argument("client", metavar="ID")
    over.add_argument("--json", action="store_true")
    over.set_defaults(run=_end, needs="database")


def _register(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.parties import clients

    jwk = _jwk(args.key)
    made = clients.register(id=args.client, institution=args.institution, public_jwk=jwk, now=timezone.now())
    return {"client": made.id, "institution": made.institution, "fingerprint": clients.fingerprint(jwk)}


def _jwk(file: Path) -> dict[str, object]:
    try:
        jwk = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise KeyFileUnusable(Saying("{file}：{why}", file=str(file), why=error.strerror or "")) from error
    except ValueError as error:
        raise KeyFileUnusable(Saying("{file}：不是 JSON", file=str(file))) from error
    if not isinstance(jwk, dict):
        raise KeyFileUnusable(Saying("{file}：应是一个 JWK 对象", file=str(file)))
    return jwk


def _end(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.parties import clients

    ended = clients.end(args.client, now=timezone.now())
    return {"client": ended.id, "institution": ended.institution, "state": "ended"}
