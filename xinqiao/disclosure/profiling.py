"""画像: one picture of a business by dimensions, each told by catalogued indicators in the city's words.

For an institution under a grant, of everything the grants open and of what is open anyway; what they do not open is
drawn as not known. For the business itself without asking anybody: it tells nothing its own file does not hold.
"""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Final

from xinqiao import catalogue
from xinqiao.authorisation import queries as authorisation
from xinqiao.catalogue import City
from xinqiao.disclosure.answering import Answer, Question, answer
from xinqiao.disclosure.composing import Json
from xinqiao.disclosure.door import Allowed, Asked
from xinqiao.disclosure.errors import NotParty
from xinqiao.disclosure.indicating import PER_BUSINESS, items_of
from xinqiao.disclosure.live import Heard
from xinqiao.disclosure.measured import Measured, measured, told_of
from xinqiao.disclosure.reading import AsRead
from xinqiao.disclosure.rules import Reader
from xinqiao.disclosure.telling import Content
from xinqiao.disclosure.writing import Frame, header, subject_json
from xinqiao.evaluation import indicator_files, profiles
from xinqiao.evaluation.indicator_files import Indicators
from xinqiao.evaluation.profiles import Dimension, Profile, Trace
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import GrantId, InstitutionId, PersonId, ReceiptNumber, SubjectId
from xinqiao.kernel.uscc import Uscc
from xinqiao.ledger.events import Kind
from xinqiao.parties import limits, purposes
from xinqiao.subjects import queries as subjects

FORMAT: Final = "xinqiao-profile/1"


def ask_profile(
    *,
    asker: InstitutionId,
    officer: PersonId | None,
    uscc: str,
    purpose: str,
    now: datetime,
    client: str = "",
    on_behalf: str = "",
    grant: GrantId | None = None,
    key: str = "",
) -> Answer:
    """Tell an institution the profile of one business, as far as its grants reach.

    Raises `NotAUscc`, `TooOften`, and as `answer`.
    """
    city, code = catalogue.city(), Uscc.parse(uscc)
    profile, found = profiles.load(city), indicator_files.load(city)
    limits.count(PER_BUSINESS, f"{asker}\n{code}", now=now)
    asked = Asked(asker, code, purpose, now, officer, client, on_behalf, grant=grant)
    items = items_of(profile.names(), found)
    compose = partial(_compose, profile, found)
    return answer(
        Question(asked, compose, Kind.PROFILE_TOLD, Kind.PROFILE_REFUSED, (profile.version,), items=items), key=key
    )


def own_profile(*, subject_id: SubjectId, person: PersonId, now: datetime) -> Json:
    """The same of a business, through a person with a mandate for it: reckoned from all of its own file, not kept.

    Raises `NotParty`.
    """
    if not authorisation.acts_for(person, subject_id, now):
        raise NotParty
    city, day = catalogue.city(), day_of(now)
    profile, found = profiles.load(city), indicator_files.load(city)
    [subject] = subjects.views([subject_id])
    come_to = measured(profile.names(), found, subject, Reader(own=True), city=city, on=day)
    return _body(profile, found, come_to, city) | {"on": day.isoformat()}


def _compose(
    profile: Profile,
    found: Indicators,
    allowed: Allowed,
    now: datetime,
    *,
    again: AsRead | None,
    before: ReceiptNumber | None,
    heard: Heard,
) -> Callable[[ReceiptNumber], Content]:
    city, day = catalogue.city(), day_of(now)
    reader = allowed.reader
    come_to = measured(profile.names(), found, allowed.subject, reader, city=city, on=day, again=again, heard=heard)
    body = {"subject": subject_json(allowed.subject, city)} | _body(profile, found, come_to, city)
    frame = Frame(allowed.to, allowed.basis, purposes.purpose(allowed.basis.purpose).title, day, now)
    return lambda number: Content(
        header(FORMAT, number, come_to.position, frame, city) | body, (), come_to.items, rests_on=come_to.rests_on
    )


def _body(profile: Profile, found: Indicators, come_to: Measured, city: City) -> Json:
    return {
        "profile": {"version": profile.version},
        "dimensions": [
            _dimension(name, one, found, come_to, city)
            for name, one in profile.dimensions.items()
            if any(_about(trace, come_to) for trace in one.traces)
        ],
        "rows_withheld": list(come_to.withheld),
        "sources": come_to.sources,
    }


def _dimension(name: str, one: Dimension, found: Indicators, come_to: Measured, city: City) -> Json:
    traces = [trace for trace in one.traces if _about(trace, come_to)]
    return {
        "dimension": name,
        "title": one.title,
        "title_en": one.title_en,
        "about": one.about,
        "about_en": one.about_en,
        "traces": [_trace(trace, found, come_to, city) for trace in traces],
    }


def _about(trace: Trace, come_to: Measured) -> bool:
    """What is not about businesses of its kind is no part of its picture."""
    return come_to.found[trace.indicator].applies


def _trace(trace: Trace, found: Indicators, come_to: Measured, city: City) -> Json:
    one = come_to.found[trace.indicator]
    told = told_of(trace.indicator, one, found, city)
    word = None
    if one.because is None and one.reading is not None:
        word = trace.word(found.catalogue.indicators[trace.indicator], one.reading)
    said = None if word is None else {"says": word.says, "says_en": word.says_en, "tone": word.tone}
    return told | {"title_en": found.catalogue.indicators[trace.indicator].title_en, "word": said}
