"""指标目录: which indicators there are, from what each is read, in which direction and how finely it is told. Nothing
about any business is read here."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from xinqiao import catalogue
from xinqiao.catalogue.schema import SharingClass
from xinqiao.evaluation import indicator_files
from xinqiao.evaluation.indicator_files import Indicators
from xinqiao.evaluation.indicator_language import CataloguedIndicator, IndicatorFile, Polarity, Type
from xinqiao.kernel.sayings import Saying, with_unit
from xinqiao.language import in_english, said
from xinqiao.portal import wording


@dataclass(frozen=True, slots=True)
class Entry:
    code: str
    title: str
    item: str
    needs_grant: bool
    kind: str
    direction: str


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    version: str
    entries: tuple[Entry, ...]


def indicators(request: HttpRequest) -> HttpResponse:
    found = indicator_files.load(catalogue.city())
    groups = list(_groups(found))
    told = {"groups": groups, "many": len(found.catalogue.indicators)}
    return render(request, "portal/public/indicators.html", told)


def _groups(found: Indicators) -> Iterator[Group]:
    for one in found.groups.values():
        yield Group(titled(one), one.version, tuple(_entry(each) for each in one.indicators.values()))


def titled(one: CataloguedIndicator | IndicatorFile) -> str:
    return one.title_en if in_english() else one.title


def _entry(one: CataloguedIndicator) -> Entry:
    item = catalogue.city().item(one.reads)
    closed = item.sharing.classed is not SharingClass.OPEN
    return Entry(one.code, titled(one), said(item.title), closed, _kind(one), _direction(one.polarity))


def _kind(one: CataloguedIndicator) -> str:
    """What is told of it: yes or no, a code's words, a number, or a band so wide."""
    match one.type:
        case Type.FLAG:
            return _("是或者否")
        case Type.CODE:
            return _("代码表里的一个")
        case Type.MONEY:
            return _("%(width)s一档") % {"width": wording.money(one.width)} if one.width else ""
        case _:
            width = one.width or 1
            if width > 1:
                return _("%(width)s一档") % {"width": said(with_unit(wording.count(int(width)), width, one.unit or ""))}
            return said(Saying(one.unit or "", n=2))


def _direction(polarity: Polarity) -> str:
    match polarity:
        case Polarity.HIGHER_IS_BETTER:
            return _("越高越好")
        case Polarity.HIGHER_IS_WORSE:
            return _("越高越不好")
        case Polarity.NONE:
            return _("只供了解")
