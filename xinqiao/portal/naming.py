"""What things are called, in the reader's language."""

from collections.abc import Callable
from datetime import date
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _

from xinqiao import catalogue
from xinqiao.authorisation.rules import STATE_TITLES, State
from xinqiao.catalogue.schema import Item
from xinqiao.disclosure import verification
from xinqiao.disclosure.queries import Look
from xinqiao.evaluation import indicator_files
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.subject_kinds import TITLES, SubjectKind
from xinqiao.language import in_english, said
from xinqiao.ledger.events import Kind
from xinqiao.parties import purposes
from xinqiao.parties.rules import BASIS_TITLES, BasisState, Method


def city() -> str:
    return said(catalogue.city().title)


def source(name: str, on: date | None = None) -> str:
    """An organisation's name as it was on a day (today): departments are renamed, their old rows are not."""
    entry = catalogue.city().sources.get(name)
    return said(entry.named(on or day_of(timezone.now()))) if entry else name


def item(name: str) -> str:
    entry = catalogue.city().items.get(name)
    return said(entry.title) if entry else name


_SERVICES: Final[dict[Kind, Callable[[], str]]] = {
    Kind.REPORT_TOLD: lambda: _("信用报告"),
    Kind.PROFILE_TOLD: lambda: _("画像"),
    Kind.OWN_FILE_TOLD: lambda: _("自己的档案"),
    Kind.CORRECTION_TOLD: lambda: _("更正通知"),
}
_OF_ITEMS: Final[dict[Kind, Callable[[], str]]] = {
    Kind.QUERY_TOLD: lambda: _("查询：%(items)s"),
    Kind.SHARED_TOLD: lambda: _("依法查询：%(items)s"),
    Kind.WATCH_TOLD: lambda: _("持续关注：%(items)s"),
    Kind.ESTIMATE_TOLD: lambda: _("按它自己的规则测算预授信，读了：%(items)s"),
}


def told(look: Look) -> str:
    """What was told: which service, and which items or which question with its answer."""
    graded = not look.items or (look.shared is not None and look.shared.grade)
    items = {"items": _("、").join([*map(item, look.items), *([_("评价等级")] if graded else [])])}
    match look.kind:
        case Kind.QUERY_TOLD | Kind.SHARED_TOLD | Kind.WATCH_TOLD | Kind.ESTIMATE_TOLD:
            return _OF_ITEMS[look.kind]() % items
        case Kind.VERIFICATION_TOLD:
            return _("核验：%(question)s → %(answer)s") % _verified(look)
        case Kind.INDICATORS_TOLD:
            return _("指标：%(names)s") % {"names": _("、").join(indicator(name) for name in look.measured)}
    return _SERVICES.get(look.kind, lambda: _("等级和理由"))()


def _verified(look: Look) -> dict[str, str]:
    """A question and its answer; their names, where the catalogue no longer asks it."""
    name, answer = look.verified or ("", "")
    claim = catalogue.city().claims.get(name)
    if claim is None:
        return {"question": name, "answer": answer}
    return {"question": said(claim.question), "answer": said(verification.in_words(claim, answer))}


def indicator(name: str) -> str:
    """Its title; its name, where the catalogue of indicators has it no more."""
    entry = indicator_files.load(catalogue.city()).catalogue.indicators.get(name)
    return name if entry is None else entry.title_en if in_english() else entry.title


def family(name: str) -> str:
    entry = catalogue.city().families.get(name)
    return said(entry.title) if entry else name


def field(entry: Item, name: str) -> str:
    known = entry.fields.get(name)
    return said(known.title) if known else name


def purpose(name: str) -> str:
    known = purposes.purposes().get(name)
    return said(known.title) if known else name


def grant_state(state: State) -> str:
    return said(STATE_TITLES[state])


_METHODS: Final[dict[Method, Callable[[], str]]] = {
    Method.PASSWORD: lambda: _("密码"),
    Method.PASSKEY: lambda: _("通行密钥"),
    Method.CODE: lambda: _("动态口令"),
    Method.RECOVERY: lambda: _("恢复码"),
    Method.SIGN_ON: lambda: _("统一登录"),
}


def method(one: Method) -> str:
    """By what a person showed who they are."""
    return _METHODS[one]()


def basis_state(state: BasisState) -> str:
    return said(BASIS_TITLES[state])


def kind(of: SubjectKind | str) -> str:
    return said(TITLES[SubjectKind(of)])


def division(code: str | None) -> str:
    known = catalogue.city().divisions.get(code or "")
    return said(known.title) if known else ""


def industry(code: str | None) -> str:
    """The GB/T 4754 division, else the section, of a code as registers write it (`C13`, `1391`, `A`)."""
    text = (code or "").strip()
    digits = text.lstrip("ABCDEFGHIJKLMNOPQRST")[:2]
    known = catalogue.city().industries.get(digits) or catalogue.city().industries.get(text[:1])
    return said(known.title) if known else ""


def status(code: str | None) -> str:
    """登记状态, by the city's own list."""
    known = catalogue.city().codes["registration_status"].values.get(code or "")
    return said(known.title) if known else code or ""


def mode(name: str | None) -> str:
    return {"full": _("全量"), "changes": _("增量")}.get(name or "", name or "")


def cadence(item: Item) -> str:
    """How often an item is due and by when, in words."""
    every = {
        "event": _("有变动就报"),
        "day": _("每天"),
        "week": _("每周"),
        "month": _("每月"),
        "quarter": _("每季度"),
        "year": _("每年"),
    }[item.cadence.every]
    if item.cadence.within_working_days is not None:
        return _("%(every)s，%(n)d 个工作日内报送") % {"every": every, "n": item.cadence.within_working_days}
    if item.cadence.by_day is not None:
        return _("%(every)s，下一期 %(n)d 日前报送") % {"every": every, "n": item.cadence.by_day}
    return every


def period_words(begins: date, kind: str) -> str:
    """The period that begins here, for people: 2026-11-23, 2026 年 11 月, 2026 年第 4 季度."""
    said = {"year": begins.year, "month": begins.month, "quarter": (begins.month + 2) // 3, "day": begins.isoformat()}
    match kind:
        case "day":
            return str(said["day"])
        case "month":
            return _("%(year)s 年 %(month)s 月") % said
        case "quarter":
            return _("%(year)s 年第 %(quarter)s 季度") % said
        case _:
            return _("%(year)s 年") % said
