"""Repair on the pages: what may be repaired, papers, hand-over, the result; what an operator sees undone."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.disclosure.builders import PENALTY, on_file
from tests.portal.builders import today
from tests.portal.test_objections import Desks, ask, four_desks, text_of
from tests.rights.test_repair_results import DECIDED
from xinqiao import work
from xinqiao.creditfile import queries as creditfile
from xinqiao.rights import credit_china, following, repairs, results
from xinqiao.rights.credit_china import Simulator
from xinqiao.rights.rules.repairs import State

PDF = b"%PDF-1.7\n%%EOF\n"


@pytest.fixture
def desks(city_db: str) -> Desks:
    return four_desks()


@pytest.fixture
def ready(desks: Desks, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desks:
    """The penalty is old enough to be repaired."""
    monkeypatch.setattr(credit_china, "window", lambda: Simulator(tmp_path / "window"))
    old = PENALTY | {"decided_on": today() - timedelta(days=200)}
    on_file(desks.li.subject, "administrative_penalty", [old], delivery=2, now=timezone.now())
    return desks


def test_from_the_line_to_the_number_and_from_the_result_to_the_bank(ready: Desks) -> None:
    ask(ready)
    [fact] = [one.id for one in creditfile.facts_of(ready.li.subject, items=("administrative_penalty",))]
    assert f'href="/my/repairs/line/{fact}/"' in ready.business.get("/my/file/").content.decode()
    assert "1 条现在可以申请修复" in text_of(ready.business, "/my/repairs/")
    begun = ready.business.post(f"/my/repairs/line/{fact}/")
    address = begun.headers["Location"]
    assert "请放齐材料" in text_of(ready.business, address)
    refused = ready.business.post(address, {"act": "submit"})
    assert refused.status_code == 400
    assert "信用修复承诺书" in refused.content.decode()
    for paper in ("performance", "commitment"):
        ready.business.post(f"{address}papers/{paper}/", {"file": SimpleUploadedFile("x", PDF)})
    assert "材料齐了，可以提交" in text_of(ready.business, address)
    done = ready.business.post(address, {"act": "submit"}, follow=True).content.decode()
    tracking = re.search(r"SIM-F-\d{8}-\d{6}", done)
    assert tracking is not None
    assert "还有 10 个工作日" in done
    assert tracking[0] in text_of(ready.operator, "/operator/repairs/")
    on_file(ready.li.subject, results.ITEM, [DECIDED | {"effective_on": today()}], delivery=30, now=timezone.now())
    following.follow(timezone.now())
    work.drain()
    assert repairs.repair(1).state is State.GRANTED
    assert "已经修复" in text_of(ready.business, address)
    assert "已修复" in text_of(ready.business, "/my/file/")
    assert "已修复，停止使用" in text_of(ready.bank, "/institution/corrections/")
    assert "未按规定保存监测记录" not in ask(ready)


def test_a_line_too_young_says_from_which_day_and_what_the_source_handles_says_where(desks: Desks) -> None:
    young = PENALTY | {"decided_on": today() - timedelta(days=5), "severity": "3"}
    on_file(desks.li.subject, "administrative_penalty", [young], delivery=2, now=timezone.now())
    [fact] = [one.id for one in creditfile.facts_of(desks.li.subject, items=("administrative_penalty",))]
    page = text_of(desks.business, f"/my/repairs/line/{fact}/")
    assert "起可以申请修复" in page
    assert "严重" in page
    assert desks.business.post(f"/my/repairs/line/{fact}/").status_code == 409


def test_the_operator_sees_a_decision_that_found_no_line_and_when_it_is_late(desks: Desks) -> None:
    other = DECIDED | {"target_doc_no": "平环罚〔2026〕77号", "effective_on": today()}
    on_file(desks.li.subject, results.ITEM, [other], delivery=30, now=timezone.now() - timedelta(days=9))
    following.follow(timezone.now() - timedelta(days=9))
    page = text_of(desks.operator, "/operator/repairs/")
    assert "1 件修复决定还没有执行" in page
    assert "平环罚〔2026〕77号" in page


def test_a_source_reports_an_annulled_act_and_with_the_operators_button_the_line_is_gone(desks: Desks) -> None:
    ask(desks)
    assert 'href="/provider/annulments/"' in desks.clerk.get("/provider/objections/").content.decode()
    form = {
        "item": "administrative_penalty",
        "uscc": str(desks.li.uscc),
        "key": str(PENALTY["doc_no"]),
        "document": "平环撤〔2026〕3号",
        "annulled_on": today().isoformat(),
        "text": "复议撤销了处罚。",
    }
    wrong = desks.clerk.post("/provider/annulments/", form | {"key": "没有这个文号"})
    assert wrong.status_code == 400
    assert "复议撤销了处罚。" in wrong.content.decode()  # what was typed is there still
    assert "等平台确认" in desks.clerk.post("/provider/annulments/", form, follow=True).content.decode()
    assert "1 件等确认撤下" in text_of(desks.operator, "/operator/annulments/")
    assert desks.operator.post("/operator/annulments/1/", {"decision": "decline"}).status_code == 400
    desks.operator.post("/operator/annulments/1/", {"decision": "confirm"})
    assert "平顶山示例银行" in text_of(desks.operator, "/operator/annulments/1/")
    assert "已撤下" in text_of(desks.business, "/my/file/")
    assert "已撤下" in text_of(desks.bank, "/institution/corrections/")
    assert "未按规定保存监测记录" not in ask(desks)
