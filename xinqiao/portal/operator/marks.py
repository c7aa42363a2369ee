"""要留意的查看: every institution's looks side by side, and one institution's in full; by codes and numbers alone."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinqiao.authorisation import marks, safeguards
from xinqiao.authorisation.marks import Mark, Summary
from xinqiao.parties import queries as parties
from xinqiao.parties.rules import Role
from xinqiao.portal import marked
from xinqiao.portal.visitors import PageRequest, only


@dataclass(frozen=True, slots=True)
class Row:
    """One institution in a line."""

    name: str
    url: str
    summary: Summary

    @property
    def counts(self) -> list[tuple[str, int]]:
        return [(str(marked.TITLES[mark]), self.summary.marks[mark]) for mark in Mark]


@only(Role.OPERATOR)
def all_marks(request: PageRequest) -> HttpResponse:
    """Who looked most without lending stands on top; `?to=` shows one institution's looks."""
    address, now = reverse("portal:all_marks"), timezone.now()
    every = parties.institutions(request.visitor.scope)
    one = next((known for known in every if known.id == request.GET.get("to")), None)
    if one is not None:
        shown = marked.told(request, one.id, f"{address}?to={one.id}")
        shown |= {"name": one.name, "institution": one.id, "new": "portal:new_case", "back": "portal:all_marks"}
        return render(request, "portal/operator/marks_of.html", shown)
    rows = [Row(known.name, f"{address}?to={known.id}", marks.summary(known.id, now)) for known in every]
    rows.sort(key=lambda row: (-row.summary.never_lent, row.name))
    told = {"rows": rows, "title": _title(rows), "rule": safeguards.safeguards().broad_look}
    return render(request, "portal/operator/marks.html", told)


def _title(rows: list[Row]) -> str:
    looked = sum(row.summary.never_lent > 0 for row in rows)
    if not looked:
        return _("没有机构只看不贷")
    return ngettext("%(n)d 家机构看过从未放款的企业", "%(n)d 家机构看过从未放款的企业", looked) % {"n": looked}
