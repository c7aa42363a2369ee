"""信用报告: an institution is told about a business, as far as the business has agreed; a trace is left first."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from xinqiao import catalogue, keys
from xinqiao.authorisation import queries as authorisation
from xinqiao.authorisation.rules import AgreementTerms, Ask, Refused, Seen, day_of, may_see
from xinqiao.disclosure import queries, reading, receipts, repeats
from xinqiao.disclosure.errors import NotParty, refusal
from xinqiao.disclosure.rules import Reader
from xinqiao.disclosure.telling import Basis, Content, Recipient, RecipientKind, Told, tell
from xinqiao.disclosure.writing import Frame, write
from xinqiao.kernel.ids import GrantId, InstitutionId, PersonId, ReceiptNumber, SubjectId
from xinqiao.kernel.problems import Problem
from xinqiao.kernel.subject_kinds import SubjectKind
from xinqiao.kernel.uscc import Uscc
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind
from xinqiao.parties import purposes
from xinqiao.parties import queries as parties
from xinqiao.parties.queries import AgreementView, InstitutionView
from xinqiao.parties.rules import Role
from xinqiao.subjects import queries as subjects
from xinqiao.subjects.errors import UnknownSubject
from xinqiao.subjects.queries import SubjectView

NOBODY: Final = SubjectId(0)  # stands in for a business we do not know, so that the same queries are made
GROUND: Final = "信息主体授权"
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


@dataclass(frozen=True, slots=True)
class Asked:
    """One institution's question. `officer` is the person signed in, `client` the program that calls."""

    asker: InstitutionId
    uscc: Uscc
    purpose: str
    now: datetime
    officer: PersonId | None = None
    client: str = ""
    on_behalf: str = ""  # a program says for which of the institution's people it asks
    items: frozenset[str] | None = None
    grant: GrantId | None = None
    key: str = ""  # the caller's, for asking again when the answer was lost

    def asking(self) -> repeats.Asking | None:
        """The question under the caller's key, if it gave one."""
        if not self.key:
            return None
        items = None if self.items is None else sorted(self.items)
        return repeats.asking(
            self.client, self.key, self.asker, self.uscc, self.purpose, items, self.grant, self.on_behalf
        )


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
    key: str = "",
) -> Report:
    """Tell an institution about one business.

    Without `items` everything granted is told. Asked again by the same client under the same `key`, the answer is the
    same report and no second look, if it would still be told so.

    Raises `NotAUscc`, `PurposeUnknown`, `UnknownInstitution`, `NotParty`, `AgreementNotInForce`, `NotAuthorised` (and
    its kinds), `OutOfScope`, `KeyReused`, `LogUnavailable`; a refusal of the door is in the log too.
    Not inside another transaction: what is told has been committed before it is returned.
    """
    asked = Asked(asker, Uscc.parse(uscc), purpose, now, officer, client, on_behalf, items, grant, key)
    purposes.purpose(purpose)
    institution = parties.institution(asker)
    with transaction.atomic(durable=True):
        outcome = _decide(asked, institution)
    if isinstance(outcome, Problem):
        raise outcome
    return handed_out(outcome)


def handed_out(told: Told) -> Report:
    """The answer, composed after the commit."""
    return Report(told.number, told.report, receipts.with_report(told))


def _decide(asked: Asked, institution: InstitutionView) -> Told | Problem:
    """The decision and its trace, whichever way it goes; the grants are held until it is written down."""
    officer = _officer(asked)
    if officer is None:
        return _refuse(asked, NotParty())
    subject = _subject(asked.uscc)
    agreement = parties.agreement_held(asked.asker, day_of(asked.now))
    grants = authorisation.grants_held(subject.id, asked.asker)
    ask = Ask(subject.id, asked.asker, asked.purpose, asked.now, asked.items, asked.grant)
    match may_see(ask, _terms(agreement), grants):
        case Refused(reason, grant):
            return _refuse(asked, refusal(reason, grant))
        case Seen() as seen:
            assert agreement is not None  # noqa: S101 — without one nothing is seen
            to = Recipient(
                RecipientKind.INSTITUTION, officer, asked.asker, institution.name, asked.officer, asked.client
            )
            return _told(asked, to, subject, agreement, seen)


def _subject(uscc: Uscc) -> SubjectView:
    """The business, or one that nobody is: whatever is looked up next is looked up for it too, and not found."""
    try:
        return subjects.known_as(uscc)
    except UnknownSubject:
        return SubjectView(NOBODY, uscc, SubjectKind.ENTERPRISE, "", "", "", None, "")


def _officer(asked: Asked) -> str | None:
    """By what name the business will read who looked; None when the person does not act for the institution now."""
    if asked.officer is None:
        return asked.on_behalf or asked.client or None
    person = parties.acting(asked.officer, Role.OFFICER, asked.asker, asked.now)
    return None if person is None else person.name


def _terms(agreement: AgreementView | None) -> AgreementTerms | None:
    return None if agreement is None else AgreementTerms(agreement.items, agreement.purposes)


def _refuse(asked: Asked, problem: Problem) -> Problem:
    """Refusals are in the log too; the business is named by a keyed mark, the same whether it exists or not."""
    about = {
        "reason": problem.type,
        "to": asked.asker,
        "purpose": asked.purpose,
        "uscc": keys.mark("uscc", asked.uscc.encode()).hex(),
    }
    log.append(Kind.REPORT_REFUSED, now=asked.now, about=about)
    return problem


def _told(asked: Asked, to: Recipient, subject: SubjectView, agreement: AgreementView, seen: Seen) -> Told:
    basis = Basis(asked.purpose, GROUND, agreement.id, seen.grants)
    composer = _Composer(to, subject, basis, Reader(seen.items))
    if (asking := asked.asking()) is None:
        return composer.tell(asked.now)
    earlier = repeats.earlier(asking, asked.now)
    if earlier is not None and (told := composer.again(earlier)) is not None:
        return told
    told = composer.tell(asked.now)
    repeats.remember(asking, told, asked.now)
    return told


@dataclass(frozen=True, slots=True)
class _Composer:
    """One report: composed and told now, or composed as it was told before."""

    to: Recipient
    subject: SubjectView
    basis: Basis
    reader: Reader

    def tell(self, now: datetime) -> Told:
        uses = queries.asked_since(self.subject.id, now - A_YEAR)
        compose = self._compose(now, uses, None)
        return tell(to=self.to, about=self.subject, basis=self.basis, kind=Kind.REPORT_TOLD, compose=compose, now=now)

    def again(self, earlier: repeats.Earlier) -> Told | None:
        """None where it would not be told as it was: then it is told anew."""
        told_at, before = earlier.receipt.told_at, ReceiptNumber(earlier.receipt.pk)
        uses = queries.asked_since(self.subject.id, told_at - A_YEAR, before=before)
        return repeats.again(earlier, self._compose(told_at, uses, earlier.as_read))

    def _compose(self, now: datetime, uses: int, again: reading.AsRead | None) -> Callable[[ReceiptNumber], Content]:
        city, day = catalogue.city(), day_of(now)
        material = reading.material(self.subject, self.reader, uses=uses, city=city, on=day, again=again)
        frame = Frame(self.to, self.basis, purposes.purpose(self.basis.purpose).title, day, now)
        return lambda number: write(number, material, frame, city)
