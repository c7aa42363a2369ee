"""个人信息安全事件 as an inspector reads them: what happened, who was told when, whether in time."""

from django.http import HttpResponse
from django.shortcuts import render

from xinqiao.oversight import incidents as queries
from xinqiao.parties.rules import Role
from xinqiao.portal import notified
from xinqiao.portal.visitors import PageRequest, only

PAGE = "portal:inspected_incident"


@only(Role.INSPECTOR)
def incidents(request: PageRequest) -> HttpResponse:
    return render(request, "portal/inspector/incidents.html", {"incidents": notified.every(queries.incidents(), PAGE)})


@only(Role.INSPECTOR)
def incident(request: PageRequest, number: int) -> HttpResponse:
    return render(request, "portal/inspector/incident.html", {"one": notified.shown(queries.incident(number))})
