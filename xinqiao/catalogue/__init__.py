"""信用信息共享清单: what is collected from whom, field by field, read from the city's own files."""

from xinqiao.catalogue.city import City
from xinqiao.catalogue.errors import CatalogueFaults, Mistake, UnknownItem
from xinqiao.catalogue.loading import city, load

__all__ = ["CatalogueFaults", "City", "Mistake", "UnknownItem", "city", "load"]
