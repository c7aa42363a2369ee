"""签字: the institution's signatory signs the edition she read, then an operator who did not draft it. With the second
signature the agreement is in force from its first day; one that went before ends the day before.

Who signs has shown who she is in the minutes before; what was signed is kept as one file the platform's key signs.
"""

import os
from datetime import date, datetime, timedelta

from django.db import transaction

from xinqiao.database import statements
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import PersonId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger import identity, log, receipts
from xinqiao.ledger.canonical import JsonValue, canonical
from xinqiao.ledger.events import Kind
from xinqiao.ledger.log import RowState
from xinqiao.ledger.model_rows import state_of
from xinqiao.parties import assessing, draft_queries, drafting, letters, queries, signatures, texts
from xinqiao.parties.errors import AgreementsOverlap, NotAnOperator, ScopeInvalid
from xinqiao.parties.models import Agreement, Draft, Signature, SignedAgreement
from xinqiao.parties.rules import DraftState, Role, Shown, Side, overlaps
from xinqiao.parties.signing_errors import DraftedByYou, DraftMoved, NotTheSignatory, TextMoved
from xinqiao_verify.agreements import FORMAT


@transaction.atomic
def sign(number: int, *, digest: str, by: PersonId, shown: Shown | None, now: datetime) -> None:
    """The institution's signature, and with it its letter of information security. `digest`: of the text she read.

    Raises `UnknownDraft`, `NotTheSignatory`, `ConfirmFirst`, `DraftMoved`, `TextMoved`.
    """
    row, state = drafting.locked(number, now)
    if not drafting.signs_for(row, by, now):
        raise NotTheSignatory
    signature = _signature(row, state, DraftState.OPEN, Side.INSTITUTION, digest, by, shown, now)
    _say(row, Side.INSTITUTION, by, now, [state_of(signature)])
    letters.undertake_security(queries.institution(row.institution_id), by=by, shown=shown, now=now)


@transaction.atomic
def countersign(number: int, *, digest: str, by: PersonId, shown: Shown | None, now: datetime) -> int:
    """The platform's signature; the agreement's number. What it rests on is looked at once more.

    Raises `UnknownDraft`, `NotAnOperator`, `DraftedByYou`, `ConfirmFirst`, `DraftMoved`, `TextMoved`, `NotAssessed`,
    `ScopeInvalid` when its last day is over, `AgreementsOverlap`.
    """
    row, state = drafting.locked(number, now)
    if not queries.acts_as(by, Role.OPERATOR, "", now):
        raise NotAnOperator
    if by in {row.drafted_by_id, row.signatory_id}:
        raise DraftedByYou
    signature = _signature(row, state, DraftState.SIGNED, Side.PLATFORM, digest, by, shown, now)
    first_day = max(row.since, day_of(now))
    assessment = assessing.resting_on(row.institution_id, row.items, row.purposes, on=first_day)
    before = _step_aside(row, first_day, now)
    agreement = Agreement.objects.create(
        institution_id=row.institution_id,
        document=reference(row),
        items=row.items,
        purposes=row.purposes,
        since=first_day,
        until=row.until,
        feedback=row.feedback,
        made_at=now,
    )
    _seal(row, agreement, before, assessment, signature, now)
    return agreement.pk


def reference(row: Draft) -> str:
    """A-20261128-000003: the day it was drafted in the city, and its number."""
    return f"A-{day_of(row.drafted_at):%Y%m%d}-{row.pk:06d}"


def _signature(
    row: Draft,
    state: DraftState,
    wanted: DraftState,
    side: Side,
    digest: str,
    by: PersonId,
    shown: Shown | None,
    now: datetime,
) -> Signature:
    if state is not wanted:
        raise DraftMoved
    if digest != texts.digest_of(row.wording):
        raise TextMoved
    method, factor = signatures.confirmed(shown, now)
    return Signature.objects.create(draft=row, side=side, person_id=by, method=method, factor=factor, signed_at=now)


def _step_aside(row: Draft, first_day: date, now: datetime) -> Agreement | None:
    """The agreement this one takes over from ends the day before, in the same commit: no gap and no overlap."""
    if row.until < first_day:
        raise ScopeInvalid(Saying("这份草稿的止期已经过了"))
    statements.row(queries.IN_LINE_TO_END, row.institution_id)
    held = Agreement.objects.select_for_update().filter(institution_id=row.institution_id, ended_at__isnull=True)
    meeting = [one for one in held if overlaps(first_day, row.until, [(one.since, one.until)])]
    if any(one.since > first_day for one in meeting):
        raise AgreementsOverlap(Saying("这家机构已有一份更晚开始的协议，请先终止它"))
    for one in meeting:  # at most one: agreements do not overlap
        if one.since < first_day:
            one.until = first_day - timedelta(days=1)
        else:
            one.ended_at, one.ended_because = now, "由新协议接替"
        one.save(update_fields=["until", "ended_at", "ended_because"])
        about: dict[str, JsonValue] = {"agreement": one.pk, "institution": row.institution_id, "draft": row.pk}
        log.append(Kind.AGREEMENT_SUPERSEDED, now=now, about=about, rows=[state_of(one)])
    return next(iter(meeting), None)


def _seal(
    row: Draft, agreement: Agreement, before: Agreement | None, assessment: int, signature: Signature, now: datetime
) -> None:
    """One file says it all; its digest stands in the log, and the platform's key under it."""
    event = log.reserve_event_id()
    body = canonical(_body(row, agreement, before, assessment))
    signed = SignedAgreement.objects.create(
        draft=row, agreement=agreement, body=body, signature=receipts.sign(FORMAT, body), event=event
    )
    about: dict[str, JsonValue] = {
        "agreement": agreement.pk,
        "institution": row.institution_id,
        "draft": row.pk,
        "side": Side.PLATFORM,
        "by": signature.person_id,
        "assessment": assessment,
        "receipt_digest": receipts.digest(body),
    }
    rows = [state_of(signature), state_of(agreement), state_of(signed)]
    log.append(Kind.AGREEMENT_SIGNED, now=now, about=about, rows=rows, event_id=event)


def _body(row: Draft, agreement: Agreement, before: Agreement | None, assessment: int) -> dict[str, JsonValue]:
    """`xinqiao_verify.agreements` reads it; docs/evidence-format.md tells its shape."""
    named = queries.institution(row.institution_id)
    term = {"since": agreement.since.isoformat(), "until": agreement.until.isoformat()}
    signed = Signature.objects.filter(draft=row).select_related("person").order_by("pk")
    return {
        "agreement": agreement.pk,
        "document": agreement.document,
        "draft": row.pk,
        "log": identity.origin(),
        "institution": {"id": named.id, "name": named.name, "kind": str(named.kind), "contact": named.contact},
        "text": signatures.text(row.text, row.version, row.wording, row.english),
        "scope": {"items": row.items, "purposes": row.purposes, **term, "feedback": row.feedback},
        "replaces": None if before is None else before.pk,
        "assessment": assessment,
        "signatures": [_signed(one) for one in map(draft_queries.signature_view, signed)],
        "nonce": os.urandom(receipts.NONCE).hex(),
    }


def _signed(one: draft_queries.SignatureView) -> dict[str, JsonValue]:
    said = signatures.signature(one.person, one.name, one.method, one.signed_at)
    return {"side": str(one.side), **said}


def _say(row: Draft, side: Side, by: PersonId, now: datetime, rows: list[RowState]) -> None:
    about: dict[str, JsonValue] = {"draft": row.pk, "institution": row.institution_id, "side": side, "by": by}
    log.append(Kind.AGREEMENT_SIGNED, now=now, about=about, rows=rows)
