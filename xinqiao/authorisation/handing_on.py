"""承办: what of authorisation is with one officer, in words, and how its business is told when it changes hands."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from xinqiao.authorisation import person_queries, queries, steps
from xinqiao.authorisation.models import Case, Grant, Paper
from xinqiao.authorisation.rules import FINAL
from xinqiao.kernel.ids import ConsentId, GrantId, PersonId, SubjectId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger.events import Kind
from xinqiao.parties import charges
from xinqiao.parties.charges import Trade, Work
from xinqiao.parties.purposes import purpose
from xinqiao.parties.rules import Role
from xinqiao.subjects import queries as subjects


def take(work: Work, number: int, institution: str, officer: PersonId, now: datetime) -> None:
    """What an officer begins is with her."""
    charges.take(work, number, of=institution, role=Role.OFFICER, by=officer, now=now)


def register() -> None:
    charges.register(Work.ASK, Trade(Saying("请企业授权"), _asks, _asked_anew))
    charges.register(Work.PAPER, Trade(Saying("等核对的纸质授权"), _papers))
    charges.register(Work.CONSENT, Trade(Saying("请本人同意"), _consents))
    charges.register(Work.CASE, Trade(Saying("融资业务"), _cases))


Words = Mapping[int, Saying]


def _asks(numbers: Collection[int], now: datetime) -> Words:
    """Until it is answered, and as long as it holds: the business asks whom it was told of."""
    grants = queries.these([GrantId(number) for number in numbers])
    return _named({one.id: (one.subject_id, one.purpose) for one in grants if one.state(now) not in FINAL})


def _papers(numbers: Collection[int], _now: datetime) -> Words:
    rows = Paper.objects.filter(pk__in=numbers, checked_at__isnull=True)
    return _named({row.pk: (SubjectId(row.subject_id), row.purpose) for row in rows})


def _consents(numbers: Collection[int], now: datetime) -> Words:
    held = person_queries.these([ConsentId(number) for number in numbers])
    return _named({one.id: (one.subject_id, one.purpose) for one in held if one.state(now) not in FINAL})


def _cases(numbers: Collection[int], _now: datetime) -> Words:
    rows = Case.objects.filter(pk__in=numbers, closed_at__isnull=True)
    names = _businesses(SubjectId(row.subject_id) for row in rows)
    return {row.pk: Saying("{business}，{what}", business=names[row.subject_id], what=row.reference) for row in rows}


def _named(found: Mapping[int, tuple[SubjectId, str]]) -> Words:
    names = _businesses(subject for subject, _purpose in found.values())
    return {
        number: Saying("{business}，{what}", business=names[subject], what=Saying(purpose(why).title))
        for number, (subject, why) in found.items()
    }


def _businesses(which: Iterable[SubjectId]) -> dict[int, str]:
    return {view.id: view.name for view in subjects.views(set(which))}


def _asked_anew(number: int, to: str, now: datetime) -> None:
    """The business reads at its grant who has it now, as it read who asked."""
    steps.take(Kind.GRANT_HANDED_ON, Grant.objects.get(pk=number), by=to, now=now)
