"""遮盖: what is left of a person's particulars when a report only needs to tell one person from another. Pure."""

from collections.abc import Callable, Mapping
from typing import Final

STAR: Final = "*"


def name(text: str) -> str:
    """王小明 → 王**. The family name alone (its first character), and how long the rest was."""
    return text[:1] + STAR * max(len(text) - 1, 1)


def id_number(text: str) -> str:
    """410402********1234 → 4104************34: the city and the last two."""
    return _ends(text, 4, 2)


def phone(text: str) -> str:
    """13812341234 → 138****1234."""
    return _ends(text, 3, 4)


def account(text: str) -> str:
    """The last four."""
    return _ends(text, 0, 4)


def _ends(text: str, head: int, tail: int) -> str:
    """Both ends, when what is hidden is longer than what is shown; else nothing but stars."""
    hidden = len(text) - head - tail
    if hidden <= max(head, tail) // 2:
        return STAR * max(len(text), 1)
    return text[:head] + STAR * hidden + text[len(text) - tail :]


MASKS: Final[Mapping[str, Callable[[str], str]]] = {
    "name": name,
    "id_number": id_number,
    "phone": phone,
    "account": account,
}
