"""监督 on the pages: cases against an institution, as the operator, the second operator, the bank and the business
read them; what an inspector sees."""

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.portal.builders import BANK, a_person, signed_in, today
from tests.portal.test_objections import Desks, ask, four_desks, text_of
from xinqiao.ledger import sequencing
from xinqiao.oversight import infringements
from xinqiao.oversight.rules.infringements import State
from xinqiao.parties.rules import Role
from xinqiao.rights import escalating, objections

FACTS = "三次查看没有在办的业务，企业说没有申请过贷款。"
WHY = "查看没有依据，机构承认是误操作。"


@dataclass(frozen=True)
class City:
    desks: Desks
    second: Client
    inspector: Client


@pytest.fixture
def city(city_db: str) -> City:
    desks = four_desks()
    a_person("second", "平台复核员", Role.OPERATOR)
    a_person("inspector", "检查员", Role.INSPECTOR)
    return City(desks, signed_in("second"), signed_in("inspector"))


def test_from_a_marked_look_to_the_referral_as_everybody_reads_it(city: City) -> None:
    ask(city.desks)
    marked = city.desks.operator.get("/operator/marks/", {"to": BANK}).content.decode()
    assert f"/operator/cases/new/?from=marks&amp;institution={BANK}&amp;receipts=1+" in marked
    new = "/operator/cases/new/?from=marks"
    assert city.desks.operator.post(new, {"institution": BANK, "facts": FACTS, "receipts": "9"}).status_code == 400
    city.desks.operator.post(new, {"institution": BANK, "facts": FACTS, "receipts": "R-20261123-000001"})
    page = "/operator/cases/1/"
    assert "平台对本机构有 1 件在查" in text_of(city.desks.bank, "/institution/")
    assert "正在查" in text_of(city.desks.business, "/my/looks/")
    said = {"act": "propose", "finding": "infringed", "because": WHY}
    assert city.desks.operator.post(page, said).status_code == 400  # not heard yet
    city.desks.bank.post("/institution/cases/1/", {"because": "客户经理误操作，已经批评教育。"})
    assert city.desks.bank.post("/institution/cases/1/", {"because": "再说一次。"}).status_code == 400
    city.desks.operator.post(page, said)
    assert city.desks.operator.post(page, {"act": "confirm"}).status_code == 400  # not alone
    city.second.post(page, {"act": "suspend"})
    city.second.post(page, {"act": "confirm"})
    there = {"regulator": "监管分局", "reference": "平信移〔2026〕1号", "because": "移送处理，接入继续暂停。"}
    city.second.post(page, {"act": "refer", **there})
    assert infringements.infringement(1).state is State.REFERRED
    assert "平信移〔2026〕1号" in text_of(city.inspector, "/inspector/cases/1/")
    assert "认定侵权，已经移送" in text_of(city.desks.bank, "/institution/cases/1/")
    looked = text_of(city.desks.business, "/my/looks/")
    assert WHY in looked
    assert "误操作，已经批评教育" not in looked
    assert "的查处有了结果" in text_of(city.desks.business, "/my/")


def test_an_inspector_opens_a_case_on_a_finding_of_their_own_and_decides_none(city: City) -> None:
    form = {"institution": BANK, "facts": FACTS, "receipts": ""}
    opened = city.inspector.post("/inspector/cases/new/", form)
    assert opened.headers["Location"] == "/inspector/cases/1/"
    assert "检查人员发现" in text_of(city.desks.operator, "/operator/cases/1/")
    assert city.inspector.post("/inspector/cases/1/", {"act": "confirm"}).status_code == 200
    assert infringements.infringement(1).state is State.OPENED


def test_a_check_of_the_operator_ends_when_the_inspector_has_seen_it_mended(city: City) -> None:
    new, page = "/inspector/inspections/new/", "/inspector/inspections/1/"
    assert city.inspector.post(new, {"institution": "nobody", "text": "岗位和账号"}).status_code == 400
    city.inspector.post(new, {"institution": "-", "text": "岗位和账号，今年上半年"})
    found = {"act": "find", "findings": "两个离岗人员的账号没有收回", "mend": "收回账号", "due": today().isoformat()}
    assert city.inspector.post(page, found | {"due": "2020-01-01"}).status_code == 400
    city.inspector.post(page, found)
    assert "两个离岗人员" in text_of(city.desks.operator, "/operator/inspections/1/")
    assert city.desks.bank.get("/institution/inspections/1/").status_code == 404
    city.desks.operator.post("/operator/inspections/1/", {"text": "已经收回，见日志。"})
    city.inspector.post(page, {"act": "send_back", "because": "还差一个", "due": today().isoformat()})
    assert city.desks.operator.post("/operator/inspections/1/", {"text": "都收回了。"}).status_code == 302
    city.inspector.post(page, {"act": "close"})
    assert "检查结束" in text_of(city.inspector, page)
    assert city.inspector.post(page, found).status_code == 400


def test_an_institution_reads_and_mends_what_was_found_with_it(city: City) -> None:
    city.inspector.post("/inspector/inspections/new/", {"institution": BANK, "text": "查询用途和授权是否一致"})
    found = {"act": "find", "findings": "三次用途写错", "mend": "培训客户经理", "due": today().isoformat()}
    city.inspector.post("/inspector/inspections/1/", found)
    assert "对本机构的检查" in text_of(city.desks.bank, "/institution/cases/")
    city.desks.bank.post("/institution/inspections/1/", {"text": "已经培训。"})
    assert "说已改好" in text_of(city.inspector, "/inspector/inspections/")
    assert city.desks.operator.get("/operator/inspections/1/").status_code == 404


def test_an_inspector_sees_who_looks_and_what_is_late_and_nothing_of_anybodys_file(city: City) -> None:
    ask(city.desks)
    said = {"reason": "wrong", "text": "罚款已经撤销，见附件", "by": city.desks.li.person}
    now = timezone.now()
    objections.open_(subject_id=city.desks.li.subject, fact=city.desks.penalty, now=now, **said)  # type: ignore[arg-type]
    assert escalating.escalate(now + timedelta(days=40)) == 1
    city.desks.operator.post(f"/operator/institutions/{BANK}/", {"act": "suspend", "because": "等机构说明情况"})
    sequencing.sequence(timezone.now())
    pages = [text_of(city.inspector, f"/inspector/{one}") for one in ("", "platform/", f"marks/{BANK}/", "cases/")]
    assert "异议超过二十天没有办结1" in pages[0].replace("\n", "")
    assert "没有在办的业务 1" in pages[0]
    assert "等机构说明情况" in pages[0]
    assert "O-" in pages[1]
    assert "暂停接入" in pages[1]
    for secret in ("罚款已经撤销", "未按规定保存监测记录", "42000", "平环罚"):
        assert not [page for page in pages if secret in page]


def test_a_complaint_from_a_phone_is_answered_taken_above_and_settled(city: City) -> None:
    form = {"whom": f"institution:{BANK}", "text": "客户经理没有授权就问我的纳税情况"}
    assert city.desks.business.post("/my/complaints/", form | {"whom": "nobody"}).status_code == 400
    city.desks.business.post("/my/complaints/", form)
    assert "1 件投诉等答复" in text_of(city.desks.operator, "/operator/complaints/")
    assert "没有提交上来的投诉" in text_of(city.inspector, "/inspector/complaints/")
    city.desks.operator.post("/operator/complaints/1/", {"act": "case", "text": "没有授权的询问"})
    assert "投诉" in text_of(city.desks.operator, "/operator/cases/1/")
    city.desks.operator.post("/operator/complaints/1/", {"act": "answer", "text": "已经立案，正在查"})
    assert "您的投诉有了答复" in text_of(city.desks.business, "/my/")
    city.desks.business.post("/my/complaints/1/", {"text": "要有个结果"})
    city.inspector.post("/inspector/complaints/1/", {"act": "settle", "text": "查处结束后告诉您"})
    assert "查处结束后告诉您" in text_of(city.desks.business, "/my/complaints/1/")


def test_anybody_complains_a_few_times_an_hour_and_reads_the_answer_by_number_and_code(city: City) -> None:
    stranger = Client()
    form = {"whom": "platform", "text": "电话一直打不通"}
    page = stranger.post("/complain/", form).content.decode()
    found = re.search(r"(T-\d{8}-\d{6})[\s\S]*<code>([A-Z2-9]{12})</code>", page)
    assert found is not None
    read = {"reference": found[1], "code": found[2]}
    assert "等平台答复" in stranger.post("/complain/answer/", read).content.decode()
    assert stranger.post("/complain/answer/", read | {"code": "A" * 12}).status_code == 400
    assert [stranger.post("/complain/", form).status_code for _ in range(5)] == [200, 200, 200, 200, 429]


def test_how_the_clocks_are_kept_is_public_for_people_and_programs(city: City) -> None:
    assert "不足 10 件，不再细分" in text_of(Client(), "/clocks/")
    told = Client().get("/clocks.json").json()
    assert set(told["kinds"]) == {"objections", "annulments", "repairs", "complaints"}
    assert told["kinds"]["objections"] == {
        "count": 0, "in_time": None, "late": None, "open": None, "median_days": None, "by_source": [],
    }  # fmt: skip


def test_an_incident_is_on_the_businesss_page_with_the_second_persons_button(city: City) -> None:
    page = "/operator/incidents/1/"
    city.desks.operator.post("/operator/incidents/", {"what": "一份名单发错了人"})
    form = {
        "act": "assess", "must_tell": "yes", "kinds": "联系电话，发错收件人", "measures": "已经收回，请留意来电",
        "contact": "0375-0000000", "because": "名单里有电话", "codes": str(city.desks.li.uscc),
    }  # fmt: skip
    assert city.desks.operator.post(page, form | {"codes": "91410402MA40TE5TXF"}).status_code == 400
    city.desks.operator.post(page, form)
    assert city.desks.operator.post(page, {"act": "approve"}).status_code == 400
    assert city.desks.business.get("/my/incidents/1/").status_code == 404
    city.second.post(page, {"act": "approve"})
    assert "您的信息出了安全事件" in text_of(city.desks.business, "/my/")
    assert "请留意来电" in text_of(city.desks.business, "/my/incidents/1/")
    assert "您的信息出了安全事件" not in text_of(city.desks.business, "/my/")
    city.second.post(page, {"act": "notify", "authority": "平顶山市网信办", "reference": "平信报〔2026〕1号"})
    assert "1 个看过" in text_of(city.inspector, "/inspector/incidents/1/")
