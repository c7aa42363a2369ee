"""A refused act on an objection is in the log: who tried what with which objection."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from xinqiao.ledger import recording
from xinqiao.ledger.events import Kind

P = ParamSpec("P")
T = TypeVar("T")


def on_the_record(act: Callable[P, T]) -> Callable[P, T]:
    """Decorates an act whose first argument is the objection's number, or that opens one on a `fact`, with `by` and
    `now`. It is one transaction, and of a refused one nothing stays but the refusal."""

    @wraps(act)
    def acting(*args: P.args, **named: P.kwargs) -> T:
        said: dict[str, Any] = dict(named)
        about = {"objection": args[0]} if args else {"fact": said["fact"]}
        return recording.on_the_record(
            lambda: act(*args, **named),
            Kind.OBJECTION_REFUSED,
            by=said["by"],
            now=said["now"],
            **about,
        )

    return acting
