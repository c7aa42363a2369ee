"""准入: an institution is admitted once, under a name of its own that never changes."""

import re
from datetime import datetime
from typing import Final

from django.db import transaction

from xinqiao import catalogue
from xinqiao.kernel.ids import InstitutionId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of
from xinqiao.parties import queries
from xinqiao.parties.errors import AlreadyThere, ScopeInvalid
from xinqiao.parties.models import Institution
from xinqiao.parties.rules import InstitutionKind

SLUG: Final = re.compile(r"[a-z][a-z0-9_]{2,59}")
OF_THE_STATE: Final = frozenset({"department", "court", "public_institution"})


@transaction.atomic
def admit(*, id: str, name: str, kind: InstitutionKind, contact: str, now: datetime) -> InstitutionId:  # noqa: A002
    """Admit an institution; the same one again changes nothing. Raises `AlreadyThere` when the id means another."""
    check_id(id, kind)
    row, fresh = Institution.objects.get_or_create(
        pk=id, defaults={"name": name, "kind": kind, "contact": contact, "admitted_at": now}
    )
    if not fresh:
        if (row.name, row.kind, row.contact) != (name, kind, contact):
            raise AlreadyThere
        return queries.institution(id).id
    log.append(Kind.INSTITUTION_ADMITTED, now=now, about={"institution": id}, rows=[state_of(row)])
    return InstitutionId(id)


def check_id(name: str, kind: InstitutionKind) -> None:
    """Raises `ScopeInvalid` for what can be no institution's id."""
    if not SLUG.fullmatch(name):
        raise ScopeInvalid(Saying("机构代号用小写字母、数字和下划线，以字母开头，3 到 60 个字符"))
    if kind is InstitutionKind.DEPARTMENT and not _of_the_state(name):
        raise ScopeInvalid(Saying("政府部门用它在清单里的代号"))


def _of_the_state(name: str) -> bool:
    """A department goes by the name it has as a source, so that one office is one party whether it reports or asks."""
    source = catalogue.city().sources.get(name)
    return source is not None and source.kind in OF_THE_STATE
