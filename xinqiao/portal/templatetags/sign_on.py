"""The ways to sign on, for the sign-in page wherever it is shown."""

from collections.abc import Sequence

from django import template

from xinqiao.parties.sign_on import Way
from xinqiao.portal.sign_on import offered

register = template.Library()


@register.simple_tag
def sign_on_ways() -> Sequence[tuple[Way, str]]:
    return offered()
