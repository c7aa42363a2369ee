"""The source's own gate (数据源侧的关口): a source that is asked over its interface judges the ask by itself.

The platform decides by its own rules before it asks; whoever holds the data need not take its word. The ask is one
signed file that brings the grants along, is promised a place in the log, is good for a minute and for one use. This
module checks it against the platform's public keys and against what the source has agreed to, and shares no code with
the platform's own decision. `docs/how-to/answer-over-an-interface.md` shows it at work.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from xinqiao_verify.notes import Trust
from xinqiao_verify.proofs import Refused
from xinqiao_verify.reading import evidence
from xinqiao_verify.receipts import certified
from xinqiao_verify.strict import Malformed, fields, number, text

FORMAT = "xinqiao-ask/1"
SKEW = timedelta(minutes=5)
LONGEST = timedelta(minutes=10)  # no ask is good for longer, whatever it says

ASK = (
    "ask", "log", "asked_at", "good_until", "audience", "recipient", "subject", "purpose", "items", "agreement",
    "grants", "nonce",
)  # fmt: skip
GRANT = (
    "grant", "recipient", "subject", "items", "purpose", "fetch", "starts_at", "ends_at", "since", "until",
    "most_uses", "uses",
)  # fmt: skip
ITEM = ("fields", "since", "until")


@dataclass(frozen=True)
class Agreed:
    """What a source gives through a platform: its name there, the fields of each item, and for which purposes.

    `open_items` are open to everybody (公开公示), and given without a grant.
    """

    source: str
    items: Mapping[str, frozenset[str]]
    purposes: frozenset[str]
    open_items: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Wanted:
    """Of one item: which fields, from which days (None: without end on that side)."""

    fields: tuple[str, ...]
    since: date | None
    until: date | None


@dataclass(frozen=True)
class Ask:
    """A question that may be answered: about whom, what of it, for whom."""

    number: int
    subject: str
    recipient: str
    purpose: str
    items: Mapping[str, Wanted]
    digest: str


class NotGiven(Exception):
    """Why the source gives nothing. `type` is a name of the platform's one list of refusals."""

    def __init__(self, type_: str, sentence: str) -> None:
        super().__init__(sentence)
        self.type = type_


def judge(
    content: str | bytes, trust: Trust, agreed: Agreed, *, now: datetime, first_time: Callable[[str, datetime], bool]
) -> Ask:
    """The ask, if it may be answered now.

    `first_time` remembers a nonce until the moment given and says whether it is new; it is asked last, so that what is
    refused uses nothing up. Raises `NotGiven`.
    """
    try:
        with evidence(content) as file:
            body, digest = _body(file, trust)
            _for_us(body, agreed, now)
            items = {name: _wanted(one) for name, one in _object(body["items"]).items()}
            _within_agreement(body, items, agreed)
            _within_grants(body, items, agreed, now)
            if not first_time(text(body["nonce"]), _moment(body["good_until"]) + SKEW):
                raise NotGiven("replay", "this ask was answered before")
            recipient = text(fields(body["recipient"], ("id", "name"))["id"])
            return Ask(number(body["ask"]), text(body["subject"]), recipient, text(body["purpose"]), items, digest)
    except Refused as error:
        raise NotGiven("bad-signature", str(error)) from error


def _body(file: Mapping[str, Any], trust: Trust) -> tuple[dict[str, Any], str]:
    if file.get("format") != FORMAT:
        raise NotGiven("unsupported-version", f"not a {FORMAT} file")
    verdict = certified(file, trust, FORMAT)
    return fields(dict(verdict.receipt), ASK), verdict.digest


def _for_us(body: Mapping[str, Any], agreed: Agreed, now: datetime) -> None:
    """Meant for this source, and for this moment."""
    if body["audience"] != agreed.source:
        raise NotGiven("bad-audience", "the ask is meant for another source")
    asked_at, good_until = _moment(body["asked_at"]), _moment(body["good_until"])
    if abs(now - asked_at) > SKEW + LONGEST or asked_at > now + SKEW:
        raise NotGiven("stale-timestamp", "the ask was made at another time than now")
    if now > good_until + SKEW or good_until - asked_at > LONGEST:
        raise NotGiven("expired", "the ask is no longer good")


def _within_agreement(body: Mapping[str, Any], items: Mapping[str, Wanted], agreed: Agreed) -> None:
    """What this source gives, and what the platform has agreed with the recipient."""
    agreement = fields(body["agreement"], ("document", "items", "purposes"))
    purpose = text(body["purpose"])
    if purpose not in agreed.purposes or purpose not in _texts(agreement["purposes"]):
        raise NotGiven("purpose-mismatch", "not given for this purpose")
    for name, wanted in items.items():
        ours = agreed.items.get(name)
        if ours is None or not set(wanted.fields) <= ours:
            raise NotGiven("scope-exceeded", f"not given: {name}")
        if name not in agreed.open_items and name not in _texts(agreement["items"]):
            raise NotGiven("scope-exceeded", f"outside the recipient's agreement: {name}")


def _within_grants(body: Mapping[str, Any], items: Mapping[str, Wanted], agreed: Agreed, now: datetime) -> None:
    """Of every item that is not open, some grant of this subject to this recipient opens the days asked for."""
    grants = [fields(one, GRANT) for one in _list(body["grants"])]
    for name, wanted in items.items():
        if name in agreed.open_items:
            continue
        whys = [_closed(grant, body, name, wanted, now) for grant in grants]
        if None not in whys:
            raise (
                NotGiven(*(whys[-1] or ("no-grant", "no grant"))) if whys else NotGiven("no-grant", f"none for {name}")
            )


def _closed(
    grant: Mapping[str, Any], body: Mapping[str, Any], item: str, wanted: Wanted, now: datetime
) -> tuple[str, str] | None:
    """Why this grant does not open the item for this ask; None where it does."""
    between = (grant["recipient"], grant["subject"]) == (body["recipient"]["id"], body["subject"])
    used_up = grant["most_uses"] is not None and number(grant["uses"]) >= number(grant["most_uses"])
    days = _inside(wanted, _day(grant["since"]), _day(grant["until"]))
    closed = (
        (not between, "not-party", "is between others"),
        (grant["purpose"] != body["purpose"], "purpose-mismatch", "is for another purpose"),
        (item not in _texts(grant["items"]), "scope-exceeded", f"does not open {item}"),
        (now + SKEW < _moment(grant["starts_at"]), "grant-not-started", "does not hold yet"),
        (now - SKEW >= _moment(grant["ends_at"]), "grant-expired", "has ended"),
        (used_up, "grant-exhausted", "is used up"),
        (not days, "range-exceeded", "does not reach these days"),
    )
    said = f"grant {number(grant['grant'])}"
    return next(((type_, f"{said} {why}") for fails, type_, why in closed if fails), None)


def _inside(wanted: Wanted, since: date | None, until: date | None) -> bool:
    """Whether every day asked for is opened; no days at all are none."""
    if wanted.since is not None and wanted.until is not None and wanted.since > wanted.until:
        return False
    begins = since is None or (wanted.since is not None and wanted.since >= since)
    return begins and (until is None or (wanted.until is not None and wanted.until <= until))


def _wanted(value: Any) -> Wanted:
    one = fields(value, ITEM)
    return Wanted(tuple(_texts(one["fields"])), _day(one["since"]), _day(one["until"]))


def _moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(text(value))
    if moment.tzinfo is None:
        raise Malformed("a moment says its time zone")
    return moment


def _day(value: Any) -> date | None:
    return None if value is None else date.fromisoformat(text(value))


def _texts(value: Any) -> list[str]:
    return [text(one) for one in _list(value)]


def _list(value: Any) -> Sequence[Any]:
    if not isinstance(value, list):
        raise Malformed("a list expected")
    return value


def _object(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict) or not value:
        raise Malformed("an object with something in it expected")
    return value
