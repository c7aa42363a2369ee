"""Workbooks (.xlsx): looked over as the archives they are before anything opens them, then read by a child.

The child (`sheet_child`) has a bounded address space and processor time: whatever a workbook does to its reader, it
does to that. It writes the first sheet as CSV, a line for each row of the sheet.
"""

import re
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path
from typing import Final

from xinqiao.intake.errors import UnsafeWorkbook, WorkbookTooLarge
from xinqiao.intake.reading import limits
from xinqiao.kernel.sayings import Saying

_ARCHIVE: Final = b"PK\x03\x04"
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0"  # .xls, and encrypted .xlsx

# Parts that a table of records never needs: what they do is done by whoever opens the file next.
_UNWANTED: Final = (
    (re.compile(r"vbaproject|macrosheets/", re.I), Saying("含有宏")),
    (re.compile(r"externallinks/", re.I), Saying("含有外部链接")),
    (re.compile(r"embeddings/|activex/|oleobject", re.I), Saying("含有嵌入对象")),
    (re.compile(r"connections\.xml|querytables/", re.I), Saying("含有外部数据连接")),
)
_MARKUP: Final = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.I)
_MARKUP_TAIL: Final = 64


def is_workbook(path: Path) -> bool:
    """By its first bytes, whatever it is called."""
    with path.open("rb") as file:
        head = file.read(4)
    return head in (_ARCHIVE, _OLD_OFFICE)


def as_text(path: Path, workspace: Path) -> tuple[Path, tuple[str, ...]]:
    """The first sheet as a CSV file in `workspace`, and the titles of all sheets, the one read first.

    Raises `UnsafeWorkbook` or `WorkbookTooLarge`.
    """
    look_over(path)
    target = workspace / "sheet.csv"
    finished = subprocess.run(  # noqa: S603 — our own program, no shell
        [sys.executable, "-m", "xinqiao.intake.reading.sheet_child", str(path), str(target)],
        capture_output=True,
        timeout=limits.CHILD_SECONDS * 4,
        check=False,
        cwd=Path(__file__).parents[3],
    )
    if finished.returncode:
        raise _refusal(finished.returncode)
    return target, tuple(finished.stdout.decode().splitlines())


def _refusal(code: int) -> UnsafeWorkbook | WorkbookTooLarge:
    """The child tells by its exit: 3 for a file that is no workbook; killed or out of memory means too large."""
    if code == 3:  # noqa: PLR2004 — sheet_child.NOT_A_WORKBOOK
        return UnsafeWorkbook(Saying("已损坏或不是有效的.xlsx文件"))
    return WorkbookTooLarge(Saying("展开后过大（例如最后一行或最后一列之外还有零星单元格）"))


def look_over(path: Path) -> None:
    """Refuse what is no plain workbook: bombs, parts with paths outside, macros, outside links, document types."""
    with path.open("rb") as file:
        if file.read(4) == _OLD_OFFICE:
            raise UnsafeWorkbook(Saying("是旧版.xls格式或设有密码"))
    try:
        with zipfile.ZipFile(path) as archive:
            _look_at_parts(archive.infolist())
            for part in archive.infolist():
                _look_into(archive, part)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError, ValueError) as error:
        raise UnsafeWorkbook(Saying("已损坏或不是有效的.xlsx文件")) from error


def _look_at_parts(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > limits.PARTS:
        raise WorkbookTooLarge(Saying("内有{parts}个部件", parts=len(parts)))
    if len({part.filename for part in parts}) < len(parts):
        raise UnsafeWorkbook(Saying("内有重名部件"))
    if sum(part.file_size for part in parts) > limits.UNPACKED:
        raise WorkbookTooLarge(Saying("展开后超过{most}MB", most=limits.UNPACKED // limits.MIB))
    for part in parts:
        _look_at(part)


def _look_at(part: zipfile.ZipInfo) -> None:
    name = part.filename
    if name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or ":" in name:
        raise UnsafeWorkbook(Saying("内部路径指向文件之外"))
    if part.flag_bits & 1:
        raise UnsafeWorkbook(Saying("设有密码"))
    if part.file_size > limits.MIB and part.file_size > part.compress_size * limits.PACKING:
        raise WorkbookTooLarge(Saying("压缩比异常"))
    for pattern, what in _UNWANTED:
        if pattern.search(name):
            raise UnsafeWorkbook(what)


def _look_into(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Read the part to its end (sizes and checksums in the directory may lie) and refuse any document type.

    Entities need a DTD, so without one there are none to expand, outside or in. Only UTF-8 markup is taken: in another
    encoding the search would not see it.
    """
    if not part.filename.endswith((".xml", ".rels", ".vml")):
        return
    tail, read = b"", 0
    with archive.open(part) as stream:
        while piece := stream.read(limits.MIB):
            if not read and (piece[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in piece[:64] or _other_encoding(piece)):
                raise UnsafeWorkbook(Saying("的内部文件不是UTF-8编码"))
            if _MARKUP.search(tail + piece):
                raise UnsafeWorkbook(Saying("含有文档类型定义（DTD）"))
            tail, read = piece[-_MARKUP_TAIL:], read + len(piece)
            if read > limits.UNPACKED:
                raise WorkbookTooLarge(Saying("展开后超过{most}MB", most=limits.UNPACKED // limits.MIB))


def _other_encoding(head: bytes) -> bool:
    declared = re.match(rb"""\s*<\?xml[^>]*encoding\s*=\s*["']([^"']*)""", head.removeprefix(b"\xef\xbb\xbf"))
    return declared is not None and declared[1].lower() not in (b"utf-8", b"us-ascii")
