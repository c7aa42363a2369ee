"""Anybody checks what a bank shows: by the code on paper, by number and digest, by the file."""

import html
import json
import re

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


def downloaded(report: str, form: str) -> bytes:
    """The file as the button on the report's page gives it."""
    found = re.search(r'name="key" value="([^"]+)"', report)
    assert found is not None
    uscc = html.unescape(report.split('name="uscc" value="', 1)[1].split('"', 1)[0])
    asked = {"uscc": uscc, "purpose": "loan_review", "key": found[1], "form": form}
    answer = signed_in("zhou").post("/institution/report/download/", asked)
    assert "attachment" in answer.headers["Content-Disposition"]
    return answer.content


def handed_in(content: bytes) -> str:
    sent = SimpleUploadedFile("report.pdf", content)
    return Client().post("/verify/", {"by": "file", "file": sent}).content.decode()


def test_a_pdf_is_ours_to_the_byte_or_it_is_refused_in_plain_words(report: str, li: Business) -> None:
    pdf = downloaded(report, "pdf")
    page = handed_in(pdf)
    assert "是真的，没有改过" in page
    assert li.uscc in page
    altered = handed_in(pdf.replace(b"/Type/Page", b"/Type/Paga", 1))
    assert "不能证明是本平台出的" in altered
    assert "出具以后被改过了" in altered
    assert "本平台没有出过这个文件" in handed_in(b"%PDF-1.7 of somebody else")


def test_files_from_the_reports_page_are_no_further_looks_and_are_named_to_the_business(
    report: str, li: Business
) -> None:
    for form in ("xlsx", "csv"):
        downloaded(report, form)
    page = signed_in("li").get("/my/looks/").content.decode()
    assert page.count("下载回执") == 1
    assert "下载了 XLSX 文件" in page
    assert "CSV 文件" in signed_in("zhou").get("/institution/asked/").content.decode()


def test_a_business_shows_one_part_and_anybody_sees_which_it_is_not_shown(li: Business) -> None:
    business = signed_in("li")
    page = business.get("/my/file/present/").content.decode()
    assert "不会知道里面写了什么" in page
    assert "请至少选一部分" in business.post("/my/file/present/", {}).content.decode()
    shown = business.post("/my/file/present/", {"part": ["tax_credit_level"]}).content
    verdict = handed_in(shown)
    assert "出示了" in verdict
    assert "没有出示" in verdict
    assert "行政处罚信息" in verdict
    assert "不能证明是本平台出的" in handed_in(shown.replace(b"~", b"~e30", 1))


def test_an_operator_learns_whom_a_leaked_table_was_made_for(report: str) -> None:
    a_person("op", "平台值班员", Role.OPERATOR)
    leaked = downloaded(report, "csv").decode("utf-8-sig").splitlines()
    sent = SimpleUploadedFile("x.txt", "\n".join(leaked[1:3]).encode("utf-16"))
    page = signed_in("op").post("/operator/copies/", {"file": sent}).content.decode()
    assert "是给平顶山示例银行的" in page
    assert "周经理" in page
    nothing = SimpleUploadedFile("y.txt", b"nothing of ours")
    assert "没有认出来" in signed_in("op").post("/operator/copies/", {"file": nothing}).content.decode()
