"""How a delivery is said: its title is the answer, its bar adds up, and what waits says what it waits for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinqiao.intake.queries import DeliveryView
from xinqiao.intake.rules.states import State
from xinqiao.language import said
from xinqiao.portal import bars, naming, wording
from xinqiao.portal.bars import Segment

TONES: Final = {
    State.RECEIVED: "brand",
    State.ACCEPTED: "good",
    State.PARTIAL: "care",
    State.HELD: "care",
    State.RETURNED: "bad",
    State.WITHDRAWN: "",
    State.REPLACED: "",
}


def state_word(state: State) -> str:
    return {
        State.RECEIVED: _("正在核验"),
        State.ACCEPTED: _("全部接收"),
        State.PARTIAL: _("部分退回"),
        State.HELD: _("暂存待核"),
        State.RETURNED: _("全部退回"),
        State.WITHDRAWN: _("没有采用"),
        State.REPLACED: _("已被替换"),
    }[state]


def title(view: DeliveryView) -> str:
    """The answer in one line: what came of it, and what is left to do."""
    said = {
        State.RECEIVED: _("收到了，正在核验"),
        State.ACCEPTED: _("%(accepted)s 行全部接收") if view.delivered else _("收到了，这一期没有要报的内容"),
        State.PARTIAL: _("已接收 %(accepted)s 行，%(rejected)s 行需要您改"),
        State.HELD: _("%(held)s 行先放着，等核实后才算数"),
        State.RETURNED: _("%(rejected)s 行都退回了，需要您改") if view.delivered else _("这份文件读不了，请改了再报"),
        State.WITHDRAWN: _("这份没有采用，请重新报送"),
        State.REPLACED: _("这份已被后一份替换"),
    }[view.state]
    numbers = {"accepted": view.accepted + view.unplaced, "rejected": view.rejected, "held": view.held}
    return said % {name: wording.count(number) for name, number in numbers.items()}


def segments(view: DeliveryView) -> list[Segment]:
    """送来 = 接收 + 退回 + 暂存 + 待落户, always."""
    return bars.stacked(
        [
            ("good", _("接收"), view.accepted),
            ("bad", _("退回"), view.rejected),
            ("care", _("暂存"), view.held),
            ("brand", _("等主体登记"), view.unplaced),
        ]
    )


def sum_words(rows: Mapping[str, int]) -> str:
    """The same in words: for the picture's reader, and under it."""
    return _("送来 %(delivered)s = 接收 %(accepted)s + 退回 %(rejected)s + 暂存 %(held)s + 等主体登记 %(unplaced)s") % {
        name: wording.count(number) for name, number in rows.items()
    }


@dataclass(frozen=True, slots=True)
class Row:
    """A delivery in a list."""

    number: int
    url: str
    source: str
    item: str
    period: str
    mode: str
    tone: str
    word: str
    delivered: int
    accepted: int
    rejected: int
    received_at: datetime
    because: str


def row(view: DeliveryView, page: str) -> Row:
    return Row(
        number=view.number,
        url=reverse(page, args=[view.number]),
        source=naming.source(view.source),
        item=naming.item(view.item),
        period=view.period,
        mode=naming.mode(view.mode),
        tone=TONES[State(view.state)],
        word=state_word(State(view.state)),
        delivered=view.delivered,
        accepted=view.accepted + view.unplaced,
        rejected=view.rejected,
        received_at=view.received_at,
        because=said(view.told),
    )


def rows(views: Sequence[DeliveryView], page: str) -> list[Row]:
    return [row(view, page) for view in views]


def list_title(count: int) -> str:
    return ngettext("报送过 %(n)d 份", "报送过 %(n)d 份", count) % {"n": count} if count else _("还没有报送过")
