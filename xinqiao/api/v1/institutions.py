"""GET /api/v1/institutions/me: who the platform takes the caller for, and how far its agreement goes."""

from typing import Annotated, Any

from django.utils import timezone
from ninja import Router, Schema
from pydantic import Field

from xinqiao.api import pace
from xinqiao.api.callers import ClientRequest
from xinqiao.api.v1.refusing import OWN, answers
from xinqiao.kernel.city_time import day_of
from xinqiao.parties import queries
from xinqiao.parties.queries import SuspensionView

router = Router(tags=["机构 Institutions"])


class Agreement(Schema):
    agreement: int
    document: str
    since: str
    until: str
    items: list[str]
    purposes: list[str]
    feedback: Annotated[bool, Field(description="约定了结果反馈")]


class Suspension(Schema):
    """The platform has suspended your access: no agreement is in force, and every question is refused."""

    suspension: int
    ground: str
    since: str
    until: str | None


class Me(Schema):
    institution: str
    name: str
    kind: str
    client: str
    agreement: Agreement | None
    suspended: Suspension | None


@router.get(
    "/institutions/me", response=answers(Me, *OWN), summary="本机构的登记和协议 Who we take you for, and your agreement"
)
def me(request: ClientRequest) -> dict[str, Any]:
    """`items` and `purposes` are what the agreement allows at all; a grant opens some of it for one business."""
    pace.of_client(pace.OWN, request.auth.id)
    institution = queries.institution(request.auth.institution)
    today = day_of(timezone.now())
    held = queries.agreement_in_force(institution.id, today)
    return {
        "institution": institution.id,
        "name": institution.name,
        "kind": institution.kind.value,
        "client": request.auth.id,
        "agreement": None
        if held is None
        else {
            "agreement": held.id,
            "document": held.document,
            "since": held.since.isoformat(),
            "until": held.until.isoformat(),
            "items": sorted(held.items),
            "purposes": sorted(held.purposes),
            "feedback": held.feedback,
        },
        "suspended": _told(queries.suspension_of(institution.id, today)),
    }


def _told(stopped: SuspensionView | None) -> dict[str, Any] | None:
    if stopped is None:
        return None
    return {
        "suspension": stopped.id,
        "ground": stopped.ground,
        "since": stopped.suspended_at.isoformat(),
        "until": stopped.until and stopped.until.isoformat(),
    }
