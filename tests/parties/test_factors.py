"""What is shown beside the password: accepted once, taken away for good, kept so that rows open nothing."""

from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.parties.authenticator import PRESENT, Device
from tests.parties.builders import NOW, a_bank, a_person, an_officer
from xinqiao.kernel.ids import PersonId
from xinqiao.kernel.problems import Problem
from xinqiao.ledger import checking
from xinqiao.parties import codes, factors, passkeys, recovery, resetting, roles, stand_in_codes
from xinqiao.parties.errors import CodeAlready, FourEyes, LastFactor, NotAnOperator, NotShown, UnknownFactor
from xinqiao.parties.models import Factor, FactorUse, RecoveryCode
from xinqiao.parties.passkeys import Site
from xinqiao.parties.rules import FRESH, Method, Role, Shown

SITE = Site("xinqiao.test", "https://xinqiao.test")
HALF_A_MINUTE = timedelta(seconds=30)

pytestmark = pytest.mark.usefixtures("db")


def an_app(person: PersonId) -> pyotp.TOTP:
    """An authenticator app with this person's secret, enrolled an hour ago."""
    then, app = NOW - timedelta(hours=1), pyotp.TOTP(pyotp.random_base32())
    codes.enrol(person=person, secret=app.secret, code=app.at(then), now=then)
    return app


def a_passkey(person: PersonId, device: Device) -> Shown:
    asked, state = passkeys.begin_enrolling(SITE, person=person, name="周经理")
    return passkeys.enrol(SITE, state, device.create(asked), person=person, name="我的手机", now=NOW)


def shows(device: Device, person: PersonId | None = None) -> tuple[PersonId, Shown]:
    asked, state = passkeys.begin_showing(SITE, person=person)
    return passkeys.show(SITE, state, device.get(asked), now=NOW)


def an_operator(name: str) -> PersonId:
    person = a_person(name)
    roles.give(person=person, role=Role.OPERATOR, now=NOW)
    return person


# ── codes ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("late", "accepted"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_phones_clock_may_be_half_a_minute_off_and_no_more(late: int, accepted: bool) -> None:
    person = a_person()
    app = an_app(person)
    code = app.at(NOW + late * HALF_A_MINUTE)
    try:
        assert codes.show(person=person, code=code, now=NOW).method is Method.CODE
        assert accepted
    except NotShown:
        assert not accepted


def test_a_code_is_accepted_once_and_none_before_it_any_more() -> None:
    person = a_person()
    app = an_app(person)
    codes.show(person=person, code=app.at(NOW), now=NOW)
    for code in (app.at(NOW), app.at(NOW - HALF_A_MINUTE)):
        with pytest.raises(NotShown):
            codes.show(person=person, code=code, now=NOW)
    codes.show(person=person, code=app.at(NOW + HALF_A_MINUTE), now=NOW)


def test_the_secret_is_read_by_nobody_who_reads_the_table_and_forgotten_at_the_end() -> None:
    person = a_person()
    app = an_app(person)
    row = Factor.objects.get()
    assert app.secret.encode() not in bytes(row.sealed or b"")
    with pytest.raises(CodeAlready):
        an_app(person)
    factors.remove(row.pk, person=person, now=NOW)
    row.refresh_from_db()
    assert row.sealed is None
    with pytest.raises(NotShown):
        codes.show(person=person, code=app.at(NOW), now=NOW)


def test_a_draft_is_good_for_the_person_it_was_shown_to() -> None:
    one, other = a_person(), a_person("李秀兰")
    secret, sealed = codes.draft(one)
    assert codes.drafted(one, sealed) == secret
    for person, text in ((other, sealed), (one, "!"), (one, "")):
        with pytest.raises(NotShown):
            codes.drafted(person, text)


# ── passkeys ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_passkey_says_by_itself_whose_it_is() -> None:
    person, phone, stick = a_person(), Device(), Device(count=7)
    a_passkey(person, phone)
    a_passkey(person, stick)
    assert [shows(one)[0] for one in (phone, stick, phone)] == [person] * 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"origin": "https://xinqiao.test.example.org"},
        {"host": "example.org"},
        {"flags": PRESENT},  # the device asked for no finger
        {"id": b"another device's"},
    ],
)
def test_what_is_not_quite_the_passkey_is_refused(wrong: dict[str, object]) -> None:
    person, phone = a_person(), Device()
    a_passkey(person, phone)
    with pytest.raises(NotShown):
        shows(replace(phone, **wrong))  # type: ignore[arg-type]


def test_an_answer_to_another_challenge_a_strangers_key_and_a_copied_device_are_refused() -> None:
    person, phone = a_person(), Device(count=5)
    a_passkey(person, phone)
    asked, _ = passkeys.begin_showing(SITE, person=None)
    _, other = passkeys.begin_showing(SITE, person=None)
    with pytest.raises(NotShown):
        passkeys.show(SITE, other, phone.get(asked), now=NOW)
    with pytest.raises(NotShown):
        shows(Device(id=phone.id))
    copy = replace(phone)
    shows(phone)
    with pytest.raises(NotShown):
        shows(copy)  # it counts on from where the copy was taken


@given(
    st.recursive(
        st.none() | st.text() | st.integers(),
        lambda inner: st.dictionaries(
            st.sampled_from(
                [
                    "rawId",
                    "response",
                    "clientDataJSON",
                    "authenticatorData",
                    "signature",
                    "attestationObject",
                    "id",
                    "type",
                ]
            ),
            inner,
        ),
    )
)
def test_whatever_a_browser_sends_is_no_passkey(sent: object) -> None:
    _, state = passkeys.begin_showing(SITE, person=None)
    answer = sent if isinstance(sent, dict) else {"rawId": sent}
    with pytest.raises(NotShown):
        passkeys.show(SITE, state, answer, now=NOW)


# ── losing them ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_each_recovery_code_is_good_once_and_new_ones_end_the_old() -> None:
    person = a_person()
    told = recovery.make(person=person, now=NOW)
    assert not [row for row in RecoveryCode.objects.all() if told[0].encode() in bytes(row.mark)]
    recovery.show(person=person, code=told[0].lower(), now=NOW)
    with pytest.raises(NotShown):
        recovery.show(person=person, code=told[0], now=NOW)
    assert recovery.left(person) == recovery.COUNT - 1
    recovery.make(person=person, now=NOW)
    with pytest.raises(NotShown):
        recovery.show(person=person, code=told[1], now=NOW)
    with pytest.raises(NotShown):
        recovery.show(person=a_person("李秀兰"), code=told[2], now=NOW)


def test_whoever_must_have_a_factor_keeps_one() -> None:
    a_bank()
    officer, owner = an_officer(), a_person("李秀兰")
    for person in (officer, owner):
        an_app(person)
    [mine], [theirs] = factors.of(officer), factors.of(owner)
    with pytest.raises(LastFactor):
        factors.remove(mine.id, person=officer, now=NOW)
    with pytest.raises(UnknownFactor):
        factors.remove(theirs.id, person=officer, now=NOW)
    factors.remove(theirs.id, person=owner, now=NOW)


def test_a_reset_needs_a_second_operator_and_ends_all_that_was_opened_with_what_is_lost() -> None:
    a_bank()
    zhou, asks, confirms = a_person_with_login(), an_operator("甲"), an_operator("乙")
    by, app = a_passkey(zhou, Device()), an_app(zhou)
    told = recovery.make(person=zhou, now=NOW)
    number = resetting.ask(login="zhou", because="持身份证到场核实", by=asks, now=NOW)
    assert factors.still(zhou, by)
    for who, refusal in ((asks, FourEyes), (an_officer(), NotAnOperator)):
        with pytest.raises(refusal):
            resetting.confirm(number, by=who, now=NOW)
    resetting.confirm(number, by=confirms, now=NOW)
    assert factors.of(zhou) == []
    assert not factors.still(zhou, by)
    with pytest.raises(NotShown):
        codes.show(person=zhou, code=app.at(NOW), now=NOW)
    with pytest.raises(NotShown):
        recovery.show(person=zhou, code=told[0], now=NOW)


def test_nobody_confirms_their_own_reset_nor_decides_one_twice() -> None:
    zhou, asks, other = a_person_with_login(), an_operator("甲"), an_operator("乙")
    roles.give(person=zhou, role=Role.OPERATOR, now=NOW)
    number = resetting.ask(login="zhou", because="电话核实", by=asks, now=NOW)
    with pytest.raises(FourEyes):
        resetting.confirm(number, by=zhou, now=NOW)
    resetting.refuse(number, by=other, now=NOW)
    with pytest.raises(Problem) as again:
        resetting.confirm(number, by=other, now=NOW)
    assert again.value.type == "wrong-state"


def a_person_with_login() -> PersonId:
    from xinqiao.parties import people

    return people.add(name="周经理", username="zhou", password=None, now=NOW)


# ── and the log ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_factor_written_behind_our_back_is_named_and_its_secret_does_not_open() -> None:
    zhou, li = a_person(), a_person("李秀兰")
    an_app(zhou)
    app = an_app(li)
    theirs = Factor.objects.get(person_id=li)
    row = Factor.objects.get(person_id=zhou)
    row.sealed = theirs.sealed
    row.save()
    FactorUse.objects.filter(pk=row.pk).update(last=0)
    with pytest.raises(Problem):
        codes.show(person=zhou, code=app.at(NOW), now=NOW)
    assert ("parties_factor", str(row.pk)) in {(one.table, one.key) for one in checking.compare().found}


def test_the_sample_s_stand_in_shows_codes_that_are_good_and_refuses_in_production(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    zhou = a_person_with_login()
    stand_in_codes.give("zhou", now=NOW)
    for _ in range(2):
        shown = stand_in_codes.code("zhou", now=NOW)
        codes.show(person=zhou, code=shown.code or "", now=NOW)
    assert stand_in_codes.code("zhou", now=NOW) == stand_in_codes.Now(None, 30)
    with pytest.raises(stand_in_codes.NobodyOfTheSample):
        stand_in_codes.code("nobody", now=NOW)
    monkeypatch.setenv("XINQIAO_MODE", "production")
    with pytest.raises(stand_in_codes.SampleCodesOnly):
        stand_in_codes.code("zhou", now=NOW)


@given(st.timedeltas(-2 * FRESH, 2 * FRESH))
def test_what_was_shown_counts_for_five_minutes_and_never_beforehand(ago: timedelta) -> None:
    assert Shown(Method.CODE, NOW - ago).just_now(NOW) is (timedelta(0) <= ago <= FRESH)
