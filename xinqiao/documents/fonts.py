"""Where the fonts of a PDF come from: a folder named, our own (`make fonts`), or what the system has."""

import os
from functools import lru_cache
from pathlib import Path
from typing import Final

import typst

from xinqiao.documents.errors import NoFont
from xinqiao.kernel.sayings import Saying

OURS: Final = Path(__file__).parent / "fonts"
SYSTEM: Final = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
# The first that is there is used; what it lacks is looked for in the others that are. All under the OFL.
FAMILIES: Final = ("Noto Sans SC", "Noto Sans CJK SC", "Source Han Sans SC", "Noto Sans JP", "Noto Sans CJK JP")
CHINESE: Final = frozenset(FAMILIES[:3])


def chosen() -> tuple[typst.Fonts, tuple[str, ...]]:
    """The fonts, and the families to set text in, best first. Raises `NoFont`."""
    return _chosen(os.environ.get("XINQIAO_FONTS"))


@lru_cache(maxsize=2)
def _chosen(named: str | None) -> tuple[typst.Fonts, tuple[str, ...]]:
    folders = [Path(named)] if named else [OURS, *SYSTEM]
    there = [str(folder) for folder in folders if folder.is_dir()]
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=there)
    families = tuple(name for name in FAMILIES if name in set(fonts.families()))
    if CHINESE.isdisjoint(families):
        raise NoFont(
            Saying("请安装 Debian 的 fonts-noto-cjk，或者运行 make fonts；字体放在别处的，用 XINQIAO_FONTS 写明。")
        )
    return fonts, families
