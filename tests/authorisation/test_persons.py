"""A natural person consents in person, to hers alone; no grant of a firm opens it, and nobody else changes it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from tests.authorisation.builders import UNTIL, a_code, a_representative
from tests.disclosure.builders import PENALTY, SALES, World, a_world, on_file
from tests.parties.builders import BANK, NOW, TODAY, a_bank, a_person, an_agreement, an_officer
from xinqiao.authorisation import changing, grants, mandates, notices, person_queries, persons, queries, written
from xinqiao.authorisation.clocks import NOTHING_SPECIAL, settled
from xinqiao.authorisation.errors import (
    AlreadyAsked,
    CeilingExceeded,
    ConsentUnknown,
    NotFound,
    NotHerNumber,
    NoticeChanged,
    NotLive,
    ScopeInvalid,
    SignerNotAuthorised,
)
from xinqiao.authorisation.person_queries import ConsentView
from xinqiao.authorisation.persons import Named
from xinqiao.authorisation.rules import State
from xinqiao.authorisation.templates import template
from xinqiao.disclosure.errors import GrantRevoked
from xinqiao.disclosure.querying import query
from xinqiao.disclosure.verification import verify_claim
from xinqiao.kernel.ids import PersonId, SubjectId
from xinqiao.kernel.subject_kinds import SubjectKind
from xinqiao.ledger.checking import check
from xinqiao.parties import agreements
from xinqiao.parties import queries as parties
from xinqiao.subjects import queries as subjects
from xinqiao.subjects import registration
from xinqiao.subjects.rules import Introduction

NUMBER = str(PENALTY["legal_person_id"])
ANOTHERS = {
    **PENALTY,
    "doc_no": "平环罚〔2022〕7号",
    "legal_person_id": "41040219850101003X",
}  # an earlier representative
PENALTY_ITEM = "administrative_penalty"
HERS = {"legal_person_id", "legal_person_id_type"}


@dataclass(frozen=True)
class Wang:
    world: World
    person: PersonId

    def asked(self, number: str = NUMBER, name: str = "王小明") -> ConsentView:
        named = Named(name, number, "legal_representative")
        return persons.ask(self.world.grant.id, named, by=self.world.officer, now=NOW)

    def taken_up(self) -> ConsentView:
        return persons.take_up(persons.invitation(self.asked().id), number=NUMBER, by=self.person, now=NOW)

    def given(self, until: date = UNTIL) -> ConsentView:
        consent = self.taken_up()
        words, _ = persons.offered(consent.id, until, english=False, now=NOW)
        return persons.give(consent.id, until=until, text=words.digest, by=self.person, now=NOW)

    def told(self, **other: Any) -> list[dict[str, Any]]:
        """The values of the penalties as the bank is told them."""
        report = self.world.ask(**other).report
        lines = [one for family in report["families"] for one in family["items"] if one["item"] == PENALTY_ITEM]
        return [line["values"] for item in lines for line in item["lines"]]


@pytest.fixture
def wang(city_db: str) -> Wang:
    world = a_world(["tax_declared_sales"])
    held = parties.agreement_in_force(BANK, TODAY)
    assert held is not None
    agreements.end(held.id, because="改签，写明行政处罚", now=NOW)
    an_agreement(items=["tax_declared_sales", PENALTY_ITEM])
    a_bank("pds_other_bank")
    an_agreement("pds_other_bank", items=["tax_declared_sales", PENALTY_ITEM])
    on_file(world.business, PENALTY_ITEM, [ANOTHERS], delivery=9)
    return Wang(world, a_person("王小明"))


def test_no_grant_of_the_firm_opens_what_is_a_persons_and_the_answer_says_what_it_wants_for(wang: Wang) -> None:
    report = wang.world.ask().report
    [item] = [one for family in report["families"] for one in family["items"] if one["item"] == PENALTY_ITEM]
    assert all(HERS.isdisjoint(line["values"]) for line in item["lines"])
    wanting = {one["field"] for one in item["withheld"] if one["wants"] == "person_consent"}
    assert wanting == {*HERS, "id_type", "id_no"}


def test_her_own_consent_opens_hers_and_nobody_elses(wang: Wang) -> None:
    wang.given()
    hers, anothers = sorted(wang.told(), key=lambda values: "legal_person_id" not in values)
    assert hers["legal_person_id"] == NUMBER
    assert hers["legal_person_name"] == "王小明"
    assert anothers["legal_person_name"] == "王**"  # of the same name; the number is another's
    assert HERS.isdisjoint(anothers)


def test_nothing_said_beside_the_lines_differs_with_what_is_in_them(wang: Wang) -> None:
    def beside(report: dict[str, Any]) -> object:
        [item] = [one for family in report["families"] for one in family["items"] if one["item"] == PENALTY_ITEM]
        return item["withheld"], report["not_included"]

    before = beside(dict(wang.world.ask().report))
    wang.given()
    assert beside(dict(wang.world.ask().report)) == before


def test_taking_back_closes_it_with_the_commit_and_leaves_the_firms_grant_alone(wang: Wang) -> None:
    consent = wang.given()
    assert any("legal_person_id" in values for values in wang.told())
    later = NOW + timedelta(minutes=1)
    persons.revoke(consent.id, by=wang.person, now=later)
    assert not any("legal_person_id" in values for values in wang.told(now=later))
    assert queries.known(wang.world.grant.id).live(later)
    with pytest.raises(NotLive):
        persons.revoke(consent.id, by=wang.person, now=later)


def test_it_has_clocks_of_its_own_and_opens_nothing_without_the_firms_grant(wang: Wang) -> None:
    consent = wang.given(until=TODAY)
    assert consent.state(consent.terms.ends_at - timedelta(milliseconds=1)) is State.GIVEN
    assert not any("legal_person_id" in values for values in wang.told(now=consent.terms.ends_at))
    changing.revoke(wang.world.grant.id, by=wang.world.representative, now=NOW)
    with pytest.raises(GrantRevoked):
        wang.told()


def test_only_she_answers_and_only_she_sees_it(wang: Wang) -> None:
    consent, stranger = wang.taken_up(), wang.world.representative
    for act in (persons.decline, persons.revoke):
        with pytest.raises(ConsentUnknown):
            act(consent.id, by=stranger, now=NOW)
    with pytest.raises(ConsentUnknown):
        person_queries.hers(consent.id, stranger)
    assert [one.id for one in person_queries.of_person(wang.person)] == [consent.id]
    assert person_queries.of_person(stranger) == []
    with pytest.raises(NotFound):  # another bank's officer, as for a grant nobody has
        persons.ask(
            wang.world.grant.id,
            Named("王小明", "1", "spouse"),
            by=an_officer("pds_other_bank"),
            now=NOW,
        )


def test_an_invitation_opens_to_the_name_and_number_that_were_asked_and_to_one_person(wang: Wang) -> None:
    consent = wang.asked()
    code = persons.invitation(consent.id)
    for number, by in (("410402199001011235", wang.person), (NUMBER, a_person("李四"))):
        with pytest.raises(NotHerNumber):
            persons.take_up(code, number=number, by=by, now=NOW)
    with pytest.raises(ConsentUnknown):
        persons.take_up(code[:-1] + ("0" if code[-1] != "0" else "1"), number=NUMBER, by=wang.person, now=NOW)
    persons.take_up(code, number=f" {NUMBER} ", by=wang.person, now=NOW)
    with pytest.raises(NotHerNumber):  # a namesake who learnt the number comes too late
        persons.take_up(code, number=NUMBER, by=a_person("王小明"), now=NOW)
    with pytest.raises(AlreadyAsked):
        wang.asked()


def test_she_signs_the_words_she_read_and_no_day_beyond_what_was_asked(wang: Wang) -> None:
    consent = wang.taken_up()
    with pytest.raises(NoticeChanged):
        persons.give(consent.id, until=UNTIL, text="0" * 64, by=wang.person, now=NOW)
    with pytest.raises(CeilingExceeded):
        persons.give(consent.id, until=UNTIL + timedelta(days=1), text="", by=wang.person, now=NOW)
    read, _ = persons.offered(consent.id, UNTIL, english=True, now=NOW)
    done = persons.give(consent.id, until=UNTIL, text=read.digest, by=wang.person, now=NOW)
    kept = queries.shown_text(done.text_digest)
    assert kept is not None
    assert "王小明（法定代表人）" in kept
    assert "My own consent" in kept
    assert "法定代表人证件号码" in kept


def test_every_use_of_hers_is_counted_and_the_log_answers_for_all_of_it(wang: Wang) -> None:
    consent = wang.given()
    receipt = wang.world.ask()
    assert receipt.report["basis"]["consents"] == [consent.id]
    assert person_queries.receipts_of(consent.id) == [receipt.number]
    assert check().sound


# ── an individual business is its person (条例 §46) ──────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Stall:
    """An individual business, and who runs it."""

    subject: SubjectId
    owner: PersonId
    officer: PersonId

    def digest(self, items: tuple[str, ...] = ("tax_credit_level", "tax_declared_sales")) -> str:
        [subject], to = subjects.views([self.subject]), parties.institution(BANK)
        clocks = settled(template("loan_review", None), NOTHING_SPECIAL, items, TODAY, UNTIL)
        shown = written.shown(notices.Terms(subject, to, items, "loan_review", TODAY, UNTIL, clocks), english=False)
        assert shown is not None
        return shown.digest

    def grant(self, by: PersonId | None = None, **other: Any) -> queries.GrantView:
        said = {"items": ("tax_credit_level", "tax_declared_sales"), **other}
        return grants.give(
            subject_id=self.subject,
            to=BANK,
            purpose="loan_review",
            until=UNTIL,
            notice=notices.current("loan_review"),
            by=by or self.owner,
            now=NOW,
            **said,
        )

    def query(self) -> dict[str, Any]:
        return dict(query(items=frozenset({"tax_declared_sales"}), **self.asking()).report)

    def asking(self) -> dict[str, Any]:
        return {"asker": BANK, "officer": self.officer, "uscc": a_code(5, "92"), "purpose": "loan_review", "now": NOW}


@pytest.fixture
def stall(city_db: str) -> Stall:
    a_bank()
    an_agreement(items=["tax_credit_level", "tax_declared_sales"])
    code = a_code(5, "92")
    row = Introduction(code, "王小明小吃店", SubjectKind.INDIVIDUAL_BUSINESS, "410402", "62", date(2020, 3, 1), "K")
    subject = registration.introduce([row], now=NOW)[code]
    on_file(subject, "tax_declared_sales", [{**SALES, "subject_name": "王小明小吃店"}])
    return Stall(subject, a_representative(subject), an_officer())


def test_without_the_separate_consent_the_amounts_stay_closed_in_report_query_and_verification(stall: Stall) -> None:
    stall.grant()
    report = query(items=frozenset({"tax_credit_level", "tax_declared_sales"}), **stall.asking()).report
    assert [one["item"] for one in report["wants_consent"]] == ["tax_declared_sales"]
    assert [one["item"] for one in report["items"]] == ["tax_credit_level"]
    verified = verify_claim(claim="declared_sales_in_a_year", **stall.asking()).report
    assert (verified["answer"], verified["unknown_because"]) == ("unknown", "person-consent-missing")


def test_with_it_they_are_told(stall: Stall) -> None:
    given = stall.grant(written=stall.digest())
    assert given.terms.written == {"tax_declared_sales"}
    told = stall.query()
    assert told["wants_consent"] == []
    assert told["items"][0]["lines"][0]["values"]["sales"] == "1234567.80"
    kept = queries.shown_text(given.written_digest or "")
    assert kept is not None
    assert "由您单独决定" in kept


def test_the_separate_consent_is_never_bundled_and_never_an_agents(stall: Stall) -> None:
    closed = stall.grant()
    assert closed.terms.written == frozenset()
    assert stall.grant(written=stall.digest()).id != closed.id  # ticking it is another grant
    with pytest.raises(NoticeChanged):
        stall.grant(written="0" * 64)
    with pytest.raises(ScopeInvalid):
        stall.grant(items=("tax_declared_sales",))
    agent = a_person("代办人")
    mandates.give(person=agent, subject_id=stall.subject, capacity=mandates.Capacity.AGENT, now=NOW)
    with pytest.raises(SignerNotAuthorised):
        stall.grant(by=agent, written=stall.digest())
