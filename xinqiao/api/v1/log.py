"""The public part of the log (C2SP `tlog-tiles`): checkpoints and hash tiles. Entries are not public: they would show
each business's activity."""

import re
from typing import Final

from django.http import HttpRequest, HttpResponse
from ninja import Router

from xinqiao.api.problems import NoSuchPath
from xinqiao.disclosure import credentials
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger import identity, queries, receipts

router = Router(tags=["日志 Log"])

HASH: Final = 32
TEXT: Final = {"schema": {"type": "string"}}
PROBLEM: Final = {"schema": {"$ref": "#/components/schemas/ProblemAnswer"}}
WIDTH: Final = 256
DEEPEST: Final = 6  # levels of 256: more than any log will hold
# tile/<L>/<N>[.p/<W>]; N in groups of three digits, all but the last with an x before them, and none too many. Fifteen
# digits are more than any log will hold, and fit the database's numbers.
INDEX: Final = re.compile(
    r"(?P<groups>(?:x(?!000)[0-9]{3}/(?:x[0-9]{3}/){0,3})?)(?P<last>[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
)
FOR_EVER: Final = "public, max-age=31536000, immutable"


@router.get(
    "/log/keys",
    auth=None,
    summary="验证用的公钥 Key lines for --trust",
    openapi_extra={"responses": {200: {"description": "Key lines", "content": {"text/plain": TEXT}}}},
)
def trusted_keys(request: HttpRequest) -> HttpResponse:
    """One line a key: the log's, that of receipts and that of reports shown in parts. Fetch them once, compare them
    with those in your agreement, and keep them: who takes keys from whom he is checking has checked nothing."""
    lines = "".join(f"{key.line}\n" for key in (identity.key(), receipts.key(), credentials.key()))
    answer = HttpResponse(lines, content_type="text/plain; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@router.get(
    "/log/checkpoint",
    auth=None,
    summary="最新的签名检查点 The newest signed checkpoint",
    openapi_extra={
        "responses": {200: {"description": "A signed note (C2SP tlog-checkpoint)", "content": {"text/plain": TEXT}}}
    },
)
def checkpoint(request: HttpRequest) -> HttpResponse:
    note = queries.checkpoint()
    if note is None:
        raise NoSuchPath(Saying("日志还是空的"))
    answer = HttpResponse(note, content_type="text/plain; charset=utf-8")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@router.get(
    "/log/tile/{int:level}/{path:index}",
    auth=None,
    summary="一块散列（tlog-tiles） A tile of hashes",
    openapi_extra={
        "responses": {
            200: {"description": "Hashes of 32 bytes each", "content": {"application/octet-stream": TEXT}},
            404: {"description": "No such tile yet", "content": {"application/problem+json": PROBLEM}},
        }
    },
)
def tile(request: HttpRequest, level: int, index: str) -> HttpResponse:
    """A full tile, or with `.p/W` the first W hashes of one; what is once there never changes."""
    found = INDEX.fullmatch(index)
    if found is None or not 0 <= level <= DEEPEST:
        raise NoSuchPath
    width = int(found["width"] or WIDTH)
    place = (level, _number(found))
    held = queries.tiles([place]).get(place, b"")
    if width > WIDTH or (found["width"] and width == WIDTH) or len(held) < width * HASH:
        raise NoSuchPath
    answer = HttpResponse(held[: width * HASH], content_type="application/octet-stream")
    answer.headers["Cache-Control"] = FOR_EVER
    return answer


def _number(found: re.Match[str]) -> int:
    return int("".join(group[1:] for group in found["groups"].split("/") if group) + found["last"])
