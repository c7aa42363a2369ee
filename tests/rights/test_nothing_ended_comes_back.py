"""Whatever happens to a line in whatever order: once it has ended it is told to nobody and counted nowhere again."""

from datetime import date, datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from tests.disclosure.builders import PENALTY, on_file
from tests.parties.builders import NOW
from tests.rights.builders import ITEM, SOURCE, City, a_city
from tests.rights.test_repair_results import DECIDED
from xinqiao.creditfile import erasure, retention
from xinqiao.creditfile import queries as creditfile
from xinqiao.creditfile.queries import Fact
from xinqiao.kernel.city_time import day_of
from xinqiao.ledger import checking, sequencing
from xinqiao.rights import annulling, deciding, following, results

TOLD = {"good", "disputed"}
NUMBERS = count(1)  # each run has a line of its own, and deliveries of its own
DELIVERIES = count(1000)


class Line(RuleBasedStateMachine):
    """One penalty, general: shown for a year from its day. The model holds only whether it has ended, and why not."""

    city: City

    @initialize()
    def filed(self) -> None:
        self.document = f"平环罚〔2026〕{next(NUMBERS)}号"
        self.now: datetime = NOW
        self.ended = self.erased = False
        self.spelling = 0
        self.delivered()

    def delivered(self) -> None:
        row = PENALTY | {"doc_no": self.document, "facts": f"未按规定保存监测记录（{self.spelling}）"}
        row["decided_on"] = date(2026, 5, 12)
        on_file(self.city.world.business, ITEM, [row], delivery=next(DELIVERIES), now=self.now)
        following.follow(self.now)

    def current(self) -> Fact | None:
        held = creditfile.facts_of(self.city.world.business, items=(ITEM,), live=True)
        return next((one for one in held if one.values["doc_no"] == self.document), None)

    @rule(days=st.sampled_from([1, 30, 400]))
    def days_pass_and_the_night_comes(self, days: int) -> None:
        self.now += timedelta(days=days)
        retention.expire(self.now)
        self.ended = self.ended or day_of(self.now) > date(2027, 5, 12)

    @rule()
    def the_source_sends_the_same_again(self) -> None:
        if not self.erased:
            self.delivered()

    @rule()
    def the_source_sends_it_spelt_otherwise(self) -> None:
        if not self.erased:
            self.spelling += 1
            self.delivered()

    @rule()
    def credit_china_has_it_repaired(self) -> None:
        said = DECIDED | {"target_doc_no": self.document, "effective_on": day_of(NOW)}
        on_file(self.city.world.business, results.ITEM, [said], delivery=next(DELIVERIES), now=self.now)
        following.follow(self.now)
        self.ended = True

    @precondition(lambda self: not self.ended)
    @rule()
    def the_act_was_annulled(self) -> None:
        one = annulling.report(
            source=SOURCE, item=ITEM, uscc=self.city.world.code, key=self.document, document="平环撤〔2026〕3号",
            annulled_on=day_of(NOW), text="复议撤销了处罚。", by=self.city.clerk, now=self.now,
        )  # fmt: skip
        annulling.confirm(one.number, by=self.city.operator, now=self.now)
        self.ended = True

    @precondition(lambda self: not self.ended)
    @rule()
    def an_objection_to_it_is_rejected(self) -> None:
        fact = self.current()
        assert fact is not None
        one = self.city.object(fact=fact.id, now=self.now)
        deciding.reject(one.number, because="核对无误", by=self.city.operator, now=self.now)

    @precondition(lambda self: self.ended and not self.erased)
    @rule()
    def what_has_ended_is_erased(self) -> None:
        fact = self.current()
        if fact is not None:
            erasure.erase([fact.id], basis="保存期限届满", by="test", now=self.now)
        self.erased = True

    @invariant()
    def what_has_ended_is_told_to_nobody_and_what_has_not_is_told(self) -> None:
        if not hasattr(self, "document"):
            return
        fact = self.current()
        usable = fact is not None and creditfile.standings_now([fact.id], day_of(self.now))[fact.id].value in TOLD
        assert usable is not self.ended

    def teardown(self) -> None:
        sequencing.sequence(self.now)
        assert checking.check().sound


@pytest.mark.usefixtures("city_db")
def test_nothing_that_has_ended_comes_back_and_the_log_stays_provable() -> None:
    Line.city = a_city()
    kept = settings(max_examples=12, stateful_step_count=10, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Line, settings=kept)
