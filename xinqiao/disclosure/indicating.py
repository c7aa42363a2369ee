"""指标服务: named indicators of one business, each by its band, or that it is not known and why; no line of what they
rest on.

Indicators over open items need the agreement only, and count open facts only, so that everybody gets one answer. Any
other is told under a grant that opens its item, as far as the days it opens reach, and is a use of it.
"""

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from xinqiao import catalogue
from xinqiao.catalogue import City
from xinqiao.catalogue.schema import SharingClass
from xinqiao.disclosure.answering import Answer, Question, answer
from xinqiao.disclosure.door import Allowed, Asked
from xinqiao.disclosure.errors import NoSuchIndicator, ScopeInvalid
from xinqiao.disclosure.live import Heard
from xinqiao.disclosure.measured import measured, told_of
from xinqiao.disclosure.reading import AsRead
from xinqiao.disclosure.telling import Content
from xinqiao.disclosure.writing import Frame, header, subject_json
from xinqiao.evaluation import indicator_files
from xinqiao.evaluation.indicator_files import Indicators
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import GrantId, InstitutionId, PersonId, ReceiptNumber
from xinqiao.kernel.sayings import Saying
from xinqiao.kernel.uscc import Uscc
from xinqiao.ledger.events import Kind
from xinqiao.parties import limits, purposes
from xinqiao.parties.limits import Limit

FORMAT: Final = "xinqiao-indicators/1"
MOST: Final = 200  # all there are, and some room
# All there are about one business, some times over: no work needs more in a day. Windows move on with the days, so that
# whoever asks every day still sees no more than a band's edge being crossed.
PER_BUSINESS: Final = Limit("indicators", 20, timedelta(days=1))


def ask_indicators(
    *,
    asker: InstitutionId,
    officer: PersonId | None,
    uscc: str,
    purpose: str,
    names: frozenset[str],
    now: datetime,
    client: str = "",
    on_behalf: str = "",
    grant: GrantId | None = None,
    partly: bool = False,
    key: str = "",
) -> Answer:
    """Tell an institution these indicators of one business; with `grant`, those that need one under that grant alone.

    `partly`: under whatever was granted; what that does not open is told as not known, and refuses nothing.

    Raises `NotAUscc`, `NoSuchIndicator`, `ScopeInvalid`, `TooOften`, `NoSuchSubject`, and as `answer`.
    """
    city = catalogue.city()
    found, code = known(names, city), Uscc.parse(uscc)
    items = items_of(names, found)
    limits.count(PER_BUSINESS, f"{asker}\n{code}", now=now)
    closed = frozenset(name for name in items if city.item(name).sharing.classed is not SharingClass.OPEN)
    asked = Asked(
        asker,
        code,
        purpose,
        now,
        officer,
        client,
        on_behalf,
        None if partly and closed else closed,
        grant if closed else None,
        open_only=not closed,
    )
    compose = partial(_compose, found, tuple(name for name in found.catalogue.indicators if name in names))
    words = tuple(sorted(names))
    return answer(Question(asked, compose, Kind.INDICATORS_TOLD, Kind.INDICATORS_REFUSED, words, items=items), key=key)


def known(names: Collection[str], city: City) -> Indicators:
    """The city's indicators, all of these among them. Raises `ScopeInvalid`, `NoSuchIndicator`."""
    if not 0 < len(names) <= MOST:
        raise ScopeInvalid(Saying("一次查询 1 至 {most} 个指标", most=MOST))
    found = indicator_files.load(city)
    if strange := sorted(set(names) - found.catalogue.indicators.keys()):
        raise NoSuchIndicator(Saying("没有可以查询的指标：{names}", names=strange))
    return found


def items_of(names: Collection[str], found: Indicators) -> frozenset[str]:
    """The items these indicators are read from."""
    return frozenset(found.catalogue.indicators[name].reads for name in names)


def _compose(
    found: Indicators,
    names: tuple[str, ...],
    allowed: Allowed,
    now: datetime,
    *,
    again: AsRead | None,
    before: ReceiptNumber | None,
    heard: Heard,
) -> Callable[[ReceiptNumber], Content]:
    city, day = catalogue.city(), day_of(now)
    come_to = measured(names, found, allowed.subject, allowed.reader, city=city, on=day, again=again, heard=heard)
    body = {
        "subject": subject_json(allowed.subject, city),
        "indicators": [told_of(name, one, found, city) for name, one in come_to.found.items()],
        "rows_withheld": list(come_to.withheld),
        "sources": come_to.sources,
    }
    frame = Frame(allowed.to, allowed.basis, purposes.purpose(allowed.basis.purpose).title, day, now)
    return lambda number: Content(
        header(FORMAT, number, come_to.position, frame, city) | body,
        (),
        come_to.items,
        rests_on=come_to.rests_on,
        signed={"measured": {"indicators": list(names)}},
    )
