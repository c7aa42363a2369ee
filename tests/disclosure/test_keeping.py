"""How long what was told may be kept: attested, excused by law, or overdue and marked; the business sees which."""

from datetime import timedelta

import pytest
from joserfc import jwt

from tests.disclosure.builders import World, a_world
from tests.parties.builders import BANK, NOW, Program, a_program
from xinqiao.disclosure import keeping, kept
from xinqiao.disclosure.errors import AlreadyAttested, LawUnnamed, NotFound
from xinqiao.disclosure.keeping import Attested
from xinqiao.disclosure.kept import How, State
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import InstitutionId, ReceiptNumber
from xinqiao.ledger import checking, sequencing
from xinqiao.parties.errors import BadSignature, StaleTimestamp

pytestmark = pytest.mark.usefixtures("city_db")
OF = InstitutionId(BANK)


@pytest.fixture
def world(city_db: str) -> World:
    return a_world()


def told(world: World) -> ReceiptNumber:
    return world.ask().number


def state(receipt: ReceiptNumber, days: int = 0) -> State:
    return kept.of_receipts([receipt], day_of(NOW + timedelta(days=days)))[receipt].state


def test_the_term_is_the_one_the_receipt_was_signed_with(world: World) -> None:
    answer = world.ask()
    days = answer.report["basis"]["keep_days"]
    [one] = kept.outstanding(OF, size=10)
    assert (one.receipt, one.until) == (answer.number, day_of(NOW) + timedelta(days=days))
    assert (state(answer.number, days), state(answer.number, days + 1)) == (State.KEPT, State.OVERDUE)


def test_an_officer_attests_once_that_it_is_deleted_and_nobody_elses(world: World) -> None:
    receipt = told(world)
    done = Attested([receipt], How.DELETED)
    with pytest.raises(NotFound):
        keeping.attest_in_person(
            Attested([ReceiptNumber(receipt + 1)], How.DELETED), of=OF, person=world.officer, now=NOW
        )
    assert keeping.attest_in_person(done, of=OF, person=world.officer, now=NOW) == 1
    assert state(receipt, 10_000) is State.DELETED
    assert kept.outstanding(OF, size=10) == []
    with pytest.raises(AlreadyAttested):
        keeping.attest_in_person(done, of=OF, person=world.officer, now=NOW)


def test_keeping_by_law_names_the_law(world: World) -> None:
    receipt = told(world)
    for how, law in ((How.RETAINED, " "), (How.DELETED, "商业银行法")):
        with pytest.raises(LawUnnamed):
            keeping.attest_in_person(Attested([receipt], how, law), of=OF, person=world.officer, now=NOW)
    law = "反洗钱法第三十四条"
    keeping.attest_in_person(Attested([receipt], How.RETAINED, law), of=OF, person=world.officer, now=NOW)
    assert kept.of_receipts([receipt], day_of(NOW))[receipt].law == law


def signed(program: Program, receipt: int, **other: object) -> str:
    claims = {"iss": program.id, "iat": int(NOW.timestamp()), "receipts": [receipt], "how": "deleted"} | other
    return jwt.encode({"alg": "Ed25519"}, claims, program.key, algorithms=["Ed25519"])


def test_a_program_attests_with_its_own_key_and_just_now(world: World) -> None:
    receipt, program = told(world), a_program()
    said = {"of": OF, "client": program.id, "now": NOW}
    with pytest.raises(StaleTimestamp):
        keeping.attest_signed(signed(program, receipt, iat=int(NOW.timestamp()) - 3600), **said)  # type: ignore[arg-type]
    with pytest.raises(BadSignature):
        keeping.attest_signed(signed(program, receipt)[:-6] + "AAAAAA", **said)  # type: ignore[arg-type]
    assert keeping.attest_signed(signed(program, receipt), **said) == 1  # type: ignore[arg-type]
    assert state(receipt) is State.DELETED


def test_who_is_late_is_marked_once_and_the_log_answers_for_it(world: World) -> None:
    receipt = told(world)
    [one] = kept.outstanding(OF, size=10)
    assert keeping.mark_overdue(one.until, now=NOW) == 0
    late = one.until + timedelta(days=1)
    assert keeping.mark_overdue(late, now=NOW) == 1
    assert keeping.mark_overdue(late, now=NOW) == 0
    keeping.attest_in_person(Attested([receipt], How.DELETED), of=OF, person=world.officer, now=NOW)
    sequencing.sequence(NOW)
    assert checking.check().sound
