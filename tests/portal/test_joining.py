"""The pages of joining: an operator looks where the register leaves it open; a delegate is told what is not theirs."""

from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.utils import timezone

from tests.authorisation.builders import a_code
from tests.portal.builders import Business as Signer
from tests.portal.builders import a_bank, a_business, a_grant, a_person, signed_in, today
from tests.portal.test_sign_on import choose, off
from xinqiao import home
from xinqiao.authorisation import inviting, mandate_queries
from xinqiao.authorisation.capacities import Capacity
from xinqiao.kernel.ids import SubjectId
from xinqiao.parties import sign_on_simulator as simulator
from xinqiao.parties.rules import Role
from xinqiao.parties.sign_on import Capacity as As
from xinqiao.parties.sign_on import Licence
from xinqiao.parties.sign_on_simulator import Card

CODE = a_code(1, category="93")
LI = Card("李秀兰", "410402198001010026", Licence(CODE, "鲁山县示例种植专业合作社", As.REPRESENTATIVE))
ZHAO = Card("赵敏", "410402198502020008")


@pytest.fixture
def co_operative(city_db: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SubjectId:
    """Known to the platform; the register has not said yet who represents it."""
    monkeypatch.setattr(home, "make_home", lambda: tmp_path)
    simulator.put_roster([LI, ZHAO])
    a_person("operator", "平台值班员", Role.OPERATOR)
    subject, _ = a_business()
    return subject


def joins(client: Client) -> str:
    client.get(choose(client, off(client, wanted="/")))
    return client.post("/account/join/", follow=True).content.decode()


def test_where_the_register_names_nobody_an_operator_looks_and_both_read_what_came_of_it(
    co_operative: SubjectId,
) -> None:
    client = Client()
    assert "在等平台运营人员核实" in joins(client)
    assert client.get("/my/").status_code == 404, "nothing of the business is to be seen meanwhile"
    operator = signed_in("operator")
    page = operator.get("/operator/mandates/").content.decode()
    assert "还没有法定代表人（经营者）的姓名" in page
    assert operator.post("/operator/mandates/1/", {"decision": "yes", "because": ""}).status_code == 400
    said = {"decision": "yes", "because": "持身份证和执照到场"}
    assert operator.post("/operator/mandates/1/", said).status_code == 302
    assert "可以代表" in client.get("/account/").content.decode()
    assert client.get("/my/").status_code == 200


def test_an_accountant_reads_the_file_and_is_told_that_grants_are_not_hers(co_operative: SubjectId) -> None:
    client = Client()
    joins(client)
    operator = signed_in("operator")
    operator.post("/operator/mandates/1/", {"decision": "yes", "because": "持身份证和执照到场"})
    a_bank()
    [held] = mandate_queries.representing([co_operative], timezone.now())
    given = a_grant(Signer(co_operative, CODE, held.person))
    asked = inviting.invite(
        subject_id=co_operative,
        name=ZHAO.name,
        capacity=Capacity.ACCOUNTANT,
        may=(),
        until=today(),
        by=held.person,
        now=timezone.now(),
    )
    hers = Client()
    way = hers.get(choose(hers, off(hers, "gov_service"), card="1")).headers["Location"]
    assert way == "/account/"
    invited = f"/account/invited/{inviting.code_of(asked.number)}/"
    assert hers.post(invited).headers["Location"] == "/my/"
    assert hers.get("/my/file/").status_code == 200
    refused = hers.post(f"/my/grants/{given.id}/revoke/", {"sure": "yes"})
    assert refused.status_code == 403
    assert "您的办理资格不包括这一项" in refused.content.decode()
    assert f"{ZHAO.name}能以企业的名义办事了" in client.get("/my/").content.decode()
    assert get_user_model().objects.filter(username__startswith="signed-on-").count() == 2
