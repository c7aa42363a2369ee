"""Mandates, invitations and doubts in words."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.utils.translation import gettext as _

from xinqiao.authorisation.capacities import BECAUSE_TITLES, MAY_TITLES, TITLES
from xinqiao.authorisation.mandate_queries import Held, InDoubt, Invited, Why
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.sayings import Saying
from xinqiao.language import said
from xinqiao.portal import wording
from xinqiao.subjects import queries as subjects

WHY: Final = {
    Why.NOT_NAMED: Saying("平台收到的登记信息里还没有法定代表人（经营者）的姓名"),
    Why.OTHER_NAME: Saying("登记的姓名和他登录的姓名不一样"),
    Why.LIKE_NAME: Saying("登记的姓名和他登录的姓名很像，可能只是写法不同"),
    Why.OTHER_NUMBER: Saying("姓名一样，登记的证件号码不一样"),
    Why.DISAGREEING: Saying("两处登记的姓名不一样"),
}


@dataclass(frozen=True, slots=True)
class ShownMandate:
    number: int
    name: str
    business: str
    capacity: str
    may: tuple[str, ...]
    since: str
    until: str
    ended: str
    because: str
    delegated: bool


@dataclass(frozen=True, slots=True)
class ShownInvitation:
    number: int
    by: str
    name: str
    capacity: str
    may: tuple[str, ...]
    until: str
    invited_at: str
    open: bool


@dataclass(frozen=True, slots=True)
class ShownDoubt:
    number: int
    name: str
    business: str
    uscc: str
    why: str
    fact: int | None
    asks: bool  # for a mandate; else it is about keeping one
    asked_at: str
    outcome: str
    because: str


def mandate(one: Held) -> ShownMandate:
    last = one.ends_at and day_of(one.ends_at - timedelta(microseconds=1))
    over = one.until or one.ends_at
    return ShownMandate(
        number=one.number,
        name=one.name,
        business=subjects.views([one.subject_id])[0].name,
        capacity=said(TITLES[one.capacity]),
        may=tuple(said(MAY_TITLES[may]) for may in one.may),
        since=wording.instant(one.since),
        until=last.isoformat() if last else "",
        ended=wording.instant(over) if over else "",
        because=said(BECAUSE_TITLES[one.because]) if one.because else _("到期"),
        delegated=one.under is not None,
    )


def invited(one: Invited) -> ShownInvitation:
    return ShownInvitation(
        number=one.number,
        by=one.by,
        name=one.name,
        capacity=said(TITLES[one.capacity]),
        may=tuple(said(MAY_TITLES[may]) for may in one.may),
        until=one.until.isoformat(),
        invited_at=wording.instant(one.invited_at),
        open=one.open,
    )


def in_doubt(one: InDoubt) -> ShownDoubt:
    [business] = subjects.views([one.subject_id])
    told = {"by": one.decided_by, "at": wording.instant(one.decided_at) if one.decided_at else ""}
    yes, no = _("%(by)s 核实：可以代表，%(at)s"), _("%(by)s 核实：不能代表，%(at)s")
    return ShownDoubt(
        number=one.number,
        name=one.name,
        business=business.name,
        uscc=business.uscc,
        why=said(WHY[one.why]),
        fact=one.fact,
        asks=one.mandate is None,
        asked_at=wording.instant(one.asked_at),
        outcome=(yes if one.represents else no) % told if one.decided_at else "",
        because=one.because,
    )
