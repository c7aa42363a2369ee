"""How a version has been going: one figure a kept run, the oldest first."""

from datetime import timedelta

import pytest

from tests.evaluation import worlds
from tests.evaluation.worlds import NOW
from xinqiao.evaluation import courses, grading, outcome_files, trials, versions
from xinqiao.evaluation.courses import Span

pytestmark = pytest.mark.usefixtures("city_db")


def test_a_versions_nights_say_how_far_it_moved_whom_it_covers_and_how_well_it_parts() -> None:
    worlds.a_city(4)
    worlds.delivered("administrative_penalty", worlds.penalty(1))
    worlds.delivered("judgment_defaulter", worlds.defaulter(2))
    worlds.delivered("registration_exit", worlds.deregistration(4))
    grading.grade_all(now=NOW)
    [view, *_] = versions.of("enterprise", NOW)
    assert view.id is not None
    failed = outcome_files.Labelled(worlds.a_code(1), worlds.TODAY, bad=True)
    paid = outcome_files.Labelled(worlds.a_code(3), worlds.TODAY, bad=False)
    trials.monitor(view.id, now=NOW)
    worlds.delivered("judgment_defaulter", *(worlds.defaulter(n) for n in (1, 2)), period="2026-11-21")
    grading.grade_all(now=NOW)
    trials.monitor(view.id, now=NOW + timedelta(days=1), outcomes=[failed, paid])
    first, second = courses.course(view.bound, view.document)
    assert (first.psi, first.auc) == (0, None)
    assert first.grades == {"A": 0, "B": 2 / 3, "C": 0, "D": 1 / 3}, (
        "the fourth is no longer in being and counts nowhere"
    )
    assert (second.grades["D"], second.coverage, second.thin) == (2 / 3, 1, 0)
    assert first.mean is not None
    assert second.mean is not None
    assert second.mean < first.mean
    assert second.psi is not None
    assert second.psi > 0.25
    assert second.csi is not None
    assert second.csi[0] == "court_defaults"
    assert (second.auc, second.ks, second.gini) == (1, 1, 1)


def test_of_long_years_each_month_has_its_last_run() -> None:
    worlds.a_city(1)
    grading.grade_all(now=NOW)
    [view, *_] = versions.of("enterprise", NOW)
    assert view.id is not None
    nights = [trials.monitor(view.id, now=NOW + timedelta(days=days)) for days in (0, 5, 7, 8, 40)]
    monthly = courses.course(view.bound, view.document, Span.MONTHS)
    assert [run.number for run in monthly] == [nights[2], nights[3], nights[4]], "11-30, 12-01 and 01-02"
    assert [run.number for run in courses.course(view.bound, view.document)] == nights
