"""Operators see how the city runs, decide on what is held, and never read anybody's file."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from tests.browser.world import a_file, a_row, delivered
from tests.portal.builders import a_bank, a_business_on_its_phone, a_grant, a_person, signed_in, today
from xinqiao import work
from xinqiao.intake import queries
from xinqiao.intake.rules.states import State
from xinqiao.kernel.ids import DeliveryNumber
from xinqiao.ledger import sequencing
from xinqiao.oversight import complaining
from xinqiao.oversight.complaining import Target
from xinqiao.parties.rules import Role
from xinqiao.portal.operator import tracing
from xinqiao.rights import committing
from xinqiao.rights.promises import promises
from xinqiao_city import codes

ITEM = "registration_basics"


@pytest.fixture
def operator(city_db: str) -> Client:
    a_person("ping", "平台值班员", Role.OPERATOR)
    return signed_in("ping")


def a_held_delivery(folder: Path) -> DeliveryNumber:
    """Two full lists in a row, the second with most of the city gone."""
    every = [a_row(ITEM, uscc=codes.uscc("91", "410402", 700 + n)) for n in range(30)]
    yesterday = (today() - timedelta(days=1)).isoformat()
    delivered(ITEM, yesterday, a_file(folder, "全", every), mode="full")
    return delivered(ITEM, today().isoformat(), a_file(folder, "少", every[:3]), mode="full")


@pytest.mark.parametrize(("decision", "state"), [("release", State.ACCEPTED), ("withdraw", State.WITHDRAWN)])
def test_a_held_delivery_is_decided_with_a_reason(
    operator: Client, tmp_path: Path, decision: str, state: State
) -> None:
    number = a_held_delivery(tmp_path)
    assert "1 份等您核实" in operator.get("/operator/held/").content.decode()
    page = f"/operator/held/{number}/"
    without = operator.post(page, {"decision": decision, "reason": ""})
    assert without.status_code == 400
    assert "请写明理由" in without.content.decode()
    assert queries.delivery(number).state is State.HELD
    answer = operator.post(page, {"decision": decision, "reason": "已电话核实"})
    assert answer.headers["Location"] == f"/operator/deliveries/{number}/?done={decision}"
    shown = operator.get(answer.headers["Location"]).content.decode()
    assert f"交付 {number} " in shown
    assert "已电话核实" in shown
    assert "超过了5%的限度" not in shown
    assert queries.delivery(number).state is state
    assert operator.get(page).status_code == 409


def test_an_operator_sees_reasons_but_no_values_of_rows(operator: Client, tmp_path: Path) -> None:
    row = a_row(ITEM, uscc=codes.uscc("91", "410402", 900), established_on="2062-05-12")
    number = delivered(ITEM, today().isoformat(), a_file(tmp_path, "登记", [row]), mode="changes")
    page = operator.get(f"/operator/deliveries/{number}/").content.decode()
    assert "“成立日期”晚于报送当天" in page
    assert "2062-05-12" not in page
    assert operator.get(f"/provider/deliveries/{number}/findings/").status_code == 404


def test_a_path_is_told_in_numbers_and_fingerprints_alone(operator: Client, tmp_path: Path) -> None:
    a_bank()
    li = a_business_on_its_phone("li")
    grant = a_grant(li)
    page = operator.get("/operator/trace/", {"kind": "subject", "x": li.uscc}).content.decode()
    assert f">{grant.id}<" in page
    assert "平顶山示例银行" in page
    assert "鲁山县示例种植专业合作社" not in page
    for kind in (*tracing.CASES, *tracing.OVERSEEN):
        assert operator.get("/operator/trace/", {"kind": kind, "x": "7"}).status_code == 200
    form = promises()["fair_trade"]
    signed = committing.sign(
        subject_id=li.subject, promise=form.commitment, version=form.version, by=li.person, now=timezone.now()
    )
    page = operator.get("/operator/trace/", {"kind": "commitment", "x": signed.reference}).content.decode()
    for said in (signed.reference, str(li.uscc), "rights:commitment:signed", "等待编号"):
        assert said in page
    made, _code = complaining.by_anybody(Target("platform"), text="电话一直没有人接", now=timezone.now())
    page = operator.get("/operator/trace/", {"kind": "complaint", "x": made.reference}).content.decode()
    assert "oversight:complaint:made" in page
    assert "电话一直没有人接" not in page
    assert "没有这份回执" in operator.get("/operator/trace/", {"kind": "receipt", "x": "7"}).content.decode()
    assert "编号应当是数字" in operator.get("/operator/trace/", {"kind": "delivery", "x": "x"}).content.decode()


def test_the_log_is_checked_by_a_worker_and_told_on_the_page(operator: Client) -> None:
    sequencing.sequence(timezone.now())
    assert "还没有核对过" in operator.get("/operator/ledger/").content.decode()
    operator.post("/operator/ledger/")
    operator.post("/operator/ledger/")  # asking twice is asking once
    assert "正在核对" in operator.get("/operator/ledger/").content.decode()
    assert work.drain() == 1
    assert "每一行都与日志一致" in operator.get("/operator/ledger/").content.decode()


def test_a_result_the_program_did_not_write_is_not_shown(operator: Client) -> None:
    from django.db import connection

    sequencing.sequence(timezone.now())
    operator.post("/operator/ledger/")
    work.drain()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE portal_logcheck SET report = jsonb_set(report, '{size}', '999')")
    assert "还没有核对过" in operator.get("/operator/ledger/").content.decode()


def test_a_row_changed_behind_our_back_is_named_on_the_page(operator: Client) -> None:
    from django.db import connection

    a_bank()
    sequencing.sequence(timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("UPDATE parties_institution SET name = '别的银行'")
    operator.post("/operator/ledger/")
    work.drain()
    page = operator.get("/operator/ledger/").content.decode()
    assert "1 处与日志不一致" in page
    assert "<code>parties_institution</code>" in page
    assert "被改动" in page


def test_health_says_first_what_is_wrong(operator: Client) -> None:
    page = operator.get("/operator/").content.decode()
    assert "项还没有报送过" in page
    assert "没有积压" in page
