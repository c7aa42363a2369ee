"""自主申报: a form made of an item's fields, a look at it all, a number; corrected and taken back by the business."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache

from xinqiao import catalogue
from xinqiao.catalogue.schema import FieldType
from xinqiao.language import said
from xinqiao.parties.rules import Role
from xinqiao.portal import attached, naming, refusals, returning
from xinqiao.portal.errors import FormIncomplete
from xinqiao.portal.visitors import PageRequest, acting_person, acting_subject, only
from xinqiao.rights import declarations
from xinqiao.rights import declaring as acts
from xinqiao.rights.cases import About
from xinqiao.rights.declarations import DeclarationView
from xinqiao.rights.errors import CommitmentMissing, PaperInvalid, TooManyPapers, UnknownDeclaration
from xinqiao.rights.promises import opens, promises
from xinqiao.rights.rules.declarations import STATE_TITLES, asked

PAGE: Final = "portal:my_declaration"
_INPUT: Final = {FieldType.MONTH: "month", FieldType.DATE: "date"}
_DIGITS: Final = frozenset({FieldType.INTEGER, FieldType.DECIMAL, FieldType.MONEY_YUAN, FieldType.MONEY_WAN})


@dataclass(frozen=True, slots=True)
class Asked:
    """One field of the form, and what stands in it."""

    name: str
    title: str
    type: str
    long: bool
    digits: bool
    most: int
    required: bool
    options: tuple[tuple[str, str], ...]
    value: str
    shown: str
    fault: str


@dataclass(frozen=True, slots=True)
class Shown:
    number: int
    reference: str
    url: str
    item: str
    item_url: str
    key: str
    word: str
    standing: bool
    written: bool
    view: DeclarationView


@never_cache
@only(Role.BUSINESS)
def my_declarations(request: PageRequest) -> HttpResponse:
    """Those made, the newest first; below, what may be declared."""
    mine = [_shown(view) for view in declarations.declarations_of(acting_subject(request))]
    count = sum(one.standing for one in mine)
    title = ngettext("%(n)d 件自主申报", "%(n)d 件自主申报", count) % {"n": count}
    items = sorted({item for form in promises().values() for item in form.declares})
    told = {
        "mine": mine,
        "title": title if count else _("还没有自主申报"),
        "items": [{"title": naming.item(one), "url": reverse("portal:declare", args=[one])} for one in items],
    }
    return render(request, "portal/business/declarations.html", told)


@never_cache
@only(Role.BUSINESS)
def declare(request: PageRequest, item: str) -> HttpResponse:
    """The form, a look at what will stand in the file, the number. Without its commitment, that first."""
    form = opens(item)
    if form is None:
        raise UnknownDeclaration
    typed = returning.typed(request)
    values = {name: typed.get(name, "") for name in asked(catalogue.city().item(item))}
    step = typed.get("step", "") if request.method == "POST" else ""
    try:
        faults = acts.faults(acting_subject(request), item, values, timezone.now()) if step else {}
    except CommitmentMissing:
        return redirect("portal:commit", promise=form.commitment)
    if step == "send" and not faults:
        return _send(request, item, values)
    told = {
        "item": naming.item(item),
        "fields": _fields(item, values, {name: said(one) for name, one in faults.items()}),
        "fault": bool(faults),
    }
    page = "declare_check" if step == "check" and not faults else "declare"
    return render(request, f"portal/business/{page}.html", told, status=400 if faults else 200)


def _send(request: PageRequest, item: str, values: Mapping[str, str]) -> HttpResponse:
    made = acts.declare(
        subject_id=acting_subject(request), item=item, values=values, by=acting_person(request), now=timezone.now()
    )
    return redirect(f"{reverse(PAGE, args=[made.number])}?done=declared")


@never_cache
@only(Role.BUSINESS)
def my_declaration(request: PageRequest, number: int) -> HttpResponse:
    """What was said, its proofs, and the way to correct it or take it back."""
    declarations.declaration(number, of=acting_subject(request))
    if request.method == "POST":
        acts.withdraw(number, by=acting_person(request), now=timezone.now())
        return redirect(f"{reverse(PAGE, args=[number])}?done=withdrawn")
    return _page(request, number, None)


@only(Role.BUSINESS)
def put_paper(request: PageRequest, number: int) -> HttpResponse:
    declarations.declaration(number, of=acting_subject(request))
    if request.method != "POST":
        return redirect(PAGE, number=number)
    try:
        acts.prove(number, attached.sent(request), by=acting_person(request), now=timezone.now())
    except (PaperInvalid, TooManyPapers, FormIncomplete) as problem:
        return _page(request, number, refusals.words(problem))
    return redirect(PAGE, number=number)


def _page(request: PageRequest, number: int, fault: Mapping[str, str] | None) -> HttpResponse:
    view = declarations.declaration(number)
    told: dict[str, Any] = {
        "one": _shown(view),
        "fields": [one for one in _fields(view.item, view.values, {}) if one.value],
        "papers": attached.shown(About.DECLARATION, number, attached.MINE),
        "accepted": attached.most(),
        "fault": fault,
        "done": request.GET.get("done", ""),
    }
    return render(request, "portal/business/declaration.html", told, status=400 if fault else 200)


def _shown(view: DeclarationView) -> Shown:
    return Shown(
        number=view.number,
        reference=view.reference,
        url=reverse(PAGE, args=[view.number]),
        item=naming.item(view.item),
        item_url=reverse("portal:declare", args=[view.item]),
        key=view.key,
        word=said(STATE_TITLES[view.state]),
        standing=view.standing,
        written=view.written_on is not None,
        view=view,
    )


def _fields(item: str, values: Mapping[str, str], faults: Mapping[str, str]) -> list[Asked]:
    city = catalogue.city()
    fields = []
    for name, field in asked(city.item(item)).items():
        codes = city.codes[field.codes].values if field.codes else {}
        options = tuple((code, said(one.title)) for code, one in codes.items())
        value = values.get(name, "")
        fields.append(
            Asked(
                name=name,
                title=naming.field(city.item(item), name),
                type=_INPUT.get(field.type, "text"),
                long=field.type is FieldType.LONG_TEXT,
                digits=field.type in _DIGITS,
                most=field.max_length or 200,
                required=field.required,
                options=options,
                value=value,
                shown=dict(options).get(value, value),
                fault=faults.get(name, ""),
            )
        )
    return fields
