"""材料: how many files are taken as proof of one case; of which kinds and how large, `kernel.file_kinds` says."""

from typing import Final

from xinqiao.kernel.file_kinds import LARGEST, MEDIA, Kind, kind_of

__all__ = ["LARGEST", "MEDIA", "MOST", "Kind", "kind_of"]

MOST: Final = 10  # files of one case: who has more puts them into one PDF
