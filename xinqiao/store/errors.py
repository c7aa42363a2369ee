"""What the file room refuses."""

from xinqiao.kernel.problems import Kind, Problem


class NotKept(Problem):
    """No file of this digest is here: it never was, or its term has ended."""

    type = "file-not-kept"
    kind = Kind.NOT_FOUND
    title = "没有保存这份文件"
