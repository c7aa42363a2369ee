"""The files of an invented city: deterministic, in many forms, with the truth about their faults beside them."""

import hashlib
import json
from pathlib import Path

import pytest

from xinqiao_city import make


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("city")
    make.make(subjects=400, seed=11, to=folder)
    return folder


def _bytes(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.iterdir()}


def test_the_same_seed_gives_the_same_bytes(city: Path, tmp_path: Path) -> None:
    make.make(subjects=400, seed=11, to=tmp_path)
    assert _bytes(tmp_path) == _bytes(city)


def test_another_seed_gives_another_city(city: Path, tmp_path: Path) -> None:
    make.make(subjects=400, seed=12, to=tmp_path)
    mine, other = json.loads((city / "truth.json").read_text()), json.loads((tmp_path / "truth.json").read_text())
    assert {b["uscc"] for b in mine["businesses"]}.isdisjoint(b["uscc"] for b in other["businesses"])


def test_every_whole_item_of_the_sample_is_delivered(city: Path) -> None:
    sent = {d["item"] for d in json.loads((city / "manifest.json").read_text())["deliveries"]}
    assert len(sent) == 21


def test_departments_use_different_forms_and_encodings(city: Path) -> None:
    truth = json.loads((city / "truth.json").read_text())
    assert {d["form"] for d in truth["deliveries"]} == {"csv-gb18030", "csv-utf8-bom", "csv-utf8", "xlsx"}


def test_the_truth_names_line_and_field_of_every_fault(city: Path) -> None:
    truth = json.loads((city / "truth.json").read_text())
    faults = [f for d in truth["deliveries"] for f in d["rejected"]]
    assert len(faults) > 20
    assert all(f["line"] >= 2 and f["field"] for f in faults)
    assert len({f["fault"] for f in faults}) >= 6
