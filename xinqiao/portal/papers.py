"""Files people take away: the report as PDF, as a table, as a credential. Made when asked for, and not kept."""

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from xinqiao.disclosure.papers import CSV, FORMS, PDF, SD_JWT, XLSX, Check, Form, Paper, checked_at
from xinqiao.kernel.sayings import Saying
from xinqiao.portal.errors import FormIncomplete

TITLES: Final[dict[Form, str | Promise]] = {
    PDF: _("签章 PDF"),
    XLSX: _("表格 XLSX"),
    CSV: _("表格 CSV"),
    SD_JWT: _("可选披露凭证"),
}


@dataclass(frozen=True, slots=True)
class Offer:
    form: str
    title: str | Promise


def offers(*forms: Form) -> list[Offer]:
    """What can be taken away, for the buttons."""
    return [Offer(form.form, TITLES[form]) for form in forms or TITLES]


def asked(request: HttpRequest) -> Form:
    """The form that was asked for. Raises `FormIncomplete`."""
    form = FORMS.get(request.POST.get("form", ""))
    if form is None:
        raise FormIncomplete(Saying("请选择要哪一种文件。"))
    return form


def check_at(request: HttpRequest) -> Check:
    """Where anybody checks it, at the address this platform was asked at."""
    return checked_at(request.build_absolute_uri)


def handed_out(paper: Paper) -> HttpResponse:
    answer = HttpResponse(paper.content, content_type=paper.media)
    answer.headers["Content-Disposition"] = f'attachment; filename="{paper.name}"'
    return answer
