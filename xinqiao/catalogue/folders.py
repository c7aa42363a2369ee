"""Which files a city's folder may hold. A file nobody reads is a decision nobody follows, so strangers are told.

city.yml  divisions.yml  industries.yml  families.yml  sections.yml  clocks.yml
sources/<source>.yml  items/<item>.yml  items/<item>.cases.yml  codes/<list>.yml  calendar/<year>.yml
english/<any>.yml  claims/<claim>.yml  assessments/<assessment>.yml
models/, signals/, indicators/, notices/, texts/, templates.yml, safeguards.yml, purposes.yml, commitments.yml,
profile.yml and repairs.yml belong to evaluation, authorisation, parties and rights, which read them themselves.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from xinqiao.catalogue.errors import Mistake

CASES: Final = ".cases.yml"
SINGLE: Final = frozenset({"city.yml", "divisions.yml", "industries.yml", "families.yml", "sections.yml", "clocks.yml"})
FOLDERS: Final = frozenset({"sources", "items", "codes", "calendar", "english", "claims", "assessments"})
OTHERS: Final = frozenset(
    {
        "commitments.yml",
        "indicators",
        "models",
        "notices",
        "profile.yml",
        "purposes.yml",
        "repairs.yml",
        "safeguards.yml",
        "signals",
        "templates.yml",
        "texts",
        "README.md",
    }
)


def entry_files(folder: Path, name: str) -> list[str]:
    """The files of one folder that hold an entry each, in a fixed order, as paths within the city."""
    files = sorted(p.name for p in (folder / name).glob("*.yml") if not _hidden(p))
    return [f"{name}/{file}" for file in files if not file.endswith(CASES)]


def case_files(folder: Path) -> frozenset[str]:
    """The items that have cases beside them."""
    return frozenset(p.name.removesuffix(CASES) for p in (folder / "items").glob("*" + CASES) if not _hidden(p))


def strangers(folder: Path) -> Iterator[Mistake]:
    """Files and folders that have no place in a city."""
    for path in sorted(folder.iterdir()) if folder.is_dir() else []:
        if path.name in FOLDERS and path.is_dir():
            yield from (_stranger(folder, p) for p in sorted(path.iterdir()) if p.suffix != ".yml" and not _known(p))
        elif path.name not in SINGLE and not _known(path):
            yield _stranger(folder, path)


def _known(path: Path) -> bool:
    return path.name in OTHERS or _hidden(path)


def _hidden(path: Path) -> bool:
    return path.name.startswith(".")


def _stranger(folder: Path, path: Path) -> Mistake:
    return Mistake(path.relative_to(folder).as_posix(), 1, "这里不应有这个文件，清单不会读它")
