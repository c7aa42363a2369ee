"""What a domain or a file of the city says in Chinese, in the language this request is answered in."""

from django.utils.translation import get_language, gettext

from xinqiao import catalogue
from xinqiao.kernel.sayings import spoken


def in_english() -> bool:
    return get_language() == "en"


def said(text: str) -> str:
    """A sentence, a title or a unit in the reader's language; in Chinese where that has no words for it.

    What is no text of ours, such as a name, comes back as it is.
    """
    return spoken(text, _english) if text and in_english() else str(text)


def _english(text: str) -> str | None:
    """The city's words, then the program's: a short text may mean one thing on a page and another in a city's file."""
    if (told := catalogue.city().english.get(text)) is not None:
        return told
    told = gettext(text)
    return None if told == text else told
