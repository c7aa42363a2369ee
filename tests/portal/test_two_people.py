"""双人办理 on pages: each of the two sees what waits for whom."""

import re

from django.utils import timezone

from tests.portal.builders import ITEMS, a_bank, a_business_on_its_phone, a_grant, a_person, signed_in
from xinqiao.authorisation import mandates, notices, queries
from xinqiao.authorisation.rules import State
from xinqiao.parties.rules import Role


def test_one_prepares_and_the_other_finds_it_on_the_home_page_and_confirms(city_db: str) -> None:
    a_bank()
    li = a_business_on_its_phone()
    zhao = a_person("zhao", "赵会计", Role.BUSINESS)
    mandates.give(person=zhao, subject_id=li.subject, capacity=mandates.Capacity.AGENT, now=timezone.now())
    hers, his = signed_in("li"), signed_in("zhao")
    assert "授权一个人就能办" in hers.get("/my/grants/two-people/").content.decode()
    hers.post("/my/grants/two-people/", {"act": "begin"})
    assert "授权要两个人办" in his.get("/my/grants/two-people/").content.decode()
    prepared = a_grant(li, items=ITEMS[:1])
    page = f"/my/grants/{prepared.id}/answer/"
    assert hers.get(f"/my/grants/{prepared.id}/?done=given").headers["Location"] == page
    assert "等另一个人确认" in hers.get(page).content.decode()
    assert "在等另一个人确认" in hers.get("/my/").content.decode()
    assert "等您确认" in his.get("/my/").content.decode()
    notice = notices.current("loan_review")
    said = {"answer": "yes", "read": "yes", "notice_version": notice.version, "notice_digest": notice.digest}
    [words] = re.findall(r'name="statement" value="(\w+)"', his.get(page).content.decode())
    assert hers.post(page, said | {"statement": words}).status_code == 403
    assert his.post(page, said | {"statement": words}).headers["Location"].endswith("?done=given")
    assert queries.known(prepared.id).state(timezone.now()) is State.GIVEN


def test_an_operator_writes_down_how_large_a_firm_is(city_db: str) -> None:
    li = a_business_on_its_phone()
    a_person("operator", "平台值班员", Role.OPERATOR)
    operator = signed_in("operator")
    assert "请选择规模" in operator.post("/operator/sizes/", {"uscc": li.uscc}).content.decode()
    done = operator.post("/operator/sizes/", {"uscc": li.uscc, "size": "medium"}).headers["Location"]
    assert "它的授权要两个人办" in operator.get(done).content.decode()
    assert "按企业规模" in signed_in("li").get("/my/grants/two-people/").content.decode()
