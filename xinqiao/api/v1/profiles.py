"""POST /api/v1/profiles: the picture of one business by dimensions, in the city's words."""

from django.http import HttpResponse
from django.utils import timezone
from ninja import Router
from pydantic import ConfigDict

from xinqiao.api import pace
from xinqiao.api.callers import ClientRequest
from xinqiao.api.v1.asking import Ask, Key, told
from xinqiao.api.v1.narrow_shapes import PromisedProfile
from xinqiao.api.v1.refusing import ASKING, answers
from xinqiao.disclosure.profiling import ask_profile
from xinqiao.kernel.uscc import Uscc
from xinqiao.parties import tokens
from xinqiao.parties.reach import Detail, Service

router = Router(tags=["画像 Profiles"])


class ProfileAsk(Ask):
    model_config = ConfigDict(
        json_schema_extra={"examples": [{"uscc": "91410402MA40TE5TXF", "purpose": "loan_review"}]},
    )


@router.post(
    "/profiles",
    by_alias=True,
    response=answers(PromisedProfile, *ASKING),
    summary="查询一个主体的画像 Ask for a profile",
)
def request_profile(request: ClientRequest, ask: ProfileAsk, key: Key = None) -> HttpResponse:
    """By dimensions, each by its indicators and a word for each; what the grants do not open is not known. No score."""
    pace.of_client(pace.PROFILES, request.auth.id)
    now, uscc = timezone.now(), Uscc.parse(ask.uscc)
    tokens.hold_to(request.auth, Detail(Service.PROFILE, ask.purpose, uscc, None, ask.grant), now=now)
    return told(
        ask_profile(
            asker=request.auth.institution,
            officer=None,
            client=request.auth.id,
            on_behalf=ask.on_behalf or "",
            uscc=uscc,
            purpose=ask.purpose,
            grant=ask.granted,
            key=key or "",
            now=now,
        )
    )
