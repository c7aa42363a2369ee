"""暂停、恢复、撤回: the business changes its mind, whenever it likes, with effect from the commit."""

from collections.abc import Callable
from datetime import datetime

from xinqiao.authorisation import mandates, queries, steps
from xinqiao.authorisation.capacities import May
from xinqiao.authorisation.errors import AlreadyEnded, NotFound, NotLive
from xinqiao.authorisation.models import Grant
from xinqiao.authorisation.queries import GrantView
from xinqiao.authorisation.rules import FINAL, LIVE, State
from xinqiao.kernel.ids import GrantId, PersonId, SubjectId
from xinqiao.ledger.events import Kind
from xinqiao.parties import queries as parties


def revoke(grant_id: GrantId, *, by: PersonId, now: datetime) -> GrantView:
    """Take a grant back; from this commit on nothing more is told under it.

    Raises `NotFound` (also for another business's grant), `AlreadyEnded`, and `NotLive` for what was only asked for.
    """

    def act(row: Grant, before: State) -> Kind:
        if before in {State.ASKED, State.PREPARED}:
            raise NotLive
        row.revoked_at, row.revoked_by_id = now, by
        return Kind.GRANT_REVOKED

    return _changed(grant_id, act, by, now)


def pause(grant_id: GrantId, *, by: PersonId, now: datetime) -> GrantView:
    """Nothing is told under it until it is resumed; its end does not move. Raises `NotFound`, `AlreadyEnded`,
    `NotLive`."""

    def act(row: Grant, before: State) -> Kind:
        if before not in LIVE | {State.NOT_STARTED}:
            raise NotLive
        row.paused_at, row.resumed_at = now, None
        return Kind.GRANT_PAUSED

    return _changed(grant_id, act, by, now)


def resume(grant_id: GrantId, *, by: PersonId, now: datetime) -> GrantView:
    """Let a paused grant go on. Raises `NotFound`, `AlreadyEnded`, `NotLive`."""

    def act(row: Grant, before: State) -> Kind:
        if before is not State.PAUSED:
            raise NotLive
        row.resumed_at = now
        return Kind.GRANT_RESUMED

    return _changed(grant_id, act, by, now)


def _changed(grant_id: GrantId, act: Callable[[Grant, State], Kind], by: PersonId, now: datetime) -> GrantView:
    def change() -> GrantView:
        row, before = _mine(grant_id, by, now)
        kind = act(row, before)
        row.save(update_fields=["paused_at", "resumed_at", "revoked_at", "revoked_by"])
        steps.take(kind, row, by=_name(by), now=now)
        return queries.known(grant_id)

    return steps.on_the_record(change, queries.subject_of(grant_id), by=by, now=now)


def _mine(grant_id: GrantId, by: PersonId, now: datetime) -> tuple[Grant, State]:
    """The grant, locked, if the person acts for its business now, and where it stands. Whoever tells under it has
    finished, or waits for us and finds it changed."""
    row = Grant.objects.select_for_update(no_key=True, of=("self",)).filter(pk=grant_id).first()
    if row is None or not queries.acts_for(by, SubjectId(row.subject_id), now):
        raise NotFound
    mandates.held_for(by, SubjectId(row.subject_id), May.GRANT, now)
    if (before := queries.known(grant_id).state(now)) in FINAL:
        raise AlreadyEnded
    return row, before


def _name(person: PersonId) -> str:
    known = parties.person(person)
    return known.name if known else ""
