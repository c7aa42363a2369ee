"""我的授权: whom I let see what, and taking it back. Taking back is as near as giving."""

from dataclasses import dataclass
from datetime import date

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from xinqiao.authorisation import changing, notices, queries
from xinqiao.authorisation.errors import NotFound
from xinqiao.authorisation.queries import GrantView
from xinqiao.authorisation.rules import State
from xinqiao.kernel.ids import GrantId
from xinqiao.language import in_english
from xinqiao.parties import queries as parties
from xinqiao.parties.rules import Role
from xinqiao.portal import naming, wording
from xinqiao.portal.visitors import PageRequest, acting_person, acting_subject, only
from xinqiao.subjects import queries as subjects


@dataclass(frozen=True, slots=True)
class ShownGrant:
    """A grant in words. `live` is whether the institution can see anything by it at this moment."""

    number: GrantId
    to: str
    contact: str
    purpose: str
    items: tuple[str, ...]
    given_at: str
    given_by: str
    until: str
    until_day: date
    left: str
    state: State
    revoked_at: str

    @property
    def live(self) -> bool:
        return self.state is State.GIVEN

    @property
    def url(self) -> str:
        return reverse("portal:my_grant", args=[self.number])

    @property
    def revoke_url(self) -> str:
        return reverse("portal:revoke", args=[self.number])


def shown(grant: GrantView) -> ShownGrant:
    now = timezone.now()
    return ShownGrant(
        number=grant.id,
        to=grant.institution_name,
        contact=grant.contact,
        purpose=naming.purpose(grant.purpose),
        items=tuple(naming.item(name) for name in grant.items),
        given_at=wording.instant(grant.given_at) if grant.given_at else "",
        given_by=grant.given_by,
        until=grant.until.isoformat(),
        until_day=grant.until,
        left=wording.days_left(grant.until, wording.city_day(now)),
        state=grant.state(now),
        revoked_at=wording.instant(grant.revoked_at) if grant.revoked_at else "",
    )


@only(Role.BUSINESS)
def my_grants(request: PageRequest) -> HttpResponse:
    """The live ones first, 撤回 beside each; the ended ones below."""
    every = [shown(grant) for grant in queries.grants_of(acting_subject(request))]
    live = [grant for grant in every if grant.live]
    told = {"live": live, "ended": [grant for grant in every if not grant.live], "title": _title(live)}
    return render(request, "portal/business/grants.html", told)


def _title(live: list[ShownGrant]) -> str:
    """Who can see what, as far as one line can say it."""
    names = {grant.to for grant in live}
    if not names:
        return _("现在没有机构能看需要授权的信息")
    if len(names) > 1:
        return ngettext("现在有 %(n)d 家机构能看您的信息", "现在有 %(n)d 家机构能看您的信息", len(names)) % {
            "n": len(names)
        }
    items = {item for grant in live for item in grant.items}
    said = {"to": live[0].to, "n": len(items)}
    return ngettext("现在只有%(to)s能看 %(n)d 类信息", "现在只有%(to)s能看 %(n)d 类信息", len(items)) % said


@only(Role.BUSINESS)
def my_grant(request: PageRequest, number: int) -> HttpResponse:
    """One grant with the very words that were agreed to; after giving or revoking it is the confirmation."""
    grant = _mine(request, number)
    told = {
        "grant": shown(grant),
        "statement": queries.shown_text(grant.statement_digest),
        "notice": queries.shown_text(grant.notice_digest),
        "english": _english(grant),
        "english_was_shown": grant.translation_digest is not None,
        "done": request.GET.get("done", ""),
    }
    return render(request, "portal/business/grant.html", told)


def _english(grant: GrantView) -> str | None:
    """The English that was shown beside the words; for a reader of English else what it would have been."""
    if grant.translation_digest is not None:
        return queries.shown_text(grant.translation_digest)
    if not in_english():
        return None
    [me], to = subjects.views([grant.subject_id]), parties.institution(grant.institution)
    day = wording.city_day(grant.given_at or grant.starts_at)
    settled = queries.clocks_of(grant)
    if settled is None:
        return None
    words = notices.translation(notices.Terms(me, to, grant.items, grant.purpose, day, grant.until, settled))
    return words.text if words.version == grant.notice_version else None


@only(Role.BUSINESS)
def revoke(request: PageRequest, number: int) -> HttpResponse:
    """First what will happen; then it happens."""
    grant = _mine(request, number)
    if request.method == "POST":
        changing.revoke(grant.id, by=acting_person(request), now=timezone.now())
        return redirect(f"{reverse('portal:my_grant', args=[number])}?done=revoked")
    if grant.state(timezone.now()) is not State.GIVEN:
        return redirect("portal:my_grant", number=number)
    return render(request, "portal/business/revoke.html", {"grant": shown(grant)})


def _mine(request: PageRequest, number: int) -> GrantView:
    """A grant of the business one acts for; another's is not found, as if it were not there."""
    grant = queries.grant(GrantId(number))
    if grant is None or grant.subject_id != acting_subject(request):
        raise NotFound
    return grant
