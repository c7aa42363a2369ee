"""批量推送: public information in files: only what is open, row by row; what may not be used any more is taken out."""

import csv
import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from tests.disclosure.builders import PENALTY, World, a_world, on_file
from tests.parties.builders import BANK, NOW, a_bank
from xinqiao.creditfile import standing
from xinqiao.creditfile.rules import Standing
from xinqiao.disclosure import corrected, corrections, pushed, pushing, subscribing
from xinqiao.disclosure.door import MANY, Asked
from xinqiao.disclosure.errors import AgreementNotInForce, AlreadyMaking, NoSuchSubscription, ScopeInvalid
from xinqiao.disclosure.models import PushOrder
from xinqiao.disclosure.pushed import Wanted
from xinqiao.kernel.ids import InstitutionId
from xinqiao.ledger import checking, identity, receipts, sequencing
from xinqiao.notices import following as notices
from xinqiao.notices import queries as feed
from xinqiao.parties import agreements
from xinqiao.parties import queries as parties
from xinqiao.subjects import queries as subjects
from xinqiao_verify.cli import judge_document
from xinqiao_verify.notes import read_trust

PENALTIES = Wanted(("administrative_penalty",))
HEAVY, SLIGHT = PENALTY | {"doc_no": "平环罚〔2026〕2号"}, PENALTY | {"doc_no": "平环罚〔2026〕3号", "severity": "1"}


def a_world_of_two_penalties() -> World:
    world = a_world()
    on_file(world.business, "administrative_penalty", [HEAVY, SLIGHT], delivery=7)
    return world


pytestmark = pytest.mark.furnished(by=a_world_of_two_penalties)


@pytest.fixture
def world(furnished: World) -> World:
    return furnished


def asked(institution: str = BANK) -> Asked:
    return Asked(InstitutionId(institution), MANY, "loan_review", NOW, client="core")


def made(wanted: Wanted = PENALTIES, *, full: bool = False) -> Any:
    """A file is ordered and made; the subscription as it stands then."""
    number = subscribing.begin(asked(), wanted).id
    subscribing.order(number, asked(), full=full)
    pushing.make(PushOrder.objects.order_by("-pk")[0].pk, now=NOW)
    sequencing.sequence(NOW)
    [one] = [one for one in pushed.of_institution(BANK) if one.id == number]
    return one


def lines(push: int) -> list[dict[str, Any]]:
    _, _, content = subscribing.fetch(push, "jsonl", asked())
    return [json.loads(line) for line in b"".join(subscribing.chunks(content)).splitlines()]


def told(push: int) -> list[str]:
    return [one["line"]["values"]["doc_no"] for one in lines(push) if one["op"] == "put"]


def test_a_file_holds_what_is_open_row_by_row_and_nothing_of_persons(world: World) -> None:
    push = made().order.push
    head, *put, end = lines(push)
    assert (head["format"], head["since"], end) == (
        "xinqiao-push/1",
        None,
        {"op": "end", "put": len(put), "removed": 0},
    )
    assert HEAVY["doc_no"] in told(push)
    assert SLIGHT["doc_no"] not in told(push)
    assert str(PENALTY["legal_person_id"]) not in json.dumps(put, ensure_ascii=False)


def test_what_is_repaired_is_taken_out_by_the_next_changes_and_who_has_it_is_told(world: World) -> None:
    first = made().order.push
    [heavy] = [one for one in lines(first) if one["op"] == "put" and one["line"]["values"]["doc_no"] == HEAVY["doc_no"]]
    fact = heavy["line"]["fact"]
    with transaction.atomic():
        standing.mark(fact, Standing.REPAIRED, because="修复", by="test", now=NOW)
    sequencing.sequence(NOW)
    wrong = corrections.Wrong(world.business, (fact,), corrections.Outcome.REPAIRED, "repair", "信用修复管理办法")
    with transaction.atomic():
        assert len(corrections.tell_recipients(wrong, now=NOW)) == 1
    with transaction.atomic():
        assert corrections.tell_recipients(wrong, now=NOW) == []
    [notice] = corrected.newest(BANK)
    assert (notice.said["pushes"], [line["fact"] for line in notice.said["lines"]]) == ([first], [fact])
    one = made()
    assert one.pushes[0].since == first
    [removal] = [one for one in lines(one.order.push) if one["op"] == "remove"]
    assert (removal["fact"], removal["because"], "line" in removal) == (fact, "repaired", False)
    assert made().order.because == pushing.NOTHING
    assert HEAVY["doc_no"] not in told(made(full=True).order.push)


def test_where_in_what_trade_and_how_large_narrow_it_and_an_empty_file_says_so(world: World) -> None:
    [business] = subjects.views([world.business])
    on_file(world.business, "small_business_directory", [{"scale": "3", "industry_section": "C"}], delivery=8)
    for narrower, found in (
        ({"divisions": (business.division,), "industries": ("C",), "kinds": ("enterprise",), "sizes": ("3",)}, True),
        ({"divisions": ("410400",), "industries": ("13",)}, True),
        ({"divisions": ("410471",)}, False),
        ({"industries": ("A",)}, False),
        ({"kinds": ("individual_business",)}, False),
        ({"sizes": ("1",)}, False),
    ):
        push = made(Wanted(PENALTIES.items, **narrower)).order.push
        assert bool(told(push)) is found, narrower
        assert bool(lines(push)[-1]["put"]) is found


def test_the_receipt_proves_either_form_and_an_altered_one_is_refused(world: World, tmp_path: Path) -> None:
    push = made().order.push
    (tmp_path / "receipt.json").write_text(
        json.dumps(pushed.evidence(push, of=InstitutionId(BANK)), ensure_ascii=False)
    )
    trust = read_trust([key.line for key in (identity.key(), receipts.key())])
    for form in pushed.FORMS:
        _, _, content = subscribing.fetch(push, form, asked())
        file = tmp_path / form
        file.write_bytes(b"".join(subscribing.chunks(content)))
        answer = judge_document(file, tmp_path / "receipt.json", trust)
        assert answer.standing == "proven", answer
    rows = list(csv.DictReader(io.StringIO((tmp_path / "csv").read_text("utf-8-sig"))))
    assert {row["操作"] for row in rows} == {"信息"}
    assert {row["仅供"] for row in rows} == {parties.institution(BANK).name}
    (tmp_path / "csv").write_bytes((tmp_path / "csv").read_bytes() + b"\n")
    assert judge_document(tmp_path / "csv", tmp_path / "receipt.json", trust).standing == "refused"


def test_without_an_agreement_in_force_nothing_is_subscribed_made_or_fetched(world: World) -> None:
    one = made()
    a_bank("pds_another_bank")
    with pytest.raises(NoSuchSubscription):
        subscribing.fetch(one.order.push, "jsonl", asked("pds_another_bank"))
    subscribing.order(one.id, asked(), full=True)
    with pytest.raises(AlreadyMaking):
        subscribing.order(one.id, asked(), full=True)
    [agreement] = parties.agreements_of(BANK)
    agreements.end(agreement.id, because="终止", now=NOW)
    waiting = PushOrder.objects.order_by("-pk")[0]
    assert pushing.make(waiting.pk, now=NOW) is None
    ended = pushed.of_institution(InstitutionId(BANK))[0].order
    assert ended is not None
    assert ended.because == "agreement-not-in-force"
    for refused in (
        lambda: subscribing.fetch(one.order.push, "jsonl", asked()),
        lambda: subscribing.begin(asked(), PENALTIES),
        lambda: subscribing.order(one.id, asked(), full=True),
    ):
        with pytest.raises(AgreementNotInForce):
            refused()
    assert subscribing.place_changes(NOW + timedelta(days=1)) == 0


@pytest.mark.parametrize("item", ["tax_declared_sales", "invoice_line", "nonsense"])
def test_what_is_not_open_to_everybody_cannot_be_subscribed_to(world: World, item: str) -> None:
    with pytest.raises(ScopeInvalid):
        subscribing.begin(asked(), Wanted((item,)))


def test_the_feed_says_that_a_file_is_ready_and_the_log_vouches_for_all_of_it(world: World) -> None:
    push = made().order.push
    assert subscribing.place_changes(NOW + timedelta(days=1)) == 1
    notices.follow(NOW)
    assert [event["data"]["push"] for event in feed.newest(InstitutionId(BANK)) if "push" in event["data"]] == [push]
    assert [name for name, _ in pushed.holders(world.business)] == [parties.institution(BANK).name]
    assert checking.check().sound
