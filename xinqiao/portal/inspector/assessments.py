"""影响评估 as an inspector reads them: all there are, those that wait for a second person first; nothing to decide."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from xinqiao.kernel.city_time import day_of
from xinqiao.parties import assessment_queries
from xinqiao.parties.rules import Role
from xinqiao.portal import assessed
from xinqiao.portal.visitors import PageRequest, only


@only(Role.INSPECTOR)
def assessments(request: PageRequest) -> HttpResponse:
    today, every = day_of(timezone.now()), assessment_queries.every()
    waiting = [assessed.shown(one, today) for one in every if one.decided_at is None]
    told = assessed.on_file(every, today) | {"waiting": waiting}
    return render(request, "portal/inspector/assessments.html", told)
