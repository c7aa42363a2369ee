"""人员: who acts here, in person. The sign-in itself (password, later a passkey) is the framework's user.

The log answers for the user's row as well: whoever could set a password behind its back could sign in as anybody.
"""

import secrets
from datetime import datetime

from django.contrib.auth import get_user_model
from django.db import transaction

from xinqiao.kernel.ids import PersonId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of
from xinqiao.parties.errors import AlreadyThere
from xinqiao.parties.models import Person


@transaction.atomic
def add(*, name: str, username: str | None = None, password: str | None = None, now: datetime) -> PersonId:
    """Add a person; with `username`, also a sign-in. Raises `AlreadyThere` when the sign-in's name is taken."""
    user = None
    if username is not None:
        users = get_user_model().objects
        if users.filter(username=username).exists():
            raise AlreadyThere(Saying("这个登录名已有人使用"))
        user = users.create_user(username=username, password=password)
    person = Person.objects.create(user=user, name=name, added_at=now)
    rows = [state_of(person), *([state_of(user)] if user is not None else [])]
    log.append(Kind.PERSON_ADDED, now=now, about={"person": person.pk}, rows=rows)
    return PersonId(person.pk)


def join(name: str, *, now: datetime) -> PersonId:
    """Add a person who signs on elsewhere: the sign-in here has a name nobody types, and no password."""
    return add(name=name, username=f"signed-on-{secrets.token_hex(8)}", now=now)


@transaction.atomic
def rename(person: PersonId, name: str, *, now: datetime) -> None:
    """Take over the real name as it was vouched for today; the same again changes nothing."""
    row = Person.objects.select_for_update(no_key=True).get(pk=person)
    if row.name == name:
        return
    row.name = name
    row.save(update_fields=["name"])
    log.append(Kind.PERSON_RENAMED, now=now, about={"person": person}, rows=[state_of(row)])
