"""What is known about subjects on a day, as a model reads it: facts from the credit file, silence from intake."""

from collections.abc import Sequence
from datetime import date

from xinqiao.creditfile import queries as creditfile
from xinqiao.evaluation.language import Bound
from xinqiao.evaluation.scoring import Known
from xinqiao.intake import queries as intake
from xinqiao.kernel.ids import Position, SubjectId


def known(bound: Bound, subjects: Sequence[SubjectId], *, on: date, at: Position) -> Known:
    """Facts and their standing as known at a place in the log, so that a grade can be given again bit for bit.

    An item counts as delivered once any source's delivery of it was taken in, though it listed none of these subjects.
    """
    facts = {item: creditfile.frame(item, subjects=subjects, at=at, on=on) for item in bound.items}
    return Known(on=on, facts=facts, delivered=intake.items_delivered(at) & frozenset(bound.items))
