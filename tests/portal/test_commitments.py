"""A commitment at three desks: read and signed, due at the department, broken and repaired."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tests.portal.builders import a_person, signed_in
from tests.portal.test_objections import Desks, four_desks, text_of
from xinqiao.parties.rules import Role
from xinqiao.rights.models import Breach, Commitment

LICENCE = "/my/commitments/new/licence_by_commitment/"
ONE = "/my/commitments/1/"
PDF = b"%PDF-1.7\n%%EOF\n"


@pytest.fixture
def desks(city_db: str) -> Desks:
    a_person("market", "市监科员", Role.PROVIDER, "market_regulation")
    a_person("second", "第二人", Role.OPERATOR)
    return four_desks()


def signed(desks: Desks) -> str:
    return desks.business.post(LICENCE, {"read": "yes", "version": "2026.1"}, follow=True).content.decode()


def test_it_is_read_before_it_is_signed_and_has_a_number(desks: Desks) -> None:
    assert 'href="/my/commitments/"' in desks.business.get("/my/file/").content.decode()
    assert "食品经营许可告知承诺" in text_of(desks.business, "/my/commitments/")
    page = text_of(desks.business, LICENCE)
    assert "签署后 60 天内" in page
    assert "签了不能收回" in page
    assert desks.business.post(LICENCE, {"version": "2026.1"}).status_code == 400
    assert desks.business.post(LICENCE, {"read": "yes", "version": "2025.1"}).status_code == 400
    assert not Commitment.objects.exists()
    done = signed(desks)
    assert "承诺已经签署" in done
    assert f"P-{timezone.now():%Y}" in done
    assert desks.business.get(LICENCE).status_code == 302  # it is in force
    assert "1 件承诺在履行" in text_of(desks.business, "/my/commitments/")


def test_said_to_be_broken_the_business_answers_another_decides_and_two_repair_it(desks: Desks) -> None:
    signed(desks)
    clerk, second = signed_in("market"), signed_in("second")
    there = "/provider/commitments/1/"
    assert desks.clerk.get(there).status_code == 404  # not made to that department
    said = {"act": "propose", "facts": "没有补交", "evidence": "平市监函〔2026〕9号"}
    assert post(clerk, there, said) == 302
    assert "有人说“食品经营许可告知承诺”没有做到" in text_of(desks.business, "/my/")
    assert "1 件承诺等办理" in text_of(desks.operator, "/operator/commitments/")
    found = {"act": "establish", "because": "核实无误"}
    assert "过后才能认定" in desks.operator.post("/operator/commitments/1/", found).content.decode()
    put = desks.business.post(f"{ONE}papers/", {"file": SimpleUploadedFile("x", PDF)})
    assert put.status_code == 302
    assert post(desks.business, ONE, {"act": "answer", "text": "材料在邮局"}) == 302
    assert "材料在邮局" in text_of(clerk, there)
    assert clerk.get("/provider/papers/1/").content == PDF
    assert "不能自己认定" in clerk.post(there, found).content.decode()
    assert post(desks.operator, "/operator/commitments/1/", found) == 302
    assert "起可以在这里申请修复" in text_of(desks.business, ONE)
    Breach.objects.update(decided_at=timezone.now() - timedelta(days=120))
    assert "怎样改正的" in text_of(desks.business, ONE)
    assert post(desks.business, ONE, {"act": "mend", "text": "补交了"}) == 302
    assert post(second, "/operator/commitments/1/", {"act": "agree"}) == 302
    again = second.post("/operator/commitments/1/", {"act": "agree"})
    assert (again.status_code, "要是两个人" in again.content.decode()) == (400, True)


def test_what_was_due_is_called_kept_at_the_department(desks: Desks) -> None:
    signed(desks)
    Commitment.objects.update(due_on=timezone.localdate() - timedelta(days=2))
    clerk = signed_in("market")
    assert "到期待核" in text_of(clerk, "/provider/commitments/")
    assert post(clerk, "/provider/commitments/1/", {"act": "keep"}) == 302
    assert "已履约" in text_of(desks.business, ONE)


def post(client: Client, address: str, said: dict[str, str]) -> int:
    return client.post(address, said).status_code
