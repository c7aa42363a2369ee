"""A version that may grade is frozen whole; nobody can change it quietly."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.evaluation import builders, worlds
from tests.evaluation.worlds import NOW
from xinqiao.evaluation import adopting, compiling
from xinqiao.evaluation.errors import ModelChanged, NoModelInForce
from xinqiao.evaluation.models import AdoptedModel
from xinqiao.kernel.subject_kinds import SubjectKind

pytestmark = pytest.mark.usefixtures("db")


def reworded(**changes: Any) -> dict[str, Any]:
    return builders.a_model({"matters": builders.an_indicator(**changes)})


def test_a_model_is_adopted_once_with_its_sql_and_digests() -> None:
    bound = builders.bound()
    one, again = (adopting.adopt(bound, now=NOW) for _ in range(2))
    assert one.id == again.id
    row = AdoptedModel.objects.get()
    compiled = compiling.compile(bound)
    assert (row.sql, row.sql_sha256) == (compiled.sql, compiled.digest)
    assert one.bound == bound


def test_a_changed_model_under_its_old_version_is_refused() -> None:
    adopting.adopt(builders.bound(), now=NOW)
    with pytest.raises(ModelChanged):
        adopting.adopt(builders.bound(reworded(title="改了名字")), now=NOW)


def test_a_catalogue_that_calls_other_things_breach_changes_the_model_too() -> None:
    adopting.adopt(builders.bound(), now=NOW)
    harsher = {"otherwise": "breach", "cases": []}
    with pytest.raises(ModelChanged):
        adopting.adopt(builders.bound(city=builders.a_city(builders.an_item(adverse=harsher))), now=NOW)


def test_a_new_version_stands_beside_the_old_one() -> None:
    old = adopting.adopt(builders.bound(), now=NOW)
    new = adopting.adopt(builders.bound(reworded(title="改了名字") | {"version": "2026.2"}), now=NOW)
    assert adopting.recall(old.id).bound.model.version == "2026.1"
    assert adopting.recall(new.id).bound.model.version == "2026.2"


def test_what_runs_is_the_frozen_text_and_not_a_fresh_compilation(monkeypatch: pytest.MonkeyPatch) -> None:
    """A later release of the tools may write the same meaning in other words; grades of a version do not notice."""
    bound = builders.bound()
    frozen = adopting.adopt(bound, now=NOW).runnable.sql
    monkeypatch.setattr(compiling, "compile", lambda _: pytest.fail("compiled anew"))
    assert adopting.adopt(bound, now=NOW).runnable.sql == frozen


def test_before_a_model_takes_effect_nobody_is_graded_by_it() -> None:
    worlds.models_in_force(now=datetime(2026, 3, 1, tzinfo=UTC))
    with pytest.raises(NoModelInForce):
        adopting.in_force(SubjectKind.ENTERPRISE, on=date(2026, 3, 31), now=NOW)
    assert adopting.in_force(SubjectKind.ENTERPRISE, on=date(2026, 4, 1), now=NOW).bound.model.model == "enterprise"
