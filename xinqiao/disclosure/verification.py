"""核验: one question of the catalogue, answered yes, no, not known, or by a fixed band; nothing of what it rests on.

A question over an open item needs the agreement only, and counts open facts only, so that everybody gets one answer.
Any other is answered under a grant that opens its item, and is a use of it.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Final

from xinqiao import catalogue
from xinqiao.authorisation.rules import EVER, Range
from xinqiao.catalogue import claim_meaning
from xinqiao.catalogue.claim_meaning import UNKNOWN, YES, Because, Row, Verdict
from xinqiao.catalogue.claims import Bands, Claim, EveryMonth, Match
from xinqiao.catalogue.schema import Item, SharingClass
from xinqiao.creditfile.queries import Fact
from xinqiao.creditfile.rules import Standing
from xinqiao.disclosure import comparisons, composing, live, reading
from xinqiao.disclosure.answering import Answer, Question, answer
from xinqiao.disclosure.composing import Json
from xinqiao.disclosure.door import Allowed, Asked
from xinqiao.disclosure.errors import NoSuchClaim, ValueInvalid
from xinqiao.disclosure.reading import AsRead
from xinqiao.disclosure.rules import Reader
from xinqiao.disclosure.telling import Content
from xinqiao.disclosure.writing import Frame, header
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import GrantId, InstitutionId, PersonId, ReceiptNumber
from xinqiao.kernel.sayings import Saying
from xinqiao.kernel.uscc import Uscc
from xinqiao.ledger.events import Kind
from xinqiao.parties import limits, purposes
from xinqiao.parties.limits import Limit

FORMAT: Final = "xinqiao-verification/1"
# Every claim there is about one business, a few times over: no work needs more in a day.
PER_BUSINESS: Final = Limit("verifications", 60, timedelta(days=1))
LONGEST_VALUE: Final = 100
NOT_KNOWN: Final = Saying("不知道")
WHY: Final = {
    Because.NOT_APPLICABLE: Saying("这一项与这类主体无关"),
    Because.PERSON: Saying("这一项要本人单独同意，还没有同意"),
    Because.SILENT: Saying("来源还没有提供过"),
    Because.STALE: Saying("来源逾期没有更新，或者刚刚报来、还没有入档"),
    Because.MONTHS: Saying("有的月份还没有数据"),
    Because.NO_DATA: Saying("没有可以据以回答的信息"),
}


def verify_claim(
    *,
    asker: InstitutionId,
    officer: PersonId | None,
    uscc: str,
    purpose: str,
    claim: str,
    now: datetime,
    value: str = "",
    client: str = "",
    on_behalf: str = "",
    grant: GrantId | None = None,
    key: str = "",
) -> Answer:
    """Tell an institution what a claim comes to for one business; `value` where the claim compares one.

    Raises `NotAUscc`, `NoSuchClaim`, `ValueInvalid`, `TooOften`, `NoSuchSubject`, `Probed`, and as `answer`.
    """
    asked_claim, code = known(claim), Uscc.parse(uscc)
    item, compared = catalogue.city().item(asked_claim.item), _compared(asked_claim, value)
    limits.count(PER_BUSINESS, f"{asker}\n{code}", now=now)
    open_only = item.sharing.classed is SharingClass.OPEN and grant is None
    asked = Asked(
        asker,
        code,
        purpose,
        now,
        officer,
        client,
        on_behalf,
        frozenset() if open_only else frozenset({item.item}),
        grant,
        EVER if open_only else Range(claim_meaning.needs_since(asked_claim, day_of(now))),
        open_only,
    )
    question = Question(
        asked,
        partial(_compose, asked_claim, item, value, compared),
        Kind.VERIFICATION_TOLD,
        Kind.VERIFICATION_REFUSED,
        (claim, asked_claim.version, compared),
        partial(_guessed, claim, compared),
        items=frozenset({item.item}),
    )
    return answer(question, key=key)


def known(claim: str) -> Claim:
    """The claim of this name. Raises `NoSuchClaim`."""
    found = catalogue.city().claims.get(claim)
    if found is None:
        raise NoSuchClaim(Saying("没有名为“{claim}”的核验", claim=claim))
    return found


def _compared(claim: Claim, value: str) -> str:
    """The value in its one spelling. Raises `ValueInvalid`."""
    if not isinstance(claim.asks, Match):
        if value:
            raise ValueInvalid(Saying("这项核验不比对任何值"))
        return ""
    normal = claim_meaning.normal(value, claim.asks.normalised)
    if not normal or len(value) > LONGEST_VALUE:
        raise ValueInvalid(Saying("请给出要比对的值，不超过 {most} 个字", most=LONGEST_VALUE))
    return normal


def _guessed(claim: str, compared: str, allowed: Allowed) -> Any:
    return comparisons.noted(allowed, claim, compared) if compared else None


def _compose(
    claim: Claim,
    item: Item,
    value: str,
    compared: str,
    allowed: Allowed,
    now: datetime,
    *,
    again: AsRead | None,
    before: ReceiptNumber | None,
    heard: live.Heard,
) -> Callable[[ReceiptNumber], Content]:
    city, day = catalogue.city(), day_of(now)
    reader = Reader() if item.sharing.classed is SharingClass.OPEN else allowed.reader
    position = reading.place(again)
    told = composing.asked(city, allowed.subject.kind, reader, only={item.item})
    facts = [fact for _, _, fact in composing.visible(told, reading.facts(allowed.subject, told, position, heard), day)]
    sources = reading.sources(told, day, city, again, heard)
    asked = _asked(claim, item, day, sources, compared) if told.items else None
    because = Because.PERSON if item.item in allowed.reader.withheld else Because.NOT_APPLICABLE
    body = {
        "subject": str(allowed.subject.uscc),
        "claim": _named(claim, item),
        "compared": value or None,
        **_answered(claim, item, facts, asked, because),
        "rows_withheld": [row for lines in told.items.values() for row in composing.rows_withheld(lines.plan)],
        "sources": sources,
    }
    signed = {"verified": {"claim": claim.claim, "answer": body["answer"]}}
    frame = Frame(allowed.to, allowed.basis, purposes.purpose(allowed.basis.purpose).title, day, now)
    return lambda number: Content(
        header(FORMAT, number, position, frame, city) | body,
        (),
        (item.item,),
        rests_on=[fact.id for fact in facts],
        signed=signed,
    )


def _asked(claim: Claim, item: Item, day: date, sources: Sequence[Json], compared: str) -> claim_meaning.Asked:
    """What is known beside the facts; the months only where the claim goes by them."""
    heard = reading.item_heard(item, [source["state"] for source in sources])
    monthly = isinstance(claim.asks, EveryMonth | Bands)
    return claim_meaning.Asked(day, heard.how, heard.months if monthly else frozenset(), compared)


def _answered(
    claim: Claim, item: Item, facts: Sequence[Fact], asked: claim_meaning.Asked | None, closed: Because
) -> Json:
    """The answer in a word and in words, why it is not known, and what it would be without what is disputed; without
    `asked` it is `closed`."""
    rows = [Row(f.values, f.valid_from, f.valid_to, f.standing is Standing.DISPUTED) for f in facts]
    if asked is None:
        found, apart = Verdict(UNKNOWN, closed), None
    else:
        found = claim_meaning.verdict(claim, item, rows, asked)
        apart = claim_meaning.without_disputed(claim, item, rows, asked).answer
    behind = [facts[place] for place in found.made_by]
    disputed = any(fact.standing is Standing.DISPUTED for fact in behind)
    return {
        "answer": found.answer,
        "answer_title": in_words(claim, found.answer),
        "unknown_because": found.because and found.because.value,
        "unknown_title": found.because and str(WHY[found.because]),
        "disputed": disputed,
        "without_disputed": apart if disputed else None,
        "annotations": [composing.note_json(note) for fact in behind for note in fact.annotations],
    }


def in_words(claim: Claim, found: str) -> str:
    """An answer as people say it."""
    if found == UNKNOWN:
        return NOT_KNOWN
    if isinstance(claim.asks, Bands):
        return next((band.title for band in claim.asks.bands if band.band == found), found)
    return str(claim.yes if found == YES else claim.no)


def _named(claim: Claim, item: Item) -> Json:
    return {
        "claim": claim.claim,
        "version": claim.version,
        "title": claim.title,
        "question": claim.question,
        "item": item.item,
        "item_title": item.title,
    }
