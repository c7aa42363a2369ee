"""我的画像: the picture an institution would see of this business if everything were granted."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from xinqiao.disclosure.profiling import own_profile
from xinqiao.parties.rules import Role
from xinqiao.portal import pictured
from xinqiao.portal.visitors import PageRequest, acting_person, acting_subject, only


@never_cache
@only(Role.BUSINESS)
def my_profile(request: PageRequest) -> HttpResponse:
    told = own_profile(subject_id=acting_subject(request), person=acting_person(request), now=timezone.now())
    said = {"sides": pictured.sides(told["dimensions"]), "on": told["on"]}
    return render(request, "portal/business/profile.html", said)
