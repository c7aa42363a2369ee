"""政务共享: a department is told what the law lets it be told for a duty of its own, and never more under a grant.

What is open or shared (条例 §18), of the items its basis names, and the public credit grade, where it names that. The
business reads who looked, by which law and in which matter, as it reads of any look. Several businesses may be asked
about at once: it is decided once, and each is told with a receipt of its own. Asked again under a program's key, each
has the answer it had, and is no second look.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.db import transaction

from xinqiao import catalogue, keys
from xinqiao.authorisation import queries as authorisation
from xinqiao.catalogue import City
from xinqiao.disclosure import composing, deferring, reading, repeats
from xinqiao.disclosure.answering import Answer, handed_out
from xinqiao.disclosure.door import NOBODY, subject_of
from xinqiao.disclosure.errors import AccessSuspended, MatterMissing, NoSuchSubject, ScopeInvalid
from xinqiao.disclosure.querying import item_told, named
from xinqiao.disclosure.reading import AsRead
from xinqiao.disclosure.repeats import Asking, Earlier
from xinqiao.disclosure.rules import Reader
from xinqiao.disclosure.shared_grade import UNASKED, shared_grade
from xinqiao.disclosure.telling import Basis, Content, Recipient, RecipientKind, Told, tell
from xinqiao.disclosure.writing import Frame, header, subject_json
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import InstitutionId, PersonId, ReceiptNumber
from xinqiao.kernel.problems import Problem
from xinqiao.kernel.sayings import Saying
from xinqiao.kernel.uscc import Uscc
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind
from xinqiao.parties import queries as parties
from xinqiao.parties import sharing_queries
from xinqiao.parties.errors import BasisNotInForce, BeyondBasis, NotNamedThere, UnknownBasis
from xinqiao.parties.rules import BasisState, Role
from xinqiao.parties.sharing_queries import BasisView
from xinqiao.subjects.queries import SubjectView

FORMAT: Final = "xinqiao-sharing/1"
MOST_AT_ONCE: Final = 20  # businesses: a case worker's day, and no register of the city
LONGEST_MATTER: Final = 60
IN_ORDER: Final = frozenset({"items"})


@dataclass(frozen=True, slots=True)
class ByDuty:
    """One department's question. `matter` is the number or name of what it is working on; `items` None: all its basis
    names; `grade` None: where all is asked for and the basis names it; `deferred`: to be shown to the business later,
    where the basis says by which law."""

    department: InstitutionId
    basis: int
    matter: str
    now: datetime
    officer: PersonId | None = None
    client: str = ""
    on_behalf: str = ""
    items: frozenset[str] | None = None
    deferred: bool = False
    grade: bool | None = None


@dataclass(frozen=True, slots=True)
class Shared:
    """What came of one code: an answer, or why there is none."""

    uscc: Uscc
    answer: Answer | None = None
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class _Allowed:
    to: Recipient
    basis: BasisView
    items: frozenset[str]
    grade: bool

    @property
    def why(self) -> Basis:
        return Basis(self.basis.duty, self.basis.law, sharing=self.basis.id)


def share(asked: ByDuty, usccs: Sequence[str], *, key: str = "") -> list[Shared]:
    """Tell a department about these businesses, in the order given; all that can be told or, refused, nothing.

    Asked again by the same client under the same `key`, each answer that would still be told so is the same.

    Raises `MatterMissing`, `ScopeInvalid`, `NotAUscc`, `KeyReused`; `UnknownBasis`, `NotNamedThere`, `BasisNotInForce`,
    `AccessSuspended`, `BeyondBasis`, which are in the log too; `NoSuchSubject` where one code alone was asked, which
    nobody has. Not inside another transaction.
    """
    codes = _codes(usccs)
    if not 0 < len(asked.matter.strip()) <= LONGEST_MATTER:
        raise MatterMissing
    with transaction.atomic(durable=True):
        outcome = _decided(asked, codes, _sent(asked, codes, key))
    if isinstance(outcome, Problem):
        raise outcome
    found = [_handed_out(code, told) for code, told in outcome]
    if len(found) == 1 and found[0].problem is not None:
        raise found[0].problem
    return found


def _codes(usccs: Sequence[str]) -> list[Uscc]:
    codes = list(dict.fromkeys(Uscc.parse(one) for one in usccs))
    if not 0 < len(codes) <= MOST_AT_ONCE:
        raise ScopeInvalid(Saying("一次查 1 至 {most} 个统一社会信用代码", most=MOST_AT_ONCE))
    return codes


def _sent(asked: ByDuty, codes: Sequence[Uscc], key: str) -> Asking | None:
    """The question under its key. Raises `KeyReused`."""
    if not key:
        return None
    items = None if asked.items is None else sorted(asked.items)
    words = [asked.department, asked.basis, asked.matter, asked.on_behalf, items, asked.deferred, list(codes)]
    words += [] if asked.grade is None else [asked.grade]  # a question that does not speak of it stays what it was
    sent = repeats.asking(asked.client, key, str(Kind.SHARED_TOLD), *words)
    repeats.hold(sent, asked.now)
    return sent


def _handed_out(code: Uscc, told: Told | Problem) -> Shared:
    return Shared(code, problem=told) if isinstance(told, Problem) else Shared(code, handed_out(told))


# ── the decision ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _decided(asked: ByDuty, codes: Sequence[Uscc], sent: Asking | None) -> Problem | list[tuple[Uscc, Told | Problem]]:
    allowed = _allowed(asked)
    if isinstance(allowed, Problem):
        return _refused(asked, codes, allowed)
    return [(code, _one(asked, allowed, code, sent)) for code in codes]


def _allowed(asked: ByDuty) -> _Allowed | Problem:
    """Under its own basis, in force, by somebody it names, within what it names."""
    basis = sharing_queries.basis_held(asked.basis, asked.department)
    if basis is None:
        return UnknownBasis()
    officer = _officer(asked, basis)
    if officer is None:
        return NotNamedThere()
    if parties.suspension_of(asked.department, day_of(asked.now)) is not None:
        return AccessSuspended()
    if basis.state(day_of(asked.now)) is not BasisState.IN_FORCE:
        return BasisNotInForce()
    items, grade = _wanted(asked, basis)
    beyond = items - basis.items or (grade and not basis.grade) or (asked.deferred and not basis.deferral_law)
    if beyond or not (items or grade):
        return BeyondBasis()
    to = Recipient(
        RecipientKind.DEPARTMENT, officer, asked.department, basis.department_name, asked.officer, asked.client
    )
    return _Allowed(to, basis, items, grade)


def _wanted(asked: ByDuty, basis: BasisView) -> tuple[frozenset[str], bool]:
    """The items, and whether the grade: whoever names items and says nothing of the grade does not ask for it."""
    if asked.items is None:
        return basis.items, basis.grade if asked.grade is None else asked.grade
    return asked.items, bool(asked.grade)


def _officer(asked: ByDuty, basis: BasisView) -> str | None:
    """By what name the business will read who looked; None when whoever asks is not named there, or has left."""
    if asked.officer is None:
        return (asked.on_behalf or asked.client) if asked.client in basis.clients else None
    if asked.officer not in basis.persons:
        return None
    person = parties.acting(asked.officer, Role.PROVIDER, asked.department, asked.now)
    return None if person is None else person.name


def _refused(asked: ByDuty, codes: Sequence[Uscc], problem: Problem) -> Problem:
    """In the log too, each business by a keyed mark, the same whether it exists or not."""
    marks = [keys.mark("uscc", code.encode()).hex() for code in codes]
    log.append(
        Kind.SHARED_REFUSED,
        now=asked.now,
        about={"reason": problem.type, "to": asked.department, "basis": asked.basis, "usccs": marks},
    )
    return problem


# ── the telling ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _one(asked: ByDuty, allowed: _Allowed, code: Uscc, sent: Asking | None) -> Told | Problem:
    subject = subject_of(code)
    if subject.id == NOBODY:
        return _refused(asked, [code], NoSuchSubject())
    authorisation.telling_under_way(subject.id)
    if sent is None:
        return _anew(asked, allowed, subject)
    part = sent.about(code)
    told = _again(asked, allowed, subject, repeats.earlier(part, asked.now))
    if told is None:
        told = _anew(asked, allowed, subject)
        for one in (part, sent):  # the whole too, so that its key stands for this question as long as any part does
            repeats.remember(one, told, asked.now)
    return told


def _again(asked: ByDuty, allowed: _Allowed, subject: SubjectView, before: Earlier | None) -> Told | None:
    """What was told before, where it comes out the same as of then; no look, and nothing deferred anew."""
    if before is None:
        return None
    then = replace(asked, now=before.receipt.told_at)
    return repeats.again(before, _compose(then, allowed, subject, catalogue.city(), before.as_read))


def _anew(asked: ByDuty, allowed: _Allowed, subject: SubjectView) -> Told:
    told = tell(
        to=allowed.to,
        about=subject,
        basis=allowed.why,
        kind=Kind.SHARED_TOLD,
        compose=_compose(asked, allowed, subject, catalogue.city()),
        now=asked.now,
    )
    if asked.deferred:
        law, days = allowed.basis.deferral_law, allowed.basis.deferral_days or 0
        deferring.defer(told.number, law=law, days=days, now=asked.now)
    return told


def _compose(
    asked: ByDuty, allowed: _Allowed, subject: SubjectView, city: City, again: AsRead | None = None
) -> Callable[[ReceiptNumber], Content]:
    """As a query tells its items. What of a natural person takes a written consent of its own (条例 §46) stays shut."""
    day, position = day_of(asked.now), reading.place(again)
    wanting = allowed.items & city.written_consent(subject.kind)
    told = composing.asked(city, subject.kind, Reader(duty=allowed.items), only=allowed.items - wanting)
    told.changed = reading.changes(subject)
    composing.answer(told, reading.facts(subject, told, position), city=city, on=day)
    frame = Frame(allowed.to, allowed.why, allowed.basis.duty, day, asked.now)
    matter = asked.matter.strip()
    body = {
        "matter": matter,
        "subject": subject_json(subject, city),
        "items": [item_told(lines) for lines in told.items.values()],
        "not_about": [named(name, city) for name in sorted(allowed.items - told.items.keys() - wanting)],
        "wants_consent": [named(name, city) for name in sorted(wanting)],
        "sources": reading.sources(told, day, city, again),
    }
    given_by = None if again is None else again.grade
    graded = shared_grade(subject, told, city=city, on=day, given_by=given_by) if allowed.grade else UNASKED
    return lambda number: Content(
        header(FORMAT, number, position, frame, city) | body | graded.members,
        told.facts,
        tuple(told.items),
        IN_ORDER,
        rests_on=graded.behind,
        signed={"matter": matter} | ({"grade": True} if allowed.grade else {}),
    )
