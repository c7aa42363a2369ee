"""行业协会商会: it is admitted and keeps its people; it reads what is public, and nothing of any one business."""

from django.http import HttpResponse
from django.shortcuts import render

from xinqiao.parties.rules import Role
from xinqiao.portal.visitors import PageRequest, only


@only(Role.ASSOCIATE)
def our_association(request: PageRequest) -> HttpResponse:
    return render(request, "portal/association/desk.html")
