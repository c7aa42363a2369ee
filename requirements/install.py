"""Makes this checkout's Python environment and installs a lock into it: `python3 requirements/install.py .venv run`.

`make` runs it with the system's Python, so it needs nothing but the standard library. Two at once do it one after the
other; interrupted anywhere, it may simply be run again. What cannot be done is said in Chinese and English.
"""

import fcntl
import importlib.util
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OLDEST, NEWEST = (3, 11), (3, 13)
# Plain pip with hashes: one moving part fewer than anything faster.
PIP = ["-m", "pip", "install", "--disable-pip-version-check", "--no-input", "--require-hashes"]
PIP += ["--only-binary", ":all:"]
# Spark is on the index as source alone: it is put into a wheel here, by tools that are locked too and are installed
# first, since a build in isolation would fetch others.
FROM_SOURCE = {"spark": ["--no-binary", "pyspark", "--no-build-isolation"]}
MARKS = {"dev": ("run", "dev")}  # what is done with a kind beside itself
WORDS = {
    "run": "安装运行所需的软件包，首次约 1 分钟 · installing packages, about a minute the first time",
    "dev": "安装开发与测试所需的软件包 · installing packages for development and tests",
    "spark": "安装 Spark，下载约 320 MB · installing Spark, a download of 320 MB",
}
COMMANDS = {
    "xinqiao": "xinqiao.cli.main",
    "xinqiao-verify": "xinqiao_verify.cli",
    "xinqiao-conformance": "xinqiao_conformance.cli",
}
# The form pip writes: the kernel reads no interpreter's path with a blank in it, nor a very long one.
COMMAND = """#!/bin/sh
'''exec' "{python}" "$0" "$@"
' '''
import sys
from {module} import main
sys.exit(main())
"""


def main(venv: Path, kind: str) -> None:
    """Install `requirements/<kind>.lock` into `venv`; a mark beside it tells make that this is done."""
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        found = ".".join(map(str, sys.version_info[:2]))
        refuse(f"需要 Python 3.11–3.13，这里是 {found} · Python 3.11 to 3.13 is needed, this is {found}")
    lock = ROOT / "requirements" / f"{kind}.lock"
    with lock.open() as held:
        wait_for(held.fileno())
        if not is_done(venv, kind, lock):
            began = time.monotonic()
            make(venv)
            say(WORDS[kind])
            if kind in FROM_SOURCE:
                install(venv, lock.with_name("build.lock"))
            install(venv, lock, *FROM_SOURCE.get(kind, ()))
            link(venv)
            for mark in MARKS.get(kind, (kind,)):
                (venv / f"{mark}.ok").write_text("done\n")
            say(f"完成 · done {time.monotonic() - began:.0f} s")


def wait_for(handle: int) -> None:
    """One at a time in this checkout; the kernel lets go of the lock when its holder dies."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        say("另一个进程正在安装，等它做完 · another process is installing: waiting for it")
        fcntl.flock(handle, fcntl.LOCK_EX)


def is_done(venv: Path, kind: str, lock: Path) -> bool:
    mark = venv / f"{kind}.ok"
    return (venv / "bin" / "python").exists() and mark.exists() and mark.stat().st_mtime >= lock.stat().st_mtime


def make(venv: Path) -> None:
    """An environment with a pip that answers; one that is half made, or of a Python that is gone, is made anew."""
    python = venv / "bin" / "python"
    if python.exists() and not run(python, "-m", "pip", "--version", stdout=subprocess.DEVNULL):
        return
    if importlib.util.find_spec("ensurepip") is None:
        refuse("缺少 venv（Debian：apt install python3-venv）· venv is missing (Debian: apt install python3-venv)")
    say(f"建立 Python 环境 · making the Python environment ({venv})")
    try:
        venv.mkdir(parents=True, exist_ok=True)
        if any(venv.iterdir()) and not (venv / "pyvenv.cfg").exists():
            refuse(f"{venv} 里有别的东西，不会动它 · {venv} holds something else and is left alone")
    except OSError as error:
        refuse(
            f"不能写入 {venv}（{error.strerror}）。可以换个地方：make run VENV=~/xinqiao-venv · "
            "That folder cannot be written. Another place: make run VENV=~/xinqiao-venv"
        )
    if run(sys.executable, "-m", "venv", "--clear", venv):
        refuse(f"Python 环境没有建成{room(venv)} · the Python environment could not be made")


def install(venv: Path, lock: Path, *how: str) -> None:
    if run(venv / "bin" / "python", *PIP, *how, "-r", lock):
        refuse(
            f"软件包没有装完（原因见上）。需要能访问 Python 软件源和约 1 GB 磁盘{room(venv)}；可以再运行一次 · "
            "The packages are not all installed; the reason stands above. It takes a Python package index that can be "
            "reached, and about 1 GB of disk. It may be run again."
        )


def link(venv: Path) -> None:
    """This checkout on the environment's path, and its commands beside its Python. Nothing is built."""
    packages = next(venv.glob("lib/python3*/site-packages"))
    (packages / "xinqiao.pth").write_text(f"{ROOT}\n", encoding="utf-8")
    for name, module in COMMANDS.items():
        command = venv / "bin" / name
        text = COMMAND.format(python=(venv / "bin" / "python").absolute(), module=module)
        command.write_text(text, encoding="utf-8")
        command.chmod(command.stat().st_mode | 0o111)


def run(*command: "str | Path", **how: int) -> int:
    return subprocess.run(command, check=False, **how).returncode


def room(venv: Path) -> str:
    return f"（剩余 {shutil.disk_usage(venv).free / 1e9:.1f} GB · left）"


def say(sentence: str) -> None:
    print(sentence, flush=True)


def refuse(sentence: str) -> None:
    sys.exit(sentence)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
