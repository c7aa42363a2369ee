"""纸质授权: an officer hands in the scan of a signed grant with what it says; another enters the same from the scan.

Who would rather not go to the bank brings it to the operators' window (政务服务大厅窗口): there one operator hands it
in, another checks it, and no officer of the institution has a hand in it.

Then there is a grant like any other, which the business sees at once with the scan's digest and can take back. Some are
drawn to be asked about by phone (`calling`); the scan is kept sealed in the file room, and erased three years after the
grant's end.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Final

from xinqiao import store
from xinqiao.authorisation import drawing, handing_on, paper_queries, refusing, safeguards, steps, terms, two_people
from xinqiao.authorisation.clocks import NOTHING_SPECIAL, Clocks
from xinqiao.authorisation.errors import (
    FourEyes,
    NotAsOnPaper,
    NotParty,
    PaperClosed,
    PaperUnknown,
    RangeInvalid,
    ScanInvalid,
    ScopeInvalid,
)
from xinqiao.authorisation.models import Grant, Paper
from xinqiao.authorisation.paper_queries import OnPaper, PaperView
from xinqiao.kernel.city_time import day_of, end_of
from xinqiao.kernel.file_kinds import LARGEST, Kind, kind_of
from xinqiao.kernel.ids import InstitutionId, PersonId, SubjectId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger import log, recording
from xinqiao.ledger.events import Kind as Event
from xinqiao.ledger.model_rows import state_of
from xinqiao.parties import queries as parties
from xinqiao.parties.charges import Work
from xinqiao.parties.queries import AgreementView
from xinqiao.parties.rules import Role

Desk = InstitutionId | None
WINDOW: Final = None  # the operators' own desk
METHOD: Final = "凭纸质授权书；机构提出查询，平台核对授权后当次提供信用报告"
TAKEN: Final = frozenset({Kind.PDF, Kind.JPEG, Kind.PNG})
NAME_MAX: Final = 100
WORDS_MAX: Final = 500


def hand_in(
    says: OnPaper, scan: bytes, *, institution: InstitutionId, by: PersonId, now: datetime, window: bool = False
) -> PaperView:
    """Hand in a scan and what it says; it opens nothing until another officer has checked it. At the window both are
    operators.

    Raises `NotParty`, `ScanInvalid`, `ScopeInvalid`, `RangeInvalid`, `FourEyes` for a business whose grants take two
    people, and what `terms.judged` raises; each refusal is in the log.
    """
    kind = _judged_scan(scan)

    def act() -> PaperView:
        _desk(None if window else institution, by, now)
        _judged(says, institution, now)
        row = Paper(institution_id=institution, subject_id=says.subject_id, items=sorted(set(says.items)))
        row.window = window
        row.purpose, row.fetch, row.until = says.purpose, says.fetch.value, says.until
        row.signed_by, row.signed_on = says.signed_by.strip(), says.signed_on
        row.scan, row.kind, row.size = kept.digest, kind, kept.size
        row.handed_in_by_id, row.handed_in_at = by, now
        written(row, Event.PAPER_HANDED_IN, by, now)
        if not window:
            handing_on.take(Work.PAPER, row.pk, institution, by, now)
        return paper_queries.known(row.pk)

    with store.naming():
        kept = store.put_bytes(scan)
        return _on_the_record(act, says.subject_id, by, now)


def accept(
    number: int, *, subject_id: SubjectId, signed_on: date, until: date, of: Desk, by: PersonId, now: datetime
) -> PaperView:
    """The second officer has read the scan and enters whose it is and its two days anew; the grant holds from now on.
    `of` is the institution, or `WINDOW`.

    Raises `PaperUnknown`, `NotParty`, `PaperClosed`, `FourEyes`, `NotAsOnPaper`, and what `hand_in` raises.
    """

    def act() -> PaperView:
        row = _to_check(number, of, by, now)
        if (subject_id, signed_on, until) != (row.subject_id, row.signed_on, row.until):
            raise NotAsOnPaper(Saying("请再看一遍扫描件；确实录错了的，请退回重新交"))
        grant = _granted(row, now)
        row.grant, row.checked_by_id, row.checked_at = grant, by, now
        row.save()
        entry = _accepted(row, by, now)
        steps.take(Event.GRANT_GIVEN, grant, by=row.signed_by, now=now)
        row.to_call = drawing.drawn(entry, safeguards.safeguards().paper.call_back_percent)
        written(row, Event.PAPER_DRAWN, by, now)
        return paper_queries.known(number)

    return _on_the_record(act, paper_queries.subject_of(number), by, now)


def turn_down(number: int, *, because: str, of: Desk, by: PersonId, now: datetime) -> PaperView:
    """The second officer finds that the paper does not hold. Raises as `accept`."""

    def act() -> PaperView:
        row = _to_check(number, of, by, now)
        row.checked_by_id, row.checked_at, row.because = by, now, said(because)
        written(row, Event.PAPER_TURNED_DOWN, by, now)
        return paper_queries.known(number)

    return _on_the_record(act, paper_queries.subject_of(number), by, now)


def said(words: str) -> str:
    """Words somebody has to write down. Raises `ScopeInvalid`."""
    if not 0 < len(words.strip()) <= WORDS_MAX:
        raise ScopeInvalid(Saying("请写明情况，最多 {n} 个字", n=WORDS_MAX))
    return words.strip()


def written(row: Paper, event: Event, by: PersonId | None, now: datetime) -> None:
    row.save()
    log.append(event, now=now, about=_about(row, by), rows=[state_of(row)])


def _about(row: Paper, by: PersonId | None) -> dict[str, int | str | None]:
    return {
        "paper": row.pk,
        "subject": row.subject_id,
        "institution": row.institution_id,
        "grant": row.grant_id,
        "person": by,
    }


def _accepted(row: Paper, by: PersonId, now: datetime) -> str:
    """The entry of the act, from which the draw is reckoned: its digests are keyed, so nobody outside foretells it."""
    event = log.reserve_event_id()
    return log.append_reserved(event, Event.PAPER_ACCEPTED, now=now, about=_about(row, by), rows=[state_of(row)])


def _judged_scan(scan: bytes) -> Kind:
    if not 0 < len(scan) <= LARGEST:
        raise ScanInvalid(Saying("扫描件最大 {most} MB，不能是空文件", most=LARGEST // 1024**2))
    if (kind := kind_of(scan)) not in TAKEN or kind is None:
        raise ScanInvalid(Saying("扫描件只收 PDF、JPEG 和 PNG；请看文件是不是完整"))
    return kind


def _desk(of: Desk, by: PersonId, now: datetime) -> None:
    role, where = (Role.OPERATOR, "") if of is WINDOW else (Role.OFFICER, of)
    if parties.acting(by, role, where or "", now) is None:
        raise NotParty


def _to_check(number: int, of: Desk, by: PersonId, now: datetime) -> Paper:
    """The paper, locked, if it is this desk's and waits for another officer than the one who handed it in."""
    ours = {"window": True} if of is WINDOW else {"window": False, "institution_id": of}
    row = Paper.objects.select_for_update(of=("self",)).filter(pk=number, **ours).first()
    if row is None:
        raise PaperUnknown
    _desk(of, by, now)
    if row.checked_at is not None:
        raise PaperClosed
    if row.handed_in_by_id == by:
        raise FourEyes(Saying("交来的人不能自己核对，请另一位同事核对"))
    return row


def _judged(says: OnPaper, institution: InstitutionId, now: datetime) -> tuple[AgreementView, Clocks]:
    today, within = day_of(now), safeguards.safeguards().paper.signed_within_days
    if not 0 < len(says.signed_by.strip()) <= NAME_MAX:
        raise ScopeInvalid(Saying("请写签字人的姓名"))
    if not today - timedelta(days=within) <= says.signed_on <= today:
        raise RangeInvalid(Saying("签字的日子要在最近 {days} 天以内", days=within))
    if two_people.needed(says.subject_id):
        raise FourEyes(Saying("这家企业的授权要两个人办，不能用纸质授权；请它在平台上办"))
    agreement = parties.agreement_held(institution, today)
    settled = terms.judged(
        agreement,
        items=tuple(sorted(set(says.items))),
        purpose=says.purpose,
        until=says.until,
        fetch=says.fetch,
        wish=NOTHING_SPECIAL,
        today=today,
    )
    assert agreement is not None  # noqa: S101 — refused just above
    return agreement, settled


def _granted(row: Paper, now: datetime) -> Grant:
    """The grant as the paper says, held to the same ceilings as any. Amounts of a natural person stay closed: they take
    a separate consent of hers (条例 §46), which no paper of the firm gives."""
    says = paper_queries.known(row.pk).says
    agreement, settled = _judged(says, InstitutionId(row.institution_id), now)
    to = parties.institution(row.institution_id)
    grant = Grant(subject_id=row.subject_id, institution_id=row.institution_id, method=METHOD, contact=to.contact)
    terms.put(grant, settled, items=row.items, purpose=row.purpose, until=row.until, case=None)
    grant.agreement_id, grant.signed_by, grant.scan = agreement.id, row.signed_by, row.scan
    grant.given_at, grant.starts_at, grant.ends_at = now, now, end_of(row.until)
    grant.save()
    return grant


def _on_the_record(
    act: Callable[[], PaperView], subject_id: SubjectId | None, by: PersonId, now: datetime
) -> PaperView:
    return recording.on_the_record(act, Event.PAPER_REFUSED, by=by, now=now, subject=refusing.keyed(subject_id))
