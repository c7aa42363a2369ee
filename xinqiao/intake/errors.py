"""What intake refuses, and why, in words the sender can act on."""

from collections.abc import Sequence
from pathlib import Path

from xinqiao.kernel.problems import Kind, Problem
from xinqiao.kernel.sayings import Saying


class Unreadable(Problem):
    """The file cannot be read as a table at all; nothing of it is taken in and the bytes are kept as they came."""

    type = "file-unreadable"
    kind = Kind.INVALID
    title = "读不了这份文件"


class BrokenEncoding(Unreadable):
    """Neither UTF-8 nor GB18030 all the way through."""

    type = "file-encoding"

    def __init__(self, line: int, column: int, byte: int, *, marked: str = "") -> None:
        neither = Saying(
            "第{line}行第{column}列有一个字节（0x{byte}）既不合UTF-8也不合GB18030编码。请统一用其中一种编码重新导出后再报送。"
        )
        not_as_marked = Saying(
            "文件开头标明是{marked}编码，第{line}行第{column}列有一个字节（0x{byte}）却不是。"
            "请统一用UTF-8或GB18030编码重新导出后再报送。"
        )
        where: dict[str, int | str] = {"line": line, "column": column, "byte": f"{byte:02X}"}
        super().__init__(Saying(not_as_marked, marked=marked, **where) if marked else Saying(neither, **where))
        self.line, self.column = line, column


class NulByte(Unreadable):
    """A zero byte: a binary file with the wrong name, or an export that broke."""

    type = "file-nul"

    def __init__(self, line: int) -> None:
        super().__init__(Saying("第{line}行含有空字节（NUL），这不是正常的表格文本。请重新导出后再报送。", line=line))
        self.line = line


class LineTooLong(Unreadable):
    """A line beyond the written limit."""

    type = "file-line-too-long"
    kind = Kind.TOO_MUCH

    def __init__(self, line: int, limit: int) -> None:
        super().__init__(
            Saying(
                "第{line}行超过{limit}KB，不像一行表格数据。请检查换行符和引号后再报送。",
                line=line,
                limit=limit // 1024,
            )
        )
        self.line = line


class TooManyColumns(Unreadable):
    """A header beyond the written limit."""

    type = "file-too-many-columns"
    kind = Kind.TOO_MUCH

    def __init__(self, limit: int) -> None:
        super().__init__(Saying("表头超过{limit}列。请按信用信息共享清单规定的字段整理后再报送。", limit=limit))


class NoHeader(Unreadable):
    """Nothing in it that could be a header row."""

    type = "file-empty"

    def __init__(self) -> None:
        super().__init__(Saying("文件里没有找到表头行。请确认第一行是字段名称。"))


class HeaderUnknown(Unreadable):
    """No column of it is one of this item's: a title stands above the header, or the header is missing or garbled."""

    type = "file-header-unknown"

    def __init__(self, header: Sequence[str], wanted: Sequence[str]) -> None:
        seen = "、".join(cell.strip() for cell in header if cell.strip())[:60]
        super().__init__(
            Saying(
                "第一行是“{seen}”，里面没有这个数据项的字段名称（如{wanted}）。请删去表头上方的标题行，"
                "让第一行就是字段名称；看到的是乱码的，请用UTF-8或GB18030编码重新导出。",
                seen=seen,
                wanted=wanted[:3],
            )
        )


class OldLineEnds(Unreadable):
    """Lines end in a lone carriage return, as nothing has written them for twenty years but one menu entry."""

    type = "file-line-ends"

    def __init__(self) -> None:
        super().__init__(
            Saying("文件用的是旧式换行（单独的回车符），整份文件读起来只有一行。请另存为“CSV UTF-8”后再报送。")
        )


class ColumnsUnclear(Unreadable):
    """Two columns that both claim to be one field: whichever we took would be a guess."""

    type = "file-columns-unclear"

    def __init__(self, first: str, second: str, title: str) -> None:
        super().__init__(
            Saying(
                "“{first}”和“{second}”两列都对应“{title}”，无法确定用哪一列。请只保留一列。",
                first=first,
                second=second,
                title=Saying(title),
            )
        )


class UnsafeWorkbook(Unreadable):
    """A workbook that carries what a table of records never needs."""

    type = "workbook-unsafe"

    def __init__(self, what: Saying) -> None:
        super().__init__(
            Saying("工作簿{what}。请另存为不带宏、外部链接和嵌入对象的普通工作簿（.xlsx），或改用CSV。", what=what)
        )


class WorkbookTooLarge(Unreadable):
    """Beyond what a workbook may unpack to."""

    type = "workbook-too-large"
    kind = Kind.TOO_MUCH

    def __init__(self, what: Saying) -> None:
        super().__init__(Saying("工作簿{what}，超出可以安全读取的范围。数据量大时请改用CSV报送。", what=what))


class UnknownDelivery(Problem):
    """No delivery of this number that the asker may see."""

    type = "delivery-unknown"
    kind = Kind.NOT_FOUND
    title = "没有这批数据"

    def __init__(self) -> None:
        super().__init__(Saying("没有这个编号的报送批次。"))


class ItemNotWhole(Problem):
    """The item is in the catalogue, but its lists, checks and cases are not complete, or it was withdrawn."""

    type = "item-not-open"
    title = "这个数据项还不能报送"

    def __init__(self, title: str) -> None:
        super().__init__(
            Saying("“{title}”的代码表、检查规则还没有齐备，或者已经停用，暂不接收报送。", title=Saying(title))
        )


class ItemCalled(Problem):
    """Nothing of the item is collected: its source is asked over its interface."""

    type = "item-not-open"
    title = "这个数据项不用报送"

    def __init__(self, title: str) -> None:
        super().__init__(Saying("“{title}”由平台通过接口随问随调，不留存，不用报送。", title=Saying(title)))


class NotItsSource(Problem):
    """The catalogue does not name this source for this item."""

    type = "source-not-of-item"
    title = "报送单位与数据项不符"

    def __init__(self, source: str, title: str) -> None:
        super().__init__(
            Saying(
                "信用信息共享清单没有把“{title}”列为{source}的报送内容。", title=Saying(title), source=Saying(source)
            )
        )


class PeriodInvalid(Problem):
    """The period is not written as the item asks."""

    type = "period-invalid"
    kind = Kind.INVALID
    title = "所属期有误"

    def __init__(self, form: str) -> None:
        super().__init__(Saying("这个数据项的所属期请写成 {form} 的形式，并且是真实存在、已经开始的时间。", form=form))


class ModeNotAllowed(Problem):
    """The item does not come in this mode."""

    type = "mode-not-allowed"
    kind = Kind.INVALID
    title = "报送方式有误"

    def __init__(self, allowed: Sequence[Saying]) -> None:
        super().__init__(Saying("这个数据项只接收：{allowed}。", allowed=allowed))


class DeliveryConflict(Problem):
    """The same source, item and period with another content, and it does not name what it replaces."""

    type = "delivery-conflict"
    kind = Kind.CONFLICT
    title = "这一期已经报送过"

    def __init__(self, number: int) -> None:
        super().__init__(
            Saying(
                "同一单位、数据项和所属期已有第{number}批，内容与这一份不同。确需更换的，请写明替换第{number}批。",
                number=number,
            )
        )
        self.number = number


class NothingToReplace(Problem):
    """It names a delivery that is not the one in force for its source, item and period."""

    type = "delivery-not-replaceable"
    kind = Kind.CONFLICT
    title = "写明替换的批次不对"

    def __init__(self, number: int) -> None:
        super().__init__(Saying("第{number}批不是同一单位、数据项和所属期现在有效的批次，不能替换。", number=number))


class FileTooLarge(Problem):
    """Beyond what one delivery may be."""

    type = "file-too-large"
    kind = Kind.TOO_MUCH
    title = "文件过大"

    def __init__(self, limit: int) -> None:
        super().__init__(Saying("一次报送的文件不超过{limit}GB，请分期报送。", limit=limit // 1024**3))


class NotHeld(Problem):
    """Only what waits for a word can be released or withdrawn."""

    type = "delivery-not-held"
    kind = Kind.CONFLICT
    title = "这批数据没有在等待放行"

    def __init__(self, number: int) -> None:
        super().__init__(Saying("第{number}批不在暂扣状态，不需要放行或撤回。", number=number))


class RowsGone(Problem):
    """The copy asked for was erased when its term ended."""

    type = "rows-erased"
    kind = Kind.NOT_FOUND
    title = "这份数据已过保存期"

    def __init__(self, number: int) -> None:
        super().__init__(Saying("第{number}批的这部分数据已按保存期限删除。", number=number))


class NothingToReturn(Problem):
    """No row of it went back: all passed, or the file could not be read as a table."""

    type = "nothing-to-return"
    kind = Kind.NOT_FOUND
    title = "没有退回的行"

    def __init__(self, told: Saying | None) -> None:
        super().__init__(told or Saying("这批数据没有被退回的行，不需要更正。"))


class NoSuchFile(Problem):
    """The path names no file."""

    type = "file-missing"
    kind = Kind.NOT_FOUND
    title = "没有这个文件"

    def __init__(self, path: Path) -> None:
        super().__init__(Saying("找不到文件“{path}”。", path=str(path)))


class FileReturned(Problem):
    """The delivery was kept and judged, and nothing of its file could be read."""

    type = "file-unreadable"
    kind = Kind.INVALID
    title = "读不了这份文件"
