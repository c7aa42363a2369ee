"""What intake refuses, and why, in words the sender can act on."""

from xinqiao.kernel.problems import Kind, Problem


class Unreadable(Problem):
    """The file cannot be read as a table at all; nothing of it is taken in and the bytes are kept as they came."""

    type = "file-unreadable"
    kind = Kind.INVALID
    title = "读不了这份文件"


class BrokenEncoding(Unreadable):
    """Neither UTF-8 nor GB18030 all the way through."""

    type = "file-encoding"

    def __init__(self, line: int, column: int, byte: int) -> None:
        super().__init__(
            f"第{line}行第{column}列有一个字节（0x{byte:02X}）既不合UTF-8也不合GB18030编码。请用其中一种编码重新导出后再报送。"
        )
        self.line, self.column = line, column


class NulByte(Unreadable):
    """A zero byte: a binary file with the wrong name, or an export that broke."""

    type = "file-nul"

    def __init__(self, line: int) -> None:
        super().__init__(f"第{line}行含有空字节（NUL），这不是正常的表格文本。请重新导出后再报送。")
        self.line = line


class LineTooLong(Unreadable):
    """A line beyond the written limit."""

    type = "file-line-too-long"
    kind = Kind.TOO_MUCH

    def __init__(self, line: int, limit: int) -> None:
        super().__init__(f"第{line}行超过{limit // 1024}KB，不像一行表格数据。请检查换行符和引号后再报送。")
        self.line = line


class TooManyColumns(Unreadable):
    """A header beyond the written limit."""

    type = "file-too-many-columns"
    kind = Kind.TOO_MUCH

    def __init__(self, limit: int) -> None:
        super().__init__(f"表头超过{limit}列。请按信用信息共享清单规定的字段整理后再报送。")


class NoHeader(Unreadable):
    """Nothing in it that could be a header row."""

    type = "file-empty"

    def __init__(self) -> None:
        super().__init__("文件里没有找到表头行。请确认第一行是字段名称。")


class ColumnsUnclear(Unreadable):
    """Two columns that both claim to be one field: whichever we took would be a guess."""

    type = "file-columns-unclear"

    def __init__(self, first: str, second: str, title: str) -> None:
        super().__init__(f"“{first}”和“{second}”两列都对应“{title}”，无法确定用哪一列。请只保留一列。")


class UnsafeWorkbook(Unreadable):
    """A workbook that carries what a table of records never needs."""

    type = "workbook-unsafe"

    def __init__(self, what: str) -> None:
        super().__init__(f"工作簿{what}。请另存为不带宏、外部链接和嵌入对象的普通工作簿（.xlsx），或改用CSV。")


class WorkbookTooLarge(Unreadable):
    """Beyond what a workbook may unpack to."""

    type = "workbook-too-large"
    kind = Kind.TOO_MUCH

    def __init__(self, what: str) -> None:
        super().__init__(f"工作簿{what}，超出可以安全读取的范围。数据量大时请改用CSV报送。")
