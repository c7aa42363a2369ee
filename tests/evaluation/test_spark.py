"""A cluster gives the grades this machine gives, bit for bit. Skipped, and said so, where there is no Spark."""

from pathlib import Path

import pytest

from tests.evaluation import cluster, worlds
from tests.evaluation.worlds import NOW
from xinqiao.creditfile import queries as creditfile
from xinqiao.creditfile import standing
from xinqiao.creditfile.rules import Standing
from xinqiao.evaluation import grading
from xinqiao.evaluation.spark import Spark

WHY_NOT = cluster.why_not()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # Spark leaves its gateway's socket open
@pytest.mark.skipif(WHY_NOT is not None, reason=f"Spark is not tested here: {WHY_NOT}")
@pytest.mark.usefixtures("city_db")
def test_a_cluster_of_two_workers_gives_the_checksum_of_this_machine(tmp_path: Path) -> None:
    firms = worlds.a_city(12)
    worlds.delivered(
        "administrative_penalty",
        *(
            worlds.penalty(n, severity=str(1 + n % 3), doc_no=f"第{n}-{m}号")
            for n in range(1, 9)
            for m in range(n % 3 + 1)
        ),
    )
    worlds.delivered("judgment_defaulter", worlds.defaulter(3), worlds.defaulter(5))
    worlds.delivered("registration_exit", worlds.deregistration(6))
    (default,) = creditfile.facts_of(firms[2], items=["judgment_defaulter"])
    standing.mark(default.id, Standing.DISPUTED, because="主体提出异议", by="受理员", now=NOW)
    worlds.settle()
    here = grading.grade_all(now=NOW)
    with cluster.standing(tmp_path) as master:
        there = grading.grade_all(now=NOW, at=here.position, engine=Spark(master, **cluster.SMALL))
    assert (there.checksum, there.subjects, there.graded) == (here.checksum, 12, here.graded)
