"""A business gives and takes back, in person, after being told; whatever is wrong is refused by name."""

import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction

from tests.authorisation.builders import (
    ITEMS,
    UNTIL,
    a_bank_under_agreement,
    a_business,
    a_grant,
    a_representative,
)
from tests.parties.builders import BANK, NOW, TODAY, a_bank, a_person, an_agreement
from xinqiao import catalogue
from xinqiao.authorisation import changing, clocks, grants, mandates, notices, queries, templates
from xinqiao.authorisation.errors import (
    AgreementNotInForce,
    AlreadyEnded,
    AlreadyMandated,
    CeilingExceeded,
    MandateUnknown,
    NotFound,
    NoticeChanged,
    PurposeMismatch,
    RangeInvalid,
    ScopeExceeded,
    ScopeInvalid,
    SignerNotAuthorised,
)
from xinqiao.authorisation.notices import NoticeVersion
from xinqiao.authorisation.rules import State, state
from xinqiao.catalogue import UnknownItem
from xinqiao.kernel.ids import GrantId, InstitutionId, PersonId, SubjectId
from xinqiao.kernel.problems import Problem
from xinqiao.parties import agreements, purposes
from xinqiao.parties import queries as parties
from xinqiao.parties.errors import PurposeUnknown, UnknownInstitution
from xinqiao.subjects import queries as subjects

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def business(db: None) -> SubjectId:
    a_bank_under_agreement()
    return a_business()


@pytest.fixture
def person(business: SubjectId) -> PersonId:
    return a_representative(business)


def kinds_of_events() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind FROM ledger_event ORDER BY id")
        return [kind for (kind,) in cursor.fetchall()]


def test_a_grant_says_who_to_whom_what_why_and_until_when(business: SubjectId, person: PersonId) -> None:
    given = a_grant(business, by=person, items=["tax_declared_sales", "tax_arrears"])
    assert (given.institution, given.institution_name) == (BANK, "平顶山示例银行")
    assert given.items == ("tax_arrears", "tax_declared_sales")
    assert (given.purpose, given.until, given.given_by) == ("loan_review", UNTIL, "王小明")
    assert given.contact == "0375-0000001"
    assert given.state(NOW) is State.GIVEN
    assert queries.live_grants(business, BANK, "loan_review", NOW) == [given]
    assert queries.live_grants(business, BANK, "post_loan", NOW) == []
    assert queries.grants_of(business) == queries.grants_to(BANK) == [given]


def test_what_was_shown_is_kept_to_the_letter_with_its_version(business: SubjectId, person: PersonId) -> None:
    given = a_grant(business, by=person)
    notice = notices.current("loan_review")
    assert (given.notice_version, given.notice_digest) == (notice.version, notice.digest)
    assert queries.shown_text(given.notice_digest) == notice.text
    words = queries.shown_text(given.statement_digest)
    assert words is not None
    for told in (
        "鲁山县示例农产品有限公司",
        "平顶山示例银行",
        "0375-0000001",
        "贷款审查",
        "欠税",
        "2026-06-01",
        "2026-08-29",
    ):
        assert told in words


def test_revoking_takes_effect_at_once_and_is_final(business: SubjectId, person: PersonId) -> None:
    given = a_grant(business, by=person)
    later = NOW + timedelta(minutes=1)
    revoked = changing.revoke(given.id, by=person, now=later)
    assert revoked.state(later) is State.REVOKED
    assert revoked.state(NOW - timedelta(days=1)) is State.REVOKED
    assert queries.live_grants(business, BANK, "loan_review", later) == []
    with pytest.raises(AlreadyEnded):
        changing.revoke(given.id, by=person, now=later)
    anew = a_grant(business, by=person, now=later)
    assert anew.id != given.id


def test_a_grant_that_has_run_out_cannot_be_revoked_into_another_state(business: SubjectId, person: PersonId) -> None:
    given = a_grant(business, by=person, until=TODAY)
    assert given.state(given.ends_at - timedelta(milliseconds=1)) is State.GIVEN
    assert given.state(given.ends_at) is State.EXPIRED
    with pytest.raises(AlreadyEnded):
        changing.revoke(given.id, by=person, now=given.ends_at)


def test_what_has_ended_for_good_is_not_locked_and_still_says_why(business: SubjectId, person: PersonId) -> None:
    revoked = a_grant(business, by=person)
    changing.revoke(revoked.id, by=person, now=NOW)
    over = a_grant(business, by=person, until=date(2026, 6, 10))
    holds = a_grant(business, by=person, until=date(2026, 8, 31))
    later = NOW + timedelta(days=30)
    with transaction.atomic():
        held = queries.grants_held(business, InstitutionId(BANK), later)
    ended = queries.grants_ended(business, InstitutionId(BANK), later)
    assert [one.id for one in held] == [holds.id]
    assert [(one.id, state(one, later)) for one in ended] == [
        (revoked.id, State.REVOKED),
        (over.id, State.EXPIRED),
    ]


def test_nobody_grants_or_revokes_for_a_business_without_its_mandate(business: SubjectId, person: PersonId) -> None:
    stranger = a_person("路人")
    with pytest.raises(SignerNotAuthorised):
        a_grant(business, by=stranger)
    given = a_grant(business, by=person)
    with pytest.raises(NotFound):
        changing.revoke(given.id, by=stranger, now=NOW)


def test_who_has_left_the_business_can_do_nothing_more_in_its_name(business: SubjectId, person: PersonId) -> None:
    given = a_grant(business, by=person)
    left = NOW + timedelta(days=1)
    mandates.end(person=person, subject_id=business, now=left)
    assert queries.subjects_of(person, left) == []
    assert queries.subjects_of(person, left - timedelta(seconds=1)) == [business]
    with pytest.raises(SignerNotAuthorised):
        a_grant(business, by=person, now=left)
    with pytest.raises(NotFound):
        changing.revoke(given.id, by=person, now=left)
    assert queries.live_grants(business, BANK, "loan_review", left) == [given]  # what was given before stands
    successor = a_representative(business, "李继任")
    assert changing.revoke(given.id, by=successor, now=left).state(left) is State.REVOKED


def test_another_businesss_grant_is_as_unknown_as_none(business: SubjectId, person: PersonId) -> None:
    given = a_grant(business, by=person)
    other = a_business(2, "另一家示例有限公司")
    neighbour = a_representative(other, "邻居")
    refusals = []
    for number in (given.id, GrantId(999_999)):
        with pytest.raises(NotFound) as refused:
            changing.revoke(number, by=neighbour, now=NOW)
        refusals.append(refused.value.as_dict())
    assert refusals[0] == refusals[1]


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"to": "nobody"}, UnknownInstitution),
        ({"purpose": "curiosity"}, PurposeUnknown),
        ({"purpose": "guarantee_review"}, PurposeMismatch),
        ({"items": []}, ScopeInvalid),
        ({"items": ["gossip"]}, UnknownItem),
        ({"items": ["real_estate_mortgage"]}, ScopeExceeded),
        ({"until": date(2026, 5, 31)}, RangeInvalid),
        ({"until": date(2026, 11, 28)}, CeilingExceeded),  # 180 days, both ends counted, end on the 27th
    ],
)
def test_a_grant_beyond_what_may_be_agreed_is_refused_by_name(
    business: SubjectId, person: PersonId, wrong: dict[str, object], refusal: type[Problem]
) -> None:
    with pytest.raises(refusal):
        a_grant(business, by=person, **wrong)  # type: ignore[arg-type]
    assert queries.grants_of(business) == []


def test_the_ceiling_is_named_and_its_last_day_is_allowed(business: SubjectId, person: PersonId) -> None:
    with pytest.raises(CeilingExceeded, match="最长 180 天，止期最晚为 2026-11-27"):
        a_grant(business, by=person, until=date(2026, 11, 28))
    assert a_grant(business, by=person, until=date(2026, 11, 27)).until == date(2026, 11, 27)


def test_no_grant_outlives_the_agreement(business: SubjectId, person: PersonId) -> None:
    a_bank("pds_short_bank")
    an_agreement("pds_short_bank", items=ITEMS, until=date(2026, 6, 30))
    with pytest.raises(CeilingExceeded, match="2026-06-30"):
        a_grant(business, by=person, to="pds_short_bank", until=date(2026, 7, 1))
    a_grant(business, by=person, to="pds_short_bank", until=date(2026, 6, 30))


def test_without_an_agreement_in_force_there_is_nobody_to_grant_to(business: SubjectId, person: PersonId) -> None:
    held = parties.agreement_in_force(BANK, TODAY)
    assert held is not None
    agreements.end(held.id, because="机构退出", now=NOW)
    with pytest.raises(AgreementNotInForce):
        a_grant(business, by=person)


def test_a_notice_that_changed_since_it_was_read_is_read_again(business: SubjectId, person: PersonId) -> None:
    current = notices.current("loan_review")
    for read in (NoticeVersion("2025.1", current.digest), NoticeVersion(current.version, "0" * 64)):
        with pytest.raises(NoticeChanged):
            grants.give(
                subject_id=business,
                to=BANK,
                items=["tax_arrears"],
                purpose="loan_review",
                until=UNTIL,
                notice=read,
                by=person,
                now=NOW,
            )


def test_the_words_on_the_page_must_be_the_words_that_are_signed(business: SubjectId, person: PersonId) -> None:
    shown = notices.statement(the_terms(business))
    asked = {
        "subject_id": business,
        "to": BANK,
        "purpose": "loan_review",
        "until": UNTIL,
        "notice": notices.current("loan_review"),
        "statement": shown.digest,
        "by": person,
        "now": NOW,
    }
    with pytest.raises(NoticeChanged):  # one item more than was on the page
        grants.give(items=["tax_arrears", "tax_declared_sales"], **asked)  # type: ignore[arg-type]
    given = grants.give(items=["tax_arrears"], **asked)  # type: ignore[arg-type]
    assert given.statement_digest == shown.digest
    assert given.translation_digest is None


def test_the_english_somebody_read_is_kept_with_the_grant_beside_the_chinese_that_binds(
    business: SubjectId, person: PersonId
) -> None:
    english = notices.translation(the_terms(business))
    asked = {
        "subject_id": business,
        "to": BANK,
        "items": ["tax_arrears"],
        "purpose": "loan_review",
        "until": UNTIL,
        "notice": notices.current("loan_review"),
        "by": person,
        "now": NOW,
    }
    with pytest.raises(NoticeChanged):  # another English than the one that would be kept
        grants.give(translation="0" * 64, **asked)  # type: ignore[arg-type]
    given = grants.give(translation=english.digest, **asked)  # type: ignore[arg-type]
    assert given.translation_digest == english.digest
    assert queries.shown_text(english.digest) == english.text
    assert given.notice_digest == notices.current("loan_review").digest
    for said in ("Purpose: Loan review", "Tax arrears notices", "cannot be taken back", UNTIL.isoformat()):
        assert said in english.text


def the_terms(business: SubjectId) -> notices.Terms:
    [subject] = subjects.views([business])
    settled = clocks.settled(templates.template("loan_review", None), clocks.NOTHING_SPECIAL, ITEMS[1:2], TODAY, UNTIL)
    return notices.Terms(subject, parties.institution(BANK), ["tax_arrears"], "loan_review", TODAY, UNTIL, settled)


def test_every_notice_is_said_in_english_paragraph_by_paragraph(tmp_path: Path) -> None:
    folder = tmp_path / "city"
    shutil.copytree(catalogue.city().folder, folder)
    notice = folder / "notices" / "credit_report.yml"
    chinese, english = notice.read_text("utf-8").split("english:")
    notice.write_text(chinese, "utf-8")
    assert [mistake.message for mistake in notices.load(folder)[1] if mistake.file.startswith("notices")] == [
        "english：缺少这一项"
    ]
    paragraphs = english.replace("    - What the institution has seen", "    # What the institution has seen")
    notice.write_text(f"{chinese}english:{paragraphs}", "utf-8")
    assert [mistake.message for mistake in notices.load(folder)[1]] == ["英文提示的段数与中文不同"]


def test_the_same_words_signed_twice_are_one_grant_while_it_holds(business: SubjectId, person: PersonId) -> None:
    first = a_grant(business, by=person)
    assert a_grant(business, by=person).id == first.id
    assert a_grant(business, by=person, items=["tax_arrears", "tax_declared_sales"]).id != first.id
    changing.revoke(first.id, by=person, now=NOW)
    assert a_grant(business, by=person).id != first.id


def test_every_act_and_every_refusal_is_in_the_log(business: SubjectId, person: PersonId) -> None:
    before = len(kinds_of_events())
    given = a_grant(business, by=person)
    with pytest.raises(ScopeInvalid):
        a_grant(business, by=person, items=[])
    changing.revoke(given.id, by=person, now=NOW)
    assert kinds_of_events()[before:] == [
        "authorisation:grant:given",
        "authorisation:grant:refused",
        "authorisation:grant:revoked",
    ]


def test_a_person_has_one_mandate_for_a_business_at_a_time(business: SubjectId, person: PersonId) -> None:
    with pytest.raises(AlreadyMandated):
        mandates.give(person=person, subject_id=business, now=NOW)
    mandates.end(person=person, subject_id=business, now=NOW)
    with pytest.raises(MandateUnknown):
        mandates.end(person=person, subject_id=business, now=NOW)
    mandates.give(person=person, subject_id=business, now=NOW + timedelta(days=1))
    assert queries.acts_for(person, business, NOW + timedelta(days=1))


def test_the_citys_purposes_and_notices_are_without_mistakes() -> None:
    folder = catalogue.city().folder
    assert purposes.load(folder)[1] == []
    assert notices.load(folder)[1] == []
    assert {p.notice for p in purposes.purposes().values()} <= set(notices.files())
