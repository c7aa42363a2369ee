"""撤下: a source tells that the act behind one of its lines was annulled, and sees what became of it."""

from datetime import date
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from xinqiao import catalogue
from xinqiao.kernel.uscc import NotAUscc, Uscc
from xinqiao.parties.rules import Role
from xinqiao.portal import naming, refusals, returning, withdrawn
from xinqiao.portal.provider.handing_in import acting_source, items_of
from xinqiao.portal.visitors import PageRequest, acting_person, only
from xinqiao.rights import annulled, annulling
from xinqiao.rights.errors import UnknownLine, WordsInvalid
from xinqiao.rights.keeping import TEXT_MAX
from xinqiao.rights.rules.annulments import REMOVED

PAGE: Final = "portal:annulments"
FIELDS: Final = ("item", "uscc", "key", "document", "annulled_on", "text")


@only(Role.PROVIDER)
def annulments(request: PageRequest) -> HttpResponse:
    """The form, and below it what was reported before."""
    source = acting_source(request)
    typed = returning.typed(request)
    filled = {name: typed.get(name, "").strip()[: TEXT_MAX + 1] for name in FIELDS}
    fault: dict[str, str] = {}
    if request.method == "POST":
        try:
            return _send(request, source, filled)
        except (WordsInvalid, UnknownLine, NotAUscc) as problem:
            fault = refusals.words(problem)
    return _page(request, source, filled, fault)


def _page(request: PageRequest, source: str, filled: dict[str, str], fault: dict[str, str]) -> HttpResponse:
    scope = request.visitor.scope
    told: dict[str, Any] = {
        "items": [(one.item, naming.item(one.item)) for one in items_of(source)],
        "waiting": withdrawn.every(annulled.annulments(scope, open_=True)),
        "ended": withdrawn.every(annulled.annulments(scope, open_=False)),
        "within": catalogue.city().clocks[REMOVED].within,
        "said": filled,
        "fault": fault,
        "done": request.GET.get("done", ""),
    }
    return render(request, "portal/provider/annulments.html", told, status=400 if fault else 200)


def _send(request: PageRequest, source: str, filled: dict[str, str]) -> HttpResponse:
    reported = annulling.report(
        source=source,
        item=filled["item"],
        uscc=Uscc.parse(filled["uscc"]),
        key=filled["key"],
        document=filled["document"],
        annulled_on=_day(filled["annulled_on"]),
        text=filled["text"],
        by=acting_person(request),
        now=timezone.now(),
    )
    return redirect(f"{reverse(PAGE)}?done={reported.reference}")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return date.max  # no day that has come
