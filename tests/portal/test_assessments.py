"""影响评估 at the pages: one operator writes it down, another approves it; the city's own stand beside."""

from datetime import timedelta

from django.utils import timezone

from tests.parties.builders import TEXT
from tests.portal.builders import BANK, a_person, signed_in, today
from xinqiao.parties import institutions
from xinqiao.parties.rules import InstitutionKind, Role


def test_an_institution_is_assessed_by_two_operators(city_db: str) -> None:
    now = timezone.now()
    institutions.admit(id=BANK, name="平顶山示例银行", kind=InstitutionKind.BANK, contact="0375", now=now)
    for name in ("operator", "second"):
        a_person(name, name, Role.OPERATOR)
    first, second = signed_in("operator"), signed_in("second")
    page = first.get("/operator/assessments/", {"institution": BANK}).content.decode()
    assert "行政管理类数据项个人信息保护影响评估" in page
    assert "贷款审查" in page
    form = {
        "institution": BANK,
        "items": ["tax_arrears"],
        "purposes": ["loan_review"],
        "lawful": TEXT,
        "impact": "没有",
        "measures": TEXT,
        "again": (today() + timedelta(days=900)).isoformat(),
    }
    refused = first.post("/operator/assessments/", form)
    assert (refused.status_code, "每项写 20 到" in refused.content.decode()) == (400, True)
    assert first.post("/operator/assessments/", form | {"impact": TEXT}).status_code == 302
    assert 'value="approve"' not in first.get("/operator/assessments/").content.decode()
    assert first.post("/operator/assessments/1/", {"decision": "approve"}).status_code == 403
    assert "1 份影响评估等人批准" in second.get("/operator/assessments/").content.decode()
    second.post("/operator/assessments/1/", {"decision": "approve"})
    assert "second 处理" in second.get("/operator/assessments/").content.decode()
    a_person("inspector", "检查员", Role.INSPECTOR)
    read = signed_in("inspector").get("/inspector/assessments/").content.decode()
    assert "second 处理" in read
    assert TEXT in read
    assert "<summary>1 个数据项" in read
    assert "<form" not in read.partition("<main")[2].partition("</main>")[0]
    assert "/inspector/assessments/" in signed_in("inspector").get("/inspector/platform/").content.decode()
