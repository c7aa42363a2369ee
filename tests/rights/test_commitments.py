"""A business commits itself; what came of it stands in its file; a breach is established by two, repaired by two."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from tests.catalogue.builders import the_city
from tests.parties.builders import BANK, NOW, a_person
from tests.rights.builders import City, a_city, days
from xinqiao import work
from xinqiao.cli import road
from xinqiao.creditfile import queries as creditfile
from xinqiao.creditfile.queries import Fact
from xinqiao.creditfile.rules import Standing
from xinqiao.disclosure import corrected
from xinqiao.intake import inspection
from xinqiao.kernel.ids import PersonId
from xinqiao.ledger import checking
from xinqiao.parties import roles
from xinqiao.parties.rules import Role, Scope
from xinqiao.rights import breaking, commitment_rows, commitments, committing, mending, promises, proofs
from xinqiao.rights.cases import About
from xinqiao.rights.commitments import CommitmentView
from xinqiao.rights.errors import (
    NotParty,
    PromiseChanged,
    SecondPerson,
    SignerNotAuthorised,
    TooEarly,
    UnknownCommitment,
    WrongState,
)
from xinqiao.rights.rules.commitments import OPEN, Act, Claim, State, after

TRADE, LICENCE, DEPARTMENT = "fair_trade", "licence_by_commitment", "market_regulation"
OPERATOR, DESK = Scope(None, Role.OPERATOR), Scope(None, Role.PROVIDER, DEPARTMENT)


@dataclass(frozen=True)
class Committed:
    """A city, the department commitments are made to, and a second person at the platform."""

    city: City
    clerk: PersonId
    second: PersonId

    def sign(self, promise: str = TRADE, *, now: datetime = NOW, **other: Any) -> CommitmentView:
        said: dict[str, Any] = {"subject_id": self.city.world.business, "by": self.city.world.representative}
        said["version"] = promises.promises()[promise].version
        return committing.sign(promise=promise, now=now, **(said | other))

    def written(self, now: datetime = NOW) -> list[Fact]:
        """As the worker does it: handed in, inspected, filed."""
        delivery = commitment_rows.write(now)
        if delivery is not None:
            inspection.inspect(delivery, now=now)
        road.settle(now)
        return creditfile.facts_of(self.city.world.business, items=(commitment_rows.ITEM,))

    def broken(self, one: CommitmentView, *, now: datetime = NOW) -> CommitmentView:
        """Proposed by one, answered, established by another."""
        said = {"facts": "三个月没有付货款", "evidence": "平市监函〔2026〕8号"}
        breaking.propose(one.number, by=self.city.operator, now=now, **said)
        breaking.answer(one.number, text="货款有争议", by=self.city.world.representative, now=now)
        return breaking.establish(one.number, because="核实无误", by=self.second, now=now)


@pytest.fixture
def here(city_db: str) -> Committed:
    city, clerk, second = a_city(), a_person("市监科员"), a_person("第二人")
    roles.give(person=clerk, role=Role.PROVIDER, organisation=DEPARTMENT, now=NOW)
    roles.give(person=second, role=Role.OPERATOR, organisation="", now=NOW)
    return Committed(city, clerk, second)


def test_signed_it_stands_in_the_file_as_it_was_read_and_others_see_it_where_the_form_says_so(here: Committed) -> None:
    one = here.sign()
    assert here.sign() == one  # a button pressed twice
    here.sign("truthful_declaration")
    hidden, shown = sorted(here.written(), key=lambda fact: str(fact.values["published"]))
    assert shown.values["commitment_no"] == one.reference == "P-20260601-000001"
    assert shown.values["content"] == promises.promises()[TRADE].text
    assert (shown.provider, shown.values["fulfilled"]) == ("financing_platform", "1")
    told = str(here.city.world.ask(now=NOW + days(1)).report)
    assert one.reference in told
    assert str(hidden.values["commitment_no"]) not in told
    assert commitment_rows.write(NOW) is None  # nothing moved
    assert checking.check().sound


def test_only_who_speaks_for_the_business_signs_and_only_the_text_that_was_read(here: Committed) -> None:
    with pytest.raises(SignerNotAuthorised):
        here.sign(by=a_person("路人"))
    with pytest.raises(PromiseChanged):
        here.sign(version="2025.9")
    with pytest.raises(UnknownCommitment):
        committing.sign(
            subject_id=here.city.world.business, promise="none", version="1", by=here.city.world.representative, now=NOW
        )


def test_what_was_due_is_called_kept_by_whom_it_was_made_to_and_nobody_else(here: Committed) -> None:
    one = here.sign(LICENCE)
    assert one.due_on == date(2026, 7, 31)
    assert commitments.waiting(DESK, date(2026, 7, 31)) == []
    assert [late.number for late in commitments.waiting(DESK, date(2026, 8, 1))] == [one.number]
    with pytest.raises(UnknownCommitment):
        commitments.commitment(one.number, of=Scope(None, Role.PROVIDER, "tax_bureau"))
    with pytest.raises(NotParty):
        committing.keep(one.number, by=here.city.clerk, now=NOW)  # of another department
    here.written()
    assert committing.keep(one.number, by=here.clerk, now=NOW + days(61)).state is State.KEPT
    [line] = here.written(NOW + days(61))
    assert line.values["fulfilled"] == "2"


def test_its_term_ends_it_and_says_no_more_than_that(here: Committed) -> None:
    one = here.sign()
    here.written()
    assert committing.end_due(NOW + days(365)) == 0
    breaking.propose(one.number, facts="有投诉", evidence="12345工单", by=here.city.operator, now=NOW + days(365))
    assert committing.end_due(NOW + days(366)) == 0  # first it is decided
    breaking.dismiss(one.number, because="查无此事", by=here.second, now=NOW + days(366))
    assert committing.end_due(NOW + days(366)) == 1
    [line] = here.written(NOW + days(366))
    assert (line.values["fulfilled"], line.values.get("breach_facts")) == ("4", None)
    assert here.sign(now=NOW + days(366)).number != one.number


def test_a_breach_needs_the_business_heard_or_its_days_over_and_a_second_person(here: Committed) -> None:
    one = here.sign(LICENCE)
    breaking.propose(one.number, facts="没有补交材料", evidence="平市监函〔2026〕9号", by=here.clerk, now=NOW)
    assert commitments.commitment(one.number).state is State.IN_FORCE
    with pytest.raises(TooEarly):
        breaking.establish(one.number, because="属实", by=here.city.operator, now=NOW)
    last = NOW + days(7)  # a Monday: five working days
    with pytest.raises(TooEarly):
        breaking.establish(one.number, because="属实", by=here.city.operator, now=last)
    with pytest.raises(SecondPerson):
        breaking.establish(one.number, because="属实", by=here.clerk, now=last + days(1))
    ended = breaking.establish(one.number, because="属实", by=here.city.operator, now=last + days(1))
    assert ended.state is State.BROKEN
    [line] = here.written(last + days(1))
    assert line.values["breach_facts"] == "没有补交材料"
    with pytest.raises(WrongState):
        breaking.answer(one.number, text="晚了", by=here.city.world.representative, now=last + days(2))


def test_the_business_puts_papers_to_what_is_said_of_it_and_the_department_reads_them(here: Committed) -> None:
    one = here.sign(LICENCE)
    paper = {"content": b"%PDF-1.7\n%%EOF\n", "by": here.city.world.representative, "now": NOW}
    with pytest.raises(WrongState):
        proofs.add(About.COMMITMENT, one.number, **paper)  # type: ignore[arg-type]
    breaking.propose(one.number, facts="没有补交", evidence="平市监函〔2026〕9号", by=here.clerk, now=NOW)
    added = proofs.add(About.COMMITMENT, one.number, **paper)  # type: ignore[arg-type]
    assert proofs.read(added.number, of=DESK, by=here.clerk, now=NOW).content == paper["content"]


def test_what_was_found_here_is_repaired_here_by_two_who_found_it_and_whoever_was_told_hears(here: Committed) -> None:
    one, owner = here.broken(here.sign()), here.city.world.representative
    here.written()
    told = here.city.world.ask(now=NOW + days(1)).number
    with pytest.raises(TooEarly):
        mending.ask(one.number, text="都付清了", by=owner, now=NOW + days(92))
    later = NOW + days(93)  # the day after three months
    mending.ask(one.number, text="都付清了", by=owner, now=later)
    with pytest.raises(NotParty):
        mending.agree(one.number, by=here.clerk, now=later)
    agreed, receipts = mending.agree(one.number, by=here.city.operator, now=later)
    assert (agreed.breach and agreed.breach.state, receipts) == (Claim.AGREED, [])
    with pytest.raises(SecondPerson):
        mending.agree(one.number, by=here.city.operator, now=later)
    _, receipts = mending.agree(one.number, by=here.second, now=later)
    [line] = here.written(later)
    assert line.standing is Standing.REPAIRED
    [notice] = corrected.newest(BANK)
    assert ([notice.receipt], notice.said["outcome"]) == (receipts, "repaired")
    assert [report["receipt"] for report in notice.said["reports"]] == [told]
    work.drain()
    assert mending.tell_recipients(one.number, now=later) == []
    assert checking.check().sound


def test_a_refused_repair_leaves_it_as_found_and_the_business_may_ask_anew(here: Committed) -> None:
    one, owner, later = here.broken(here.sign()), here.city.world.representative, NOW + timedelta(days=100)
    here.written()
    mending.ask(one.number, text="都付清了", by=owner, now=later)
    mending.agree(one.number, by=here.second, now=later)
    refused = mending.refuse(one.number, because="还欠一家", by=here.city.operator, now=later)
    assert refused.breach is not None
    assert (refused.breach.state, refused.breach.mend_agreed_by) == (Claim.ESTABLISHED, None)
    again = mending.ask(one.number, text="也付清了", by=owner, now=later).breach
    assert again is not None
    assert again.state is Claim.MENDING


class Claiming(RuleBasedStateMachine):
    """Any acts in any order, beside a model of what a claim needs on its way."""

    def __init__(self) -> None:
        super().__init__()
        self.claim, self.established, self.agreements = Claim.PROPOSED, False, 0

    @rule(act=st.sampled_from(Act))
    def do(self, act: Act) -> None:
        led = after(self.claim, act)
        if led is None:
            return
        self.established = self.established or act is Act.ESTABLISH
        self.agreements = {Act.AGREE: 1, Act.CONFIRM: 2, Act.REFUSE: 0}.get(act, self.agreements)
        self.claim = led

    @invariant()
    def nothing_is_repaired_that_was_not_found_nor_by_one_alone(self) -> None:
        assert self.claim is not Claim.MENDED or (self.established and self.agreements == 2)

    @invariant()
    def what_was_dismissed_is_never_found_and_what_was_found_never_dismissed(self) -> None:
        assert self.claim is not Claim.DISMISSED or not self.established
        assert self.claim not in {Claim.ESTABLISHED, Claim.MENDING, Claim.AGREED, Claim.MENDED} or self.established

    @invariant()
    def what_is_over_stays_over(self) -> None:
        if self.claim in {Claim.DISMISSED, Claim.MENDED}:
            assert all(after(self.claim, act) is None for act in Act)
            assert self.claim not in OPEN


Claiming.TestCase.settings = settings(max_examples=50, stateful_step_count=12)
TestClaiming = Claiming.TestCase


def test_every_form_of_the_city_is_one_the_catalogue_knows_and_wrong_ones_are_named(tmp_path: Any) -> None:
    found, mistakes = promises.load(the_city().folder, the_city())
    assert mistakes == []
    assert {form.kind for form in found.values()} >= {"1", "4", "5", "6"}
    (tmp_path / promises.FILE).write_text(
        "commitments:\n  - {commitment: a, version: '1', kind: '9', title: 甲, promises: [乙], to: nobody, months: 1, "
        "published: true, declares: [nothing], basis: []}\n",
        "utf-8",
    )
    _, mistakes = promises.load(tmp_path, the_city())
    assert len(mistakes) == 3
