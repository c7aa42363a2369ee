"""The decision at the door, one for all services: who asks about whom, what for, and how far it may be told.

A service calls `decide` in the transaction that tells. It gets the refusal, which is in the log by then, or all it
needs to tell: to whom, about whom, on what ground, and what its reader may see. `Allowed.tell` writes down what is
told and counts the use.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from xinqiao import catalogue, keys
from xinqiao.authorisation import person_queries as persons
from xinqiao.authorisation import queries as authorisation
from xinqiao.authorisation import uses
from xinqiao.authorisation.rules import (
    EVER,
    AgreementTerms,
    Ask,
    GrantTerms,
    Range,
    Reason,
    Refused,
    Seen,
    may_see,
    may_see_open,
    opening,
)
from xinqiao.disclosure.errors import AccessSuspended, NoSuchSubject, NotParty, refusal
from xinqiao.disclosure.rules import Reader
from xinqiao.disclosure.telling import Basis, Content, Recipient, RecipientKind, Told, tell
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import GrantId, InstitutionId, PersonId, ReceiptNumber, SubjectId
from xinqiao.kernel.problems import Problem
from xinqiao.kernel.subject_kinds import SubjectKind
from xinqiao.kernel.uscc import Uscc
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind
from xinqiao.parties import letters
from xinqiao.parties import queries as parties
from xinqiao.parties.queries import AgreementView, InstitutionView
from xinqiao.parties.rules import Role
from xinqiao.parties.signing_errors import LetterMissing
from xinqiao.subjects import queries as subjects
from xinqiao.subjects.errors import UnknownSubject
from xinqiao.subjects.queries import SubjectView

NOBODY: Final = SubjectId(0)  # stands in for a business we do not know, so that the same queries are made
MANY: Final = Uscc("")  # stands for no business in particular, where many are told of at once
GROUND: Final = "信息主体授权"
OPEN_GROUND: Final = "依法公开的信息"


@dataclass(frozen=True, slots=True)
class Asked:
    """One institution's question. `officer` is the person signed in, `client` the program that calls.

    `open_only`: it is about nothing but what is open to everybody, and needs no grant.
    """

    asker: InstitutionId
    uscc: Uscc
    purpose: str
    now: datetime
    officer: PersonId | None = None
    client: str = ""
    on_behalf: str = ""  # a program says for which of the institution's people it asks
    items: frozenset[str] | None = None
    grant: GrantId | None = None
    range: Range = EVER
    open_only: bool = False
    watch: bool = False  # to be told of changes, which only a monitoring grant allows
    subject: SubjectView | None = None  # where it was looked up for this very question


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a service may tell: to whom, about whom, on what ground, and what of it the reader may see."""

    to: Recipient
    subject: SubjectView
    basis: Basis
    reader: Reader
    ask: Ask
    agreement: AgreementView
    grants: tuple[GrantTerms, ...] = ()  # those it is told under

    def tell(self, kind: Kind, compose: Callable[[ReceiptNumber], Content]) -> Told:
        """Write down what is told, and count the use of the grants it is told under."""
        return tell(
            to=self.to,
            about=self.subject,
            basis=self.basis,
            kind=kind,
            compose=compose,
            now=self.ask.now,
            keep=lambda number, _: uses.count(
                self.basis.grants,
                self.basis.consents,
                ask=self.ask,
                opened=len(self.reader.granted),
                receipt=number,
                now=self.ask.now,
            ),
        )


def decide(
    asked: Asked, institution: InstitutionView, *, refused: Kind, repeating: ReceiptNumber | None = None
) -> Allowed | Problem:
    """The decision, whichever way it goes; the grants are held until the transaction ends.

    `refused` is the kind of event a refusal is logged as. With `repeating` the question was answered before under that
    receipt, and its use is not held against it: asking again for an answer that was lost is no second look.
    """
    to = _reader(asked, institution)
    if isinstance(to, Problem):
        return _refuse(asked, to, refused)
    subject = asked.subject or subject_of(asked.uscc)
    agreement = parties.agreement_held(asked.asker, day_of(asked.now))
    grants = authorisation.grants_held(subject.id, asked.asker, asked.now, repeating=repeating)
    written = catalogue.city().written_consent(subject.kind)
    ask = Ask(
        subject.id,
        asked.asker,
        asked.purpose,
        asked.now,
        asked.items,
        asked.grant,
        asked.range,
        watch=asked.watch,
        written=written,
    )
    match _judged(ask, _terms(agreement), grants, open_only=asked.open_only):
        case Refused(reason, grant):
            return _refuse(asked, _said(reason, grant, asked), refused)
        case Seen() if subject.id == NOBODY:
            return _refuse(asked, NoSuchSubject(), refused)
        case Seen() as opened:
            assert agreement is not None  # noqa: S101 — without one nothing is seen
            seen = opening(persons.held(opened.grants, asked.now, repeating=repeating), ask, opened)
            ground = OPEN_GROUND if asked.open_only else GROUND
            consents = tuple(one.id for one in seen.consents)
            basis = Basis(asked.purpose, ground, agreement.id, seen.grants, seen.keep_days, consents)
            reader = Reader(
                seen.items,
                ranges=seen.ranges,
                withheld=seen.withheld,
                consents=seen.consents,
                known_to=None if asked.open_only else asked.asker,
            )
            used = tuple(grant for grant in grants if grant.id in seen.grants)
            return Allowed(to, subject, basis, reader, ask, agreement, used)


def _judged(ask: Ask, agreement: AgreementTerms | None, held: list[GrantTerms], *, open_only: bool) -> Seen | Refused:
    """What has ended opens nothing, so it is read only to say why nothing is seen."""
    if open_only:
        return may_see_open(ask, agreement)
    decision = may_see(ask, agreement, held)
    if isinstance(decision, Seen):
        return decision
    return may_see(ask, agreement, [*held, *authorisation.grants_ended(ask.subject_id, ask.institution, ask.now)])


def decide_open(asked: Asked, institution: InstitutionView, *, refused: Kind) -> tuple[Recipient, Basis] | Problem:
    """The decision about what is open to everybody of many businesses at once, under the agreement, which is held until
    the transaction ends. `asked` names `MANY`."""
    to = _reader(asked, institution)
    if isinstance(to, Problem):
        return _refuse(asked, to, refused)
    agreement = parties.agreement_held(asked.asker, day_of(asked.now))
    ask = Ask(NOBODY, asked.asker, asked.purpose, asked.now)
    match may_see_open(ask, _terms(agreement)):
        case Refused(reason, _):
            return _refuse(asked, _said(reason, None, asked), refused)
        case Seen():
            assert agreement is not None  # noqa: S101 — without one nothing is seen
            return to, Basis(asked.purpose, OPEN_GROUND, agreement.id)


def subject_of(uscc: Uscc) -> SubjectView:
    """The business, or one that nobody is: whatever is looked up next is looked up for it too, and not found."""
    try:
        return subjects.known_as(uscc)
    except UnknownSubject:
        return SubjectView(NOBODY, uscc, SubjectKind.ENTERPRISE, "", "", "", None, "")


def _reader(asked: Asked, institution: InstitutionView) -> Recipient | Problem:
    """Who is told, as the business will read it; a person has to act for the institution now, and to have signed its
    letter of confidentiality. A program rests on the institution's own letters."""
    to = partial(Recipient, RecipientKind.INSTITUTION, institution=asked.asker, name=institution.name)
    if asked.officer is None:
        named = asked.on_behalf or asked.client
        return to(officer=named, client=asked.client) if named else NotParty()
    person = parties.acting(asked.officer, Role.OFFICER, asked.asker, asked.now)
    if person is None:
        return NotParty()
    if letters.needed(person.id, asked.asker):
        return LetterMissing()
    at = partial(to, branch=person.branch, branch_name=person.branch_name)
    return at(officer=person.name, person=person.id, client=asked.client)


def _said(reason: Reason, grant: int | None, asked: Asked) -> Problem:
    """An institution whose access is suspended is told that; it does not depend on whom it asks about."""
    if reason is Reason.AGREEMENT_NOT_IN_FORCE and parties.suspension_of(asked.asker, day_of(asked.now)) is not None:
        return AccessSuspended()
    return refusal(reason, grant)


def _terms(agreement: AgreementView | None) -> AgreementTerms | None:
    return None if agreement is None else AgreementTerms(agreement.items, agreement.purposes)


def _refuse(asked: Asked, problem: Problem, kind: Kind) -> Problem:
    """Refusals are in the log too; the business is named by a keyed mark, the same whether it exists or not."""
    about = {"reason": problem.type, "to": asked.asker, "purpose": asked.purpose}
    if asked.uscc != MANY:
        about["uscc"] = keys.mark("uscc", asked.uscc.encode()).hex()
    log.append(kind, now=asked.now, about=about)
    return problem
