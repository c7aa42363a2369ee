"""Whoever chooses English reads English: what was refused, what was found, what is agreed to."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from tests.browser.world import a_file
from tests.evaluation.worlds import models_in_force
from tests.portal.builders import BANK, a_bank, a_business_on_its_phone, a_grant, a_person, signed_in, today
from tests.portal.test_business import last_page
from tests.portal.test_provider import ITEM, judged, page_of, rows, sent
from xinqiao.authorisation import notices, queries
from xinqiao.intake.models import Finding
from xinqiao.parties.rules import Role


def in_english(client: Client) -> Client:
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.fixture
def clerk(city_db: str) -> Client:
    a_person("wang", "王科员", Role.PROVIDER, "market_regulation")
    return in_english(signed_in("wang"))


def test_what_was_found_is_said_in_english_by_file_and_by_row(clerk: Client, tmp_path: Path) -> None:
    bad = rows(3, established_on="2062-05-12", reg_capital="x")[1:]
    number = sent(clerk, a_file(tmp_path, "登记", [*rows(1), *bad, rows(1)[0]]))
    judged(number)
    for page in (page_of(clerk, number), clerk.get(f"/provider/deliveries/{number}/findings/").content.decode()):
        assert "“Established on” lies after the day of delivery" in page
        assert "“Registered capital” must be an amount in 万元 (10,000 yuan)" in page
        assert "Repeats line 2 (the same Unified social credit code)" in page
        assert "不" not in page


def test_a_finding_kept_before_it_was_translated_is_read_in_english_later(clerk: Client, tmp_path: Path) -> None:
    """Only the Chinese and how it was made are kept: the English is found when somebody reads."""
    number = sent(clerk, a_file(tmp_path, "登记", rows(2, established_on="2062-05-12")[1:]))
    judged(number)
    [finding] = Finding.objects.filter(delivery=number)
    assert finding.saying == "“成立日期”晚于报送当天"
    assert "Established" not in finding.saying + finding.kept
    assert "lies after the day of delivery" in page_of(clerk, number)


def test_a_file_that_cannot_be_read_says_why_in_english(clerk: Client, tmp_path: Path) -> None:
    file = tmp_path / "登记.csv"
    file.write_bytes("统一社会信用代码\n".encode() + b"\xff\xff\x00\n")
    number = sent(clerk, file)
    judged(number)
    assert "Line 2 has a zero byte (NUL)" in page_of(clerk, number)


def test_a_refusal_is_told_in_english_with_what_it_names(clerk: Client, tmp_path: Path) -> None:
    with a_file(tmp_path, "一", rows(2)).open("rb") as file:
        form = {"period": "2026-13", "mode": "changes", "file": file}
        page = clerk.post(f"/provider/upload/{ITEM}/", form).content.decode()
    assert "Write the period of this item as 2026-03-31; it must exist and have begun." in page


def test_a_business_reads_the_notice_in_english_and_the_chinese_that_binds_beside_it(city_db: str) -> None:
    a_bank()
    a_business_on_its_phone("li")
    client = in_english(signed_in("li"))
    said = {
        "to": BANK,
        "way": "loan_review",
        "items": "tax_declared_sales",
        "step": "risks",
        "until": today().isoformat(),
    }
    page = client.get("/my/grants/new/", said).content.decode()
    assert "What the institution has seen cannot be taken back" in page
    assert "已经看到的内容收不回来" in page
    assert "The Chinese text is the one that binds" in page


def test_what_was_read_in_english_is_kept_with_the_grant(city_db: str) -> None:
    a_bank()
    li = a_business_on_its_phone("li")
    client = in_english(signed_in("li"))
    form = dict(last_page(client))
    answer = client.post("/my/grants/give/", form)
    [grant] = queries.grants_of(li.subject)
    assert grant.translation_digest == form["translation"]
    assert grant.notice_digest == notices.current("loan_review").digest
    page = client.get(answer.headers["Location"]).content.decode()
    assert "The English that was shown with it" in page
    assert "Purpose: Loan review, that is, to decide whether to lend to you" in page
    in_chinese = signed_in("li").get(answer.headers["Location"]).content.decode()
    assert "授权时看过的英文译文" in in_chinese


def test_a_grant_given_in_chinese_is_read_in_english_and_says_that_only_the_chinese_was_shown(city_db: str) -> None:
    a_bank()
    li = a_business_on_its_phone("li")
    grant = a_grant(li)
    page = in_english(signed_in("li")).get(f"/my/grants/{grant.id}/").content.decode()
    assert "only the Chinese was shown when the grant was given" in page
    assert "authorises 平顶山示例银行" in page


def test_the_models_are_explained_in_english(city_db: str) -> None:
    assert "two people have approved" in in_english(Client()).get("/grades/").content.decode()
    models_in_force("enterprise", "individual_business", "cooperative", "rural_collective")
    for kind in ("enterprise", "individual_business", "cooperative", "rural_collective"):
        page = in_english(Client()).get(f"/grades/?kind={kind}").content.decode()
        main = re.sub(r"<[^>]+>", " ", page.split("<main", 1)[1].split("</main>", 1)[0])
        assert not re.search("[\u3400-\u9fff]", re.sub(r"\([\u3400-\u9fff]+\)", "", main)), kind
