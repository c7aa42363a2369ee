"""信用信息共享清单: what is collected from whom, field by field, read from the city's own files."""

from xinqiao.catalogue.checking import CheckReport, check
from xinqiao.catalogue.city import City
from xinqiao.catalogue.errors import CatalogueFaults, Mistake, UnknownItem
from xinqiao.catalogue.loading import cases_of, city, folder, load
from xinqiao.catalogue.meaning import (
    adverse_nature,
    field_class,
    holds,
    kept_until,
    row_class,
    sealed_fields,
    shown_until,
    stricter,
)

__all__ = [
    "CatalogueFaults",
    "CheckReport",
    "City",
    "Mistake",
    "UnknownItem",
    "adverse_nature",
    "cases_of",
    "check",
    "city",
    "field_class",
    "folder",
    "holds",
    "kept_until",
    "load",
    "row_class",
    "sealed_fields",
    "shown_until",
    "stricter",
]
