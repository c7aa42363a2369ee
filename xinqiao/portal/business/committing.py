"""信用承诺: what a business may commit itself to; a page that says what that means, a signature, a number."""

from collections.abc import Mapping
from typing import Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from xinqiao.kernel.sayings import Saying
from xinqiao.parties.rules import Role
from xinqiao.portal import attached, committed, refusals, returning
from xinqiao.portal.errors import FormIncomplete
from xinqiao.portal.visitors import PageRequest, acting_person, acting_subject, only
from xinqiao.rights import breaking, commitments, mending, promises, proofs
from xinqiao.rights import committing as acts
from xinqiao.rights.cases import About
from xinqiao.rights.errors import PaperInvalid, PromiseChanged, TooManyPapers, WordsInvalid
from xinqiao.rights.keeping import TEXT_MAX

PAGE: Final = "portal:my_commitment"


@never_cache
@only(Role.BUSINESS)
def my_commitments(request: PageRequest) -> HttpResponse:
    """Those given, the newest first; below, what may be committed to and is not yet."""
    given = commitments.commitments_of(acting_subject(request))
    mine = committed.every(given, PAGE)
    running = {view.promise for view, one in zip(given, mine, strict=True) if one.in_force}
    count = len(running)
    title = ngettext("%(n)d 件承诺在履行", "%(n)d 件承诺在履行", count) % {"n": count}
    told = {
        "mine": mine,
        "forms": [one for one in committed.forms() if one.name not in running],
        "title": title if count else _("没有在履行的承诺"),
    }
    return render(request, "portal/business/commitments.html", told)


@never_cache
@only(Role.BUSINESS)
def commit(request: PageRequest, promise: str) -> HttpResponse:
    """Everything it says and what follows from it, on one page; signing is its one button."""
    form = promises.promises().get(promise)
    if form is None:
        raise Http404
    if (earlier := commitments.in_force(acting_subject(request), promise)) is not None:
        return redirect(PAGE, number=earlier.number)
    fault: Mapping[str, str] | None = None
    if request.method == "POST":
        try:
            return _sign(request, promise)
        except (FormIncomplete, PromiseChanged) as problem:
            fault = refusals.words(problem)
    told = {"form": committed.form(form), "fault": fault}
    return render(request, "portal/business/commit.html", told, status=400 if fault else 200)


def _sign(request: PageRequest, promise: str) -> HttpResponse:
    if request.POST.get("read") != "yes":
        raise FormIncomplete(Saying("请先勾选“承诺书已经看过”。"))
    signed = acts.sign(
        subject_id=acting_subject(request),
        promise=promise,
        version=request.POST.get("version", ""),
        by=acting_person(request),
        now=timezone.now(),
    )
    return redirect(f"{reverse(PAGE, args=[signed.number])}?done=signed")


@never_cache
@only(Role.BUSINESS)
def my_commitment(request: PageRequest, number: int) -> HttpResponse:
    """What was signed, where it stands, and what the business may say of a claim that it was broken."""
    commitments.commitment(number, of=acting_subject(request))
    fault: Mapping[str, str] | None = None
    if request.method == "POST":
        by, now, text = acting_person(request), timezone.now(), request.POST.get("text", "")
        try:
            if request.POST.get("act") == "mend":
                mending.ask(number, text=text, by=by, now=now)
            else:
                breaking.answer(number, text=text, by=by, now=now)
            return redirect(f"{reverse(PAGE, args=[number])}?done=said")
        except WordsInvalid as problem:
            fault = refusals.words(problem)
    return _page(request, number, fault)


@only(Role.BUSINESS)
def put_paper(request: PageRequest, number: int) -> HttpResponse:
    """A file to the answer, or to the request for repair."""
    commitments.commitment(number, of=acting_subject(request))
    if request.method != "POST":
        return redirect(PAGE, number=number)
    try:
        content = attached.sent(request)
        proofs.add(About.COMMITMENT, number, content, by=acting_person(request), now=timezone.now())
    except (PaperInvalid, TooManyPapers, FormIncomplete) as problem:
        return _page(request, number, refusals.words(problem))
    return redirect(PAGE, number=number)


def _page(request: PageRequest, number: int, fault: Mapping[str, str] | None) -> HttpResponse:
    told: dict[str, Any] = {
        "one": committed.shown(commitments.commitment(number), PAGE),
        "papers": attached.shown(About.COMMITMENT, number, attached.MINE),
        "accepted": attached.most(),
        "said": returning.typed(request).get("text", "") if request.method != "POST" or fault else "",
        "most": TEXT_MAX,
        "fault": fault,
        "done": request.GET.get("done", ""),
    }
    return render(request, "portal/business/commitment.html", told, status=400 if fault else 200)
