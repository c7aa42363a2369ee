"""Where snapshots are kept: a folder of this machine, or a bucket of an S3-compatible store. One small port.

A snapshot is written into a draft on this machine and published whole. A folder takes it by one rename; a bucket gets
its files first and its manifest last, and what has no manifest is no snapshot. `XINQIAO_SNAPSHOTS` names the place: a
path, or any address pyarrow knows (`s3://bucket/prefix?endpoint_override=host:port&scheme=http`; the keys are in
`AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`). Unset, it is `snapshots` in the installation's own folder.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path
from secrets import token_hex
from tempfile import mkdtemp
from typing import Any, Final, Protocol

from pyarrow import fs

from xinqiao import home
from xinqiao.evaluation.manifests import FILE

DRAFT: Final = ".draft-"
BLOCK: Final = 4 * 1024 * 1024


class Depot(Protocol):
    """`publish` takes a draft's files, all of them or none; `lent` gives them back as a folder of this machine.

    `address` is how other machines read a snapshot; `workplace` names a place they may write in, that `lent` gives too.
    """

    def publish(self, draft: Path, name: str) -> None: ...
    def lent(self, name: str) -> AbstractContextManager[Path]: ...
    def address(self, name: str) -> str: ...
    def workplace(self) -> AbstractContextManager[str]: ...
    def remove(self, name: str) -> None: ...


class Folder:
    def __init__(self, root: Path) -> None:
        self._root = root

    def publish(self, draft: Path, name: str) -> None:
        """By one rename, after everything is on the disk. What was published under the name before stays."""
        for path in draft.iterdir():
            _sync(path)
        draft.chmod(0o750)  # a cluster's workers are of the group of the place, where the operator made one
        _sync(draft)
        self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft.rename(self._root / name)
        _sync(self._root)

    @contextmanager
    def lent(self, name: str) -> Iterator[Path]:
        yield self._root / name

    def address(self, name: str) -> str:
        return str(self._root / name)

    @contextmanager
    def workplace(self) -> Iterator[str]:
        with draft() as folder:
            folder.chmod(0o770)
            yield folder.name

    def remove(self, name: str) -> None:
        """Out of sight by one rename first: half a snapshot under its name is never there."""
        if not (self._root / name).exists():
            return
        gone = self._root / f"{DRAFT}{name}.gone"
        (self._root / name).rename(gone)
        shutil.rmtree(gone)


class Bucket:
    """Any file system of pyarrow's."""

    def __init__(self, address: str) -> None:
        self._uri = address.partition("?")[0].rstrip("/")
        self._files, self._root = fs.FileSystem.from_uri(address)

    def publish(self, draft: Path, name: str) -> None:
        self._files.create_dir(f"{self._root}/{name}", recursive=True)
        for path in sorted(draft.iterdir(), key=lambda path: path.name == FILE):
            self._copy(fs.LocalFileSystem(), str(path), self._files, f"{self._root}/{name}/{path.name}")

    @contextmanager
    def lent(self, name: str) -> Iterator[Path]:
        """Brought here for the length of the block: engines read local files, and what is read was checked."""
        with draft() as folder:
            for path in self._paths(name):
                here = folder / path.removeprefix(f"{self._root}/{name}/")
                here.parent.mkdir(parents=True, exist_ok=True)
                self._copy(self._files, path, fs.LocalFileSystem(), str(here))
            yield folder

    def _paths(self, name: str) -> list[str]:
        below = fs.FileSelector(f"{self._root}/{name}", allow_not_found=True, recursive=True)
        return [info.path for info in self._files.get_file_info(below) if info.type is fs.FileType.File]

    def address(self, name: str) -> str:
        """As Spark's file systems call it."""
        return f"{self._uri}/{name}".replace("s3://", "s3a://", 1)

    @contextmanager
    def workplace(self) -> Iterator[str]:
        name = f"{DRAFT}{token_hex(8)}"
        try:
            yield name
        finally:
            self.remove(name)

    def remove(self, name: str) -> None:
        """The manifest first: without it nothing is a snapshot."""
        if self._files.get_file_info(f"{self._root}/{name}/{FILE}").type is fs.FileType.File:
            self._files.delete_file(f"{self._root}/{name}/{FILE}")
        if self._files.get_file_info(f"{self._root}/{name}").type is fs.FileType.Directory:
            self._files.delete_dir(f"{self._root}/{name}")

    @staticmethod
    def _copy(from_: Any, source: str, to: Any, target: str) -> None:
        with from_.open_input_stream(source) as reading, to.open_output_stream(target) as writing:
            while block := reading.read(BLOCK):
                writing.write(block)


def depot() -> Depot:
    named = os.environ.get("XINQIAO_SNAPSHOTS") or str(home.home() / "snapshots")
    return Bucket(named) if "://" in named else Folder(Path(named).expanduser().absolute())


@contextmanager
def draft() -> Iterator[Path]:
    """A folder to write a snapshot in, on the disk where it will stand. Gone afterwards, unless it was published."""
    folder, held = _fresh()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(held)


def _fresh() -> tuple[Path, int]:
    """A new draft, locked as long as we live, so that one at work can be told from one left by who was killed."""
    scratch = _scratch()
    with _opened(scratch) as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        _clear_abandoned(scratch)
        folder = Path(mkdtemp(prefix=DRAFT, dir=scratch))
        held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        fcntl.flock(held, fcntl.LOCK_EX)
    return folder, held


def _clear_abandoned(scratch: Path) -> None:
    for folder in scratch.glob(f"{DRAFT}*"):
        with suppress(FileNotFoundError, BlockingIOError), _opened(folder) as handle:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)


def _scratch() -> Path:
    named = os.environ.get("XINQIAO_SNAPSHOTS") or ""
    beside = home.make_home() / "snapshots" if not named or "://" in named else Path(named).expanduser().absolute()
    beside.mkdir(mode=0o700, parents=True, exist_ok=True)
    return beside


@contextmanager
def _opened(folder: Path) -> Iterator[int]:
    handle = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        yield handle
    finally:
        os.close(handle)


def _sync(path: Path) -> None:
    with _opened(path) as handle:
        os.fsync(handle)
