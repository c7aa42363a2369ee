"""A clerk hands in a file: the page's title is the answer, and what must be mended is said row by row."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.browser.world import a_file, a_row
from tests.portal.builders import a_person, signed_in, today
from xinqiao.intake import inspection, queries
from xinqiao.intake.health import Health, Timing
from xinqiao.kernel.ids import DeliveryNumber
from xinqiao.ledger import identity, sequencing
from xinqiao.ledger import receipts as house
from xinqiao.parties.rules import PUBLIC, Role
from xinqiao.portal.provider import due
from xinqiao_city import codes
from xinqiao_verify import cli
from xinqiao_verify.notes import read_trust

ITEM = "registration_basics"


@pytest.fixture
def clerk(city_db: str) -> Client:
    a_person("wang", "王科员", Role.PROVIDER, "market_regulation")
    return signed_in("wang")


def rows(count: int, **changed: str) -> list[dict[str, str]]:
    return [a_row(ITEM, uscc=codes.uscc("91", "410402", 500 + n), **changed) for n in range(count)]


def sent(client: Client, file: Path, *, period: date | None = None, **said: str) -> int:
    """Hand a file in by the form; gives the number of the delivery."""
    upload = SimpleUploadedFile("登记.csv", file.read_bytes())
    form = {"period": (period or today()).isoformat(), "mode": "changes", "file": upload, **said}
    answer = client.post(f"/provider/upload/{ITEM}/", form)
    assert answer.status_code == 302, answer.content.decode()
    return int(answer.headers["Location"].strip("/").split("/")[-1])


def page_of(client: Client, number: int) -> str:
    return client.get(f"/provider/deliveries/{number}/").content.decode()


def judged(number: int) -> None:
    inspection.inspect(DeliveryNumber(number), now=timezone.now())


def test_a_file_is_received_then_judged_and_the_title_says_what_is_left_to_do(clerk: Client, tmp_path: Path) -> None:
    good, bad = rows(4), rows(6, established_on="2062-05-12")[4:]
    number = sent(clerk, a_file(tmp_path, "登记", [*good, *bad]))
    waiting = page_of(clerk, number)
    assert "收到了，正在核验" in waiting
    assert 'hx-trigger="every 2s"' in waiting
    judged(number)
    done = page_of(clerk, number)
    assert "<h1>已接收 4 行，2 行需要您改</h1>" in done
    assert "hx-trigger" not in done
    assert "送来 6 = 接收 4 + 退回 2 + 暂存 0 + 等主体登记 0" in done
    assert "“成立日期”晚于报送当天" in done
    assert "2062-05-12" in done


def test_every_finding_has_its_line_its_column_and_its_value(clerk: Client, tmp_path: Path) -> None:
    number = sent(clerk, a_file(tmp_path, "登记", [*rows(1), *rows(2, established_on="2062-05-12")[1:]]))
    judged(number)
    page = clerk.get(f"/provider/deliveries/{number}/findings/").content.decode()
    assert '<td class="n" data-label="行">3</td>' in page
    assert "成立日期" in page
    assert "<code>2062-05-12</code>" in page
    workbook = clerk.get(f"/provider/deliveries/{number}/workbook/")
    assert workbook.content.startswith(b"PK")
    assert workbook.headers["Content-Disposition"] == f'attachment; filename="returned-{number}.xlsx"'


def test_the_same_period_with_another_content_is_refused_until_the_clerk_says_replace(
    clerk: Client, tmp_path: Path
) -> None:
    first = sent(clerk, a_file(tmp_path, "一", rows(2)))
    judged(first)
    other = SimpleUploadedFile("二.csv", a_file(tmp_path, "二", rows(3)).read_bytes())
    form = {"period": today().isoformat(), "mode": "changes", "file": other}
    refused = clerk.post(f"/provider/upload/{ITEM}/", form)
    assert refused.status_code == 409
    assert "这一期已经报送过" in refused.content.decode()
    second = sent(clerk, a_file(tmp_path, "二", rows(3)), replace="yes")
    judged(second)
    assert "这份已被后一份替换" in page_of(clerk, first)
    assert f"这份替换了交付 {first}" in page_of(clerk, second)


def test_the_same_file_twice_is_one_delivery(clerk: Client, tmp_path: Path) -> None:
    file = a_file(tmp_path, "登记", rows(2))
    assert sent(clerk, file) == sent(clerk, file)


def test_a_file_that_is_no_table_is_said_to_be_unreadable_and_why(clerk: Client, tmp_path: Path) -> None:
    file = tmp_path / "登记.csv"
    file.write_bytes("统一社会信用代码\n".encode() + b"\xff\xff\x00\n")
    number = sent(clerk, file)
    judged(number)
    page = page_of(clerk, number)
    assert "这份文件读不了，请改了再报" in page
    assert queries.delivery(DeliveryNumber(number)).told in page


def test_a_form_without_a_file_says_what_is_missing(clerk: Client) -> None:
    answer = clerk.post(f"/provider/upload/{ITEM}/", {"period": today().isoformat(), "mode": "full"})
    assert answer.status_code == 400
    assert "请选择要报送的文件" in answer.content.decode()


def test_an_item_of_another_department_cannot_be_delivered(clerk: Client) -> None:
    assert clerk.get("/provider/upload/tax_credit_level/").status_code == 404


def test_another_departments_delivery_is_not_there(clerk: Client, tmp_path: Path) -> None:
    number = sent(clerk, a_file(tmp_path, "登记", rows(1)))
    a_person("zhao", "赵科员", Role.PROVIDER, "tax_bureau")
    other = signed_in("zhao")
    for address in ("", "findings/", "workbook/", "receipt/"):
        assert other.get(f"/provider/deliveries/{number}/{address}").status_code == 404


def test_the_receipt_is_downloaded_checks_offline_and_on_the_public_page(clerk: Client, tmp_path: Path) -> None:
    number = sent(clerk, a_file(tmp_path, "登记", rows(2)))
    promised = clerk.get(f"/provider/deliveries/{number}/receipt/")
    assert promised.headers["Content-Disposition"] == f'attachment; filename="xinqiao-acceptance-{number}.json"'
    judged(number)
    sequencing.sequence(timezone.now())
    assert f'href="/provider/deliveries/{number}/receipt/"' in page_of(clerk, number)
    file = clerk.get(f"/provider/deliveries/{number}/receipt/").content
    (tmp_path / "receipt.json").write_bytes(file)
    assert (
        cli.judge(tmp_path / "receipt.json", read_trust([identity.key().line, house.key().line])).standing == "proven"
    )
    page = checked(file)
    assert "是真的，已证明" in page
    assert "送来 2 = 接收 2 + 退回 0 + 暂存 0 + 等主体登记 0" in page
    assert "是真的，已证明" in checked(promised.content)  # the log has kept its promise since
    assert "不能证明是本平台出的" in checked(file.replace(b'"accepted": 2', b'"accepted": 3'))


def checked(file: bytes) -> str:
    sent_in = {"by": "file", "file": SimpleUploadedFile("receipt.json", file)}
    return Client().post("/verify/", sent_in).content.decode()


def test_a_file_with_a_strange_name_stays_a_name(clerk: Client, tmp_path: Path) -> None:
    upload = SimpleUploadedFile("x", a_file(tmp_path, "登记", rows(1)).read_bytes())
    upload.name = "<img src=x>.csv"
    form = {"period": today().isoformat(), "mode": "changes", "file": upload}
    number = int(clerk.post(f"/provider/upload/{ITEM}/", form).headers["Location"].strip("/").split("/")[-1])
    assert "<img src=x>" not in page_of(clerk, number)


def test_lateness_is_said_in_words_and_comes_first(db: None) -> None:
    def health(timing: Timing, days_ago: int) -> Health:
        on = today() - timedelta(days=days_ago)
        last = {"last_number": 1, "last_period": "2026-01", "last_received_on": on}
        return Health("tax_bureau", "tax_arrears", timing, on, "2026-Q3", late_days=5, rejected_share=0.25, **last)  # type: ignore[arg-type]

    shown = due.worst_first([due.shown(health(Timing.ON_TIME, 0)), due.shown(health(Timing.LATE, 20))])
    assert shown[0].late
    assert shown[0].words.startswith("已逾期 ")
    assert shown[0].tone == "bad"
    assert shown[0].url == "/provider/upload/tax_arrears/?period=2026-Q3"
    assert shown[0].rejected == "25.0%，偏高"
    assert queries.source_health(PUBLIC, today()) == []
