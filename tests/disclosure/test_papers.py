"""What is told as a file: signed, marked, receipted; altered copies and other people's are found out."""

import base64
import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
from asn1crypto import x509
from jwcrypto.jwk import JWK
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from python_calamine import CalamineWorkbook
from sd_jwt.verifier import SDJWTVerifier

from tests.disclosure.builders import World, a_world
from tests.parties.builders import BANK, NOW
from xinqiao import keys
from xinqiao.authorisation import changing
from xinqiao.disclosure import copies, credentials, own_file, papers, queries, reports
from xinqiao.disclosure.door import Asked
from xinqiao.disclosure.errors import GrantRevoked, NotFound, ScopeInvalid
from xinqiao.disclosure.papers import Form, Paper
from xinqiao.documents import marks
from xinqiao.kernel.ids import InstitutionId, SubjectId
from xinqiao.ledger import identity, receipts, sequencing
from xinqiao_verify import cli
from xinqiao_verify import credentials as shown
from xinqiao_verify.notes import Key
from xinqiao_verify.proofs import Refused

pytestmark = pytest.mark.usefixtures("city_db")


def check(number: str, digest: str) -> str:
    return f"https://credit.example/verify/?number={number}&digest={digest}"


def handed_out(world: World, form: Form, key: str = "") -> Paper:
    asked = Asked(BANK, world.code, "loan_review", NOW, world.officer)
    return reports.hand_out_report(asked, form, check=check, key=key)


def own_copy(world: World, form: Form) -> Paper:
    return own_file.hand_out_own_file(
        subject_id=world.business, person=world.representative, form=form, check=check, now=NOW
    )


def keys_outside() -> dict[str, Key]:
    return {key.name: key for key in (identity.key(), receipts.key(), credentials.key())}


def in_files(tmp_path: Path, paper: Paper) -> tuple[Path, Path]:
    file, receipt = tmp_path / paper.name, tmp_path / "receipt.json"
    file.write_bytes(paper.content)
    receipt.write_text(json.dumps(copies.evidence(paper.number), ensure_ascii=False))
    return file, receipt


def test_a_pdf_is_signed_by_the_platforms_certificate_and_proven_by_its_receipt_offline(tmp_path: Path) -> None:
    paper = handed_out(a_world(), papers.PDF)
    [signature] = PdfFileReader(io.BytesIO(paper.content)).embedded_signatures
    root = x509.Certificate.load(keys.certificates()[-1])
    status = validate_pdf_signature(signature, ValidationContext(trust_roots=[root]))
    assert status.bottom_line
    assert status.signer_reported_dt == NOW
    sequencing.sequence(NOW)
    file, receipt = in_files(tmp_path, paper)
    assert cli.judge_document(file, receipt, keys_outside()).standing == "proven"
    altered = paper.content.replace(b"/Type/Page", b"/Type/Paga", 1)
    file.write_bytes(altered)
    answer = cli.judge_document(file, receipt, keys_outside())
    assert answer.code == 1
    assert "altered" in answer.sentence


def test_a_file_of_the_report_just_read_is_no_second_look_and_revoking_closes_it_too() -> None:
    world = a_world()
    told = world.ask(key="on-this-page")
    paper = handed_out(world, papers.PDF, key="on-this-page")
    assert paper.receipt == told.number
    assert len(queries.who_looked(world.business).looks) == 1
    changing.revoke(world.grant.id, by=world.representative, now=NOW)
    with pytest.raises(GrantRevoked):
        handed_out(world, papers.PDF, key="on-this-page")


@pytest.mark.parametrize("form", [papers.PDF, papers.XLSX, papers.CSV], ids=lambda form: form.form)
def test_a_leaked_copy_names_whom_it_was_made_for_even_when_it_was_worked_on(form: Form) -> None:
    world = a_world()
    others, leaked = handed_out(world, form), handed_out(world, form)
    assert [copy.found for copy in copies.whose(leaked.content, by=None, now=NOW)] == ["exact"]
    [copy] = copies.whose(worked_on(leaked), by=None, now=NOW)
    assert (copy.document, copy.found, copy.institution, copy.officer) == (leaked.number, "mark", BANK, "周经理")
    assert copy.document != others.number


def worked_on(paper: Paper) -> bytes:
    """As somebody would who wants to hide where it is from: saved anew, one row of it pasted elsewhere."""
    match paper.name.rpartition(".")[2]:
        case "pdf":
            out = io.BytesIO()
            copy_into_new_writer(PdfFileReader(io.BytesIO(paper.content))).write(out)  # type: ignore[no-untyped-call]
            return out.getvalue()
        case "xlsx":
            first = CalamineWorkbook.from_filelike(io.BytesIO(paper.content)).get_sheet_by_index(0).to_python()[1]
            return "\t".join(map(str, first)).encode("utf-16")
        case _:
            return paper.content.decode("utf-8-sig").splitlines()[2].encode()


def test_a_forged_mark_accuses_nobody() -> None:
    forged = (7).to_bytes(6) + b"\0" * 6
    assert marks.numbers_in(marks.invisible(forged).encode()) == []
    assert marks.numbers_in(f"甲{marks.invisible(marks.of(7))}乙".encode()) == [7]


def test_every_page_and_every_row_says_for_whom_it_is() -> None:
    world = a_world()
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(handed_out(world, papers.XLSX).content)).get_sheet_by_index(0)
    header, *rows = sheet.to_python()
    assert rows
    assert all("平顶山示例银行 · 周经理" in str(row[header.index("仅供")]) for row in rows)


def test_the_evidence_of_a_file_is_for_whoever_was_handed_it() -> None:
    world = a_world()
    banks, own = handed_out(world, papers.CSV), own_copy(world, papers.CSV)
    assert copies.evidence(banks.number, of=InstitutionId(BANK))
    assert copies.evidence(own.number, of=world.business)
    for paper, other in ((banks, world.business), (own, InstitutionId(BANK)), (own, SubjectId(world.business + 1))):
        with pytest.raises(NotFound):
            copies.evidence(paper.number, of=other)


def test_anybody_learns_of_a_file_whether_it_is_ours_and_nothing_more() -> None:
    paper = handed_out(a_world(), papers.PDF)
    sequencing.sequence(NOW)
    found = copies.known(paper.content)
    assert found is not None
    assert (found.proven, found.changed, found.receipt["receipt"]) == (True, 0, paper.receipt)
    altered = paper.content + b"\n"
    assert copies.known(altered) is None
    assert copies.altered(altered)
    assert not copies.altered(b"%PDF-1.7\nsomebody else's")


@pytest.fixture
def credential() -> str:
    return own_copy(a_world(), papers.SD_JWT).content.decode()


def judged(presentation: str) -> shown.Presented:
    return shown.check(presentation, keys_outside(), now=int(NOW.timestamp()))


def test_a_business_shows_the_parts_it_chooses_and_names_those_it_does_not(credential: str) -> None:
    presentation = credentials.presented(credential, ["electricity_arrears"])
    assert "42000" not in presentation
    told = judged(presentation)
    assert list(told.shown) == ["electricity_arrears"]
    assert told.shown["electricity_arrears"]["lines"]
    assert "行政处罚信息（双公示）" in told.hidden
    assert "评价" in told.hidden


def test_another_implementation_reads_the_same_from_a_presentation(credential: str) -> None:
    presentation = credentials.presented(credential, ["grade", "administrative_penalty"])
    raw = credentials.key().raw
    jwk = JWK(kty="OKP", crv="Ed25519", x=base64.urlsafe_b64encode(raw).decode().rstrip("="))
    theirs = SDJWTVerifier(presentation, lambda *_: jwk).get_verified_payload()
    assert {name: theirs[name] for name in ("grade", "administrative_penalty")} == judged(presentation).shown


def test_a_part_that_was_altered_or_is_of_another_report_is_refused(credential: str) -> None:
    jwt, part, rest = credentials.presented(credential, ["administrative_penalty"]).split("~")
    salt, name, value = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    value["lines"] = []
    forged = base64.urlsafe_b64encode(json.dumps([salt, name, value]).encode()).decode().rstrip("=")
    head, body, signature = jwt.split(".")
    for wrong in (f"{jwt}~{forged}~{rest}", f"{head}.{body[:-4]}AAAA.{signature}~{part}~", f"{jwt}~{part}~{part}~"):
        with pytest.raises(Refused):
            judged(wrong)


def test_a_presentation_is_of_its_day(credential: str) -> None:
    late = int((NOW + credentials.HOLDS + timedelta(days=1)).timestamp())
    with pytest.raises(Refused, match="expired"):
        shown.check(credential, keys_outside(), now=late)


def test_what_the_credential_does_not_have_cannot_be_shown(credential: str) -> None:
    for parts in ([], ["no_such_part"]):
        with pytest.raises(ScopeInvalid):
            credentials.presented(credential, parts)
