"""The gate parts a file's rows: none is lost, none stands twice, whatever was sent."""

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.intake.builders import a_code, a_row, an_item, csv_of
from xinqiao import catalogue
from xinqiao.catalogue.schema import DuplicatePolicy, Item
from xinqiao.intake import duplicates, gate
from xinqiao.intake.errors import ColumnsUnclear
from xinqiao.intake.gate import Sifted
from xinqiao.intake.rules.compiling import compile_item

ITEM = "tax_arrears"
ON = date(2026, 7, 15)


def sifted(content: bytes, folder: Path, item: Item | None = None, *, full: bool = False) -> Sifted:
    room = folder / "room"
    room.mkdir(exist_ok=True)
    for old in room.iterdir():
        old.unlink()
    path = folder / "sent"
    path.write_bytes(content)
    return gate.sift(path, compile_item(item or an_item(ITEM), catalogue.city(), on=ON), room, full=full)


def lines(frames: object) -> list[int]:
    return [line for frame in frames for line in frame["line"]]  # type: ignore[attr-defined]


def with_duplicates(policy: DuplicatePolicy, order_by: str | None = None) -> Item:
    item = an_item(ITEM)
    return item.model_copy(
        update={"delivery": item.delivery.model_copy(update={"duplicate": policy, "order_by": order_by})}
    )


def three_of_one_key() -> bytes:
    """Lines 2, 4 and 5 have one key; the notices of 4 and 5 are later, and the same."""
    rows = [
        a_row(ITEM, uscc=a_code(1), notice_on="2026-01-01"),
        a_row(ITEM, uscc=a_code(2)),
        a_row(ITEM, uscc=a_code(1), notice_on="2026-03-01"),
        a_row(ITEM, uscc=a_code(1), notice_on="2026-03-01"),
    ]
    return csv_of(rows)


@pytest.mark.parametrize(
    ("policy", "kept", "told"),
    [
        (DuplicatePolicy.KEEP_FIRST, [2, 3], {4: "第2行", 5: "第2行"}),
        (DuplicatePolicy.LAST_WINS, [3, 4], {2: "第4行", 5: "第4行"}),
        (DuplicatePolicy.REJECT_ALL, [3], {2: "第4行", 4: "第2行", 5: "第2行"}),
    ],
)
def test_rows_of_one_key_are_parted_as_the_item_says(
    tmp_path: Path, policy: DuplicatePolicy, kept: list[int], told: dict[int, str]
) -> None:
    item = with_duplicates(policy, "notice_on" if policy is DuplicatePolicy.LAST_WINS else None)
    item = item.model_copy(update={"delivery": item.delivery.model_copy(update={"key": ("tax_kind",)})})
    found = sifted(three_of_one_key(), tmp_path, item)
    assert lines(found.accepted()) == kept
    assert sorted(lines(found.rejected.frames())) == sorted(told)
    said = {line: saying for f in found.findings.frames() for line, saying in f.select("line", "saying").rows()}
    assert all(words in said[line] for line, words in told.items())


def test_duplicates_are_found_across_blocks_and_buckets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from xinqiao.intake.reading import limits

    monkeypatch.setattr(limits, "ROWS", 3)
    monkeypatch.setattr(duplicates, "ROWS_IN_BUCKET", 2)
    rows = [a_row(ITEM, uscc=a_code(n % 7)) for n in range(25)]
    found = sifted(csv_of(rows), tmp_path)
    assert lines(found.accepted()) == list(range(2, 9))
    assert found.rejected.rows == 18


def test_hashes_that_meet_by_chance_make_no_duplicates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The keys decide: even if every row had the same hash."""
    monkeypatch.setattr(duplicates, "_sharing", lambda pairs: pairs[:, 1].astype("int64"))
    found = sifted(csv_of([a_row(ITEM, uscc=a_code(n)) for n in range(5)]), tmp_path)
    assert found.losers.height == 0


def test_a_duplicate_goes_back_as_it_was_sent(tmp_path: Path) -> None:
    row = a_row(ITEM, uscc=f" {a_code(1).lower()}　")
    found = sifted(csv_of([row, row]), tmp_path)
    (rejected,) = found.rejected.frames()
    assert rejected.row(0)[1:] == tuple(row.values())


CELLS = st.one_of(
    st.sampled_from(["", "约三万", "2026-02-30", a_code(1), a_code(2), '"', "a,b", "a\nb", " "]), st.text(max_size=5)
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.dictionaries(st.sampled_from(sorted(an_item(ITEM).fields)), CELLS, max_size=2)),
        max_size=15,
    ),
    st.sampled_from(list(DuplicatePolicy)),
)
def test_every_row_is_either_accepted_or_rejected(
    tmp_path: Path, drawn: Sequence[tuple[int, dict[str, str]]], policy: DuplicatePolicy
) -> None:
    rows = [a_row(ITEM, uscc=a_code(serial)) | spoiled for serial, spoiled in drawn] or [a_row(ITEM)]
    content = csv_of(rows).replace(b"\0", b"")
    found = sifted(content, tmp_path, with_duplicates(policy))
    accepted, rejected = lines(found.accepted()), lines(found.rejected.frames())
    assert len({*accepted, *rejected}) == len(accepted) + len(rejected) == found.delivered
    assert {*lines(found.findings.frames())} == {*rejected}


def test_a_workbook_reads_as_its_sheet_is_seen(tmp_path: Path) -> None:
    """Rows of the sheet are lines; whole numbers, days and text come as a person reads them."""
    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy/m/d"})
        page.write_row(2, 0, list(a_row(ITEM)))
        for column, (name, text) in enumerate(a_row(ITEM, uscc=a_code(3)).items()):
            if name == "arrears_balance":
                page.write_number(4, column, 8000)
            elif name == "notice_on":
                page.write_datetime(4, column, date(2026, 3, 31), day)
            else:
                page.write_string(4, column, text)
        book.add_worksheet("其他").write(0, 0, "x")
    found = sifted(out.getvalue(), tmp_path)
    (frame,) = found.accepted()
    assert frame["line"].to_list() == [5]
    assert (str(frame["arrears_balance"][0]), frame["notice_on"][0]) == ("8000.00", date(2026, 3, 31))
    assert found.encoding == "xlsx"
    assert found.told["rule"].to_list() == ["other_sheet"]


def test_a_damaged_code_in_a_number_cell_is_found_out(tmp_path: Path) -> None:
    """A spreadsheet keeps fifteen digits of an eighteen-digit code; what is left fails its check."""
    out = BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, list(a_row(ITEM)))
        for column, (name, text) in enumerate(a_row(ITEM).items()):
            page.write_number(1, column, 914104021234567890) if name == "uscc" else page.write_string(1, column, text)
    (told,) = sifted(out.getvalue(), tmp_path).findings.frames()
    assert told["field"].to_list() == ["uscc"]


def test_headers_are_known_by_title_older_names_and_in_either_width(tmp_path: Path) -> None:
    item = an_item("administrative_penalty")
    for titles in (
        {n: f.title for n, f in item.fields.items()},
        {n: (f.headers or (f.title,))[0] for n, f in item.fields.items()},
    ):
        wide = {name: title.replace("_", "＿").replace("（", "(") for name, title in titles.items()}
        found = sifted(csv_of([a_row(item.item)], titles=wide), tmp_path, item)
        assert found.told.height == 0
        assert found.rejected.rows == 0


def test_two_columns_for_one_field_are_refused(tmp_path: Path) -> None:
    content = csv_of([a_row(ITEM) | {"统一社会信用代码": a_code(2)}])
    with pytest.raises(ColumnsUnclear):
        sifted(content, tmp_path)


def test_a_column_without_a_title_is_told_about_only_if_something_is_in_it(tmp_path: Path) -> None:
    row = a_row(ITEM)
    head, body = ",".join(row).encode(), ",".join(row.values()).encode()
    assert sifted(head + b",,\n" + body + b",,\n", tmp_path).told.height == 0
    told = sifted(head + b",,\n" + body + b",x,\n", tmp_path).told
    assert told["value"].to_list() == [f"第{len(row) + 1}列"]


def test_money_in_wan_is_exact_to_the_fen(tmp_path: Path) -> None:
    item = an_item("administrative_penalty")
    row = a_row(item.item, fine="0.000001", confiscated="12345.678901")
    (frame,) = sifted(csv_of([row]), tmp_path, item).accepted()
    assert [str(frame[name][0]) for name in ("fine", "confiscated")] == ["0.01", "123456789.01"]


def test_keys_are_kept_of_every_row_in_which_they_stand(tmp_path: Path) -> None:
    rows = [a_row(ITEM, uscc=a_code(1)), a_row(ITEM, uscc=a_code(2), arrears_balance="?"), a_row(ITEM, uscc="?")]
    found = sifted(csv_of(rows), tmp_path, full=True)
    keys = pl.concat(found.keys.frames())
    assert keys["uscc"].to_list() == [a_code(1), a_code(2)]
