"""The path of a record, by ids, digests and events: for `xinqiao trace`. No value of any fact is read here.

From a business, a delivery, a fact or a receipt to everything the log says of it. The numbers in one answer are the
questions of the next.
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from xinqiao.authorisation import queries as authorisation
from xinqiao.creditfile import queries as creditfile
from xinqiao.creditfile.queries import Place
from xinqiao.disclosure import queries
from xinqiao.disclosure.errors import NotFound
from xinqiao.disclosure.models import Receipt
from xinqiao.intake import queries as intake
from xinqiao.kernel.ids import DeliveryNumber, EventId, FactId, SubjectId
from xinqiao.kernel.sayings import Saying
from xinqiao.kernel.uscc import Uscc
from xinqiao.ledger import queries as ledger
from xinqiao.ledger.queries import Event
from xinqiao.ledger.tracing import events_about
from xinqiao.subjects import queries as subjects

Json = dict[str, Any]

FACTS_SHOWN: Final = 200  # of a delivery; the rest are counted in its events


def of_subject(uscc: str) -> Json:
    """A business: its facts' places, its grants, who was told. Raises `NotAUscc`, `UnknownSubject`."""
    subject = subjects.known_as(Uscc.parse(uscc))
    found = events_about({"subject": subject.id})
    return {
        "kind": "subject",
        "uscc": str(subject.uscc),
        "subject": subject.id,
        "facts": _places(creditfile.places_of(subject.id)),
        "grants": _grants(subject.id),
        "receipts": [look.number for look in queries.who_looked(subject.id, deferred=True).looks],
        "events": [_event(event) for event in found],
    }


def _grants(subject_id: SubjectId) -> list[Json]:
    return [
        {
            "grant": grant.id,
            "institution": grant.institution,
            "purpose": grant.purpose,
            "items": list(grant.items),
            "until": grant.until.isoformat(),
            "notice": grant.notice_digest,
            "statement": grant.statement_digest,
            "revoked": grant.revoked_at is not None,
        }
        for grant in authorisation.grants_of(subject_id)
    ]


def of_delivery(number: int) -> Json:
    """A delivery: its counts, the digest of what was sent, where its rows went. Raises `UnknownDelivery`."""
    view = intake.delivery(DeliveryNumber(number))
    counts = ("delivered", "accepted", "rejected", "held", "unplaced")
    return {
        "kind": "delivery",
        "delivery": number,
        "source": view.source,
        "item": view.item,
        "period": view.period,
        "state": str(view.state),
        "digest": view.digest,
        **{name: getattr(view, name) for name in counts},
        "facts": _places(creditfile.places_in(DeliveryNumber(number), FACTS_SHOWN)),
        "events": [_event(event) for event in events_about({"delivery": number})],
    }


def of_fact(number: int) -> Json:
    """A fact: its delivery, line and leaf, what was said of it since, every receipt it is in. Raises `NotFound`."""
    found = creditfile.places([number])
    if not found:
        raise NotFound(Saying("没有这条信息"))
    [place] = found
    events = [ledger.event(place.stored_event), *events_about({"fact": number})]
    if place.closed_event is not None:
        events.append(ledger.event(place.closed_event))
    return {
        "kind": "fact",
        **_places([place])[0],
        "subject": place.subject_id,
        "leaf": ledger.chunk_leaves(place.stored_event)[place.ordinal].hex(),
        "receipts": queries.recipients_of(FactId(number)),
        "events": [_event(event) for event in events],
    }


def of_receipt(number: int) -> Json:
    """A receipt: to whom, on which grants, and where each fact it told comes from. Raises `NotFound`."""
    row = Receipt.objects.filter(pk=number).first()
    if row is None:
        raise NotFound
    return {
        "kind": "receipt",
        "receipt": row.pk,
        "subject": row.subject_id,
        "institution": row.institution_id,
        "purpose": row.purpose,
        "under": list(row.grants),
        "items": list(row.items),
        "report_digest": row.report_digest,
        "facts": _places(creditfile.places(row.facts)),
        "events": [_event(ledger.event(EventId(row.event)))],
    }


def _places(places: Iterable[Place]) -> list[Json]:
    found = list(places)
    known = ledger.positions_of({place.stored_event for place in found})
    return [
        {
            "fact": place.id,
            "item": place.item,
            "source": place.source,
            "delivery": place.delivery,
            "line": place.line,
            "event": place.stored_event,
            "ordinal": place.ordinal,
            "position": known.get(place.stored_event),
            "current": place.closed_event is None,
        }
        for place in found
    ]


def _event(event: Event) -> Mapping[str, Any]:
    return {
        "position": event.position,
        "event": event.id,
        "kind": event.kind,
        "at": event.at.isoformat(),
        "about": dict(event.about),
    }
