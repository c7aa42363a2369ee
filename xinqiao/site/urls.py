"""Every address of the house: pages at the root, the interface under `/api/` and `/oauth/`."""

from django.urls import include, path

from xinqiao.site import unanswered

urlpatterns = [
    path("", include("xinqiao.api.urls")),
    path("", include("xinqiao.portal.urls")),
]

handler400 = unanswered.bad_request
handler403 = unanswered.forbidden
handler404 = unanswered.not_found
handler500 = unanswered.failed
