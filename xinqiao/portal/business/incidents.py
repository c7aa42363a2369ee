"""安全事件通知: what happened to one's information, what was done, what one can do, whom to turn to."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from xinqiao.oversight import notifying
from xinqiao.parties.rules import Role
from xinqiao.portal import notified
from xinqiao.portal.visitors import PageRequest, acting_person, acting_subject, only


@only(Role.BUSINESS)
def my_incident(request: PageRequest, number: int) -> HttpResponse:
    """Opened, it is noted down as read."""
    view = notifying.read(number, acting_subject(request), by=acting_person(request), now=timezone.now())
    return render(request, "portal/business/incident.html", {"one": notified.shown(view)})
