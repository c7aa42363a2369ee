"""Writing beside a fact: a business's statement, a source's remark."""

from datetime import datetime
from typing import Final

from django.db import connection, transaction

from xinqiao.creditfile.errors import EmptyAnnotation, UnknownFact
from xinqiao.creditfile.models import Annotation
from xinqiao.kernel.ids import EventId, FactId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of

TEXT_MAX: Final = 2_000  # characters: a page; a longer story belongs into the objection's papers


@transaction.atomic
def add(fact_id: FactId, *, kind: str, text: str, by: str, now: datetime) -> EventId:
    """Add an annotation. Raises `UnknownFact`, `EmptyAnnotation`."""
    text = text.strip()
    if not 0 < len(text) <= TEXT_MAX:
        raise EmptyAnnotation(Saying("标注要写 1 到 {most} 个字", most=TEXT_MAX))
    with connection.cursor() as cursor:
        cursor.execute("SELECT subject_id FROM creditfile_fact WHERE id = %s", (fact_id,))
        row = cursor.fetchone()
    if row is None:
        raise UnknownFact(Saying("没有这条信息，或它不属于这份档案"))
    event = log.reserve_event_id()
    note = Annotation.objects.create(fact=fact_id, kind=kind, text=text, by=by, at=now, event=event)
    about = {"fact": fact_id, "subject": row[0], "annotation": note.pk}
    return log.append(Kind.FACT_ANNOTATED, now=now, about=about, rows=[state_of(note)], event_id=event)
