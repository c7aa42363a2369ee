"""Ibis, imported when the first expression is made: that takes a second, and what a city runs is SQL that was frozen
before, so that hardly any command makes one."""

from importlib import import_module
from typing import Any, Final


class _Later:
    def __getattr__(self, name: str) -> Any:
        return getattr(import_module("ibis"), name)


ibis: Final = _Later()
