"""When two writings of a name are one name."""

import unicodedata
from typing import Final

_IGNORED: Final = str.maketrans("", "", "·•．. ")


def same_name(one: str, other: str) -> bool:
    """Equal but for width, brackets of either kind, letter case, blanks and middle dots."""
    return _plain(one) == _plain(other)


def _plain(name: str) -> str:
    folded = unicodedata.normalize("NFKC", name).translate(_IGNORED)
    return "".join(folded.split()).casefold().translate(str.maketrans("〔〕[]【】", "()()()"))
