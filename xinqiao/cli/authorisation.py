"""`xinqiao grant` and `xinqiao revoke`: acts in a business's name, so that the sample city can be driven by scripts.

They exist in the sample profile only: in a real city nobody signs for a business but its own people, in the portal.
"""

import argparse
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from xinqiao.authorisation.queries import GrantView
    from xinqiao.kernel.ids import PersonId, SubjectId

STAND_IN: Final = "命令行代办人（样例）"


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    grant = commands.add_parser("grant", help="样例：以企业名义授权一家机构")
    grant.add_argument("--subject", required=True, metavar="USCC")
    grant.add_argument("--to", required=True, metavar="INST")
    grant.add_argument("--items", required=True, type=_names, metavar="a,b")
    grant.add_argument("--purpose", required=True, metavar="P")
    grant.add_argument("--until", required=True, type=date.fromisoformat, metavar="DATE")
    grant.add_argument("--json", action="store_true")
    grant.set_defaults(run=_grant, needs="database")
    revoke = commands.add_parser("revoke", help="样例：以企业名义撤回一份授权")
    revoke.add_argument("grant", type=int, metavar="GRANT")
    revoke.add_argument("--json", action="store_true")
    revoke.set_defaults(run=_revoke, needs="database")


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _grant(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.authorisation import grants, notices
    from xinqiao.cli.sample import only_in_sample
    from xinqiao.kernel.uscc import Uscc
    from xinqiao.subjects import queries as subjects

    only_in_sample()
    now = timezone.now()
    subject = subjects.known_as(Uscc.parse(args.subject))
    given = grants.give(
        subject_id=subject.id,
        to=args.to,
        items=args.items,
        purpose=args.purpose,
        until=args.until,
        notice=notices.current(args.purpose),
        by=signer(subject.id, now),
        now=now,
    )
    return _told(given, now) | {"subject": subject.uscc}


def _revoke(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.authorisation import changing, queries
    from xinqiao.authorisation.errors import NotFound
    from xinqiao.cli.sample import only_in_sample
    from xinqiao.kernel.ids import GrantId

    only_in_sample()
    now = timezone.now()
    given = queries.grant(GrantId(args.grant))
    if given is None:
        raise NotFound
    return _told(changing.revoke(given.id, by=signer(given.subject_id, now), now=now), now)


def _told(given: "GrantView", now: datetime) -> dict[str, Any]:
    return {
        "grant": given.id,
        "to": given.institution,
        "items": list(given.items),
        "purpose": given.purpose,
        "until": given.until.isoformat(),
        "state": given.state(now).value,
        "notice_version": given.notice_version,
        "statement_digest": given.statement_digest,
    }


def signer(subject_id: "SubjectId", now: datetime) -> "PersonId":
    """Somebody who may sign for the business: whoever holds its mandate, else a stand-in who is given one."""
    from xinqiao.authorisation import mandates, queries
    from xinqiao.parties import people

    held = queries.people_of(subject_id, now)
    if held:
        return held[0]
    person = people.add(name=STAND_IN, now=now)
    mandates.give(person=person, subject_id=subject_id, capacity=mandates.Capacity.AGENT, now=now)
    return person
