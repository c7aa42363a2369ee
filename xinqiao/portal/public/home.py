"""The front page, and the way from it to each role's own."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from xinqiao.portal import navigation
from xinqiao.portal.visitors import PageRequest


def home(request: PageRequest) -> HttpResponse:
    """Strangers read what this is; whoever is signed in goes on to their own first page."""
    if request.visitor.person is not None:
        return redirect(navigation.home_of(request.visitor.scope.role))
    return render(request, "portal/public/home.html")
