"""信用报告: an institution is told about a business, as far as the business has agreed; a trace is left first."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from xinqiao import catalogue
from xinqiao.authorisation.rules import EVER, Range, day_of
from xinqiao.disclosure import queries, reading, receipts, repeats
from xinqiao.disclosure.door import Allowed, Asked, decide
from xinqiao.disclosure.telling import Content, Told
from xinqiao.disclosure.writing import Frame, write
from xinqiao.kernel.ids import GrantId, InstitutionId, PersonId, ReceiptNumber
from xinqiao.kernel.problems import Problem
from xinqiao.kernel.uscc import Uscc
from xinqiao.ledger.events import Kind
from xinqiao.parties import purposes
from xinqiao.parties import queries as parties
from xinqiao.parties.queries import InstitutionView

A_YEAR: Final = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Report:
    """What leaves. `text` is the whole answer as canonical JSON: a receipt file with the report in it, which
    `xinqiao verify` checks as it stands. `report` is its report part, for a page."""

    number: ReceiptNumber
    report: Mapping[str, Any]
    text: str

    def as_json(self) -> dict[str, Any]:
        whole: dict[str, Any] = json.loads(self.text)
        return whole


def disclose_report(
    *,
    asker: InstitutionId,
    officer: PersonId | None,
    uscc: str,
    purpose: str,
    now: datetime,
    client: str = "",
    on_behalf: str = "",
    items: frozenset[str] | None = None,
    grant: GrantId | None = None,
    range: Range = EVER,  # noqa: A002 — 数据时间范围, as the law's four clocks name it
    key: str = "",
) -> Report:
    """Tell an institution about one business.

    Without `items` everything granted is told. Asked again by the same client under the same `key`, the answer is the
    same report and no second look, if it would still be told so.

    Raises `NotAUscc`, `PurposeUnknown`, `UnknownInstitution`, `NotParty`, `AgreementNotInForce`, `NotAuthorised` (and
    its kinds), `OutOfScope`, `KeyReused`, `LogUnavailable`; a refusal of the door is in the log too.
    Not inside another transaction: what is told has been committed before it is returned.
    """
    asked = Asked(asker, Uscc.parse(uscc), purpose, now, officer, client, on_behalf, items, grant, range)
    purposes.purpose(purpose)
    institution = parties.institution(asker)
    with transaction.atomic(durable=True):
        outcome = _once_more(asked, key, institution) if key else _told(asked, institution)
    if isinstance(outcome, Problem):
        raise outcome
    return handed_out(outcome)


def handed_out(told: Told) -> Report:
    """The answer, composed after the commit."""
    return Report(told.number, told.report, receipts.with_report(told))


def _told(asked: Asked, institution: InstitutionView) -> Told | Problem:
    """The decision and its trace, whichever way it goes."""
    allowed = decide(asked, institution, refused=Kind.REPORT_REFUSED)
    return allowed if isinstance(allowed, Problem) else _Composer(allowed).tell()


def _once_more(asked: Asked, key: str, institution: InstitutionView) -> Told | Problem:
    """The same answer where the same question was answered under this key, if it would still be told so; else anew."""
    asking = repeats.asking(asked.client, key, _question(asked))
    if (earlier := repeats.earlier(asking, asked.now)) is not None:
        before = ReceiptNumber(earlier.receipt.pk)
        allowed = decide(asked, institution, refused=Kind.REPORT_REFUSED, repeating=before)
        if isinstance(allowed, Problem):
            return allowed
        if (told := _Composer(allowed).again(earlier)) is not None:
            return told
    told_anew = _told(asked, institution)
    if isinstance(told_anew, Told):
        repeats.remember(asking, told_anew, asked.now)
    return told_anew


def _question(asked: Asked) -> list[object]:
    items = None if asked.items is None else sorted(asked.items)
    days = [day and day.isoformat() for day in (asked.range.since, asked.range.until)]
    return [asked.asker, asked.uscc, asked.purpose, items, asked.grant, asked.on_behalf, *days]


@dataclass(frozen=True, slots=True)
class _Composer:
    """One report: composed and told now, or composed as it was told before."""

    allowed: Allowed

    def tell(self) -> Told:
        now = self.allowed.ask.now
        uses = queries.asked_since(self.allowed.subject.id, now - A_YEAR)
        return self.allowed.tell(Kind.REPORT_TOLD, self._compose(now, uses, None))

    def again(self, earlier: repeats.Earlier) -> Told | None:
        """None where it would not be told as it was: then it is told anew."""
        told_at, before = earlier.receipt.told_at, ReceiptNumber(earlier.receipt.pk)
        uses = queries.asked_since(self.allowed.subject.id, told_at - A_YEAR, before=before)
        return repeats.again(earlier, self._compose(told_at, uses, earlier.as_read))

    def _compose(self, now: datetime, uses: int, again: reading.AsRead | None) -> Callable[[ReceiptNumber], Content]:
        city, day, one = catalogue.city(), day_of(now), self.allowed
        material = reading.material(one.subject, one.reader, uses=uses, city=city, on=day, again=again)
        frame = Frame(one.to, one.basis, purposes.purpose(one.basis.purpose).title, day, now)
        return lambda number: write(number, material, frame, city)
