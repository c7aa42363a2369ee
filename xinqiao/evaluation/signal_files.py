"""The city's risk rules: `signals/signals.yml`, and the cases they must come out at, `signals/cases.yml`."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from xinqiao.catalogue import City, Mistake
from xinqiao.evaluation import binding, trying
from xinqiao.evaluation.cases import Case, Expected
from xinqiao.evaluation.errors import ModelFaults
from xinqiao.evaluation.explaining import Outcome
from xinqiao.evaluation.language import Bound
from xinqiao.evaluation.model_files import read_entry
from xinqiao.evaluation.signal_language import SignalCase, SignalCases, SignalSet, as_model
from xinqiao.kernel.subject_kinds import SubjectKind

FOLDER: Final = "signals"
RULES: Final = f"{FOLDER}/signals.yml"
CASES: Final = f"{FOLDER}/cases.yml"


@dataclass(frozen=True, slots=True)
class SignalFile:
    """The rules, and for each kind of subject that has any what the compiler takes."""

    rules: SignalSet
    bounds: dict[SubjectKind, Bound]
    cases: tuple[SignalCase, ...]


def load(city: City) -> SignalFile:
    """Raises `ModelFaults` with every mistake. Read and checked once for the same words."""
    words = hashlib.sha256(b"".join((city.folder / name).read_bytes() for name in (RULES, CASES))).hexdigest()
    key = (str(city.folder), city.digest, words)
    if key not in _kept:
        found, mistakes = read(city)
        if found is None:
            raise ModelFaults(mistakes)
        _kept[key] = found
    return _kept[key]


_kept: dict[tuple[str, str, str], SignalFile] = {}


def read(city: City) -> tuple[SignalFile | None, list[Mistake]]:
    document, rules = read_entry(SignalSet, city.folder / RULES, RULES)
    written, cases = read_entry(SignalCases, city.folder / CASES, CASES)
    mistakes = [*document.mistakes, *written.mistakes]
    if rules is None or cases is None:
        return None, mistakes
    models = {kind: as_model(rules, kind, dict(city.items)) for kind in SubjectKind if rules.of_kind(kind)}
    said = {(at, message) for model in models.values() for at, message in binding.faults(model, city)}
    mistakes += [document.mistake(("signals", *at[1:]), message) for at, message in sorted(said, key=str)]
    names = rules.signals.keys() | rules.falls.keys()
    for place, case in enumerate(cases.cases):
        for name in sorted({*case.raised} - names):
            mistakes.append(written.mistake(("cases", place), f"没有信号 {name}"))
    if mistakes:
        return None, mistakes
    bounds = {kind: binding.bind(model, city) for kind, model in models.items()}
    return SignalFile(rules, bounds, cases.cases), []


def held(rules: SignalSet, bound: Bound, outcome: Outcome) -> Iterator[str]:
    """The signals whose value is where it should speak up."""
    for name, one in rules.of_kind(bound.model.kind).items():
        counted = outcome.counted[name]
        if counted.count and counted.bin == one.held_on:
            yield name


def differences(city: City, file: SignalFile) -> Iterator[str]:
    """Every case that comes out otherwise than a person said."""
    for kind, bound in file.bounds.items():
        ready = trying.runnable(bound)
        mine = {one.name: one for one in file.cases if one.kind is kind}
        cases = [Case(name=one.name, on=one.on, given=one.given, expect=Expected(grade="有")) for one in mine.values()]
        for case, scored in trying.tried(city, ready, cases) if cases else ():
            raised = set(held(file.rules, bound, scored.outcome))
            if raised != set(mine[case.name].raised):
                yield f"{case.name}：信号应为 {sorted(mine[case.name].raised)}，得到 {sorted(raised)}"
