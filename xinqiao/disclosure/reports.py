"""信用报告: an institution is told about a business, as far as the business has agreed; a trace is left first."""

from collections.abc import Callable
from datetime import datetime

from xinqiao import catalogue
from xinqiao.authorisation.rules import EVER, Range
from xinqiao.disclosure import queries, reading
from xinqiao.disclosure.answering import Answer, Question, answer, answered
from xinqiao.disclosure.door import Allowed, Asked
from xinqiao.disclosure.live import Heard
from xinqiao.disclosure.papers import Check, Form, Paper, issue
from xinqiao.disclosure.reading import A_YEAR, AsRead
from xinqiao.disclosure.telling import Content
from xinqiao.disclosure.writing import Frame, write
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import GrantId, InstitutionId, PersonId, ReceiptNumber
from xinqiao.kernel.uscc import Uscc
from xinqiao.ledger.events import Kind
from xinqiao.parties import purposes


def disclose_report(
    *,
    asker: InstitutionId,
    officer: PersonId | None,
    uscc: str,
    purpose: str,
    now: datetime,
    client: str = "",
    on_behalf: str = "",
    items: frozenset[str] | None = None,
    grant: GrantId | None = None,
    range: Range = EVER,  # noqa: A002 — 数据时间范围, as the law's four clocks name it
    key: str = "",
) -> Answer:
    """Tell an institution about one business; without `items` everything granted. Raises `NotAUscc` and as `answer`."""
    asked = Asked(asker, Uscc.parse(uscc), purpose, now, officer, client, on_behalf, items, grant, range)
    return answer(_question(asked), key=key)


def hand_out_report(asked: Asked, form: Form, *, check: Check, key: str = "") -> Paper:
    """The same, as a file. Under the key of a report that was told, the file is of that one, and no second look.

    Raises as `disclose_report`, and `NoFont`.
    """
    return answered(_question(asked), lambda told: issue(told, form, check=check, now=asked.now), key=key)


def _question(asked: Asked) -> Question:
    return Question(asked, _compose, Kind.REPORT_TOLD, Kind.REPORT_REFUSED, items=asked.items)


def _compose(
    allowed: Allowed, now: datetime, *, again: AsRead | None, before: ReceiptNumber | None, heard: Heard
) -> Callable[[ReceiptNumber], Content]:
    city, day = catalogue.city(), day_of(now)
    uses = queries.asked_since(allowed.subject.id, now - A_YEAR, before=before)
    material = reading.material(
        allowed.subject, allowed.reader, uses=uses, city=city, now=now, again=again, heard=heard
    )
    frame = Frame(allowed.to, allowed.basis, purposes.purpose(allowed.basis.purpose).title, day, now)
    return lambda number: write(number, material, frame, city)
