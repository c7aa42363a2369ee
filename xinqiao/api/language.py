"""In which language a refusal is told: Chinese, or English to a program that says so (RFC 9110 §12.5.4).

Pages do not ask this header, since browsers send it by themselves; a program sends it because somebody wrote it down.
"""

from typing import Final

from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header

HEADER: Final = "Accept-Language"
CHINESE: Final = "zh-hans"
ENGLISH: Final = "en"


def preferred(request: HttpRequest) -> str:
    """English where it is liked better than Chinese; Chinese for everything else, also for no header and for `*`."""
    for name, liked in parse_accept_lang_header(request.headers.get(HEADER, "")):
        match name.partition("-")[0] if liked else "":
            case "en":
                return ENGLISH
            case "zh" | "*":
                return CHINESE
    return CHINESE
