"""Runs the journey on a PostgreSQL server that is given by its address: `python -m tests.journeys.on_a_given_server`.

The server is one of the distribution's, started here on a free port of the loopback interface for this run alone.
"""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))
    if not found:
        sys.exit("no PostgreSQL of the distribution is installed: nothing to give an address of")
    return found[-1]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def given_server() -> Iterator[str]:
    """The address of a fresh server; it and its folder are gone afterwards."""
    programs, port, password = _programs(), _free_port(), secrets.token_urlsafe(16)
    folder = Path(tempfile.mkdtemp(prefix="xq-url-", dir="/tmp"))
    (folder / "password").write_text(password)
    who: dict[str, object] = {}
    if os.geteuid() == 0:  # PostgreSQL will not run as root
        nobody = pwd.getpwnam("nobody")
        for path in (folder, folder / "password"):
            os.chown(path, nobody.pw_uid, nobody.pw_gid)
        who = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
    data = folder / "data"
    initdb: list[str | Path] = [programs / "initdb", "-D", data, "-U", "xinqiao", "-E", "UTF8", "--locale=C.UTF-8"]
    initdb += ["-A", "scram-sha-256", "--pwfile", folder / "password"]
    subprocess.run(initdb, check=True, cwd="/", stdout=subprocess.DEVNULL, **who)  # type: ignore[call-overload]
    options = ["-p", str(port), "-k", folder, "-c", "listen_addresses=127.0.0.1"]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen([programs / "postgres", "-D", data, *options], cwd="/", stdout=log, stderr=log, **who)  # type: ignore[call-overload]
    try:
        ready: list[str | Path] = [programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(port), "-t", "60"]
        while subprocess.run(ready, check=False).returncode:
            if server.poll() is not None:
                sys.exit((folder / "log").read_text(errors="replace"))
        yield f"postgresql://xinqiao:{password}@127.0.0.1:{port}/postgres"
    finally:
        server.terminate()
        server.wait(60)
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    with given_server() as url:
        environment = os.environ | {"XINQIAO_POSTGRES": "url", "XINQIAO_DATABASE_URL": url}
        tests = [sys.executable, "-m", "pytest", "tests/journeys", "-m", "not browser"]
        return subprocess.run(tests, check=False, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())
