"""Why a document cannot be made here."""

from xinqiao.kernel.problems import Kind, Problem


class NoFont(Problem):
    """There is no Chinese font on this machine: a PDF without one would be blank."""

    type = "not-ready"
    kind = Kind.UNAVAILABLE
    title = "这台机器上没有中文字体，暂时不能生成 PDF"
