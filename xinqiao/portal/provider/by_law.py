"""依法查询: a department's officer asks about businesses by law; what was asked before, with receipts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinqiao.disclosure import corrected, queries, receipts
from xinqiao.disclosure.queries import Look
from xinqiao.disclosure.sharing import MOST_AT_ONCE, ByDuty, Shared, share
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import InstitutionId, PersonId, ReceiptNumber
from xinqiao.kernel.problems import Problem
from xinqiao.parties import sharing_queries
from xinqiao.parties.rules import BasisState, Role
from xinqiao.parties.sharing_queries import BasisView
from xinqiao.portal import evidence, naming, paging, refusals, returning, showing
from xinqiao.portal.provider import graded_by_law
from xinqiao.portal.provider.handing_in import acting_source
from xinqiao.portal.visitors import PageRequest, acting_person, only
from xinqiao.subjects import queries as subjects

LONGEST: Final = 2_000  # characters of codes, twenty of them with room between
LONGEST_NUMBER: Final = 15
FIELDS: Final = ("basis", "usccs", "matter", "deferred", "what")
# What of a basis is asked for: all of it, or with the grade left out, or the grade alone.
WANTED: Final[dict[str, dict[str, Any]]] = {"items": {"grade": False}, "grade": {"items": frozenset(), "grade": True}}


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of one code, put into the order of a desk."""

    uscc: str
    name: str
    receipt: int | None
    grade: graded_by_law.Shown | None
    items: Sequence[showing.ItemLines]
    quiet: str  # items asked of which there is nothing
    silent: str  # sources that have not answered
    refused: str


@only(Role.PROVIDER)
def sharing(request: PageRequest) -> HttpResponse:
    """The form, and what was asked before. An answer is in the page that answers and nowhere else: we keep no copy."""
    department = InstitutionId(acting_source(request))
    if number := request.GET.get("receipt", ""):
        return _receipt(department, number)
    typed = returning.typed(request)
    filled = {name: typed.get(name, "").strip()[:LONGEST] for name in FIELDS}
    told: dict[str, Any] = {"said": filled, "most": MOST_AT_ONCE}
    if request.method == "POST":
        try:
            told["answers"] = [_answered(one) for one in _asked(request, department, filled)]
        except Problem as problem:
            told["fault"] = refusals.words(problem)
    status = 400 if "fault" in told else 200
    told = _standing(request, department) | told
    if "answers" in told:
        told["title"] = _found(sum(one.receipt is not None for one in told["answers"]))
    return render(request, "portal/provider/sharing.html", told, status=status)


def _found(told: int) -> str:
    return ngettext("查到 %(n)d 家企业的信息", "查到 %(n)d 家企业的信息", told) % {"n": told}


def _receipt(department: InstitutionId, number: str) -> HttpResponse:
    wanted = int(number) if number.isdecimal() and number.isascii() and len(number) <= LONGEST_NUMBER else 0
    return evidence.as_file(receipts.receipt(wanted, of=department), f"xinqiao-receipt-{wanted}")


def _asked(request: PageRequest, department: InstitutionId, filled: dict[str, str]) -> list[Shared]:
    basis = filled["basis"]
    asked = ByDuty(
        department,
        int(basis) if basis.isdecimal() and len(basis) <= LONGEST_NUMBER else 0,
        filled["matter"],
        timezone.now(),
        acting_person(request),
        deferred=filled["deferred"] == "yes",
        **WANTED.get(filled["what"], {}),
    )
    return share(asked, filled["usccs"].replace(",", " ").replace("，", " ").split())


def _answered(one: Shared) -> Answered:
    if one.answer is None:
        refused = refusals.words(one.problem)["title"] if one.problem else ""
        return Answered(str(one.uscc), "", None, None, (), "", "", refused)
    report = one.answer.report
    items = showing.item_lines(report["items"], str(one.uscc))
    quiet = [item["item"] for item in report["items"] if not item["lines"]]
    silent = [naming.source(source["source"]) for source in report["sources"] if source["state"] != "answered"]
    listed = (_("、").join(naming.item(name) for name in quiet), _("、").join(silent))
    grade = graded_by_law.shown(report)
    return Answered(str(one.uscc), report["subject"]["name"], one.answer.number, grade, items, *listed, "")


def _standing(request: PageRequest, department: InstitutionId) -> dict[str, Any]:
    """Under what this person may ask, and what the department has asked."""
    today, me = day_of(timezone.now()), acting_person(request)
    every = sharing_queries.bases_of(department)
    usable = [one for one in every if one.state(today) is BasisState.IN_FORCE and me in one.persons]
    before = paging.cursor(request)
    page = queries.looks_of(department, before=ReceiptNumber(before) if before else None)
    return {
        "bases": [_basis(one) for one in usable],
        "deferrable": any(one.deferral_law for one in usable),
        "gradable": any(one.grade for one in usable),
        "others": [_other(one, me, today) for one in every if one not in usable],
        "looks": _looks(page.looks),
        "wrong": [_wrong(notice.said) for notice in corrected.newest(department)],
        "pager": paging.older(request, page.before),
        "title": _title(len(usable)),
    }


def _title(usable: int) -> str:
    if not usable:
        return _("您现在没有可以用的共享依据")
    return ngettext("您可以按 %(n)d 份依据查询", "您可以按 %(n)d 份依据查询", usable) % {"n": usable}


def _basis(one: BasisView) -> dict[str, Any]:
    return {
        "id": one.id,
        "duty": one.duty,
        "law": one.law,
        "items": _("、").join(naming.item(name) for name in sorted(one.items)),
        "grade": one.grade,
        "until": one.until,
        "deferral": one.deferral_law,
    }


def _other(one: BasisView, me: PersonId, today: date) -> dict[str, Any]:
    state = one.state(today)
    elsewhere = state is BasisState.IN_FORCE and me not in one.persons
    return _basis(one) | {"state": _("由别的经办人或程序使用") if elsewhere else naming.basis_state(state)}


def _looks(looks: Sequence[Look]) -> list[dict[str, Any]]:
    known = {view.id: view for view in subjects.views({look.subject_id for look in looks})}
    return [
        {
            "number": look.number,
            "name": known[look.subject_id].name,
            "uscc": known[look.subject_id].uscc,
            "what": naming.told(look),
            "matter": look.shared.matter if look.shared else "",
            "officer": look.officer or look.client,
            "at": look.told_at,
        }
        for look in looks
    ]


def _wrong(said: Any) -> dict[str, str]:
    return {"name": said["subject"]["name"], "said": said["said"], "number": said["number"]}
