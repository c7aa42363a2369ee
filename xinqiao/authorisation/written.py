"""单独的书面同意 (条例 §46): of a natural person, income, real estate, amounts of tax and the like need a consent of
their own, given by that person alone and after being told what follows from it. It is never bundled with the grant."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from xinqiao import catalogue
from xinqiao.authorisation import person_notices, texts
from xinqiao.authorisation.errors import NoticeChanged, ScopeInvalid, SignerNotAuthorised
from xinqiao.authorisation.mandates import Capacity
from xinqiao.authorisation.models import Mandate, ShownText
from xinqiao.authorisation.notices import Terms
from xinqiao.authorisation.person_notices import Shown
from xinqiao.kernel.sayings import Saying
from xinqiao.kernel.subject_kinds import SubjectKind
from xinqiao.subjects.queries import SubjectView


@dataclass(frozen=True, slots=True)
class Apart:
    """The items that were consented to separately, and the text that was read before."""

    items: tuple[str, ...]
    text: ShownText | None


def needed(subject: SubjectView, items: Collection[str]) -> tuple[str, ...]:
    """Which of these items this subject opens by a separate consent only."""
    return tuple(sorted(catalogue.city().written_consent(SubjectKind(subject.kind)) & set(items)))


def shown(terms: Terms, *, english: bool) -> Shown | None:
    """What its giver reads and ticks for what needs it in these terms; None where nothing does."""
    items = needed(terms.subject, terms.items)
    return person_notices.written(replace(terms, items=items), english=english) if items else None


def judged(terms: Terms, mandate: Mandate, digest: str | None, now: datetime) -> Apart:
    """What was consented to; `digest` is that of the text its giver ticked.

    Raises `NoticeChanged`, `ScopeInvalid` where nothing is left to grant, `SignerNotAuthorised` for anybody but the
    natural person.
    """
    items = needed(terms.subject, terms.items)
    if not digest:
        if set(items) == set(terms.items):
            raise ScopeInvalid(Saying("选的都是要本人单独同意的信息；没有单独同意，就没有可以授权的"))
        return Apart((), None)
    read = next((one for e in (False, True) if (one := shown(terms, english=e)) and one.digest == digest), None)
    if read is None:
        raise NoticeChanged
    if mandate.capacity != Capacity.LEGAL_REPRESENTATIVE:
        raise SignerNotAuthorised(Saying("收入、不动产、纳税数额等信息只能由经营者本人单独同意"))
    return Apart(items, texts.shown(read, now))
