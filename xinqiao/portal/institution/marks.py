"""要留意的查看: an institution's own, as the operator sees them too."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from xinqiao.authorisation import safeguards
from xinqiao.parties.rules import Role
from xinqiao.portal import marked
from xinqiao.portal.visitors import PageRequest, acting_institution, only


@only(Role.OFFICER)
def our_marks(request: PageRequest) -> HttpResponse:
    shown = marked.told(request, acting_institution(request), reverse("portal:our_marks"))
    return render(request, "portal/institution/marks.html", shown | {"rule": safeguards.safeguards().broad_look})
