"""Pages of a list, kept in the address."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from django.http import HttpRequest
from django.utils.translation import gettext as _

MARK: Final = re.compile(r"(?:\d:)?\d{1,18}", re.ASCII)
LAST_PAGE: Final = 10_000  # nobody turns further; who does should search


@dataclass(frozen=True, slots=True)
class Pager:
    """Addresses of the pages beside this one, empty where there is none."""

    before: str = ""
    after: str = ""
    words: str = ""


def asked(request: HttpRequest, name: str = "page") -> int:
    """The number of the page that is asked for, from 1; nonsense is the first page."""
    said = request.GET.get(name, "1")
    return min(int(said), LAST_PAGE) if said.isdecimal() and said.isascii() and int(said) > 0 else 1


def numbered(request: HttpRequest, page: int, *, more: bool) -> Pager:
    """For lists read page by page."""
    before = _address(request, {"page": str(page - 1)}) if page > 1 else ""
    after = _address(request, {"page": str(page + 1)}) if more else ""
    return Pager(before, after, _("第 %(n)d 页") % {"n": page})


def mark(request: HttpRequest) -> str | None:
    """Where the page before ended, as the search told it; nonsense begins at the beginning."""
    said = request.GET.get("after", "")
    return said if MARK.fullmatch(said) else None


def onwards(request: HttpRequest, after: str | None) -> Pager:
    """For lists that only say where they stopped."""
    return Pager(after=_address(request, {"after": after}) if after is not None else "")


def older(request: HttpRequest, cursor: int | None) -> Pager:
    """For lists read from the newest back: only onwards, since what is newer may have grown."""
    return Pager(after=_address(request, {"before": str(cursor)}) if cursor is not None else "")


def cursor(request: HttpRequest) -> int | None:
    said = request.GET.get("before", "")
    return int(said) if said.isdecimal() and said.isascii() and len(said) < len(str(2**63)) else None


def _address(request: HttpRequest, changed: Mapping[str, str]) -> str:
    kept = {**request.GET.dict(), **changed}
    return f"?{urlencode(kept)}"
