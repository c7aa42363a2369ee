"""A business puts papers to its case: taken for what they are, sealed, read by whom the case concerns, then gone."""

import io
import zipfile
from datetime import timedelta

import pytest

from tests.authorisation.builders import a_business, a_representative
from tests.parties.builders import NOW
from tests.rights.builders import SOURCE, City, a_city, days
from xinqiao import home, store
from xinqiao.intake import expiry
from xinqiao.kernel.ids import PersonId
from xinqiao.ledger import checking, sequencing
from xinqiao.ledger.events import Kind as Event
from xinqiao.ledger.tracing import events_about
from xinqiao.parties.rules import Role, Scope
from xinqiao.rights import papers, proofs
from xinqiao.rights.cases import About
from xinqiao.rights.errors import NotFound, PaperInvalid, SignerNotAuthorised, TooManyPapers, WrongState
from xinqiao.rights.rules.papers import LARGEST, MOST, Kind, kind_of

pytestmark = pytest.mark.furnished(by=a_city)

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0" + b"\0" * 20 + b"\xff\xd9"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20 + b"IEND\xaeB`\x82"
OPERATOR = Scope(None, Role.OPERATOR)


@pytest.fixture
def city(furnished: City) -> City:
    return furnished


def a_workbook(*more: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        for name in ("[Content_Types].xml", "xl/workbook.xml", *more):
            parts.writestr(name, "<x/>")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [(PDF, Kind.PDF), (JPEG, Kind.JPEG), (PNG, Kind.PNG), (a_workbook(), Kind.XLSX)],
    ids=["pdf", "jpeg", "png", "xlsx"],
)
def test_a_paper_is_taken_for_what_it_is(content: bytes, kind: Kind) -> None:
    assert kind_of(content) is kind


@pytest.mark.parametrize(
    "content",
    [
        b"<script>alert(1)</script>",
        b"MZ\x90\0",
        PDF[:-7],
        JPEG[:-2],
        b"PK\x03\x04 no archive",
        a_workbook("xl/vbaProject.bin"),
    ],
    ids=["page", "program", "half a pdf", "half a picture", "no archive", "macros"],
)
def test_what_is_none_of_the_kinds_or_only_half_there_is_not_taken(city: City, content: bytes) -> None:
    one = city.object()
    with pytest.raises(PaperInvalid):
        put(city, one.number, content)
    assert papers.of_case(About.OBJECTION, one.number) == []


def put(city: City, number: int, content: bytes = PDF, by: PersonId | None = None) -> papers.ProofView:
    return proofs.add(About.OBJECTION, number, content, by=by or city.world.representative, now=NOW)


def test_a_paper_lies_sealed_and_its_digest_stands_in_the_log(city: City) -> None:
    proof = put(city, city.object().number)
    lying = (home.home() / "store" / proof.digest[:2] / proof.digest[2:]).read_bytes()
    assert PDF not in lying
    assert b"%PDF" not in lying
    sequencing.sequence(NOW)
    assert checking.check().sound
    assert put(city, 1).number == proof.number  # the button pressed twice


def test_business_asked_source_and_operator_read_it_and_only_the_business_off_the_record(city: City) -> None:
    proof = put(city, city.object().number)
    stranger = a_business(2, "另一家示例有限公司")
    readers = (city.world.business, Scope(None, Role.PROVIDER, SOURCE), OPERATOR)
    for of in readers:
        assert proofs.read(proof.number, of=of, by=city.clerk, now=NOW).content == PDF
    for of in (stranger, Scope(None, Role.PROVIDER, "tax_bureau")):
        with pytest.raises(NotFound):
            proofs.read(proof.number, of=of, by=city.clerk, now=NOW)
    sequencing.sequence(NOW)
    assert [one.kind for one in events_about({"proof": proof.number})] == [
        Event.PROOF_ADDED, Event.PROOF_READ, Event.PROOF_READ,
    ]  # fmt: skip


def test_a_source_that_was_not_asked_sees_no_paper(city: City) -> None:
    proof = put(city, city.object(reason="unlawful").number)
    with pytest.raises(NotFound):
        proofs.read(proof.number, of=Scope(None, Role.PROVIDER, SOURCE), by=city.clerk, now=NOW)


def test_nobody_puts_papers_to_anothers_case_nor_to_one_that_has_ended(city: City) -> None:
    one = city.object()
    other = a_representative(a_business(2, "另一家示例有限公司"), "刘二")
    with pytest.raises(SignerNotAuthorised):
        put(city, one.number, by=other)
    with pytest.raises(NotFound):
        put(city, 999)
    city.reject(city.answer(one, "right"))
    with pytest.raises(WrongState):
        put(city, one.number)


def test_a_case_takes_so_many_papers_and_none_larger_than_written(city: City) -> None:
    one = city.object()
    with pytest.raises(PaperInvalid):
        put(city, one.number, PDF[:-7] + b"\0" * LARGEST + b"%%EOF")
    for n in range(MOST):
        put(city, one.number, PDF + bytes([n]) + b"%%EOF")
    with pytest.raises(TooManyPapers):
        put(city, one.number)


def test_papers_outlive_the_clearing_of_deliveries_and_go_when_their_own_term_is_over(city: City) -> None:
    one = city.object()
    proof = put(city, one.number)
    expiry.expire(NOW + days(2000))
    assert store.exists(proof.digest)  # an open case keeps what it needs
    city.reject(city.answer(one, "right"))
    assert proofs.expire(NOW + timedelta(days=3 * 365)) == 0
    assert proofs.expire(NOW + timedelta(days=3 * 366)) == 1
    expiry.expire(NOW + timedelta(days=3 * 366))
    assert not store.exists(proof.digest)
    with pytest.raises(NotFound):
        proofs.read(proof.number, of=OPERATOR, by=city.operator, now=NOW)
    [gone] = papers.of_case(About.OBJECTION, 1)
    assert gone.erased_at is not None
    sequencing.sequence(NOW)
    assert checking.check().sound
