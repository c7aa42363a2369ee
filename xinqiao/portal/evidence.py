"""Evidence as files people keep: what a receipt or a delivery's acceptance says, to be checked by anybody."""

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse


def as_file(said: Mapping[str, Any], name: str) -> HttpResponse:
    """JSON for people and programs alike; the verifier reads it with or without the line breaks."""
    answer = HttpResponse(
        json.dumps(said, ensure_ascii=False, indent=1), content_type="application/json; charset=utf-8"
    )
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.json"'
    return answer
