"""查处侵权 at the inspector's desk: every case to be read, and one opened on an inspector's own finding."""

from typing import Final

from django.http import HttpResponse
from django.shortcuts import render

from xinqiao.oversight import infringements as queries
from xinqiao.parties.rules import Role
from xinqiao.portal import infringed
from xinqiao.portal.operator.infringements import listed, opened
from xinqiao.portal.visitors import PageRequest, only

PAGE: Final = "portal:inspected_case"


@only(Role.INSPECTOR)
def cases(request: PageRequest) -> HttpResponse:
    return listed(request, PAGE, "portal:inspected_case_new")


@only(Role.INSPECTOR)
def new_case(request: PageRequest) -> HttpResponse:
    return opened(request, PAGE)


@only(Role.INSPECTOR)
def case(request: PageRequest, number: int) -> HttpResponse:
    """What was found and said; decided by two operators, not here."""
    told = {"case": infringed.shown(queries.infringement(number, of=request.visitor.scope), PAGE)}
    return render(request, "portal/inspector/case.html", told)
