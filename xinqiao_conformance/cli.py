"""`xinqiao-conformance list | play | watch`: exit 0 when every scenario held, 1 when one did not, 2 for wrong usage."""

import argparse
import contextlib
import json
import sys
import threading
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.request import Request

from joserfc.jwk import ECKey, OKPKey

from xinqiao_conformance import playing, scenarios, watching
from xinqiao_conformance.program import OK, Key, Program, send
from xinqiao_conformance.scenarios import Business
from xinqiao_verify.notes import Trust, read_trust

DEFAULT_PORT: Final = 8090


def main(arguments: Sequence[str] | None = None) -> int:
    args = _parser().parse_args(arguments)
    try:
        code: int = args.run(args)
    except (OSError, ValueError, KeyError) as error:
        print(f"{type(error).__name__}: {error}", file=sys.stderr)
        return 2
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="xinqiao-conformance", description="信桥接口一致性测试 · conformance kit")
    acts = parser.add_subparsers(required=True, metavar="ACT")
    listed = acts.add_parser("list", help="全部场景 · all scenarios")
    listed.add_argument("--json", action="store_true")
    listed.set_defaults(run=_list)
    play = acts.add_parser("play", help="逐个场景检验平台 · does the platform answer as it must")
    play.add_argument("--platform", required=True, metavar="URL")
    play.add_argument("--client", required=True, metavar="ID")
    play.add_argument("--key", required=True, type=Path, metavar="FILE", help="私钥 · the private JWK of the client")
    play.add_argument("--businesses", required=True, type=Path, metavar="FILE", help="`xinqiao sandbox prepare`")
    play.add_argument("--trust", type=Path, metavar="FILE", help="平台的公钥；不写就向平台要，只适合演练")
    play.add_argument("--only", nargs="*", default=(), metavar="XQ-…")
    play.add_argument("--json", action="store_true")
    play.set_defaults(run=_play)
    watch = acts.add_parser("watch", help="检验机构的程序：让它改连这个地址 · does a program ask as it should")
    watch.add_argument("--platform", required=True, metavar="URL")
    watch.add_argument("--businesses", required=True, type=Path, metavar="FILE")
    watch.add_argument("--port", type=int, default=DEFAULT_PORT)
    watch.add_argument("--seconds", type=float, metavar="N", help="看多久；不写就到全部通过或按 Ctrl-C")
    watch.add_argument("--json", action="store_true")
    watch.set_defaults(run=_watch)
    return parser


def _list(args: argparse.Namespace) -> int:
    told = [{"scenario": one.id, "title": one.title, "english": one.english} for one in scenarios.ALL]
    _print(args, told, [f"{one['scenario']}\t{one['title']}\t{one['english']}" for one in told])
    return 0


def _play(args: argparse.Namespace) -> int:
    platform = args.platform.rstrip("/")
    program = Program(platform, args.client, _private(args.key))
    businesses = {one.scenario: one for one in _businesses(args.businesses)}
    stage = playing.Stage(program, businesses, _trust(args.trust, platform))
    results = playing.play(stage, args.only)
    marks = [f"{'✓' if one.passed else '✗'} {one.scenario}\t{_title(one.scenario)}\t{one.said}" for one in results]
    _print(args, [one.as_dict() for one in results], marks)
    return 0 if all(one.passed for one in results) else 1


def _watch(args: argparse.Namespace) -> int:
    watcher = watching.Watcher(args.platform.rstrip("/"), _businesses(args.businesses))
    with watching.server(watcher, args.port) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        said = f"请让程序改连 http://127.0.0.1:{server.server_port} ；随时看结果：{watching.RESULTS}"
        print(said, f"Point your program there; results so far at {watching.RESULTS}", sep="\n", file=sys.stderr)
        with contextlib.suppress(KeyboardInterrupt):
            _until_met(watcher, args.seconds)
        server.shutdown()
    results = watcher.results()
    marks = {"passed": "✓", "failed": "✗", "unmet": "·"}
    lines = [f"{marks[one['verdict']]} {one['scenario']}\t{_title(one['scenario'])}\t{one['said']}" for one in results]
    _print(args, results, lines)
    return 0 if all(one["verdict"] == "passed" for one in results) else 1


def _until_met(watcher: watching.Watcher, seconds: float | None) -> None:
    until = None if seconds is None else time.monotonic() + seconds
    while until is None or time.monotonic() < until:
        if all(one["verdict"] != "unmet" for one in watcher.results()) and until is None:
            return
        time.sleep(0.2)


def _title(scenario: str) -> str:
    return next(one.title for one in scenarios.ALL if one.id == scenario)


def _private(file: Path) -> Key:
    jwk: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return OKPKey.import_key(jwk) if jwk.get("kty") == "OKP" else ECKey.import_key(jwk)


def _businesses(file: Path) -> list[Business]:
    told = json.loads(file.read_text(encoding="utf-8"))["businesses"]
    return [Business(one["scenario"], one["uscc"], one["purpose"], one.get("other", "")) for one in told]


def _trust(file: Path | None, platform: str) -> Trust:
    if file is not None:
        return read_trust(file.read_text(encoding="utf-8").splitlines())
    answer = send(Request(f"{platform}/api/v1/log/keys"))  # noqa: S310 - whoever runs this named the address
    if answer.status != OK:
        raise ValueError(f"{platform}/api/v1/log/keys: {answer.status}")
    return read_trust(answer.text.decode().splitlines())


def _print(args: argparse.Namespace, told: Any, lines: Iterable[str]) -> None:
    print(json.dumps(told, ensure_ascii=False) if args.json else "\n".join(lines))


if __name__ == "__main__":
    sys.exit(main())
