"""The four clocks of a grant: what a template allows, and what somebody wishes within it. Pure."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, timedelta

from xinqiao.authorisation.errors import CeilingExceeded, RangeInvalid, ScopeInvalid
from xinqiao.authorisation.rules import Fetch, Frequency, Range, last_day
from xinqiao.authorisation.templates import Template
from xinqiao.kernel.sayings import Saying


@dataclass(frozen=True, slots=True)
class Wish:
    """How far a grant should go. What is None is as far as the template allows."""

    data_since: date | None = None
    keep_days: int | None = None
    frequency: Frequency | None = None
    most_uses: int | None = None


NOTHING_SPECIAL = Wish()


@dataclass(frozen=True, slots=True)
class Clocks:
    """How far a grant goes: under which template, fetched how, from which days, kept how long, used how often."""

    template: Template
    range: Range
    keep_days: int
    frequency: Frequency | None
    most_uses: int | None

    @property
    def fetch(self) -> Fetch:
        return self.template.fetch


def settled(template: Template, wish: Wish, items: Collection[str], today: date, until: date) -> Clocks:
    """The clocks of a grant made today until a day.

    Raises `RangeInvalid` for days that make no sense, `ScopeInvalid` for counts that do not, and `CeilingExceeded`,
    which names the ceiling, for anything beyond the template: nothing is trimmed in silence.
    """
    _check_term(template, today, until)
    return Clocks(
        template=template,
        range=Range(since=_since(template, wish, items, today)),
        keep_days=_kept(template, wish, items),
        frequency=_often(template, wish),
        most_uses=_uses(template, wish),
    )


def carried_over(template: Template, wish: Wish, items: Collection[str], today: date) -> Wish:
    """A wish of some days ago as it is today: what went as far back as was allowed then does so now."""
    earliest = today - timedelta(days=template.range_for(items) - 1)
    if wish.data_since is None or wish.data_since > earliest:
        return wish
    return replace(wish, data_since=None)


def _check_term(template: Template, today: date, until: date) -> None:
    if until < today:
        raise RangeInvalid(Saying("止期早于今天"))
    if until > (latest := last_day(today, template.longest_days)):
        raise CeilingExceeded(
            Saying(
                "这种授权（{title}）最长 {days} 天，止期最晚为 {latest}",
                title=Saying(template.title),
                days=template.longest_days,
                latest=latest.isoformat(),
            )
        )


def _since(template: Template, wish: Wish, items: Collection[str], today: date) -> date:
    days = template.range_for(items)
    earliest = today - timedelta(days=days - 1)
    if wish.data_since is None:
        return earliest
    if wish.data_since > today:
        raise RangeInvalid(Saying("信息的起始日期晚于今天"))
    if wish.data_since < earliest:
        raise CeilingExceeded(
            Saying("信息最多往前看 {days} 天，最早为 {earliest}", days=days, earliest=earliest.isoformat())
        )
    return wish.data_since


def _kept(template: Template, wish: Wish, items: Collection[str]) -> int:
    most = template.keep_for(items)
    if wish.keep_days is None:
        return most
    if wish.keep_days < 1:
        raise ScopeInvalid(Saying("保存的天数至少是 1"))
    if wish.keep_days > most:
        raise CeilingExceeded(Saying("看到的信息最多保存 {days} 天", days=most))
    return wish.keep_days


def _often(template: Template, wish: Wish) -> Frequency | None:
    ceiling = template.frequency
    if wish.frequency is None or template.fetch is Fetch.ONCE:
        return None if ceiling is None else Frequency(ceiling.most, ceiling.days)
    if min(wish.frequency.most, wish.frequency.days) < 1:
        raise ScopeInvalid(Saying("次数和天数至少是 1"))
    if ceiling is not None and (wish.frequency.most > ceiling.most or wish.frequency.days < ceiling.days):
        raise CeilingExceeded(Saying("每 {days} 天最多看 {most} 次", days=ceiling.days, most=ceiling.most))
    return wish.frequency


def _uses(template: Template, wish: Wish) -> int | None:
    if wish.most_uses is not None and wish.most_uses < 1:
        raise ScopeInvalid(Saying("次数至少是 1"))
    if template.fetch is not Fetch.ONCE:
        return wish.most_uses
    if wish.most_uses is not None and wish.most_uses > 1:
        raise CeilingExceeded(Saying("这种授权只能看一次"))
    return 1
