"""要报送的: what this source owes, the latest first, in words."""

from dataclasses import dataclass
from typing import Final

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinqiao import catalogue
from xinqiao.intake import queries
from xinqiao.intake.health import Health, Timing
from xinqiao.kernel.city_time import day_of
from xinqiao.parties import letters
from xinqiao.parties.rules import Role
from xinqiao.portal import naming, wording
from xinqiao.portal.provider.handing_in import acting_source
from xinqiao.portal.visitors import PageRequest, only

FINE_SHARE: Final = 0.02  # of rows that went back; more deserves a look
BAD_SHARE: Final = 0.2
WORST_FIRST: Final = (Timing.LATE, Timing.NEVER, Timing.ON_TIME, Timing.ON_EVENT)


@dataclass(frozen=True, slots=True)
class Due:
    """One item of a source: what is awaited, by when, and what came last."""

    item: str
    title: str
    code: str
    cadence: str
    source: str
    period: str
    on: str
    words: str
    tone: str
    timing: Timing
    last: str
    last_on: str
    last_number: int | None
    rejected_share: float

    @property
    def rejected(self) -> str:
        """What share of the last delivery went back, with a word where that is much."""
        share = f"{100 * self.rejected_share:.1f}%"
        return _("%(share)s，偏高") % {"share": share} if self.quality else share

    @property
    def quality(self) -> str:
        """The tone of that share."""
        return "bad" if self.rejected_share >= BAD_SHARE else "care" if self.rejected_share > FINE_SHARE else ""

    @property
    def late(self) -> bool:
        return self.timing is Timing.LATE

    @property
    def url(self) -> str:
        asked = f"?period={self.period}" if self.period else ""
        return reverse("portal:upload_item", args=[self.item]) + asked


def shown(health: Health) -> Due:
    """A source's standing with one item, in words."""
    item = catalogue.city().item(health.item)
    words, tone = _clock(health)
    return Due(
        item=health.item,
        title=naming.item(health.item),
        code=item.code,
        cadence=naming.cadence(item),
        source=naming.source(health.source),
        period=health.owed,
        on=health.due.isoformat() if health.due else "",
        words=words,
        tone=tone,
        timing=health.timing,
        last=_("交付 %(n)s") % {"n": health.last_number} if health.last_number else _("还没有报送过"),
        last_on=_("所属期 %(period)s，%(on)s 收到") % {"period": health.last_period, "on": health.last_received_on},
        last_number=health.last_number,
        rejected_share=health.rejected_share,
    )


def _clock(health: Health) -> tuple[str, str]:
    """How it stands in words, and the tone of the words."""
    match health.timing:
        case Timing.LATE if health.due is not None:
            clock = wording.clock(health.due, day_of(timezone.now()), catalogue.city().calendar)
            return clock.words, "bad"
        case Timing.NEVER:
            return _("还没有报送过"), "care"
        case Timing.ON_TIME:
            return _("按时"), "good"
        case _:
            return _("有变动就报"), ""


def worst_first(dues: list[Due]) -> list[Due]:
    return sorted(dues, key=lambda one: (WORST_FIRST.index(one.timing), one.on, one.title))


@only(Role.PROVIDER)
def due(request: PageRequest) -> HttpResponse:
    """The title says how much is late; the list begins with it."""
    source = acting_source(request)
    today = day_of(timezone.now())
    dues = worst_first([shown(one) for one in queries.source_health(request.visitor.scope, today)])
    return render(
        request,
        "portal/provider/due.html",
        {
            "dues": dues,
            "title": _title(dues),
            "periods": any(one.period for one in dues),
            "unsigned": not letters.answered_for(source),
        },
    )


def _title(dues: list[Due]) -> str:
    late, never = (sum(one.timing is timing for one in dues) for timing in (Timing.LATE, Timing.NEVER))
    if late:
        return ngettext("%(n)d 项已逾期", "%(n)d 项已逾期", late) % {"n": late}
    if never:
        return ngettext("%(n)d 项还没有报送过", "%(n)d 项还没有报送过", never) % {"n": never}
    return _("都按时报了") if dues else _("还没有要报送的")
