"""`xinqiao clock set|show`: the sample city's clock, set forward so that terms can be seen to run out.

It is one clock for every process of the installation, and never goes back: what was written down at a moment stays
before what comes after. Nights that pass by setting it are not worked through; the night's jobs come at the host's
night. Programs that call over HTTP sign with the city's time, as `show` tells it.
"""

import argparse
import re
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from xinqiao.kernel.city_time import CITY_TIME
from xinqiao.kernel.problems import Kind, Problem
from xinqiao.kernel.sayings import Saying

_STEP: Final = re.compile(r"\+([0-9]{1,5})([dhm])")
_UNITS: Final = {"d": "days", "h": "hours", "m": "minutes"}
_FARTHEST: Final = timedelta(days=20 * 365)  # no term of the city's runs longer


class ClockGoesForward(Problem):
    """A time that is past, or farther off than any term."""

    type = "range-invalid"
    kind = Kind.INVALID
    title = "时钟只能往后拨"


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    clock = commands.add_parser("clock", help="样例：把样例城市的时钟往后拨，看期限怎样到期")
    acts = clock.add_subparsers(required=True, metavar="ACT")
    setting = acts.add_parser(
        "set", help="样例：拨到某一天、某一刻，或者往后几天（+30d）、几小时（+6h）、几分钟（+90m）"
    )
    setting.add_argument("to", metavar="TIME", help="2027-03-01、2027-03-01T09:00 或 +30d，按北京时间")
    setting.add_argument("--json", action="store_true")
    setting.set_defaults(run=_set, needs="framework")
    showing = acts.add_parser("show", help="样例：现在几点")
    showing.add_argument("--json", action="store_true")
    showing.set_defaults(run=_show, needs="framework")


def _set(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao import home
    from xinqiao.cli.sample import only_in_sample

    only_in_sample()
    now = timezone.now()
    by = _wanted(args.to, now) - now
    if by < timedelta() or home.ahead() + by > _FARTHEST:
        raise ClockGoesForward(Saying("现在是 {now}；要拨到它以后、二十年以内", now=_said(now)))
    home.set_ahead(home.ahead() + by)
    return _show(args)


def _show(_args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao import home

    return {"now": timezone.now().astimezone(CITY_TIME).isoformat(), "ahead_seconds": int(home.ahead().total_seconds())}


def _wanted(text: str, now: datetime) -> datetime:
    if step := _STEP.fullmatch(text):
        return now + timedelta(**{_UNITS[step[2]]: int(step[1])})
    try:
        if len(text) == len("2027-03-01"):
            return datetime.combine(date.fromisoformat(text), time(), CITY_TIME)
        return datetime.fromisoformat(text).replace(tzinfo=CITY_TIME)
    except ValueError:
        raise ClockGoesForward(Saying("看不懂“{text}”：写成 2027-03-01、2027-03-01T09:00 或 +30d", text=text)) from None


def _said(now: datetime) -> str:
    return f"{now.astimezone(CITY_TIME):%Y-%m-%d %H:%M}"
