"""`xinqiao code`: what the sample city's people would read on their phones. The stand-in refuses in production."""

import argparse
from typing import Any


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    code = commands.add_parser("code", help="样例：一个样例账号现在的动态口令（样例口令器）")
    code.add_argument("login", metavar="NAME", help="登录名，如 bank")
    code.add_argument("--json", action="store_true")
    code.set_defaults(run=_code, needs="database")


def _code(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.parties import stand_in_codes

    now = stand_in_codes.code(args.login, now=timezone.now())
    return {"code": now.code or f"这半分钟的都用过了，{now.seconds} 秒后再取", "seconds": now.seconds}
