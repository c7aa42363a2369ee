"""What the file room refuses."""

from xinqiao.kernel.problems import Kind, Problem


class NotKept(Problem):
    """No file of this digest is here: it never was, or its term has ended."""

    type = "file-not-kept"
    kind = Kind.NOT_FOUND
    title = "没有保存这份文件"


class RoomBusy(Problem):
    """Files were being put all the while, so none could be cleared away. To be tried again."""

    type = "file-room-busy"
    kind = Kind.UNAVAILABLE
    title = "文件正在保存，暂时不能清理"


class NobodyAsked(Problem):
    """The program that would clear does not know who keeps files here."""

    type = "file-room-users-unknown"
    kind = Kind.UNAVAILABLE
    title = "还不知道谁在保存文件，不能清理"
