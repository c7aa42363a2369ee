"""暂停接入 on the pages: the operator's, the bank's, the business's; and by command."""

import json

import pytest

from tests.portal.builders import BANK, a_person, signed_in, today
from tests.portal.test_objections import Desks, ask, four_desks, text_of
from xinqiao.cli.main import main
from xinqiao.parties.rules import Role

GROUND = "查看从未放款的企业，等机构说明"


@pytest.fixture
def desks(city_db: str) -> Desks:
    return four_desks()


def test_what_the_operator_stops_the_bank_and_the_business_read_and_a_colleague_takes_up_again(desks: Desks) -> None:
    page = f"/operator/institutions/{BANK}/"
    assert "没有暂停接入的机构" in text_of(desks.operator, "/operator/institutions/")
    assert desks.operator.post(page, {"act": "suspend", "because": "查"}).status_code == 400
    desks.operator.post(page, {"act": "suspend", "because": GROUND, "until": today().isoformat()})
    assert "1 家机构暂停接入" in text_of(desks.operator, "/operator/institutions/")
    assert "要由另一位运营人员恢复" in text_of(desks.operator, page)
    assert desks.operator.post(page, {"act": "resume", "because": "已经整改"}).status_code == 400
    refused = desks.bank.post("/institution/report/", {"uscc": desks.li.uscc, "purpose": "loan_review"})
    assert refused.status_code == 403
    assert "平台暂停了本机构的接入" in refused.content.decode()
    assert GROUND in text_of(desks.bank, "/institution/")
    for address in ("/my/", "/my/grants/", "/my/grants/1/"):
        assert "平台暂停了这家机构的接入" in text_of(desks.business, address)
    a_person("second", "平台复核员", Role.OPERATOR)
    signed_in("second").post(page, {"act": "resume", "because": "已经整改"})
    assert "平台暂停了" not in text_of(desks.business, "/my/")
    assert "未按规定保存监测记录" in ask(desks)


def test_scripts_stop_and_resume_by_command(desks: Desks, capsys: pytest.CaptureFixture[str]) -> None:
    def said(*words: str, code: int = 0) -> dict[str, object]:
        assert main(["institution", *words, "--json"]) == code
        told: dict[str, object] = json.loads(capsys.readouterr().out)
        return told

    assert said("suspend", BANK, "--ground", GROUND)["suspended"] is True
    assert said("suspend", BANK, code=1)["problem"]["type"] == "conflict"  # type: ignore[index]
    assert said("resume", BANK)["suspended"] is False
    assert said("resume", BANK, code=1)["problem"]["type"] == "wrong-state"  # type: ignore[index]
    assert len(said("list", BANK)["suspensions"]) == 1  # type: ignore[arg-type]
