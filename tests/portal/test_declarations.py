"""自主申报 on the phone: the commitment first, a form, a look, a number; marked as its own word in the file."""

import pytest
from django.utils import timezone

from tests.portal.test_objections import Desks, four_desks, text_of
from xinqiao.cli import road
from xinqiao.intake import inspection
from xinqiao.rights import declaration_rows

FORM = "/my/declarations/new/self_declared_operation/"
MONTH = {"period": "2026-04", "staff": "7", "revenue": "120000"}


@pytest.fixture
def desks(city_db: str) -> Desks:
    return four_desks()


def test_from_the_commitment_to_the_line_marked_as_its_own_word_and_back(desks: Desks) -> None:
    first = desks.business.post(FORM, MONTH | {"step": "check"})
    assert first.headers["Location"] == "/my/commitments/new/truthful_declaration/"
    desks.business.post(first.headers["Location"], {"read": "yes", "version": "2026.1"})
    wrong = desks.business.post(FORM, MONTH | {"step": "check", "staff": "七"})
    assert (wrong.status_code, 'value="120000"' in wrong.content.decode()) == (400, True)
    assert "核对一遍，再申报" in desks.business.post(FORM, MONTH | {"step": "check"}).content.decode()
    done = desks.business.post(FORM, MONTH | {"step": "send"}, follow=True).content.decode()
    assert "已经申报" in done
    assert f"D-{timezone.now():%Y}" in done
    for delivery in declaration_rows.write(timezone.now()):
        inspection.inspect(delivery, now=timezone.now())
    road.settle(timezone.now())
    page = text_of(desks.business, "/my/file/")
    assert "市场主体自行填报" in page
    assert "企业自主申报经营信息" in page
    assert desks.business.post("/my/declarations/1/").status_code == 302
    assert "已撤回" in text_of(desks.business, "/my/declarations/")
