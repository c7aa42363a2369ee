"""政务共享 at the pages: an operator declares, another approves, an officer asks, the business reads it."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from tests.disclosure.builders import PENALTY, on_file
from tests.evaluation.worlds import models_in_force
from tests.parties.builders import a_department, a_sharing_basis, assessed
from tests.portal.builders import a_business_on_its_phone, a_person, signed_in, today
from xinqiao.evaluation import grading
from xinqiao.kernel.ids import InstitutionId
from xinqiao.parties.rules import Role

LAW, DUTY, MATTER = "河南省社会信用条例第十八条", "行政许可审查", "平许〔2026〕17号"


def page(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def declared(client: Client, clerk: int, **other: str) -> tuple[int, str]:
    form = {
        "department": "market_regulation",
        "contact": "12315",
        "law": LAW,
        "duty": DUTY,
        "items": ["administrative_penalty", "credit_repair"],
        "users": [f"person:{clerk}"],
        "since": today().isoformat(),
        "until": (today() + timedelta(days=300)).isoformat(),
    } | other
    answer = client.post("/operator/sharing/", form)
    return answer.status_code, answer.content.decode()


def test_from_the_declared_law_to_what_the_business_reads(city_db: str) -> None:
    li = a_business_on_its_phone("business")
    on_file(li.subject, "administrative_penalty", [PENALTY | {"decided_on": today()}], now=timezone.now())
    clerk = a_person("clerk", "许科员", Role.PROVIDER, "market_regulation")
    for name in ("operator", "second"):
        a_person(name, name, Role.OPERATOR)
    officer, first, second = signed_in("clerk"), signed_in("operator"), signed_in("second")
    assert "您现在没有可以用的共享依据" in page(officer, "/provider/sharing/")
    assert "许科员" in page(first, "/operator/sharing/?department=market_regulation")
    status, told = declared(first, clerk, law="")
    assert (status, "请写明法律条款" in told, DUTY in told) == (400, True, True)
    assert declared(first, clerk)[0] == 302
    assert "1 份共享依据等人批准" in page(second, "/operator/sharing/")
    assert 'value="approve"' not in page(first, "/operator/sharing/")
    assert first.post("/operator/sharing/1/", {"decision": "approve"}).status_code == 403
    assert second.post("/operator/sharing/1/", {"decision": "approve"}).status_code == 403  # nothing assessed yet
    assert "平顶山市市场监督管理局" in page(first, "/operator/assessments/")
    assessed(InstitutionId("market_regulation"), now=timezone.now(), today=today())
    second.post("/operator/sharing/1/", {"decision": "approve"})
    answer = officer.post(
        "/provider/sharing/", {"basis": "1", "usccs": str(li.uscc), "matter": MATTER}
    ).content.decode()
    assert str(PENALTY["doc_no"]) in answer
    assert "王**" in answer
    assert "410402199001011234" not in answer
    looked = page(signed_in("business"), "/my/looks/")
    for word in ("平顶山市市场监督管理局 · 许科员", DUTY, LAW, MATTER, "依法查询：行政处罚"):
        assert word in looked, word
    receipt = officer.get("/provider/sharing/", {"receipt": "1"})
    assert receipt.json()["receipt"]["matter"] == MATTER
    second.post("/operator/sharing/1/", {"decision": "end", "because": "职责已划转"})
    refused = officer.post("/provider/sharing/", {"basis": "1", "usccs": str(li.uscc), "matter": MATTER})
    assert (refused.status_code, "不在有效期内" in refused.content.decode()) == (400, True)


def test_the_grade_is_chosen_by_itself_seen_by_the_second_operator_and_told_with_the_reasons_of_what_is_told(
    city_db: str,
) -> None:
    li = a_business_on_its_phone("business")
    on_file(li.subject, "administrative_penalty", [PENALTY | {"decided_on": today()}], now=timezone.now())
    models_in_force("cooperative", now=timezone.now())
    grading.grade(li.subject, now=timezone.now())
    clerk = a_person("clerk", "许科员", Role.PROVIDER, a_department())
    for name in ("operator", "second"):
        a_person(name, name, Role.OPERATOR)
    officer, first, second = signed_in("clerk"), signed_in("operator"), signed_in("second")
    assessed(InstitutionId("market_regulation"), now=timezone.now(), today=today())
    named = "可以查公共信用评价等级"
    for grade in ("", "yes"):
        assert declared(first, clerk, grade=grade)[0] == 302
    assert page(second, "/operator/sharing/").count(named) == 1
    for number in (1, 2):
        second.post(f"/operator/sharing/{number}/", {"decision": "approve"})
    said = {"basis": "2", "usccs": str(li.uscc), "matter": MATTER}

    def answered(**other: str) -> str:
        return officer.post("/provider/sharing/", said | other).content.decode()

    whole, items, grade = (answered(what=what) for what in ("all", "items", "grade"))
    assert [("仅供参考" in one, "平环罚" in one) for one in (whole, items, grade)] == [
        (True, True),
        (False, True),
        (True, False),
    ]
    assert "评价还用到这次没有查的数据项" in whole
    assert "超出共享依据的范围" in answered(basis="1", what="grade")
    looked = page(signed_in("business"), "/my/looks/")
    items = "行政处罚信息（双公示）、信用修复信息"
    for what in (f"{items}、评价等级", items, "评价等级"):
        assert f"依法查询：{what} · {DUTY}" in looked, what


def test_another_departments_officer_sees_neither_basis_nor_receipt(city_db: str) -> None:
    li = a_business_on_its_phone("business")
    clerk = a_person("clerk", "许科员", Role.PROVIDER, a_department())
    a_person("tax", "税务科员", Role.PROVIDER, "tax_bureau")
    now = timezone.now()
    basis = a_sharing_basis(persons={clerk}, since=today(), until=today(), now=now)
    said = {"basis": str(basis), "usccs": str(li.uscc), "matter": MATTER}
    assert signed_in("clerk").post("/provider/sharing/", said).status_code == 200
    tax = signed_in("tax")
    theirs, nobodys = (tax.post("/provider/sharing/", said | {"basis": one}) for one in (str(basis), "999"))
    assert (theirs.status_code, "没有这份共享依据" in theirs.content.decode()) == (400, True)
    assert theirs.status_code == nobodys.status_code
    assert tax.get("/provider/sharing/", {"receipt": "1"}).status_code == 404
    assert DUTY not in page(tax, "/provider/sharing/")
