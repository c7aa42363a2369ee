"""这份文件是谁的: a copy found where it should not be is handed in, and names whom it was made for."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from xinqiao.disclosure import copies
from xinqiao.disclosure.copies import Copy, Found
from xinqiao.disclosure.telling import report_number
from xinqiao.kernel.sayings import Saying
from xinqiao.parties.rules import Role
from xinqiao.portal.errors import FormIncomplete
from xinqiao.portal.public.verifying import LARGEST_FILE
from xinqiao.portal.visitors import PageRequest, acting_person, only


@dataclass(frozen=True, slots=True)
class Shown:
    who: str
    about: str
    how: str
    report: str
    receipt: int
    at: datetime


@never_cache
@only(Role.OPERATOR)
def whose(request: PageRequest) -> HttpResponse:
    """Nothing of what the file says is shown, and the file is not kept; that it was asked is in the log."""
    told: dict[str, Any] = {"title": _("一份文件是给谁的")}
    if request.method == "POST":
        found = copies.whose(_content(request), by=acting_person(request), now=timezone.now())
        told |= {"copies": [_shown(one) for one in found], "asked": True, "title": _title(found)}
    return render(request, "portal/operator/copies.html", told)


def _content(request: PageRequest) -> bytes:
    sent = request.FILES.get("file")
    if not isinstance(sent, UploadedFile) or not sent.size:
        raise FormIncomplete(Saying("请选择要查的文件。"))
    if sent.size > LARGEST_FILE:
        raise FormIncomplete(Saying("文件太大，本平台没有出过这么大的文件。"))
    return bytes(sent.read())


def _title(found: list[Copy]) -> str:
    names = list(dict.fromkeys(copy.name for copy in found))
    if not names:
        return _("没有认出来")
    return _("是给%(name)s的") % {"name": names[0]} if len(names) == 1 else _("出自几份文件")


def _shown(copy: Copy) -> Shown:
    exact = copy.found is Found.EXACT
    return Shown(
        " · ".join(part for part in (copy.name, copy.officer) if part),
        copy.about,
        _("原件，一个字没有改") if exact else _("凭暗记认出，内容可能改过"),
        report_number(copy.receipt, copy.told_at),
        copy.receipt,
        copy.issued_at,
    )
