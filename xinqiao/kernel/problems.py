"""What a refusal is: one root, one kind, one sentence fit for its reader."""

from enum import StrEnum
from typing import ClassVar

from xinqiao.kernel.sayings import Saying


class Kind(StrEnum):
    """What sort of refusal it is; only `portal` and `api` turn a kind into a status code."""

    INVALID = "invalid"  # what was sent cannot be read as what it claims to be
    REFUSED = "refused"  # understood, and not allowed
    NOT_FOUND = "not-found"
    CONFLICT = "conflict"  # it contradicts what is already there
    TOO_MUCH = "too-much"  # beyond a written limit
    TOO_OFTEN = "too-often"  # more tries than a written limit allows; later ones are heard again
    UNAVAILABLE = "unavailable"  # not now; nothing was lost, try again


class Problem(Exception):
    """A refusal or a broken assumption, in words its reader can act on.

    `type` is the stable name scripts may rely on; `title` says in Chinese what was refused; `detail` what blocked it
    and what would change it, and reveals nothing else. Both are Chinese; `xinqiao.language` says them to others.
    """

    type: ClassVar[str] = "problem"
    kind: ClassVar[Kind] = Kind.REFUSED
    title: ClassVar[str] = "不能完成这一步"

    def __init__(self, detail: Saying | None = None) -> None:
        self.detail = Saying(self.title) if detail is None else detail
        super().__init__(self.detail)

    def as_dict(self) -> dict[str, str]:
        """The three keys every refusal carries, whoever reads it."""
        return {"type": self.type, "title": self.title, "detail": str(self.detail)}
