"""A standalone Spark cluster of this machine: a master and two workers, for the length of a block."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path

HOST = "127.0.0.1"
PATIENCE = 300  # seconds until both workers have signed in
# What a small machine has room for; a cluster has its own.
SMALL = {
    "spark.executor.memory": "512m",
    "spark.driver.memory": "512m",
    "spark.sql.shuffle.partitions": "2",
    "spark.driver.host": HOST,
    "spark.driver.bindAddress": HOST,
    "spark.sql.codegen.wholeStage": "false",  # a dozen subjects are not worth compiling anything for
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}


def why_not() -> str | None:
    """What is missing to run Spark here, or None."""
    if find_spec("pyspark") is None:
        return "no pyspark: make spark"
    if shutil.which("java") is None:
        return "no java: apt install openjdk-17-jre-headless"
    return None


@contextmanager
def standing(folder: Path, *, memory: str = "1g") -> Iterator[str]:
    """Yields the master's address once two workers of one core each are there."""
    port, log = _free_port(), folder / "master.log"
    with ExitStack() as all_:
        run = "org.apache.spark.deploy.{0}.{1}"
        master = [
            run.format("master", "Master"),
            "--host",
            HOST,
            "--port",
            str(port),
            "--webui-port",
            str(_free_port()),
        ]
        all_.enter_context(_process(folder, log, master))
        for number in (1, 2):
            worker = [run.format("worker", "Worker"), "-c", "1", "-m", memory, "--host", HOST, "--webui-port", "0"]
            worker += ["-d", str(folder / f"work{number}"), f"spark://{HOST}:{port}"]
            all_.enter_context(_process(folder, folder / f"worker{number}.log", worker))
        _wait(log)
        yield f"spark://{HOST}:{port}"


@contextmanager
def _process(folder: Path, log: Path, words: list[str]) -> Iterator[None]:
    found = find_spec("pyspark")
    assert found is not None
    assert found.origin is not None
    home = Path(found.origin).parent
    env = os.environ | {"SPARK_HOME": str(home), "SPARK_LOCAL_IP": HOST, "SPARK_DAEMON_MEMORY": "256m"}
    env |= {"SPARK_LOCAL_DIRS": str(folder)}
    with log.open("wb") as out:
        process = subprocess.Popen([home / "bin" / "spark-class", *words], stdout=out, stderr=out, env=env)
        try:
            yield
        finally:
            process.terminate()
            process.wait(20)


def _wait(log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while log.read_text(errors="replace").count("Registering worker") < 2:
        assert time.monotonic() < until, log.read_text(errors="replace")[-2000:]
        time.sleep(0.2)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind((HOST, 0))
        return int(one.getsockname()[1])
