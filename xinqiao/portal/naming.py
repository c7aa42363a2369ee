"""What things are called, in the reader's language: Chinese from the city's files, English where they give it."""

from datetime import date

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from xinqiao import catalogue
from xinqiao.catalogue.schema import Item, Source
from xinqiao.kernel.subject_kinds import TITLES, SubjectKind
from xinqiao.parties import purposes
from xinqiao.portal import wording


def in_english() -> bool:
    return get_language() == "en"


def _either(chinese: str, english: str | None) -> str:
    return english if english and in_english() else chinese


def city() -> str:
    file = catalogue.city().file
    return _either(file.title, file.title_en)


def source(name: str, on: date | None = None) -> str:
    """An organisation's name as it was on a day (today): departments are renamed, their old rows are not."""
    entry = catalogue.city().sources.get(name)
    return _name_on(entry, on or wording.city_day(timezone.now())) if entry else name


def _name_on(entry: Source, on: date) -> str:
    held = [known for known in entry.names if known.since <= on]
    return max(held or entry.names, key=lambda known: known.since).title


def item(name: str) -> str:
    entry = catalogue.city().items.get(name)
    return _either(entry.title, entry.title_en) if entry else name


def family(name: str) -> str:
    entry = catalogue.city().families.get(name)
    return _either(entry.title, entry.title_en) if entry else name


def field(entry: Item, name: str) -> str:
    known = entry.fields.get(name)
    return _either(known.title, known.title_en) if known else name


def purpose(name: str) -> str:
    known = purposes.purposes().get(name)
    return _either(known.title, known.title_en) if known else name


def kind(of: SubjectKind | str) -> str:
    known = SubjectKind(of)
    english = {
        SubjectKind.ENTERPRISE: "enterprise",
        SubjectKind.INDIVIDUAL_BUSINESS: "individual business",
        SubjectKind.COOPERATIVE: "farmers' co-operative",
        SubjectKind.RURAL_COLLECTIVE: "rural collective",
    }
    return _either(TITLES[known], english[known])


def division(code: str | None) -> str:
    known = catalogue.city().divisions.get(code or "")
    return known.title if known else ""


def industry(code: str | None) -> str:
    """The GB/T 4754 division, else the section, of a code as registers write it (`C13`, `1391`, `A`)."""
    text = (code or "").strip()
    digits = text.lstrip("ABCDEFGHIJKLMNOPQRST")[:2]
    known = catalogue.city().industries.get(digits) or catalogue.city().industries.get(text[:1])
    return known.title if known else ""


def mode(name: str | None) -> str:
    return {"full": _("全量"), "changes": _("增量")}.get(name or "", name or "")
