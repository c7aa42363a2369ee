"""材料: a business puts a file to its case; who may read it, and until when it is kept.

It is judged by what it is, never by its name, which is not even kept. It lies in the file room, encrypted, by its
digest, and the digest stands in the log: a file exchanged afterwards is found out. Reading it is on the record.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from xinqiao import catalogue, store
from xinqiao.authorisation import queries as authorisation
from xinqiao.authorisation.capacities import May
from xinqiao.catalogue.meaning import months_after
from xinqiao.kernel.ids import PersonId, SubjectId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind as Event
from xinqiao.ledger.model_rows import state_of
from xinqiao.parties.rules import Scope
from xinqiao.rights import cases
from xinqiao.rights.cases import About
from xinqiao.rights.errors import NotFound, PaperInvalid, SignerNotAuthorised, TooManyPapers, WrongState
from xinqiao.rights.models import Proof
from xinqiao.rights.papers import ProofView, shown
from xinqiao.rights.rules.papers import LARGEST, MEDIA, MOST, Kind, kind_of

TERM: Final = "case_papers_kept"
_MONTHS: Final = 12
_BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Paper:
    """A file as it is read: its kind is what we found it to be."""

    name: str
    media: str
    content: bytes


def add(about: About, number: int, content: bytes, *, by: PersonId, now: datetime, paper: str = "") -> ProofView:
    """Put a file to an open case of one's own. The same file for the same paper again is the same proof.

    Raises `NotFound`, `SignerNotAuthorised`, `WrongState` for a case that has ended, `PaperInvalid`, `TooManyPapers`.
    """
    kind = _judged(content)
    with store.naming():
        kept = store.put_bytes(content)
        with transaction.atomic():
            subject = _open_case(about, number, by, now)
            if (same := _same(about, number, paper, kept.digest)) is not None:
                return same
            _refuse_more(about, number)
            row = Proof(subject_id=subject, about=about, number=number, paper=paper, kind=kind, digest=kept.digest)
            row.size, row.added_by_id, row.added_at = kept.size, by, now
            _written(row, Event.PROOF_ADDED, now)
            return shown(row)


def read(number: int, *, of: SubjectId | Scope, by: PersonId, now: datetime) -> Paper:
    """What the file holds: for its business, for the source that was asked, for an operator. Raises `NotFound`.

    Whoever reads another's paper is on the record.
    """
    row = Proof.objects.filter(pk=number, erased_at__isnull=True).first() if 0 < number <= cases.LARGEST else None
    if row is None or not cases.may_see(About(row.about), row.number, of):
        raise NotFound
    if isinstance(of, Scope):
        with transaction.atomic():
            about = {"proof": row.pk, "subject": row.subject_id, row.about: row.number, "person": by}
            log.append(Event.PROOF_READ, now=now, about=about)
    return Paper(f"proof-{row.pk}.{row.kind}", MEDIA[Kind(row.kind)], store.read_bytes(row.digest))


def expire(now: datetime) -> int:
    """Erase what is kept of cases that ended long enough ago; returns how many files. Outside transactions; nightly.

    The row stays and says that there was one; the file goes with the next clearing of the file room.
    """
    term = catalogue.city().clocks[TERM].within * _MONTHS
    kept = Proof.objects.filter(erased_at__isnull=True).order_by("id")
    over = [row.pk for row in kept.iterator(_BATCH) if _over(row, term, now)]
    return sum(_erase(pk, now) for pk in over)


def named() -> set[str]:
    """The files still kept, for the file room."""
    return set(Proof.objects.filter(erased_at__isnull=True).values_list("digest", flat=True))


def _judged(content: bytes) -> Kind:
    if not 0 < len(content) <= LARGEST:
        raise PaperInvalid(Saying("一份材料最大 {most} MB，不能是空文件", most=LARGEST // 1024**2))
    kind = kind_of(content)
    if kind is None:
        raise PaperInvalid(Saying("只收 PDF、JPEG、PNG 和不带宏的 XLSX 文件；请看文件是不是完整"))
    return kind


def _open_case(about: About, number: int, by: PersonId, now: datetime) -> SubjectId:
    """Whose case it is, locked. Another's is as absent as none."""
    case = cases.locked(about, number)
    if not authorisation.acts_for(by, case.subject_id, now, May.SPEAK):
        raise SignerNotAuthorised
    if not case.takes_papers:
        raise WrongState(Saying("它已经不收材料"))
    return case.subject_id


def _refuse_more(about: About, number: int) -> None:
    if Proof.objects.filter(about=about, number=number).count() >= MOST:
        raise TooManyPapers(Saying("一件最多 {most} 份材料，多的请合成一个 PDF", most=MOST))


def _same(about: About, number: int, paper: str, digest: str) -> ProofView | None:
    row = Proof.objects.filter(about=about, number=number, paper=paper, digest=digest).first()
    return None if row is None else shown(row)


def _over(row: Proof, months: int, now: datetime) -> bool:
    ended = cases.ended_on(About(row.about), row.number)
    return ended is not None and months_after(ended, months) < cases.day(now)


@transaction.atomic
def _erase(number: int, now: datetime) -> bool:
    row = Proof.objects.select_for_update().get(pk=number)
    row.erased_at = now
    _written(row, Event.PROOF_ERASED, now)
    return True


def _written(row: Proof, event: Event, now: datetime) -> None:
    row.save()
    about = {"proof": row.pk, "subject": row.subject_id, row.about: row.number}
    log.append(event, now=now, about=about, rows=[state_of(row)])
