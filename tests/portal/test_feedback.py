"""An officer hands in a file of what became of those looked at; each business reads it, and that it was taken back."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.parties.builders import BANK
from tests.portal.builders import Business, a_bank, a_business_on_its_phone, a_grant, a_person, signed_in, today
from xinqiao.disclosure import fed_back, feedback_files
from xinqiao.kernel.ids import InstitutionId
from xinqiao.parties.rules import Role

pytestmark = pytest.mark.usefixtures("city_db")
HEADER = ",".join(feedback_files.OUTCOMES)
PAGE = "/institution/feedback/"


@pytest.fixture
def li(city_db: str) -> Business:
    a_bank()
    found = a_business_on_its_phone("business")
    a_person("bank", "周经理", Role.OFFICER, BANK)
    a_grant(found)
    return found


def text(answer: object) -> str:
    return re.sub(r"<[^>]+>|\s+", " ", answer.content.decode())  # type: ignore[attr-defined]


def handed_in(client: Client, *rows: str) -> object:
    file = SimpleUploadedFile("反馈.csv", "\n".join([HEADER, *rows]).encode())
    return client.post(PAGE, {"file": file}, follow=True)


def test_a_file_is_taken_whole_or_each_wrong_row_is_named_and_the_business_reads_it(li: Business) -> None:
    bank, mine, day = signed_in("bank"), signed_in("business"), today().isoformat()
    bank.post("/institution/report/", {"uscc": li.uscc, "purpose": "loan_review"})
    right = f"{li.uscc},1,违约,{day},{day},{day},,{day}"
    refused = text(handed_in(bank, right, f"{li.uscc},7,已还清,{day},{day},{day},,", f"{li.uscc},1,跑了,,,,,"))
    assert "第 3 条" in refused, refused
    refused = text(handed_in(bank, right, f"{li.uscc},7,已还清,{day},{day},{day},,"))
    assert "一行都没有接收" in refused
    assert "第 2 条" in refused
    assert "没有机构反馈过您的情况" in text(mine.get("/my/feedback/"))
    taken = text(handed_in(bank, right))
    assert "接收了 1 条" in taken, taken
    page = text(mine.get("/my/feedback/"))
    assert "平顶山示例银行" in page
    assert "违约" in page
    [one] = fed_back.of_institution(InstitutionId(BANK))
    assert "请写明撤回的原因" in text(bank.post(f"{PAGE}{one.number}/", {"because": " "}))
    bank.post(f"{PAGE}{one.number}/", {"because": "看错了账"})
    assert "已撤回：看错了账" in text(mine.get("/my/feedback/"))
