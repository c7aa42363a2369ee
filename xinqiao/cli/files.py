"""Files named on the command line."""

from pathlib import Path

from xinqiao.kernel.problems import Kind, Problem
from xinqiao.kernel.sayings import Saying


class FileUnusable(Problem):
    """A file named on the command line cannot be read or written."""

    type = "file-unusable"
    kind = Kind.INVALID
    title = "文件不能读写"


def read(file: Path) -> bytes:
    """Raises `FileUnusable`."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise FileUnusable(Saying(f"{file}：{error.strerror}")) from error


def write(file: Path, content: bytes) -> None:
    """Raises `FileUnusable`."""
    try:
        file.write_bytes(content)
    except OSError as error:
        raise FileUnusable(Saying(f"{file}：{error.strerror}")) from error
