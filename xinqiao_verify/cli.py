"""`xinqiao-verify FILE --trust KEYS`: 0 proven, 0 promised (and says so), 1 refused, 2 wrong usage."""

import argparse
import sys
from pathlib import Path

from xinqiao_verify.notes import NotTrusted, Trust, read_trust
from xinqiao_verify.receipts import Refused, Standing, verify

LIMIT = 64 * 1024 * 1024  # a report is kilobytes; anything near this is no receipt
SAYS = {
    Standing.PROVEN: "已证明：回执由平台签发、未改动、已入日志。 Proven: issued by the platform, unaltered, in the log",
    Standing.PROMISED: "已受理：回执由平台签发、未改动，证明稍后可取。 Promised: issued, unaltered, not yet proven",
}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        prog="xinqiao-verify", description="检查信桥回执 · check a Xinqiao receipt offline"
    )
    parser.add_argument("file", type=Path)
    parser.add_argument(
        "--trust",
        type=Path,
        required=True,
        metavar="KEYS",
        help="key lines you got from the platform, not from the file",
    )
    args = parser.parse_args(arguments)
    code, sentence = check(args.file, read_trust(args.trust.read_text(encoding="utf-8").splitlines()))
    print(sentence, file=sys.stderr if code else sys.stdout)
    return code


def check(file: Path, trust: Trust) -> tuple[int, str]:
    """Exit code and one sentence in both languages."""
    try:
        if file.stat().st_size > LIMIT:
            raise Refused("the file is too large for a receipt")
        verdict = verify(file.read_bytes(), trust)
    except (Refused, NotTrusted, UnicodeDecodeError) as error:
        return 1, f"未通过：{error}。 Refused: {error}"
    place = f"（第 {verdict.position} 位，共 {verdict.size}）" if verdict.position is not None else ""
    return 0, f"{SAYS[verdict.standing]} {place}".rstrip()


if __name__ == "__main__":
    sys.exit(main())
