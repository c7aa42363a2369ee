"""What every page knows: who reads it and which city it is."""

from typing import Any

from django.http import HttpRequest

from xinqiao.portal import naming


def page(request: HttpRequest) -> dict[str, Any]:
    return {"visitor": getattr(request, "visitor", None), "city_title": naming.city()}
