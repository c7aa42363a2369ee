"""The model files of a city: `models/<model>/model.yml` and, mandatory beside it, `cases.yml`."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from xinqiao.catalogue import City, Mistake
from xinqiao.catalogue.documents import Document, read
from xinqiao.catalogue.schema import Entry
from xinqiao.catalogue.validation import entry_of
from xinqiao.evaluation import binding
from xinqiao.evaluation.cases import Case
from xinqiao.evaluation.errors import ModelFaults
from xinqiao.evaluation.language import Bound, Model

E = TypeVar("E", bound=Entry)

FOLDER: Final = "models"
FEWEST_CASES: Final = 8  # no data, a dispute, a repair, an expiry, a non-final and a minor penalty, a veto, a boundary


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One model as read: itself bound to the catalogue, and its cases."""

    bound: Bound
    cases: tuple[Case, ...]


def load(city: City) -> dict[str, ModelFile]:
    """Every model of the city by name; raises `ModelFaults` with every mistake in any of them."""
    found, mistakes = _read(city)
    if mistakes:
        raise ModelFaults(mistakes)
    return dict(found)


def sound(city: City) -> dict[str, ModelFile]:
    """The models in which no mistake was found, by name."""
    return dict(_read(city)[0])


def _read(city: City) -> tuple[dict[str, ModelFile], list[Mistake]]:
    """Read and checked once for the same words: pages ask often."""
    key = (str(city.folder), city.digest, _digest(city.folder / FOLDER))
    if key not in _kept:
        _kept[key] = _read_all(city)
    return _kept[key]


def _digest(folder: Path) -> str:
    whole = hashlib.sha256()
    for path in sorted(folder.glob("*/*.yml")):
        content = path.read_bytes()
        whole.update(f"{path.parent.name}/{path.name} {len(content)}\n".encode() + content)
    return whole.hexdigest()


_kept: dict[tuple[str, str, str], tuple[dict[str, ModelFile], list[Mistake]]] = {}


def check(city: City) -> list[Mistake]:
    """Every mistake in the city's model files, by file and line."""
    return _read_all(city)[1]


def _read_all(city: City) -> tuple[dict[str, ModelFile], list[Mistake]]:
    found: dict[str, ModelFile] = {}
    mistakes: list[Mistake] = []
    for folder in sorted(p for p in (city.folder / FOLDER).glob("*") if p.is_dir() and not p.name.startswith(".")):
        model, faults = read_model(city, folder)
        mistakes += faults
        if model is not None and not faults:
            found[folder.name] = model
    return found, sorted(mistakes)


def read_model(city: City, folder: Path) -> tuple[ModelFile | None, list[Mistake]]:
    """One folder: the model, or the mistakes that prevent it."""
    place = f"{FOLDER}/{folder.name}"
    cases, case_faults = _cases(folder / "cases.yml", f"{place}/cases.yml")
    document, model = read_entry(Model, folder / "model.yml", f"{place}/model.yml")
    mistakes = [*document.mistakes, *case_faults]
    if model is None:
        return None, mistakes
    if model.model != folder.name:
        mistakes.append(document.mistake(("model",), f"模型名应与文件夹同名：{folder.name}"))
    mistakes += [document.mistake(at, message) for at, message in binding.faults(model, city)]
    mistakes += _strange_cases(city, model, cases, f"{place}/cases.yml")
    if mistakes:
        return None, mistakes
    return ModelFile(binding.bind(model, city), tuple(case for case, _ in cases)), []


def read_entry(kind: type[E], path: Path, file: str) -> tuple[Document, E | None]:
    """A file that holds one entry; without it, the document has the mistakes."""
    if not path.is_file():
        document = Document(file)
        document.mistakes.append(Mistake(file, 1, "缺少这个文件"))
        return document, None
    document = read(path, file)
    if document.mistakes:
        return document, None
    return document, entry_of(kind, document, document.value)


class CasesFile(Entry):
    cases: tuple[Case, ...]


def _cases(path: Path, file: str) -> tuple[list[tuple[Case, int]], list[Mistake]]:
    """The cases, each with the line it begins on."""
    document, whole = read_entry(CasesFile, path, file)
    if whole is None:
        return [], document.mistakes
    if len(whole.cases) < FEWEST_CASES:
        document.mistakes.append(document.mistake((), f"案例至少要 {FEWEST_CASES} 个，现在有 {len(whole.cases)} 个"))
    placed = [(case, document.line_of(("cases", i))) for i, case in enumerate(whole.cases)]
    return placed, document.mistakes


def _strange_cases(city: City, model: Model, cases: list[tuple[Case, int]], file: str) -> Iterator[Mistake]:
    """Names in a case that nothing in the model or the catalogue answers to."""
    for case, line in cases:
        strange = {*case.expect.points, *(case.expect.missing or ())} - set(model.indicators)
        strange |= set(case.expect.limits or ()) - {name for name, _, _ in model.limits()}
        for name in sorted(strange):
            yield Mistake(file, line, f"模型里没有 {name}")
        for item, rows in case.given.items():
            known = {"standing", *city.items[item].fields} if item in city.items else set()
            for name in sorted({field for row in rows for field in row} - known):
                yield Mistake(file, line, f"{item} 没有信息项 {name}")
