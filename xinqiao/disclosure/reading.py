"""Everything a report is written from, read at one position of the log. Only this domain's tellings ask for it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from xinqiao.catalogue import City
from xinqiao.catalogue.claim_meaning import Heard as HowHeard
from xinqiao.catalogue.schema import Item
from xinqiao.creditfile import queries as creditfile
from xinqiao.creditfile.queries import Fact
from xinqiao.creditfile.rules import Standing
from xinqiao.disclosure.composing import Contents, asked, change_json
from xinqiao.disclosure.live import NOTHING, Heard
from xinqiao.disclosure.pseudonyms import Named, told_to
from xinqiao.disclosure.rules import Reader, grade_holds
from xinqiao.disclosure.writing import Graded, Material, facts_behind, sources_json
from xinqiao.evaluation import overrides, raised, repeating, results
from xinqiao.evaluation.raised import SignalView
from xinqiao.evaluation.views import GradeView
from xinqiao.intake import queries as intake
from xinqiao.intake.health import Timing
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import EventId, FactId, Position, SubjectId
from xinqiao.ledger import queries as ledger
from xinqiao.subjects.queries import SubjectView

A_YEAR: Final = timedelta(days=365)
USABLE: Final = (Standing.GOOD, Standing.DISPUTED)


@dataclass(frozen=True, slots=True)
class AsRead:
    """What a report was read from, so that it can be read so again: the place in the log, the act that gave the grade
    it told, and how the sources had answered."""

    position: Position
    grade: EventId | None
    sources: Sequence[dict[str, Any]] | None


def material(
    subject: SubjectView,
    reader: Reader,
    *,
    uses: int,
    city: City,
    now: datetime,
    again: AsRead | None = None,
    heard: Heard = NOTHING,
) -> Material:
    """Facts at the latest position, the grade in force, how the sources have answered; or all of it as read before."""
    on, position = day_of(now), place(again)
    told = asked(city, subject.kind, reader)
    told.changed, told.named = changes(subject), named(told, reader, now)
    return Material(
        subject=subject,
        asked=told,
        facts=facts(subject, told, position, heard),
        graded=graded(subject.id, on=on, given_by=None if again is None else again.grade),
        sources=sources(told, on, city, again, heard),
        uses=uses,
        position=position,
    )


def place(again: AsRead | None) -> Position:
    """The place in the log to read at: the latest, or the one it was read at before."""
    return ledger.latest_position() if again is None else again.position


def facts(subject: SubjectView, told: Contents, position: Position, heard: Heard = NOTHING) -> list[Fact]:
    """The facts that answer what is asked, and what was heard live; sealed values only where a reader may have them."""
    sealed = [name for name, one in told.items.items() if one.plan.opens or one.consents or one.pseudonyms]
    kept = creditfile.facts_of(subject.id, items=told.items, at=position, live=True, with_secret=sealed)
    for name, call in heard.calls.items():
        if name in told.items:
            told.items[name].call = call
    return [*kept, *(fact for lines in heard.facts.values() for fact in lines)]


def named(told: Contents, reader: Reader, now: datetime) -> Named | None:
    """By which pseudonyms this reader tells persons apart, where anything of what is asked has any."""
    if reader.known_to is None or not any(lines.pseudonyms for lines in told.items.values()):
        return None
    return told_to(reader.known_to, now)


def changes(subject: SubjectView) -> dict[FactId, dict[str, Any]]:
    """Why lines of a subject are not what they were (条例 §40)."""
    return {fact: change_json(earlier) for fact, earlier in creditfile.before(subject.id).items()}


def sources(
    told: Contents, on: date, city: City, again: AsRead | None, heard: Heard = NOTHING
) -> Sequence[dict[str, Any]]:
    """How the sources that are asked have answered, or had; and those asked live."""
    if again is not None and again.sources is not None:
        return again.sources
    return [*_delivering(told, on, city), *heard.sources]


@dataclass(frozen=True, slots=True)
class ItemHeard:
    """How an item was heard of, and for which of its periods (months, mostly)."""

    how: HowHeard
    months: frozenset[str] = frozenset()


def item_heard(item: Item, states: Collection[str]) -> ItemHeard:
    """`states` are how its sources have answered (`item_states`, or of what was asked for live the sources' own).

    What has been delivered counts once all of it is in the file, what is asked for live as its sources have answered a
    moment ago.
    """
    if item.called is not None:
        return ItemHeard(HowHeard.ANSWERED if set(states) == {"answered"} else HowHeard.SILENT)
    taken = intake.taken_up(item.item)
    filed = creditfile.filed([one.event for one in taken])
    here = [one for one in taken if one.event in filed]
    months = frozenset(one.period for one in here)
    if not here or "silent" in states:
        return ItemHeard(HowHeard.SILENT, months)
    late = len(here) < len(taken) or "stale" in states
    return ItemHeard(HowHeard.STALE if late else HowHeard.ANSWERED, months)


def item_states(told: Contents, on: date, sources: Sequence[dict[str, Any]]) -> dict[str, list[str]]:
    """How the sources of each item have answered for it; `sources` has those asked live."""
    states: dict[str, list[str]] = {}
    for one in intake.health_of(told.sources, on):
        state = "silent" if one.last_received_on is None else "stale" if one.timing is Timing.LATE else "answered"
        states.setdefault(one.item, []).append(state)
    for source in sources:
        if source["source"] in told.called:
            for item in source["items"]:
                states.setdefault(item, []).append(source["state"])
    return states


def _delivering(told: Contents, on: date, city: City) -> Sequence[dict[str, Any]]:
    health = {(one.source, one.item): one for one in intake.health_of(told.sources, on)}
    return sources_json(told, health, city)


def signals(subject_id: SubjectId, *, on: date) -> Sequence[SignalView]:
    """The risk signals of the last year whose facts may still be used: not what was repaired, erased or has run out."""
    found = raised.of(subject_id, since=on - A_YEAR)
    standings = creditfile.standings_now({fact for one in found for fact in one.facts}, on)
    return [one for one in found if all(standings.get(fact) in USABLE for fact in one.facts)]


def graded(subject_id: SubjectId, *, on: date, given_by: EventId | None = None) -> Graded:
    """The grade in force with its reasons, and what the one before it was; or the one this act gave.

    A grade that rests on what has been repaired, has run out or was disputed since is being given anew, a moment later
    as a rule: until then none is told, for its reasons would tell what may no longer be told.
    """
    grades = results.history(subject_id, limit=2, until=given_by)
    if not grades:
        return Graded("none")
    before = grades[1] if len(grades) > 1 else None
    earlier = None if before is None else {"grade": before.grade, "score": before.score, "on": before.on.isoformat()}
    told = _told(grades[0])
    if not holds(told, on):
        return Graded("renewing")
    return Graded("given", {**told, "before": earlier, "override": override(subject_id, on)})


def repeated(subject_id: SubjectId, *, at: Position, on: date) -> Graded:
    """A grade of the past, reckoned again. What it rests on may have been repaired or run out since: then that it came
    out the same is told, and no word of it."""
    told = _told(repeating.repeat(subject_id, at=at))
    return (
        Graded("repeated", {**told, "before": None, "override": None})
        if holds(told, on)
        else Graded("repeated-withheld")
    )


def _told(given: GradeView) -> dict[str, Any]:
    told = given.as_dict()
    del told["subject_id"]  # our own number for a business is nobody else's
    return told


def holds(told: dict[str, Any], on: date) -> bool:
    """Whether all that a grade rests on may still be used as it used it."""
    return grade_holds(told, creditfile.standings_now(facts_behind(told), on))


def override(subject_id: SubjectId, on: date) -> dict[str, Any] | None:
    """What two operators say beside the model's grade, with their reason: told with it, never in its place."""
    one = overrides.holding(subject_id, on=on)
    if one is None:
        return None
    since = one.decided and day_of(one.decided.at).isoformat()
    return {
        "grade": one.grade,
        "title": one.title,
        "reason": one.reason,
        "since": since,
        "until": one.until.isoformat(),
    }
