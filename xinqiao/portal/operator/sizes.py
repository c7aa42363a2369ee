"""企业规模: an operator writes down how large a firm is, since of the larger ones a grant takes two people."""

from typing import Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xinqiao.authorisation import safeguards, two_people
from xinqiao.authorisation.two_people import Size
from xinqiao.kernel.problems import Problem
from xinqiao.kernel.sayings import Saying
from xinqiao.kernel.uscc import Uscc
from xinqiao.parties.rules import Role
from xinqiao.portal import refusals
from xinqiao.portal.errors import FormIncomplete
from xinqiao.portal.visitors import PageRequest, acting_person, only
from xinqiao.subjects import queries as subjects

TITLES: Final[dict[Size, str | Promise]] = {
    Size.LARGE: gettext_lazy("大型"),
    Size.MEDIUM: gettext_lazy("中型"),
    Size.SMALL: gettext_lazy("小型"),
    Size.MICRO: gettext_lazy("微型"),
}


@only(Role.OPERATOR)
def sizes(request: PageRequest) -> HttpResponse:
    typed, fault = request.POST if request.method == "POST" else request.GET, ""
    uscc, size = typed.get("uscc", "").strip(), typed.get("size", "")
    if request.method == "POST":
        try:
            _record(uscc, size, request)
        except Problem as problem:
            words = refusals.words(problem)
            fault = words["detail"] or words["title"]
        else:
            return redirect(f"{reverse('portal:sizes')}?uscc={uscc}&done=yes")
    required = safeguards.safeguards().two_people.sizes
    told = {
        "sizes": [(one, str(title), one in required) for one, title in TITLES.items()],
        "uscc": uscc,
        "size": size,
        "fault": fault,
        "standing": _standing(uscc) if request.GET.get("done") else None,
    }
    return render(request, "portal/operator/sizes.html", told, status=400 if fault else 200)


def _record(uscc: str, size: str, request: PageRequest) -> None:
    if size not in set(Size):
        raise FormIncomplete(Saying("请选择规模。"))
    subject = subjects.known_as(Uscc.parse(uscc))
    two_people.record_size(subject.id, Size(size), by=acting_person(request), now=timezone.now())


def _standing(uscc: str) -> str:
    """What follows for the firm just written down."""
    try:
        standing = two_people.standing(subjects.known_as(Uscc.parse(uscc)).id)
    except Problem:
        return ""
    return _("它的授权要两个人办") if standing.on else _("它的授权一个人就能办")
