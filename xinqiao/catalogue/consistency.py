"""What one file says must agree with the others."""

from collections.abc import Iterator

from xinqiao.catalogue.errors import Mistake
from xinqiao.catalogue.pack import Pack


def mistakes_in(pack: Pack) -> Iterator[Mistake]:
    """Every disagreement between entries that could be read."""
    yield from ()
