"""`xinqiao run`, `demo`, `serve` and `worker`: the whole house, or one of its processes."""

import argparse
import os
from typing import Any

from xinqiao import home
from xinqiao.cli import processes, serving, standing
from xinqiao.cli.opening import opened, say


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    run = commands.add_parser("run", help="建好样例城市，打开门户（PORT、XINQIAO_HOME）")
    run.set_defaults(run=_run, needs="server")
    demo = commands.add_parser("demo", help="同 run，做完主要工作即结束，最后一行是 JSON 摘要")
    demo.set_defaults(run=_demo, needs="server", json=True)
    serve = commands.add_parser("serve", help="one web server, for a process manager to mind")
    serve.set_defaults(run=_serve)
    worker = commands.add_parser("worker", help="one kind of standing work, for a process manager to mind")
    worker.add_argument("kind", choices=standing.KINDS, metavar="KIND", help="、".join(standing.KINDS))
    worker.set_defaults(run=_worker, needs="database")


def _run(_: argparse.Namespace) -> None:
    from xinqiao.cli import steps

    if "MAKELEVEL" in os.environ:  # whoever kills make means us
        processes.die_with_parent()
    port = serving.port()
    serving.refuse_taken(port)
    _announce_stand_ins()
    steps.make_ready()
    _refuse_set_back()
    serving.refuse_taken(port)  # minutes may have passed
    house = {"门户": ["serve"], **{kind: ["worker", kind] for kind in standing.KINDS}}
    if home.mode() is home.Mode.SAMPLE:
        house["公积金中心（模拟）"] = ["source", "play"]
    processes.Minder(house, greet=lambda: serving.answers(port) and _welcome(port)).run()


def _demo(_: argparse.Namespace) -> dict[str, Any]:
    from xinqiao.cli import steps

    _announce_stand_ins()
    return steps.make_ready()


def _serve(_: argparse.Namespace) -> None:
    processes.die_with_parent()
    port = serving.port()
    with opened("database"):
        _refuse_set_back()
    serving.become_web_server(port)


def _worker(args: argparse.Namespace) -> None:
    processes.die_with_parent()
    _refuse_set_back()
    standing.KINDS[args.kind]()


def _refuse_set_back() -> None:
    """An old backup opens no door: neither pages, interface nor jobs run over it."""
    from xinqiao.ledger import witnessing

    witnessing.refuse_set_back()


def _announce_stand_ins() -> None:
    """A stand-in says so at start; in production each refuses."""
    from xinqiao import keys
    from xinqiao.parties import sign_on_simulator, stand_in_codes

    for stand_in in (keys.provider().stand_in, _window(), stand_in_codes.STAND_IN, sign_on_simulator.STAND_IN):
        if stand_in is not None:
            say(f"样例环境 · sample profile: {stand_in}")


def _window() -> str | None:
    from xinqiao.rights import credit_china

    return credit_china.window().stand_in


def _welcome(port: int) -> bool:
    from xinqiao.cli import sample

    say("")
    say(f"门户 · portal: http://{serving.HOST}:{port}/    按 Ctrl-C 停止 · Ctrl-C stops it")
    say("样例账号（密码只在这台机器上有效）· sample logins (these passwords are this installation's own):")
    for login in sample.logins():
        say(f"  {login.login:<9} {login.password:<28} {login.sees}")
    say("除企业外，登录还要动态口令：样例环境的登录页会显示，也可用 xinqiao code 登录名 取得")
    say("all but the business also need a code: the sample's sign-in page shows it, and so does `xinqiao code NAME`")
    return True
