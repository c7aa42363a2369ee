"""Puts this checkout on the environment's path, and the commands `xinqiao` and `xinqiao-verify` beside its Python.

Run by `make setup` with the environment's own Python. Nothing is built, so nothing has to be fetched for building.
"""

import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COMMANDS = {"xinqiao": "xinqiao.cli.main", "xinqiao-verify": "xinqiao_verify.cli"}


def main() -> None:
    Path(sysconfig.get_path("purelib"), "xinqiao.pth").write_text(f"{ROOT}\n", encoding="utf-8")
    for name, module in COMMANDS.items():
        command = Path(sysconfig.get_path("scripts"), name)
        text = f"#!{sys.executable}\nimport sys\nfrom {module} import main\nsys.exit(main())\n"
        command.write_text(text, encoding="utf-8")
        command.chmod(0o755)


main()
