"""报送: choose the item, say which period and how, hand in the file. It is kept exactly as it was sent."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

from xinqiao import catalogue, language
from xinqiao.catalogue.errors import UnknownItem
from xinqiao.catalogue.schema import DeliveryMode, Item, ItemField
from xinqiao.intake import deliveries
from xinqiao.intake.errors import DeliveryConflict
from xinqiao.intake.rules import periods
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import DeliveryNumber
from xinqiao.kernel.problems import Problem
from xinqiao.kernel.sayings import Saying
from xinqiao.parties.rules import Role
from xinqiao.portal import naming, refusals, returning
from xinqiao.portal.errors import FormIncomplete, NotYourDesk, UploadTooLarge
from xinqiao.portal.visitors import PageRequest, acting_person, only

# One upload of a browser; larger files come by command or, later, in pieces. A million rows of CSV are about 200 MB.
LARGEST_UPLOAD: Final = 300 * 1024 * 1024
PERIODS_OFFERED: Final = {"day": 14, "month": 13, "quarter": 5, "year": 3}


@dataclass(frozen=True, slots=True)
class Offered:
    value: str
    title: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class ItemChoice:
    title: str
    code: str
    cadence: str
    url: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the item, for whoever prepares the file."""

    title: str
    headers: str
    demands: str


def acting_source(request: PageRequest) -> str:
    source = request.visitor.scope.source
    if source is None:
        raise NotYourDesk
    return source


def items_of(source: str) -> list[Item]:
    """What this source may deliver: whole items that name it."""
    return [item for item in catalogue.city().delivered_items() if source in item.sources]


@only(Role.PROVIDER)
def choose(request: PageRequest) -> HttpResponse:
    """Which item; with only one there is nothing to choose."""
    mine = items_of(acting_source(request))
    if len(mine) == 1:
        return redirect("portal:upload_item", item=mine[0].item)
    choices = [
        ItemChoice(naming.item(i.item), i.code, naming.cadence(i), reverse("portal:upload_item", args=[i.item]))
        for i in mine
    ]
    return render(request, "portal/provider/choose.html", {"items": choices})


@only(Role.PROVIDER)
def hand_in(request: PageRequest, item: str) -> HttpResponse:
    """The form; what was wrong with the last try stands above it."""
    chosen = next((one for one in items_of(acting_source(request)) if one.item == item), None)
    if chosen is None:
        raise UnknownItem(item)
    if request.method != "POST":
        said = {"mode": str(chosen.delivery.modes[0])} | request.GET.dict() | returning.typed(request).dict()
        return _form(request, chosen, said)
    try:
        number = _take_in(request, chosen)
    except Problem as problem:
        fault = {"title": language.said(problem.title), "detail": language.said(_detail(problem))}
        status = refusals.STATUS[problem.kind]
        return _form(request, chosen, request.POST, fault=fault, status=200 if request.htmx else status)
    result = reverse("portal:delivery", args=[number])
    return HttpResponseClientRedirect(result) if request.htmx else redirect(result)


def _detail(problem: Problem) -> str:
    """A conflict is solved on this very page; anything else in its own words."""
    if isinstance(problem, DeliveryConflict):
        return _(
            "交付 %(n)s 是同一期的，内容与这份不同。要用这份替换它，请勾选下面的“用这份替换”，重新选文件再报。"
        ) % {"n": problem.number}
    return problem.detail


def _form(
    request: PageRequest, item: Item, said: Any, *, fault: dict[str, str] | None = None, status: int = 200
) -> HttpResponse:
    told = {
        "item": {
            "title": naming.item(item.item),
            "code": item.code,
            "formats": _("或").join(one.upper() for one in item.formats),
            "limit": f"{LARGEST_UPLOAD // 1024**2} MB",
            "period_hint": naming.cadence(item),
        },
        "periods": _periods(item, day_of(timezone.now()), said.get("period", "")),
        "modes": [_mode(mode) for mode in item.delivery.modes],
        "fields": [_column(field) for field in item.fields.values()],
        "said": said,
        "fault": fault,
    }
    return render(request, "portal/provider/upload.html", told, status=status)


def _periods(item: Item, today: date, asked: str) -> list[Offered]:
    """The present period and those before it, the newest first, and the one asked for however old it is."""
    kind = item.delivery.period
    begins = [periods.containing(today, kind)]
    while len(begins) < PERIODS_OFFERED[kind]:
        begins.append(periods.containing(begins[-1] - timedelta(days=1), kind))
    older = periods.first_day(asked, kind)
    if older is not None and older < begins[-1]:
        begins.append(older)
    return [Offered(periods.written(day, kind), naming.period_words(day, kind)) for day in begins]


def _mode(mode: DeliveryMode) -> Offered:
    detail = {
        DeliveryMode.FULL: _("文件里是现在全部的记录；没有再列出的，视为已经结束"),
        DeliveryMode.CHANGES: _("文件里只有这一期新增和变更的记录"),
    }
    return Offered(str(mode), naming.mode(mode), detail[mode])


def _column(field: ItemField) -> Column:
    demands = [_("必填")] if field.required else []
    if field.unit:
        demands.append(_("单位：%(unit)s") % {"unit": language.said(field.unit)})
    if field.codes:
        demands.append(_("按代码表填"))
    headers = (field.title, *field.headers) if language.in_english() else field.headers  # files speak Chinese
    return Column(language.said(field.title), _("、").join(headers), _("；").join(demands))


# ── the act ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _take_in(request: PageRequest, item: Item) -> DeliveryNumber:
    sent = request.FILES.get("file")
    if not isinstance(sent, UploadedFile) or not sent.name:
        raise FormIncomplete(Saying("请选择要报送的文件。"))
    if sent.size is None or sent.size > LARGEST_UPLOAD:
        raise UploadTooLarge(
            Saying("网页上一次最多报送 {most} MB，请分期报送，或改用 CSV。", most=LARGEST_UPLOAD // 1024**2)
        )
    with _on_disk(sent) as path:
        return _delivered(request, item, path, sent.name)


def _delivered(request: PageRequest, item: Item, path: Path, filename: str) -> DeliveryNumber:
    """Taken in; where the clerk said so, in the place of what this period had before."""
    try:
        return _handed_over(request, item, path, filename, replaces=None)
    except DeliveryConflict as earlier:
        if request.POST.get("replace") != "yes":
            raise
        return _handed_over(request, item, path, filename, replaces=DeliveryNumber(earlier.number))


def _handed_over(
    request: PageRequest, item: Item, path: Path, filename: str, *, replaces: DeliveryNumber | None
) -> DeliveryNumber:
    return deliveries.take_in(
        source=acting_source(request),
        item=item.item,
        period=request.POST.get("period", ""),
        file=path,
        filename=Path(filename).name,
        mode=request.POST.get("mode") or None,
        replaces=replaces,
        by=acting_person(request),
        now=timezone.now(),
    )


@contextmanager
def _on_disk(sent: "UploadedFile[Any]") -> Iterator[Path]:
    """The upload as a file of its own; large ones are on disk already, small ones are in memory."""
    with tempfile.NamedTemporaryFile(suffix=Path(sent.name or "").suffix[:8]) as copy:
        for piece in sent.chunks():
            copy.write(piece)
        copy.flush()
        yield Path(copy.name)
