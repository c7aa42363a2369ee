"""What a file really is, as far as its beginning and its end say. Its name and what a browser says are not asked."""

import io
import zipfile
from enum import StrEnum
from typing import Final

LARGEST: Final = 10 * 1024 * 1024  # bytes: a scan of twenty pages; what is larger is a photograph nobody made smaller
_HEAD: Final = 1024  # a PDF may have a little before its mark
_TAIL: Final = 2048
_WORKBOOK: Final = "xl/workbook.xml"
_MACROS: Final = "vbaProject.bin"
_PARTS_MOST: Final = 2_000  # parts of an XLSX; real ones have dozens


class Kind(StrEnum):
    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"
    XLSX = "xlsx"


MEDIA: Final = {
    Kind.PDF: "application/pdf",
    Kind.JPEG: "image/jpeg",
    Kind.PNG: "image/png",
    Kind.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def kind_of(content: bytes) -> Kind | None:
    """What the file is, begun and ended as its kind begins and ends; None for everything else, macros included."""
    if b"%PDF-" in content[:_HEAD] and b"%%EOF" in content[-_TAIL:]:
        return Kind.PDF
    if content.startswith(b"\xff\xd8\xff") and b"\xff\xd9" in content[-_TAIL:]:
        return Kind.JPEG
    if content.startswith(b"\x89PNG\r\n\x1a\n") and b"IEND" in content[-_TAIL:]:
        return Kind.PNG
    return Kind.XLSX if content.startswith(b"PK\x03\x04") and _is_workbook(content) else None


def _is_workbook(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            names = parts.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False
    return len(names) <= _PARTS_MOST and _WORKBOOK in names and not any(name.endswith(_MACROS) for name in names)
