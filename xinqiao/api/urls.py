"""The addresses of the interface."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.generic import RedirectView
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from xinqiao.api import description, oauth
from xinqiao.api.callers import Bound
from xinqiao.api.parsing import StrictJson
from xinqiao.api.problems import Malformed, NoSuchPath, answered, faults
from xinqiao.api.v1 import (
    consents,
    corrections,
    documents,
    estimates,
    events,
    feedback,
    indicators,
    institutions,
    keeping,
    log,
    profiles,
    pushes,
    queries,
    receipts,
    reports,
    sharing,
    verifications,
    watches,
    webhooks,
)
from xinqiao.kernel.problems import Problem
from xinqiao.kernel.sayings import Saying


class Interface(NinjaAPI):
    """Described whole, the token endpoint included."""

    def get_openapi_schema(self, *args: Any, **named: Any) -> Any:
        return description.completed(super().get_openapi_schema(*args, **named))


api = Interface(
    title="信桥接口",
    version="1.0.0",
    description=description.ABOUT,
    urls_namespace="api-v1",
    auth=Bound(),
    parser=StrictJson(),
)
api.add_router("", reports.router)
api.add_router("", documents.router)
api.add_router("", queries.router)
api.add_router("", verifications.router)
api.add_router("", indicators.router)
api.add_router("", estimates.router)
api.add_router("", profiles.router)
api.add_router("", receipts.router)
api.add_router("", consents.router)
api.add_router("", corrections.router)
api.add_router("", events.router)
api.add_router("", watches.router)
api.add_router("", pushes.router)
api.add_router("", sharing.router)
api.add_router("", webhooks.router)
api.add_router("", keeping.router)
api.add_router("", feedback.router)
api.add_router("", institutions.router)
api.add_router("", log.router)


@api.exception_handler(Problem)
def refused(request: HttpRequest, problem: Problem) -> HttpResponse:
    return answered(request, problem)


@api.exception_handler(ValidationError)
def malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Every field that is wrong is named; values are not repeated."""
    errors = faults(error.errors)
    return answered(request, Malformed(Saying("{fields}", fields=sorted({e["field"] for e in errors})), errors))


@api.exception_handler(HttpError)
def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
    if isinstance(error.__cause__, Problem):  # ninja wraps what its parser raises
        return answered(request, error.__cause__)
    return answered(request, Malformed() if error.status_code < 500 else NoSuchPath())  # noqa: PLR2004


urlpatterns = [
    path("oauth/token", oauth.token, name="oauth-token"),
    path("api/docs", RedirectView.as_view(url="/api/v1/docs"), name="api-docs"),
    path("api/v1/", api.urls),
]
