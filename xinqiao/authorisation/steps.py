"""What became of a grant, step by step: each change is told to both its parties in the same words."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from xinqiao.authorisation import refusing
from xinqiao.authorisation.models import Grant, Step
from xinqiao.kernel.ids import GrantId, PersonId, SubjectId
from xinqiao.ledger import log, recording
from xinqiao.ledger.canonical import JsonValue
from xinqiao.ledger.events import Kind
from xinqiao.ledger.log import RowState
from xinqiao.ledger.model_rows import state_of

if TYPE_CHECKING:
    from xinqiao.authorisation.queries import GrantView

NAMES: Final = {
    Kind.GRANT_ASKED: "asked",
    Kind.GRANT_PREPARED: "prepared",
    Kind.GRANT_GIVEN: "given",
    Kind.GRANT_DECLINED: "declined",
    Kind.GRANT_PAUSED: "paused",
    Kind.GRANT_SUSPENDED: "suspended",
    Kind.GRANT_RESUMED: "resumed",
    Kind.GRANT_REVOKED: "revoked",
    Kind.GRANT_EXPIRED: "expired",
    Kind.GRANT_HANDED_ON: "handed_on",
}


@dataclass(frozen=True, slots=True)
class StepView:
    step: str
    by: str
    at: datetime


def take(
    kind: Kind,
    grant: Grant,
    *,
    by: str,
    now: datetime,
    rows: Sequence[RowState] = (),
    also: Mapping[str, JsonValue] = MappingProxyType({}),
) -> None:
    """Write the step and its event, which says `also` more; the grant's row has been saved as it stands after it."""
    step = Step.objects.create(grant=grant, step=NAMES[kind], by=by, at=now)
    log.append(
        kind,
        now=now,
        about={
            "grant": grant.pk,
            "subject": grant.subject_id,
            "institution": grant.institution_id,
            "purpose": grant.purpose,
            **also,
        },
        rows=[state_of(grant), state_of(step), *rows],
    )


def on_the_record(
    act: Callable[[], "GrantView"], subject_id: SubjectId | None, *, by: PersonId | str, now: datetime
) -> "GrantView":
    """The act on a grant, or its refusal in the log."""
    return recording.on_the_record(act, Kind.GRANT_REFUSED, by=by, now=now, subject=refusing.keyed(subject_id))


def of(grant: GrantId) -> list[StepView]:
    """Every step of a grant, the first one first."""
    return [StepView(row.step, row.by, row.at) for row in Step.objects.filter(grant=grant).order_by("id")]
