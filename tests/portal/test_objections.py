"""An objection at four desks: the business, its source, the operator, the bank that was told."""

import re
from dataclasses import dataclass

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.disclosure.builders import PENALTY, on_file
from tests.portal.builders import BANK, Business, a_bank, a_business_on_its_phone, a_grant, a_person, signed_in
from xinqiao.creditfile import queries as creditfile
from xinqiao.kernel.ids import FactId
from xinqiao.parties.rules import Role
from xinqiao.rights import queries
from xinqiao.rights.rules.objections import State

SOURCE = "public_credit_platform"
ITEM = "administrative_penalty"
TEXT = "决定已经撤销。\n文号见附件。"
WORDS = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class Desks:
    li: Business
    penalty: FactId
    business: Client
    clerk: Client
    operator: Client
    bank: Client


@pytest.fixture
def desks(city_db: str) -> Desks:
    return four_desks()


def four_desks() -> Desks:
    a_bank()
    li = a_business_on_its_phone("li")
    a_person("zhao", "赵科员", Role.PROVIDER, SOURCE)
    a_person("ping", "平台值班员", Role.OPERATOR)
    a_person("zhou", "周经理", Role.OFFICER, BANK)
    on_file(li.subject, ITEM, [PENALTY], now=timezone.now())
    [penalty] = creditfile.facts_of(li.subject)
    a_grant(li)
    return Desks(li, penalty.id, *(signed_in(who) for who in ("li", "zhao", "ping", "zhou")))


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, answer.content.decode()
    return WORDS.sub("", answer.content.decode())


def objected(desks: Desks, **changed: str) -> int:
    form = {"step": "send", "reason": "wrong", "text": TEXT, **changed}
    answer = desks.business.post(f"/my/objections/line/{desks.penalty}/", form)
    assert answer.status_code == 302, answer.content.decode()
    return int(answer.headers["Location"].split("/")[3])


def ask(desks: Desks) -> str:
    answer = desks.bank.post("/institution/report/", {"uscc": desks.li.uscc, "purpose": "loan_review"})
    assert answer.status_code == 200
    return WORDS.sub("", answer.content.decode())


def test_a_business_objects_beside_the_line_in_two_steps_and_gets_a_number(desks: Desks) -> None:
    file = desks.business.get("/my/file/").content.decode()
    address = f"/my/objections/line/{desks.penalty}/"
    assert f'href="{address}"' in file
    form = desks.business.get(address).content.decode()
    assert "未按规定保存监测记录" in form  # the line one objects to is seen
    check = desks.business.post(address, {"step": "check", "reason": "wrong", "text": TEXT}).content.decode()
    assert "来源单位 3 个工作日内答复，平台 7 个工作日内办结" in check
    assert queries.objections_of(desks.li.subject) == []  # a look is no act
    number = objected(desks)
    done = text_of(desks.business, f"/my/objections/{number}/?done=opened")
    [objection] = queries.objections_of(desks.li.subject)
    assert objection.text == TEXT
    assert objection.reference in done
    assert "还有 3 个工作日" in done
    assert "社会信用主管部门" in done  # where to complain
    assert "有异议" in text_of(desks.business, "/my/file/")
    assert desks.business.get(address).headers["Location"] == f"/my/objections/{number}/"
    assert "1 件异议在办" in text_of(desks.business, "/my/objections/")


@pytest.mark.parametrize("said", [{"reason": ""}, {"text": " "}, {"text": "字" * 2001}])
def test_a_form_that_is_not_filled_in_is_shown_again_with_what_is_there(desks: Desks, said: dict[str, str]) -> None:
    form = {"step": "check", "reason": "wrong", "text": "写过的话", **said}
    answer = desks.business.post(f"/my/objections/line/{desks.penalty}/", form)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.content.decode()
    assert queries.objections_of(desks.li.subject) == []


def test_the_bank_reads_that_it_is_disputed_and_later_that_it_was_wrong(desks: Desks) -> None:
    assert "没有更正通知" in text_of(desks.bank, "/institution/corrections/")
    ask(desks)
    number = objected(desks)
    assert "有异议" in ask(desks)
    desks.operator.post(f"/operator/objections/{number}/", {"decision": "uphold", "because": "决定确已撤销"})
    notice = text_of(desks.bank, "/institution/corrections/")
    assert "行政处罚" in notice
    assert "已撤下" in notice
    assert len(re.findall(r"R-\d{8}-\d{6}", notice)) == 2  # both reports it stood in
    assert "未按规定保存监测记录" not in ask(desks)
    page = desks.bank.get("/institution/corrections/").content.decode()
    receipt = re.findall(r'href="(/institution/asked/\d+/receipt/)"', page)[-1]
    assert desks.bank.get(receipt).json()["receipt"]["purpose"] == "correction"
    mine = text_of(desks.business, f"/my/objections/{number}/")
    assert "异议成立" in mine
    assert "平顶山示例银行" in mine
    assert "更正通知" in text_of(desks.business, "/my/looks/")


def test_a_source_sees_what_is_asked_until_when_and_answers_once(desks: Desks) -> None:
    assert "没有要答复的异议" in text_of(desks.clerk, "/provider/objections/")
    number = objected(desks)
    listed = text_of(desks.clerk, "/provider/objections/")
    assert "1 件异议等您答复" in listed
    page = text_of(desks.clerk, f"/provider/objections/{number}/")
    assert "决定已经撤销" in page
    assert "交付 1 第 2 行" in page
    assert "还有 3 个工作日" in page
    assert "42000" not in page  # its own delivery has the values
    address = f"/provider/objections/{number}/"
    wrong = desks.clerk.post(address, {"verdict": "corrected", "text": "下周更正", "delivery": "999"})
    assert wrong.status_code == 400
    assert "下周更正" in wrong.content.decode()
    sent = desks.clerk.post(address, {"verdict": "remove", "text": "查过，应当撤下", "delivery": ""})
    assert sent.headers["Location"] == f"{address}?done=answered"
    assert "答复已经交给平台" in text_of(desks.clerk, sent.headers["Location"])
    assert desks.clerk.post(address, {"verdict": "right", "text": "又说没错"}).status_code == 409
    assert "查过，应当撤下" in text_of(desks.business, f"/my/objections/{number}/")


def test_another_source_finds_nothing(desks: Desks) -> None:
    number = objected(desks)
    a_person("qian", "钱科员", Role.PROVIDER, "tax_bureau")
    other = signed_in("qian")
    assert "没有要答复的异议" in text_of(other, "/provider/objections/")
    address = f"/provider/objections/{number}/"
    assert other.get(address).status_code == other.post(address, {"verdict": "right", "text": "对"}).status_code == 404


def test_an_operator_stops_the_clocks_and_rejects_with_a_reason(desks: Desks) -> None:
    number = objected(desks)
    address = f"/operator/objections/{number}/"
    assert "1 件异议在办" in text_of(desks.operator, "/operator/objections/")
    assert "来源单位还没有答复" in text_of(desks.operator, address)
    desks.operator.post(address, {"act": "pause", "ground": "experts", "note": "请三位专家"})
    stopped = text_of(desks.operator, address)
    assert "暂停计时" in stopped
    assert "请三位专家" in text_of(desks.business, f"/my/objections/{number}/")
    desks.operator.post(address, {"act": "resume"})
    for form in ({"decision": "reject", "because": ""}, {"because": "没有选"}):
        assert desks.operator.post(address, form).status_code == 400
    assert queries.objection(number).open
    desks.operator.post(address, {"decision": "reject", "because": "来源核对无误"})
    assert queries.objection(number).state is State.REJECTED
    assert "企业说明：决定已经撤销" in ask(desks)
    assert "来源核对无误" in text_of(desks.business, f"/my/objections/{number}/")


def test_the_platforms_own_matter_is_passed_on_when_it_cannot_see_for_itself(desks: Desks) -> None:
    number = objected(desks, reason="term_over")
    assert "没有要答复的异议" in text_of(desks.clerk, "/provider/objections/")
    desks.operator.post(f"/operator/objections/{number}/", {"act": "ask"})
    assert "1 件异议等您答复" in text_of(desks.clerk, "/provider/objections/")


def test_a_business_takes_its_objection_back_after_it_was_told_what_follows(desks: Desks) -> None:
    number = objected(desks)
    address = f"/my/objections/{number}/withdraw/"
    assert "这一条恢复原样" in text_of(desks.business, address)
    assert queries.objection(number).open
    sent = desks.business.post(address)
    assert "已撤回异议" in text_of(desks.business, sent.headers["Location"])
    assert "有异议" not in ask(desks)


def test_another_businesss_line_and_objection_are_not_there(desks: Desks) -> None:
    number = objected(desks)
    a_business_on_its_phone("wang", number=2, name="宝丰县示例合作社")
    other = signed_in("wang")
    for address in (
        f"/my/objections/line/{desks.penalty}/",
        f"/my/objections/{number}/",
        f"/my/objections/{number}/withdraw/",
    ):
        assert other.get(address).status_code == 404
        assert other.post(address, {"step": "send", "reason": "wrong", "text": "别人的"}).status_code == 404
    assert queries.objection(number).open


def test_papers_travel_from_the_business_to_the_source_and_the_operator_and_to_nobody_else(desks: Desks) -> None:
    number = objected(desks)
    wrong = SimpleUploadedFile("判决书.pdf", b"<script>alert(1)</script>", "application/pdf")
    page = desks.business.post(f"/my/objections/{number}/papers/", {"file": wrong})
    assert page.status_code == 400
    assert "这份材料不能收" in page.content.decode()
    right = SimpleUploadedFile("../../etc/passwd.html", b"%PDF-1.7\n<script>\n%%EOF\n", "text/html")
    page = desks.business.post(f"/my/objections/{number}/papers/", {"file": right}, follow=True)
    [address] = re.findall(r'href="(/my/papers/\d+/)"', page.content.decode())
    assert "passwd" not in page.content.decode()
    for client, desk in ((desks.business, "my"), (desks.clerk, "provider"), (desks.operator, "operator")):
        answer = client.get(address.replace("/my/", f"/{desk}/"))
        assert answer.content == b"%PDF-1.7\n<script>\n%%EOF\n"
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.headers["Content-Disposition"] == 'attachment; filename="proof-1.pdf"'
        assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "材料 1" in desks.clerk.get(f"/provider/objections/{number}/").content.decode()
    assert "材料 1" in desks.operator.get(f"/operator/objections/{number}/").content.decode()
