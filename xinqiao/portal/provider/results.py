"""What came of a delivery: its title is the answer, then why, then everything, with the workbook to mend."""

from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinqiao.intake import queries, returns
from xinqiao.intake.queries import DeliveryView, Reason
from xinqiao.intake.rules.states import State
from xinqiao.kernel.ids import DeliveryNumber
from xinqiao.language import said
from xinqiao.parties.rules import Role
from xinqiao.portal import delivered, evidence, naming, paging, wording
from xinqiao.portal.bars import Segment
from xinqiao.portal.provider.handing_in import acting_source
from xinqiao.portal.visitors import PageRequest, only

WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MENDABLE: Final = frozenset({State.PARTIAL, State.RETURNED, State.HELD})
SPEAKING: Final = frozenset({State.RETURNED, State.HELD})  # where a reason for the whole file still holds


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to know that needs nothing done."""

    says: str
    because: str
    tone: str
    word: str


@dataclass(frozen=True, slots=True)
class Result:
    """A delivery on its own page."""

    number: DeliveryNumber
    source: str
    item: str
    period: str
    mode: str
    state: State
    title: str
    because: str
    done: int
    total: int
    delivered: int
    segments: tuple[Segment, ...]
    sum_words: str
    reasons: tuple[Reason, ...]
    notices: tuple[Notice, ...]
    filename: str
    digest: str
    received: str
    url: str
    mendable: bool
    again_url: str  # the form to hand it in again, filled in; empty where there is nothing to mend

    @property
    def waiting(self) -> bool:
        return self.state is State.RECEIVED

    @property
    def held(self) -> bool:
        return self.state is State.HELD


def result(view: DeliveryView, url: str, *, with_values: bool = True) -> Result:
    """Everything a page says about one delivery; without values for whoever is not its source."""
    done, total = (queries.progress(view.number) or (0, 0)) if view.state is State.RECEIVED else (0, 0)
    return Result(
        number=view.number,
        source=naming.source(view.source, view.received_on),
        item=naming.item(view.item),
        period=view.period,
        mode=naming.mode(view.mode),
        state=view.state,
        title=delivered.title(view),
        because=said(view.told) if view.state in SPEAKING else "",
        done=done,
        total=total,
        delivered=view.delivered,
        segments=tuple(delivered.segments(view)),
        sum_words=delivered.sum_words(view.rows),
        reasons=tuple(_reasons(view, with_values=with_values)),
        notices=tuple(_notices(view)),
        filename=view.filename,
        digest=view.digest,
        received=wording.instant(view.received_at),
        url=url,
        mendable=view.state in MENDABLE and view.rejected > 0,
        again_url=_again(view) if view.state in {*MENDABLE, State.WITHDRAWN} else "",
    )


def _again(view: DeliveryView) -> str:
    said = urlencode({"period": view.period, "mode": view.mode, "replace": "yes"})
    return f"{reverse('portal:upload_item', args=[view.item])}?{said}"


def _reasons(view: DeliveryView, *, with_values: bool) -> list[Reason]:
    """What was found, but for what the title already says of the whole file."""
    found = [one for one in queries.reasons(view.number) if one.saying != view.told] if view.findings else []
    return found if with_values else [replace(reason, value=None) for reason in found]


def _notices(view: DeliveryView) -> list[Notice]:
    found = []
    if view.unplaced:
        says = ngettext("%(n)d 行的主体还没有登记信息", "%(n)d 行的主体还没有登记信息", view.unplaced) % {
            "n": view.unplaced
        }
        because = _("代码有效，但主体库里还没有；登记信息一到会自动归户，您不用重报。")
        found.append(Notice(says, because, "brand", _("等待")))
    if view.refused:
        says = ngettext("%(n)d 行依法不能归集", "%(n)d 行依法不能归集", view.refused) % {"n": view.refused}
        because = _("内容没有保存；以后报送时请不要再列这些行。")
        found.append(Notice(says, because, "bad", _("不归集")))
    if view.state is State.HELD:
        because = _("属实的，请告诉平台运营人员放行；报漏了的，补全后重新报送，会替换这一份。放行以前档案照旧。")
        found.append(Notice(_("接下来怎么办"), because, "care", _("暂存")))
    if view.because:
        word = _("没有采用") if view.state is State.WITHDRAWN else _("已放行")
        found.append(Notice(_("核实后的决定"), view.because, "" if view.state is State.WITHDRAWN else "good", word))
    if view.replaces:
        says = _("这份替换了交付 %(n)s") % {"n": view.replaces}
        found.append(Notice(says, _("旧的一份保留备查，档案改用这一份。"), "", _("替换")))
    return found


@only(Role.PROVIDER)
def deliveries(request: PageRequest) -> HttpResponse:
    """What this source has delivered, the newest first."""
    acting_source(request)
    page = paging.asked(request)
    views = queries.deliveries(request.visitor.scope, page=page)
    told = {
        "deliveries": delivered.rows(views, "portal:delivery"),
        "title": _("报送记录") if views else _("还没有报送过"),
        "pager": paging.numbered(request, page, more=len(views) == queries.PAGE),
    }
    return render(request, "portal/provider/deliveries.html", told)


@only(Role.PROVIDER)
def delivery(request: PageRequest, number: int) -> HttpResponse:
    """One delivery; while it is being judged the page asks again every two seconds."""
    view = _mine(request, number)
    told = {"delivery": result(view, reverse("portal:delivery", args=[number]))}
    return render(request, "portal/provider/delivery.html", told)


def _mine(request: PageRequest, number: int) -> DeliveryView:
    acting_source(request)
    return queries.delivery(DeliveryNumber(number), scope=request.visitor.scope)


@only(Role.PROVIDER)
def findings(request: PageRequest, number: int) -> HttpResponse:
    """Every finding with its line, column, value and sentence, a page at a time."""
    view = _mine(request, number)
    found = queries.findings(view.number, paging.asked(request))
    told = {
        "delivery": result(view, reverse("portal:delivery", args=[number])),
        "findings": found.findings,
        "title": _findings_title(found),
        "pager": paging.numbered(request, found.page, more=found.page < found.pages),
    }
    return render(request, "portal/provider/findings.html", told)


def _findings_title(found: queries.Findings) -> str:
    if found.shown < found.all:
        return _("共 %(all)s 个问题，这里列出前 %(shown)s 个") % {
            "all": wording.count(found.all),
            "shown": wording.count(found.shown),
        }
    return ngettext("%(n)d 个问题", "%(n)d 个问题", found.all) % {"n": found.all}


@only(Role.PROVIDER)
def acceptance(request: PageRequest, number: int) -> HttpResponse:
    """What we signed for: checked by anybody with `xinqiao-verify` or on the public page."""
    acting_source(request)
    signed = queries.acceptance(DeliveryNumber(number), scope=request.visitor.scope)
    return evidence.as_file(signed, f"xinqiao-acceptance-{number}")


@only(Role.PROVIDER)
def workbook(request: PageRequest, number: int) -> HttpResponse:
    """The same rows with red cells and the reason beside each, to mend and hand in again."""
    view = _mine(request, number)
    answer = HttpResponse(returns.workbook(view.number), content_type=WORKBOOK)
    answer.headers["Content-Disposition"] = f'attachment; filename="returned-{number}.xlsx"'
    return answer
