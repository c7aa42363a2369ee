"""结果反馈: under an agreement that says so an institution tells what became of businesses it had looked at.

Each entry names the receipt of a look under a grant, so that nobody can label strangers. Nothing of what is said stands
in the log, which vouches for the rows; no other institution is ever told any of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import connection, transaction

from xinqiao import keys
from xinqiao.disclosure import fed_back
from xinqiao.disclosure.canonical import canonical
from xinqiao.disclosure.errors import (
    AgreementNotInForce,
    FeedbackEnded,
    FeedbackFaulty,
    FeedbackNotAgreed,
    KeyReused,
    NoSuchFeedback,
    NotParty,
    ReasonMissing,
    ScopeInvalid,
)
from xinqiao.disclosure.fed_back import LOOKS, FeedbackView
from xinqiao.disclosure.feedback import Said
from xinqiao.disclosure.models import Feedback, FeedbackBatch, Receipt
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import InstitutionId, PersonId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of
from xinqiao.parties import queries as parties
from xinqiao.parties.rules import Role

MOST_AT_ONCE: Final = 500
LONGEST_REASON: Final = 200


@dataclass(frozen=True, slots=True)
class Teller:
    """Who tells it: an officer signed in, else a program (`client`) under its key for this batch."""

    institution: InstitutionId
    person: PersonId | None = None
    client: str = ""
    key: str = ""

    def name(self, now: datetime) -> str:
        """Raises `NotParty`."""
        if self.person is None:
            return self.client
        officer = parties.acting(self.person, Role.OFFICER, self.institution, now)
        if officer is None:
            raise NotParty
        return officer.name

    @property
    def mark(self) -> bytes | None:
        words = f"{self.institution}\n{self.client}\n{self.key}"
        return keys.mark("feedback-key", words.encode()) if self.key else None


@transaction.atomic
def take_in(entries: Sequence[Said], *, by: Teller, now: datetime) -> list[FeedbackView]:
    """All of them or none. What is said again the same stands as it was; said otherwise of the same look, model and day
    it takes the place of what stood. Sent again under its key, it is the batch it was, whatever came after.

    Raises `ScopeInvalid`, `NotParty`, `AgreementNotInForce`, `FeedbackNotAgreed`, `FeedbackFaulty`, `KeyReused`.
    """
    if not 0 < len(entries) <= MOST_AT_ONCE:
        raise ScopeInvalid(Saying("一次反馈 1 至 {most} 条", most=MOST_AT_ONCE))
    teller, agreement = by.name(now), _agreed(by.institution, now)
    _one_at_a_time(by.institution)
    sent = keys.mark("feedback-sent", canonical([_sent(one) for one in entries]).encode())
    if by.mark is not None and (before := FeedbackBatch.objects.filter(key=by.mark).first()) is not None:
        return _again(before, sent)
    looks = _looked(entries, by.institution, day_of(now))
    batch = FeedbackBatch.objects.create(
        institution_id=by.institution,
        agreement=agreement,
        person_id=by.person,
        teller=teller,
        key=by.mark,
        sent=sent,
        told_at=now,
    )
    rows = [row for said, look in zip(entries, looks, strict=True) for row in _write(said, look, batch)]
    about: dict[str, str | int] = {"batch": batch.pk, "institution": by.institution, "rows": len(rows)}
    log.append(Kind.FEEDBACK_TAKEN, now=now, about=about, rows=[state_of(one) for one in (batch, *rows)])
    return fed_back.of_batch(batch.pk)


def _agreed(institution: InstitutionId, now: datetime) -> int:
    """The agreement it is told under, held until the transaction ends."""
    agreement = parties.agreement_held(institution, day_of(now))
    if agreement is None:
        raise AgreementNotInForce
    if not agreement.feedback:
        raise FeedbackNotAgreed
    return agreement.id


def _one_at_a_time(institution: InstitutionId) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"disclosure:feedback:{institution}"])


def _sent(said: Said) -> list[object]:
    return [said.uscc, said.receipt, said.content.key[0].value, said.content.as_json()]


def _again(before: FeedbackBatch, sent: bytes) -> list[FeedbackView]:
    if bytes(before.sent) != sent:
        raise KeyReused
    return fed_back.of_batch(before.pk)


def _looked(entries: Sequence[Said], institution: InstitutionId, today: date) -> list[Receipt]:
    """The look each rests on. Raises `FeedbackFaulty` with whatever is wrong with any of them."""
    found = Receipt.objects.filter(pk__in={one.receipt for one in entries}, institution_id=institution, kind__in=LOOKS)
    looks = {row.pk: row for row in found.exclude(grants=[]).select_related("subject").defer("body", "facts")}
    faults: list[tuple[int, Saying]] = []
    seen: set[object] = set()
    for place, said in enumerate(entries):
        look, same = looks.get(said.receipt), (said.receipt, *said.content.key, said.content.on)
        if look is None or look.subject.uscc != said.uscc:
            faults.append((place, Saying("没有这样的回执：应是贵机构按授权看这家企业的一次，编号和代码都对得上")))
            continue
        faults += [(place, fault) for fault in said.content.faults(day_of(look.told_at))]
        if said.content.on > today:
            faults.append((place, Saying("日子还没有到")))
        if same in seen:
            faults.append((place, Saying("同一次查询、同一天，这一批里说了两次")))
        seen.add(same)
    if faults:
        raise FeedbackFaulty(faults)
    return [looks[one.receipt] for one in entries]


def _write(said: Said, look: Receipt, batch: FeedbackBatch) -> list[Feedback]:
    """The rows it makes or changes: itself and the one it takes the place of; none where it says nothing new."""
    (what, model), told = said.content.key, said.content.as_json()
    key = {"receipt": look, "what": what.value, "model": model, "on": said.content.on}
    standing = Feedback.objects.filter(**key, ended_at__isnull=True).first()
    if standing is not None and standing.said == told:
        return []
    changed = []
    if standing is not None:
        standing.ended_at = batch.told_at
        standing.save(update_fields=["ended_at"])
        changed.append(standing)
    row = Feedback.objects.create(
        **key,
        batch=batch,
        institution_id=batch.institution_id,
        subject_id=look.subject_id,
        said=told,
        replaces=standing,
    )
    return [row, *changed]


@transaction.atomic
def withdraw(number: int, *, because: str, by: Teller, now: datetime) -> FeedbackView:
    """It was wrong: it counts no more from this commit on. Also after the agreement has ended.

    Raises `NotParty`, `NoSuchFeedback`, `FeedbackEnded`, `ReasonMissing`.
    """
    by.name(now)
    _one_at_a_time(by.institution)
    row = Feedback.objects.filter(pk=number, institution_id=by.institution).first()
    if row is None:
        raise NoSuchFeedback
    if row.ended_at is not None:
        raise FeedbackEnded
    if not 0 < len(because.strip()) <= LONGEST_REASON:
        raise ReasonMissing
    row.ended_at, row.withdrawn_because = now, because.strip()
    row.save(update_fields=["ended_at", "withdrawn_because"])
    about: dict[str, str | int] = {"feedback": number, "institution": by.institution}
    log.append(Kind.FEEDBACK_WITHDRAWN, now=now, about=about, rows=[state_of(row)])
    return fed_back.one(number, of=by.institution)
