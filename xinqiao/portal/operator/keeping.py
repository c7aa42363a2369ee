"""逾期未删: which institutions have not attested that what they were told is gone."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinqiao.disclosure import kept
from xinqiao.kernel.city_time import day_of
from xinqiao.parties.rules import Role
from xinqiao.portal.institution.keeping import SHOWN, shown
from xinqiao.portal.visitors import PageRequest, only


@only(Role.OPERATOR)
def overdue(request: PageRequest) -> HttpResponse:
    today = day_of(timezone.now())
    late = shown(kept.outstanding(ended_before=today, size=SHOWN), today)
    title = ngettext("%(n)d 份逾期没有证明删除", "%(n)d 份逾期没有证明删除", len(late)) % {"n": len(late)}
    told = {"terms": late, "title": title if late else _("没有逾期未删的")}
    return render(request, "portal/operator/keeping.html", told)
