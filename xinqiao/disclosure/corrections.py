"""更正通知: whoever was told something that turned out wrong is told so, by the same door, with a receipt of its own.

A notice names the line and the reports it stood in, and says what became of it. It holds no value, old or new: what is
right now is asked for anew, under what the business allows by then.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from xinqiao.authorisation import queries as authorisation
from xinqiao.creditfile import queries as creditfile
from xinqiao.creditfile.queries import Place
from xinqiao.disclosure import deferring, pushed
from xinqiao.disclosure.models import Correction, Receipt
from xinqiao.disclosure.pushing import wait_for_pushes
from xinqiao.disclosure.telling import (
    Basis,
    Content,
    Recipient,
    RecipientKind,
    instant,
    report_number,
    tell,
)
from xinqiao.kernel.ids import FactId, InstitutionId, ReceiptNumber, SubjectId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger.events import Kind
from xinqiao.parties import queries as parties
from xinqiao.parties.rules import InstitutionKind
from xinqiao.subjects import queries as subjects
from xinqiao.subjects.queries import SubjectView

FORMAT: Final = "xinqiao-correction/1"
PURPOSE: Final = "correction"


class Outcome(StrEnum):
    """What became of the line."""

    REPLACED = "replaced"  # its source has put another in its place
    WITHDRAWN = "withdrawn"  # taken out, nothing in its place
    REPAIRED = "repaired"  # it was right, and has been repaired: no longer to be used


SAID: Final = {
    Outcome.REPLACED: Saying("这条信息有错，来源单位已经更正。请不要再使用原来的内容；需要现在的内容，请重新查询。"),
    Outcome.WITHDRAWN: Saying("这条信息有错或者不该再用，已经撤下。请不要再使用。"),
    Outcome.REPAIRED: Saying(
        "这条信息已经完成信用修复，不再公示、共享，也不再计入评价。请停止使用，因它采取的限制请一并解除。"
    ),
}


@dataclass(frozen=True, slots=True)
class Wrong:
    """What was wrong, or may not be used any more: every version of the line that was; why it is told."""

    subject_id: SubjectId
    facts: tuple[FactId, ...]
    outcome: Outcome
    because: str  # a stable name: objection, repair, annulment
    ground: str  # the law


def tell_recipients(wrong: Wrong, *, now: datetime) -> list[ReceiptNumber]:
    """Tell every institution that was told any of these facts, once for all its reports; returns the new receipts.

    Call it in a transaction that begins after the one that took the line out has committed: whoever was just being told
    the old line then is waited for, and everybody later is told the new one. Again, it finds only who is still owed.
    """
    wait_for_pushes()
    authorisation.wait_for_tellings(wrong.subject_id)
    [subject] = subjects.views([wrong.subject_id])
    places = creditfile.places(wrong.facts)
    owed: dict[InstitutionId, list[Receipt]] = {}
    for receipt in _owed(wrong.facts):
        owed.setdefault(InstitutionId(str(receipt.institution_id)), []).append(receipt)
    files = pushed.institutions_told(wrong.facts)
    everybody = sorted(owed.keys() | files.keys())
    return [_tell(wrong, subject, places, to, owed.get(to, []), files.get(to, {}), now) for to in everybody]


def _owed(facts: Collection[FactId]) -> Iterable[Receipt]:
    """The tellings to institutions these facts were part of, but for those a notice has answered."""
    done = Correction.objects.filter(facts__overlap=list(facts)).values_list("told", flat=True)
    answered = {number for told in done for number in told}
    found = Receipt.objects.filter(facts__overlap=list(facts), institution__isnull=False).defer("body")
    return [receipt for receipt in found.order_by("number") if receipt.number not in answered]


def _tell(
    wrong: Wrong,
    subject: SubjectView,
    places: list[Place],
    to: InstitutionId,
    told: list[Receipt],
    files: Mapping[FactId, int],
    now: datetime,
) -> ReceiptNumber:
    known = {fact for receipt in told for fact in receipt.facts} | files.keys()
    lines = [place for place in places if place.id in known]
    party = parties.institution(to)
    whose = RecipientKind.DEPARTMENT if party.kind is InstitutionKind.DEPARTMENT else RecipientKind.INSTITUTION
    recipient = Recipient(whose, "", to, party.name)
    basis = Basis(PURPOSE, wrong.ground)
    # An institution that was only told a grade learns that the grade rested on it, not of which kind it was.
    named = {item for receipt in told for item in receipt.items}
    named |= {place.item for place in lines if place.id in files}  # a file told the line itself

    def compose(number: ReceiptNumber) -> Content:
        report: dict[str, Any] = {
            "format": FORMAT,
            "number": f"C-{report_number(number, now).removeprefix('R-')}",
            "generated_at": instant(now),
            "recipient": recipient.as_json(),
            "basis": basis.as_json(),
            "subject": {"uscc": str(subject.uscc), "name": subject.name},
            "because": wrong.because,
            "outcome": wrong.outcome.value,
            "said": str(SAID[wrong.outcome]),
            "lines": [_line(place, named) for place in lines],
            "reports": [
                {"receipt": receipt.number, "number": report_number(receipt.number, receipt.told_at)}
                for receipt in told
            ],
            "pushes": sorted(set(files.values())),
        }
        return Content(report, (), sorted({place.item for place in lines} & named))

    def keep(number: ReceiptNumber, text: str) -> list[Correction]:
        row = Correction.objects.create(
            receipt_id=number,
            institution_id=to,
            facts=[place.id for place in lines],
            told=[receipt.number for receipt in told],
            text=text,
        )
        return [row]

    number = tell(
        to=recipient, about=subject, basis=basis, kind=Kind.CORRECTION_TOLD, compose=compose, keep=keep, now=now
    ).number
    deferring.as_those(number, [ReceiptNumber(receipt.number) for receipt in told], now=now)
    return number


def _line(place: Place, named: Collection[str]) -> dict[str, Any]:
    if place.item not in named:
        return {"fact": place.id}
    return {
        "fact": place.id,
        "item": place.item,
        "source": place.source,
        "delivery": place.delivery,
        "line": place.line,
    }
