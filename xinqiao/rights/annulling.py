"""撤下: a source says the act behind its line was annulled; confirmed by the platform, the line goes at once for good.

Gone is gone: the line sent anew, with something changed in it, is the same annulled act and goes as well.
"""

from datetime import date, datetime
from typing import Final

from django.db import connection, transaction

from xinqiao import catalogue, work
from xinqiao.creditfile import queries as creditfile
from xinqiao.creditfile import standing
from xinqiao.creditfile.queries import Fact
from xinqiao.creditfile.rules import Standing
from xinqiao.disclosure import corrections
from xinqiao.disclosure.corrections import Outcome, Wrong
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import EventId, FactId, PersonId, ReceiptNumber, SubjectId
from xinqiao.kernel.sayings import Saying
from xinqiao.kernel.uscc import Uscc
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of
from xinqiao.parties import queries as parties
from xinqiao.parties.rules import Role
from xinqiao.rights import annulled, keeping
from xinqiao.rights.annulled import AnnulmentView
from xinqiao.rights.errors import NotParty, SecondPerson, UnknownAnnulment, UnknownLine, WordsInvalid, WrongState
from xinqiao.rights.models import Annulment
from xinqiao.rights.queries import LARGEST
from xinqiao.rights.rules.annulments import STATE_TITLES, State
from xinqiao.rights.rules.repairs import plain
from xinqiao.subjects import matching

GROUND: Final = "河南省社会信用条例第四十二条"
BECAUSE: Final = "据以认定的行为已被撤销"
_SHORTEST, _LONGEST = 2, 200  # characters of a document's number
_TELLABLE: Final = frozenset({Standing.GOOD, Standing.DISPUTED})


@transaction.atomic
def report(
    *, source: str, item: str, uscc: Uscc, key: str, document: str, annulled_on: date, text: str, by: PersonId,
    now: datetime,
) -> AnnulmentView:  # fmt: skip
    """The source says so of its own line, named by the business's code and the line's own number (文书号、案号).

    The clock runs from here. Reported already, it is returned as it stands. Raises `NotParty`, `UnknownLine`,
    `WordsInvalid`.
    """
    if parties.acting(by, Role.PROVIDER, source, now) is None:
        raise NotParty
    named = document.strip()
    if not _SHORTEST <= len(named) <= _LONGEST or annulled_on > day_of(now):
        raise WordsInvalid(Saying("请写明撤销的文书号，和已经到的撤销日期"))
    line = _line(source, item, uscc, key)
    _alone_with(line.id)
    if (earlier := annulled.open_on(line.id)) is not None:
        return earlier
    row = Annulment(subject_id=line.subject_id, fact=line.id, item=item, source=source, key=key.strip()[:_LONGEST])
    row.document, row.annulled_on, row.text = named, annulled_on, keeping.words(text)
    row.reported_by_id, row.reported_at, row.state = by, now, State.REPORTED
    _written(row, Kind.ANNULMENT_REPORTED, now)
    return annulled.annulment(row.pk)


def confirm(number: int, *, by: PersonId, now: datetime) -> tuple[AnnulmentView, list[ReceiptNumber]]:
    """The line leaves every answer with this commit, and whoever was told it is told; their new receipts.

    Not inside another transaction. Raises `UnknownAnnulment`, `NotParty`, `SecondPerson`, `WrongState`.
    """
    with transaction.atomic():
        row = _ended(number, State.CONFIRMED, by, now)
        _take_out(row, now)
        _written(row, Kind.ANNULMENT_CONFIRMED, now)
        work.defer("rights.tell_annulled", annulment=number)  # should we not come to it ourselves
    return annulled.annulment(number), tell_recipients(number, now=now)


@transaction.atomic
def decline(number: int, *, because: str, by: PersonId, now: datetime) -> AnnulmentView:
    """It is not so, or of another line. Raises as `confirm`, and `WordsInvalid`."""
    row = _ended(number, State.DECLINED, by, now)
    row.because = keeping.words(because)
    _written(row, Kind.ANNULMENT_DECLINED, now)
    return annulled.annulment(number)


@transaction.atomic
def tell_recipients(number: int, *, now: datetime) -> list[ReceiptNumber]:
    """Tell whoever was told any version of the line and has not heard yet; called again it tells nobody twice."""
    row = _locked(number)
    if row.state != State.CONFIRMED:
        raise WrongState(Saying("确认撤下以后才通知"))
    every = tuple(creditfile.versions(FactId(row.fact)))
    said = Wrong(SubjectId(row.subject_id), every, Outcome.WITHDRAWN, "annulment", GROUND)
    return corrections.tell_recipients(said, now=now)


def look_again(event: EventId, now: datetime) -> None:
    """Lines filed just now that are an annulled act sent anew. In the transaction of whoever follows the log."""
    gone = Annulment.objects.filter(state=State.CONFIRMED)
    subjects = [SubjectId(one) for one in gone.values_list("subject_id", flat=True).distinct()]
    touched = {subject for _, subject in creditfile.stored_by(event, of=subjects)} if subjects else set()
    for row in gone.filter(subject_id__in=touched).order_by("id"):
        if _take_out(row, now):
            work.defer("rights.tell_annulled", annulment=row.pk)


def _take_out(row: Annulment, now: datetime) -> bool:
    """The version of the line that is current now; whether there was anything left to take out."""
    newest = creditfile.places(creditfile.versions(FactId(row.fact))[-1:])
    if not newest or newest[0].closed_event is not None or standing.of(newest[0].id) not in _TELLABLE:
        return False
    standing.mark(newest[0].id, Standing.WITHDRAWN, because=BECAUSE, by="platform", now=now)
    return True


def _line(source: str, item: str, uscc: Uscc, key: str) -> Fact:
    """The source's own current line under that number. One of another source is as unknown as none."""
    subject, wanted = matching.place([uscc]).get(uscc), plain(key)
    entry = catalogue.city().items.get(item)
    if subject is None or entry is None or not wanted:
        raise UnknownLine
    for fact in creditfile.facts_of(subject, items=(item,)):
        said = {plain(fact.values.get(name)) for name in entry.delivery.key}
        if fact.provider == source and wanted in said:
            return fact
    raise UnknownLine


def _alone_with(fact: FactId) -> None:
    """A button pressed twice is one report."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"rights:annulment:{fact}"])


def _ended(number: int, state: State, by: PersonId, now: datetime) -> Annulment:
    row = _locked(number)
    if parties.acting(by, Role.OPERATOR, "", now) is None:
        raise NotParty
    if row.reported_by_id == by:
        raise SecondPerson(Saying("报告撤销的人不能自己确认"))
    if row.state != State.REPORTED:
        raise WrongState(Saying("它现在是“{state}”", state=STATE_TITLES[State(row.state)]))
    row.state, row.ended_by_id, row.ended_at = state, by, now
    return row


def _locked(number: int) -> Annulment:
    rows = Annulment.objects.select_for_update(of=("self",))
    row = rows.filter(pk=number).first() if 0 < number <= LARGEST else None
    if row is None:
        raise UnknownAnnulment
    return row


def _written(row: Annulment, kind: Kind, now: datetime) -> None:
    row.save()
    about = {"annulment": row.pk, "subject": row.subject_id, "fact": row.fact}
    log.append(kind, now=now, about=about, rows=[state_of(row)])
