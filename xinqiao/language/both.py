"""The program's English without the framework, for whoever is told something before that is set up."""

import gettext
from functools import lru_cache
from pathlib import Path
from typing import Final

from xinqiao.kernel.sayings import spoken

LOCALE: Final = Path(__file__).parent / "locale"


def translated(text: str) -> str | None:
    """A sentence or a title of the program in English; None where it has none."""
    told = spoken(text, _english)
    return None if told == str(text) and not text.isascii() else told


def _english(text: str) -> str | None:
    told = _words().gettext(text)
    return None if told == text else told


@lru_cache(maxsize=1)
def _words() -> gettext.NullTranslations:
    return gettext.translation("django", LOCALE, ["en"])
