"""结果反馈: a file of outcomes or of model results, what was wrong with it row by row, and what was told so far."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinqiao.disclosure import fed_back, feedback, feedback_files, feeding_back
from xinqiao.disclosure.errors import FeedbackFaulty
from xinqiao.disclosure.feeding_back import LONGEST_REASON, MOST_AT_ONCE, Teller
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.problems import Problem
from xinqiao.kernel.sayings import Saying
from xinqiao.language import said
from xinqiao.parties import queries as parties
from xinqiao.parties.rules import Role
from xinqiao.portal import fed_back_words, paging, refusals
from xinqiao.portal.errors import FormIncomplete
from xinqiao.portal.visitors import PageRequest, acting_institution, acting_person, only

LARGEST: Final = 1024 * 1024  # bytes: five hundred rows are a tenth of it
WORDS: Final = (feedback.Became, feedback.Decision, feedback.Amount)


@only(Role.OFFICER)
def our_feedback(request: PageRequest) -> HttpResponse:
    """What was told, the newest first; and the form."""
    fault: dict[str, Any] = {}
    if request.method == "POST":
        try:
            taken = feeding_back.take_in(_read(request), by=_teller(request), now=timezone.now())
            return redirect(f"{request.path}?taken={len(taken)}")
        except Problem as problem:
            fault = refusals.words(problem) | {"rows": _rows(problem)}
    of, before = acting_institution(request), paging.cursor(request)
    found = fed_back.of_institution(of, before=before, size=fed_back.SHOWN + 1)
    more = found[fed_back.SHOWN - 1].number if len(found) > fed_back.SHOWN else None
    agreement = parties.agreement_in_force(of, day_of(timezone.now()))
    told = {
        "entries": [fed_back_words.shown(one) for one in found[: fed_back.SHOWN]],
        "pager": paging.older(request, more),
        "agreed": agreement is not None and agreement.feedback,
        "title": _title(len(found)),
        "fault": fault,
        "taken": _taken(request.GET.get("taken", "")),
        "forms": [_form(_("后来怎样"), feedback_files.OUTCOMES), _form(_("模型和决定"), feedback_files.RESULTS)],
        "words": [_("、").join(said(feedback.TITLES[word]) for word in words) for words in WORDS],
        "most": MOST_AT_ONCE,
    }
    return render(request, "portal/institution/feedback.html", told, status=400 if fault else 200)


def _title(known: int) -> str:
    return _("反馈过的结果") if known else _("还没有反馈过结果")


def _taken(text: str) -> str:
    if not (text.isdecimal() and text.isascii() and len(text) <= len(str(MOST_AT_ONCE))):
        return ""
    count = int(text)
    if not count:
        return _("与已有的完全相同，没有新的")
    return ngettext("接收了 %(n)d 条", "接收了 %(n)d 条", count) % {"n": count}


def _form(title: str, columns: dict[str, str]) -> dict[str, str]:
    return {"title": title, "columns": ",".join(columns)}


def _rows(problem: Problem) -> Sequence[tuple[int, str]]:
    """Which rows and why; the first below the header is 1."""
    if not isinstance(problem, FeedbackFaulty):
        return ()
    return [(place + 1, said(why)) for place, why in problem.faults]


def _teller(request: PageRequest) -> Teller:
    return Teller(acting_institution(request), acting_person(request))


def _read(request: PageRequest) -> list[feedback.Said]:
    sent = request.FILES.get("file")
    if not isinstance(sent, UploadedFile) or not sent.name or (sent.size or 0) > LARGEST:
        raise FormIncomplete(Saying("请选择一个不超过 1 MB 的文件。"))
    with tempfile.NamedTemporaryFile(suffix=Path(sent.name).suffix[:8]) as copy:
        for piece in sent.chunks():
            copy.write(piece)
        copy.flush()
        return feedback_files.read(Path(copy.name))


@only(Role.OFFICER)
def one_of_ours(request: PageRequest, number: int) -> HttpResponse:
    """One entry, and taking it back."""
    fault = ""
    one = fed_back.one(number, of=acting_institution(request))
    if request.method == "POST":
        try:
            because = request.POST.get("because", "")
            feeding_back.withdraw(number, because=because, by=_teller(request), now=timezone.now())
            return redirect("portal:our_feedback")
        except Problem as problem:
            told = refusals.words(problem)
            fault = told["detail"] or told["title"]
    shown = {"one": fed_back_words.shown(one), "fault": fault, "longest": LONGEST_REASON}
    return render(request, "portal/institution/feedback_one.html", shown, status=400 if fault else 200)
