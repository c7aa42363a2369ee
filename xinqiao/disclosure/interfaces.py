"""数据源接口: where the sources that are asked live answer, set up by the operator and the source together."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from django.db import connection, transaction

from xinqiao import catalogue, home
from xinqiao.disclosure import breaking
from xinqiao.disclosure.breaking import Line, Outcome, Past
from xinqiao.disclosure.errors import AddressRefused, ScopeInvalid
from xinqiao.disclosure.models import Call, SourceInterface
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of
from xinqiao.parties.errors import KeyInvalid
from xinqiao_verify.notes import Key, NotTrusted, read_trust

SUFFIX: Final = "/interface"  # a source signs its answers as `housing_fund/interface`
LONGEST: Final = 300
LOOKED_AT: Final = 20  # earlier calls of a source, to see whether it answers
A_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Interface:
    """Where a source is asked now, and the key of its answers."""

    id: int
    source: str
    address: str
    key: Key


@transaction.atomic
def set_up(*, source: str, address: str, key_line: str, now: datetime) -> Interface:
    """From now on the source is asked at this address; where it was asked before is over.

    `key_line`: `name+hash+key`, the name being the source's with `/interface`. Raises `ScopeInvalid`, `AddressRefused`,
    `KeyInvalid`.
    """
    if not any(item.called is not None and source in item.sources for item in catalogue.city().whole_items()):
        raise ScopeInvalid(Saying("清单里没有由这个单位的接口随问随调的数据项"))
    _check_address(address)
    key = _key(source, key_line)
    before = list(SourceInterface.objects.select_for_update().filter(source=source, until__isnull=True))
    for row in before:
        row.until = now
        row.save(update_fields=["until"])
    row = SourceInterface.objects.create(source=source, address=address, key=key.line, since=now)
    log.append(
        Kind.INTERFACE_SET_UP,
        now=now,
        about={"source": source, "interface": row.pk},
        rows=[state_of(one) for one in (*before, row)],
    )
    return Interface(row.pk, source, address, key)


def _check_address(address: str) -> None:
    """Encrypted, but for a stand-in on this machine."""
    parts = urlsplit(address)
    here = home.mode() is not home.Mode.PRODUCTION and parts.hostname in {"127.0.0.1", "localhost"}
    if parts.scheme != "https" and not (parts.scheme == "http" and here):
        raise AddressRefused(Saying("接口地址要以 https:// 开头"))
    if not parts.hostname or parts.username or parts.fragment or len(address) > LONGEST:
        raise AddressRefused(Saying("接口地址不完整，或者带了用户名"))


def _key(source: str, line: str) -> Key:
    try:
        (key,) = read_trust([line]).values()
    except (NotTrusted, ValueError) as error:
        raise KeyInvalid(Saying("请给出“名称+校验+公钥”形式的一行公钥")) from error
    if key.name != source + SUFFIX:
        raise KeyInvalid(Saying("公钥的名称应为 {name}", name=source + SUFFIX))
    return key


@dataclass(frozen=True, slots=True)
class Standing:
    """How an interface does: what became of its calls in the last day, and whether it is left alone now."""

    source: str
    title: str
    address: str
    since: datetime
    last: datetime | None
    outcomes: Mapping[str, int]
    median_ms: int | None  # from our sending to the answer's arrival
    line: Line

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "outcomes": dict(self.outcomes), "line": self.line.value}


_LATELY: Final = """
SELECT c.source, c.outcome, count(*), max(c.asked_at),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM c.arrived_at - c.sent_at) * 1000)
           FILTER (WHERE c.outcome = 'answered')
  FROM disclosure_call c WHERE c.asked_at >= %s GROUP BY c.source, c.outcome ORDER BY c.source, c.outcome
"""


def standing(now: datetime) -> list[Standing]:
    """Every interface in force, as its calls of the last day show it."""
    with connection.cursor() as cursor:
        cursor.execute(_LATELY, [now - A_DAY])
        lately = cursor.fetchall()
    rows = SourceInterface.objects.filter(until__isnull=True).order_by("source")
    return [_standing(row, [one for one in lately if one[0] == row.source], now) for row in rows]


def _standing(row: SourceInterface, lately: Sequence[tuple[Any, ...]], now: datetime) -> Standing:
    city = catalogue.city()
    called = [i.called for i in city.whole_items() if i.called is not None and row.source in i.sources]
    source = city.sources.get(row.source)
    median = next((took for _, outcome, _, _, took in lately if outcome == Outcome.ANSWERED), None)
    return Standing(
        source=row.source,
        title=source.names[-1].title if source else row.source,
        address=row.address,
        since=row.since,
        last=max((at for *_, at, _ in lately), default=None),
        outcomes={outcome: count for _, outcome, count, _, _ in lately},
        median_ms=None if median is None else round(median),
        line=breaking.line(called[0], past(row.source), now) if called else Line.CLOSED,
    )


def past(source: str) -> list[Past]:
    """The newest calls of a source."""
    found = Call.objects.filter(source=source).order_by("-id").values_list("outcome", "asked_at")[:LOOKED_AT]
    return [Past(Outcome(outcome), at) for outcome, at in found]


def of_sources(sources: list[str]) -> dict[str, Interface]:
    """The interfaces in force of these sources; one that has none is not there."""
    found = SourceInterface.objects.filter(source__in=sources, until__isnull=True)
    return {row.source: _view(row) for row in found}


def _view(row: SourceInterface) -> Interface:
    (key,) = read_trust([row.key]).values()
    return Interface(row.pk, row.source, row.address, key)
