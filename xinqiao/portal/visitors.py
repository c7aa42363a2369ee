"""Who reads a page: the person, the role they act in, and for a business the subject they act for.

Roles and mandates are read live for every page, so ending one closes every page that needs it with the next click.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final, Protocol

from django.http import Http404, HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django_htmx.middleware import HtmxDetails

from xinqiao.authorisation import queries as authorisation
from xinqiao.kernel.ids import BranchId, InstitutionId, PersonId, SubjectId
from xinqiao.kernel.sayings import Saying
from xinqiao.parties import branch_queries, factors, letters
from xinqiao.parties import queries as parties
from xinqiao.parties.rules import PUBLIC, SECOND_FACTOR, Role, Scope
from xinqiao.parties.signing_errors import LetterMissing
from xinqiao.portal import navigation, proving, returning
from xinqiao.portal.errors import NoBusinessYet, NotYourDesk
from xinqiao.subjects import queries as subjects

DESK: Final = "desk"  # keys of the session: which of the person's roles, and for which subject
SUBJECT: Final = "subject"


class Visitor:
    """Everything is read when first asked for and kept for this one request."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def person(self) -> parties.PersonView | None:
        """Who has signed in, unless what they showed has been taken away since."""
        user = self._request.user
        found = parties.person_of_user(user.pk) if user.is_authenticated else None
        by = proving.shown(self._request.session)
        return None if found and by and not factors.still(found.id, by) else found

    @property
    def name(self) -> str:
        return self.person.name if self.person else ""

    @cached_property
    def desks(self) -> list[navigation.Desk]:
        if self.person is None:
            return []
        return [navigation.desk(scope) for scope in parties.scopes_of(self.person.id, timezone.now())]

    @cached_property
    def scope(self) -> Scope:
        """The role chosen since signing in, else the first one held."""
        chosen = self._request.session.get(DESK)
        held = next((desk for desk in self.desks if desk.key == chosen), None) or next(iter(self.desks), None)
        return held.scope if held else PUBLIC

    @cached_property
    def subjects(self) -> list[SubjectId]:
        """The subjects this person may act for (委托)."""
        return authorisation.subjects_of(self.person.id, timezone.now()) if self.person else []

    @cached_property
    def subject(self) -> SubjectId | None:
        chosen = self._request.session.get(SUBJECT)
        return chosen if chosen in self.subjects else next(iter(self.subjects), None)

    @cached_property
    def business(self) -> str:
        """The name of the business these pages are about: who acts for two must see for which."""
        return subjects.views([self.subject])[0].name if self.subject is not None else ""

    @cached_property
    def desk(self) -> str:
        """The role in two or three words, as the chip beside the name of the platform says it."""
        return str(navigation.DESKS[self.scope.role]) if self.scope.role else ""

    @cached_property
    def place(self) -> str:
        return navigation.place(self.scope)

    @cached_property
    def tabs(self) -> list[navigation.Tab]:
        return navigation.tabs(self.scope.role, self._request.path)


class PageRequest(HttpRequest):
    """A request that has been through `with_visitor`."""

    visitor: Visitor
    htmx: HtmxDetails


class Page(Protocol):
    def __call__(self, request: PageRequest, /, *args: Any, **kwargs: Any) -> HttpResponseBase: ...


def with_visitor(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: gives the request its visitor."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        request.visitor = Visitor(request)  # type: ignore[attr-defined]
        return get_response(request)

    return answer


def only(*roles: Role, sworn: bool = True) -> Callable[[Page], Page]:
    """A page for people acting in one of these roles: strangers are asked to sign in, and for others it is not there.

    Whoever holds the role too, at another desk, is told how to change desks. An officer signs her letter of
    confidentiality first, but for the pages that are no more than that (`sworn` false).
    """

    def guarded(page: Page) -> Page:
        @wraps(page)
        def answer(request: PageRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.visitor.person is None:
                return returning.to_sign_in(request)
            if (role := request.visitor.scope.role) in roles:
                if not _enough(request, role):
                    return _more(request)
                return _unsworn(request) if sworn and _owes_letter(request) else page(request, *args, **kwargs)
            if not {desk.scope.role for desk in request.visitor.desks} & set(roles):
                raise Http404
            raise NotYourDesk(Saying("您现在的身份是“{desk}”。换好身份以后再打开这一页。", desk=request.visitor.desk))

        return answer

    return guarded


def _enough(request: PageRequest, role: Role | None) -> bool:
    return role not in SECOND_FACTOR or factors.enough(proving.shown(request.session))


def _owes_letter(request: PageRequest) -> bool:
    institution = request.visitor.scope.institution
    return institution is not None and letters.needed(acting_person(request), institution)


def _unsworn(request: PageRequest) -> HttpResponseBase:
    """Led to the letter; what a form wanted done is refused."""
    if request.method == "POST":
        raise LetterMissing(Saying("请先到“协议与承诺”签保密承诺书，再来办这件事。"))
    return HttpResponseRedirect(reverse("portal:our_letter"))


def _more(request: PageRequest) -> HttpResponseBase:
    """Signed in by password, with a role come since then that asks for more."""
    mine = factors.of(acting_person(request))
    return proving.ask_again(request) if mine else HttpResponseRedirect(reverse("portal:factors"))


def acting_person(request: PageRequest) -> PersonId:
    """The person behind a page that `only` guards."""
    if request.visitor.person is None:
        raise NotYourDesk
    return request.visitor.person.id


def acting_subject(request: PageRequest) -> SubjectId:
    """The subject a business's page is about; raises `NoBusinessYet`."""
    if request.visitor.subject is None:
        raise NoBusinessYet(Saying("企业的法定代表人或经办人办好委托以后，这里就会显示企业的信用档案。"))
    return request.visitor.subject


def within_reach(request: PageRequest) -> frozenset[BranchId] | None:
    """The branches whose work the visitor sees: her own and those below it; None at the head office: all of it."""
    scope = request.visitor.scope
    return None if scope.branch is None else branch_queries.within(scope.organisation, scope.branch)


def acting_institution(request: PageRequest) -> InstitutionId:
    """The institution an officer's page is about."""
    institution = request.visitor.scope.institution
    if institution is None:
        raise NotYourDesk
    return institution
