"""Anybody checks what a bank shows: by the code on paper, by number and digest, by the file."""

import html
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.portal.builders import BANK, Business, a_bank, a_business_on_its_phone, a_grant, a_person, signed_in
from xinqiao.ledger import sequencing
from xinqiao.parties.rules import Role
from xinqiao.portal import qr
from xinqiao.portal.public import verifying


@pytest.fixture
def li(city_db: str) -> Business:
    a_bank()
    a_person("zhou", "周经理", Role.OFFICER, BANK)
    return a_business_on_its_phone("li")


@pytest.fixture
def report(li: Business) -> str:
    """The page of a report, told and in the log."""
    a_grant(li)
    page = signed_in("zhou").post("/institution/report/", {"uscc": li.uscc, "purpose": "loan_review"}).content.decode()
    sequencing.sequence(timezone.now())
    return page


def evidence_in(page: str) -> str:
    return html.unescape(page.split('id="evidence">', 1)[1].split("</script>", 1)[0])


def printed_address(page: str) -> str:
    return html.unescape(page.split('<a href="http://testserver/verify/', 1)[1].split('"', 1)[0])


def by_file(content: str) -> str:
    sent = SimpleUploadedFile("evidence.json", content.encode())
    return Client().post("/verify/", {"by": "file", "file": sent}).content.decode()


def test_the_code_on_paper_opens_the_answer_and_claims_no_more_than_a_number_shows(report: str) -> None:
    page = Client().get(f"/verify/{printed_address(report)}").content.decode()
    assert "编号和指纹是真的" in page
    assert "已经记入防篡改日志" in page
    assert "纸上的内容有没有改过，编号看不出来" in page


def test_a_digest_with_one_sign_changed_is_not_ours(report: str) -> None:
    address = printed_address(report)
    wrong = address[:-1] + ("0" if address[-1] != "0" else "1")
    page = Client().get(f"/verify/{wrong}").content.decode()
    assert "不能证明是本平台出的" in page
    assert "抄错一位" in page


def test_the_saved_report_is_proven_to_the_word_and_says_what_it_is_about(report: str, li: Business) -> None:
    page = by_file(evidence_in(report))
    assert "是真的，已证明" in page
    assert "一个字都没有改过" in page
    assert li.uscc in page
    assert "平顶山示例银行" in page


def test_a_receipt_alone_speaks_for_itself_and_not_for_the_paper(report: str) -> None:
    file = json.loads(evidence_in(report))
    del file["report"]
    page = by_file(json.dumps(file, ensure_ascii=False))
    assert "文件里没有报告" in page
    assert "一个字都没有改过" not in page


@pytest.mark.parametrize("part", ["report", "receipt"])
def test_a_report_or_a_receipt_changed_in_one_place_is_refused(report: str, part: str, li: Business) -> None:
    file = json.loads(evidence_in(report))
    if part == "report":
        file["report"]["subject"]["name"] = "别的公司"
    else:
        file["receipt"]["subject"] = "91410402MA40TE5TXF"
    assert "不能证明是本平台出的" in by_file(json.dumps(file, ensure_ascii=False))


def test_what_is_no_receipt_at_all_gets_the_same_answer(city_db: str) -> None:
    for content in ("", "{}", "[]", "不是 JSON", '{"format": "xinqiao-receipt/1"}', "[" * 5_000):
        assert "不能证明是本平台出的" in by_file(content)


def test_a_code_is_a_square_with_its_white_border() -> None:
    square = qr.of(f"https://credit.example{verifying.address_to_check('R-20261123-000417', 'a' * 64)}")
    assert square.side >= 21 + 8
    assert square.path.startswith("M4 4h1v1h-1z")  # a finder's corner, four modules in
