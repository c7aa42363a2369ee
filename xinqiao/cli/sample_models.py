"""The sample city's evaluation models: proposed by one of its two operators, approved by the other."""

from datetime import datetime
from typing import Final

from xinqiao.cli.sample_institutions import person

BECAUSE: Final = "平台第一版专家模型，随样例城市提供"


def approve(now: datetime) -> int:
    """The first version of each kind of subject; whatever was decided about a kind before is left as it is. Also in a
    city made before two people were asked; returns how many were approved."""
    from django.db import transaction

    from xinqiao.evaluation import approving, versions
    from xinqiao.evaluation.rules import Stage

    operator, reviewer = person("operator"), person("reviewer")
    if operator is None or reviewer is None:
        return 0
    every = versions.every(now)
    decided = {one.kind for one in every if one.stage is not Stage.DRAFT}
    first = [one for one in every if one.kind not in decided]
    with transaction.atomic():  # else a set-up cut short would leave one that waits for ever
        for one in first:
            number = approving.propose(one.bound.model.model, because=BECAUSE, by=operator, now=now)
            approving.approve(number, by=reviewer, now=now)
    return len(first)
