"""Plain lines on stderr: when, how grave, who, what. Whoever runs the house decides where they go.

What somebody sent cannot forge a line: control characters are written as escapes. What a database's error says of rows
(its details, its context, the statement) is left out: logs hold no content.
"""

import logging
import re
import time
from collections.abc import Iterator
from typing import Any, Final

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_ROWS: Final = re.compile(r"(?:DETAIL|CONTEXT|QUERY|STATEMENT|LINE \d+):")
_TRACE_GOES_ON: Final = re.compile(r"$|Traceback |  File |The above exception|During handling|\S+(?:Error|Exception)\b")
_UTC_PLUS_8: Final = 8 * 3600


class Line(logging.Formatter):
    """`2026-11-23T10:00:00+08:00 WARNING xinqiao.keys: …`; the lines of a traceback are indented under it."""

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802 - logging's name
        return time.strftime("%Y-%m-%dT%H:%M:%S+08:00", time.gmtime(record.created + _UTC_PLUS_8))

    def format(self, record: logging.LogRecord) -> str:
        said = _CONTROL.sub(lambda found: repr(found[0])[1:-1], "\n".join(without_rows(record.getMessage())))
        line = f"{self.formatTime(record)} {record.levelname} {record.name}: {said}"
        if record.exc_info:
            trace = without_rows(self.formatException(record.exc_info))
            line += "".join(f"\n    {_CONTROL.sub('?', part)}" for part in trace)
        return line


def without_rows(text: str) -> Iterator[str]:
    """The lines of a message or traceback without what a database's error says of rows, however many lines it has."""
    telling = True
    for line in text.split("\n"):
        if _ROWS.match(line):
            telling = False
        elif not telling and _TRACE_GOES_ON.match(line):
            telling = True
        if telling:
            yield line


LOGGING: Final[dict[str, Any]] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "xinqiao.site.logs.Line"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "xinqiao": {"level": "INFO"},
        # The framework's own handlers would speak twice.
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "procrastinate": {"level": "WARNING"},
    },
}
