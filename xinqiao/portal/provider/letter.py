"""信息提供责任书: a source reads what it answers for and signs, once a version. Nothing waits for it."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from xinqiao.language import in_english
from xinqiao.parties import letter_queries, letters, texts
from xinqiao.parties.rules import Role
from xinqiao.parties.signing_errors import UnknownLetter
from xinqiao.portal import evidence, proving, signed
from xinqiao.portal.provider.handing_in import acting_source
from xinqiao.portal.visitors import PageRequest, acting_person, only

PAGE = "portal:source_letter"


@only(Role.PROVIDER)
def source_letter(request: PageRequest) -> HttpResponse:
    """The whole text as of today; who signed it before, with the files."""
    source, fault = acting_source(request), ""
    if (asked := signed.unconfirmed(request)) is not None:
        return asked
    if request.method == "POST":
        fault = signed.tried(request, lambda: _sign(request, source))
        if not fault:
            return redirect(PAGE)
    letter = letters.responsibility(source)
    told = {
        "letter": letter,
        "english": letter.english if in_english() else "",
        "needed": not letters.answered_for(source),
        "letters": [signed.letter(one) for one in letter_queries.of(source, texts.RESPONSIBILITY)],
        "fault": fault,
    }
    return render(request, "portal/provider/letter.html", told, status=400 if fault else 200)


def _sign(request: PageRequest, source: str) -> None:
    digest, shown = request.POST.get("digest", ""), proving.shown(request.session)
    letters.sign_responsibility(source, digest=digest, by=acting_person(request), shown=shown, now=timezone.now())


@only(Role.PROVIDER)
def source_letter_file(request: PageRequest, number: int) -> HttpResponse:
    """A letter signed for this source; another's is not found."""
    if letter_queries.letter(number).organisation != acting_source(request):
        raise UnknownLetter
    return evidence.as_file(letter_queries.signed_file(number), f"xinqiao-letter-{number}")
