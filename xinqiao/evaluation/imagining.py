"""What if (假如): the grade as it would be under what somebody supposes, by the engine that grades. Nothing is kept."""

from collections.abc import Sequence
from datetime import datetime

import polars as pl

from xinqiao import catalogue
from xinqiao.evaluation import prospects, reaching, rows, supposing
from xinqiao.evaluation.errors import SuppositionInvalid
from xinqiao.evaluation.language import Bound
from xinqiao.evaluation.prospects import Asked, File, Row, Then
from xinqiao.evaluation.supposing import Supposed
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import SubjectId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger import queries as ledger


def what_if(subject_id: SubjectId, asked: Asked, *, now: datetime) -> tuple[Then, Then]:
    """The grade as reckoned now, and as it would be.

    Raises `SuppositionInvalid`, `UnknownSubject`, `NoModelInForce`.
    """
    position, on = ledger.latest_position(), day_of(now)
    file = prospects.opened(subject_id, on=on, position=position, now=now)
    _check(file, asked)
    supposed = Supposed(asked.repaired, {name: _frame(file.bound, name, some) for name, some in asked.rows.items()})
    later = file if asked.on is None else prospects.opened(subject_id, on=asked.on, position=position, now=now)
    [outcome] = supposing.outcomes(later.model, later.known, [supposed])
    return file.then(file.outcome), later.then(outcome)


def _check(file: File, asked: Asked) -> None:
    if asked.on is not None and not file.known.on <= asked.on <= file.known.on + supposing.FURTHEST:
        raise SuppositionInvalid(Saying("日期要从今天起、三年以内"))
    counted = {fact for one in file.outcome.counted.values() for fact in one.facts}
    if strange := sorted(asked.repaired - counted):
        raise SuppositionInvalid(Saying("第 {fact} 条没有计入这个评价", fact=strange[0]))


def _frame(bound: Bound, name: str, some: Sequence[Row]) -> pl.DataFrame:
    if name not in bound.items:
        raise SuppositionInvalid(Saying("评价这个主体不看“{item}”", item=name))
    item = catalogue.city().item(name)
    if unknown := {field for row in some for field in row} - item.fields.keys():
        raise SuppositionInvalid(Saying("“{item}”里没有 {field}", item=Saying(item.title), field=min(unknown)))
    try:
        return rows.frame(item, [rows.row(item, row, reaching.FIRST_NUMBER + n, 1) for n, row in enumerate(some)])
    except (ValueError, ArithmeticError) as wrong:
        raise SuppositionInvalid(Saying("“{item}”里有读不出的值", item=Saying(item.title))) from wrong
