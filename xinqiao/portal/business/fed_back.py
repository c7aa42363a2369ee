"""谁反馈了什么: whatever institutions told the platform of my business after they had looked, and what can be done."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinqiao.disclosure import fed_back
from xinqiao.disclosure.fed_back import FeedbackView
from xinqiao.parties.rules import Role
from xinqiao.portal import fed_back_words
from xinqiao.portal.visitors import PageRequest, acting_subject, only


@only(Role.BUSINESS)
def my_feedback(request: PageRequest) -> HttpResponse:
    """The newest first, also what was corrected or taken back since."""
    found = fed_back.about(acting_subject(request))
    told = {"entries": [fed_back_words.shown(one) for one in found], "title": _title(found)}
    return render(request, "portal/business/feedback.html", told)


def _title(found: list[FeedbackView]) -> str:
    standing = {one.institution for one in found if one.ended_at is None}
    if not standing:
        return _("没有机构反馈过您的情况")
    return ngettext("%(n)d 家机构反馈过您的情况", "%(n)d 家机构反馈过您的情况", len(standing)) % {"n": len(standing)}
