"""检查 of the operator itself, as the operator reads and answers it."""

from django.http import HttpResponse
from django.shortcuts import render

from xinqiao.parties.rules import Role
from xinqiao.portal import inspected
from xinqiao.portal.visitors import PageRequest, only

PAGE = "portal:inspection_of_us"


@only(Role.OPERATOR)
def inspections(request: PageRequest) -> HttpResponse:
    return render(request, "portal/operator/inspections.html", inspected.listed(request, PAGE))


@only(Role.OPERATOR)
def inspection(request: PageRequest, number: int) -> HttpResponse:
    return inspected.checked(request, number, PAGE, "portal:inspections_of_us")
