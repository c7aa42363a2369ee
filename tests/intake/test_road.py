"""A delivery from the counter to accepted rows."""

from pathlib import Path

from tests.intake.builders import LATER, NOW, a_code, a_delivery, a_row, all_rows, businesses, csv_of, judged
from xinqiao.intake import inspection, placing, queries
from xinqiao.intake.rules.states import State
from xinqiao.ledger import checking, sequencing


def test_a_good_file_is_accepted_whole(city_db: str, tmp_path: Path) -> None:
    codes = businesses(tmp_path, 1, 2)
    rows = [a_row("tax_arrears", uscc=code) for code in codes]
    view = judged("tax_arrears", csv_of(rows), tmp_path)
    assert (view.state, view.delivered, view.accepted, view.rejected) == (State.ACCEPTED, 2, 2, 0)
    frame = all_rows(queries.accepted_frames(view.number))
    assert frame["uscc"].to_list() == codes
    assert frame["line"].to_list() == [2, 3]
    assert frame["subject_id"].null_count() == 0
