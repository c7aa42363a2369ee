"""The texts people were shown, kept to the letter under their digests."""

from collections.abc import Iterable
from datetime import datetime

from xinqiao.authorisation.models import ShownText
from xinqiao.authorisation.notices import Notice, Statement
from xinqiao.ledger.log import RowState
from xinqiao.ledger.model_rows import state_of


def shown(text: Notice | Statement, now: datetime) -> ShownText:
    return ShownText(digest=text.digest, name=text.name, version=text.version, text=text.text, first_shown_at=now)


def keep(texts: Iterable[ShownText | None], now: datetime) -> list[RowState]:
    """Keep each the first time it is shown; the rows that are new belong in the event of the act."""
    states = []
    for text in texts:
        if text is None:
            continue
        row, fresh = ShownText.objects.get_or_create(
            pk=text.digest,
            defaults={"name": text.name, "version": text.version, "text": text.text, "first_shown_at": now},
        )
        if fresh:
            states.append(state_of(row))
    return states
