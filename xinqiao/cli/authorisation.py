"""`xinqiao grant`, `pause`, `resume`, `revoke`, `grants`: a business's acts, so that scripts can drive the sample city.

They exist in the sample profile only: in a real city nobody signs for a business but its own people, in the portal.
"""

import argparse
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from xinqiao.kernel.city_time import day_of

if TYPE_CHECKING:
    from xinqiao.authorisation.clocks import Wish
    from xinqiao.authorisation.queries import GrantView
    from xinqiao.kernel.ids import PersonId, SubjectId
    from xinqiao.subjects.queries import SubjectView

STAND_IN: Final = "命令行代办人（样例）"
SECOND: Final = "命令行复核人（样例）"


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    grant = commands.add_parser("grant", help="样例：以企业名义授权一家机构")
    grant.add_argument("--subject", required=True, metavar="USCC")
    grant.add_argument("--to", required=True, metavar="INST")
    grant.add_argument("--items", required=True, type=_names, metavar="a,b")
    grant.add_argument("--purpose", required=True, metavar="P")
    grant.add_argument("--until", required=True, type=date.fromisoformat, metavar="DATE")
    grant.add_argument(
        "--fetch", choices=("once", "periodic", "monitoring"), help="调取方式；不写就是这个用途通常的方式"
    )
    grant.add_argument("--data-since", type=date.fromisoformat, metavar="DATE", help="只开放这一天以来的信息")
    grant.add_argument("--keep-days", type=int, metavar="N", help="看到的信息最多保存几天")
    grant.add_argument("--frequency", type=_often, metavar="N/DAYS", help="每 DAYS 天最多 N 次，如 5/30")
    grant.add_argument("--uses", type=int, metavar="N", help="总共最多几次")
    grant.add_argument("--written", action="store_true", help="个体工商户本人单独同意提供收入、不动产、纳税数额等信息")
    grant.add_argument("--by", action="append", metavar="NAME", help="谁办；双人办理的写两次，前一个准备，后一个确认")
    grant.add_argument("--json", action="store_true")
    grant.set_defaults(run=_grant, needs="database")
    for name, words in _CHANGES.items():
        change = commands.add_parser(name, help=words)
        change.add_argument("grant", type=int, metavar="GRANT")
        change.add_argument("--json", action="store_true")
        change.set_defaults(run=_change, act=name, needs="database")
    confirmed = commands.add_parser("confirm", help="样例：双人办理的第二个人确认一份准备好的授权")
    confirmed.add_argument("grant", type=int, metavar="GRANT")
    confirmed.add_argument("--by", required=True, metavar="NAME")
    confirmed.add_argument("--json", action="store_true")
    confirmed.set_defaults(run=_confirm, needs="database")
    two = commands.add_parser("two-people", help="样例：一个主体的授权从此要两个人办")
    two.add_argument("--subject", required=True, metavar="USCC")
    two.add_argument("--json", action="store_true")
    two.set_defaults(run=_two_people, needs="database")
    listed = commands.add_parser("grants", help="样例：一个主体的授权，新的在前")
    listed.add_argument("--subject", required=True, metavar="USCC")
    listed.add_argument("--json", action="store_true")
    listed.set_defaults(run=_grants, needs="database")


_CHANGES: Final = {
    "pause": "样例：以企业名义暂停一份授权",
    "resume": "样例：以企业名义恢复一份暂停的授权",
    "revoke": "样例：以企业名义撤回一份授权",
}


def _often(text: str) -> tuple[int, int]:
    most, _, days = text.partition("/")
    return int(most), int(days)


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _grant(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.authorisation import grants, notices
    from xinqiao.authorisation.clocks import Wish
    from xinqiao.authorisation.rules import Fetch, Frequency, State
    from xinqiao.cli.sample import only_in_sample
    from xinqiao.kernel.uscc import Uscc
    from xinqiao.subjects import queries as subjects

    only_in_sample()
    now, people = timezone.now(), args.by or []
    subject = subjects.known_as(Uscc.parse(args.subject))
    wish = Wish(args.data_since, args.keep_days, args.frequency and Frequency(*args.frequency), args.uses)
    given = grants.give(
        subject_id=subject.id,
        to=args.to,
        items=args.items,
        purpose=args.purpose,
        until=args.until,
        fetch=args.fetch and Fetch(args.fetch),
        wish=wish,
        written=_written(args, subject, wish, now) if args.written else None,
        notice=notices.current(args.purpose),
        by=signer(subject.id, now, *people[:1]),
        now=now,
    )
    if given.state(now) is State.PREPARED and people[1:]:
        given = _confirmed(given, people[1], now)
    return _told(given, now) | {"subject": subject.uscc}


def _confirm(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.authorisation import queries
    from xinqiao.cli.sample import only_in_sample
    from xinqiao.kernel.ids import GrantId

    only_in_sample()
    now = timezone.now()
    return _told(_confirmed(queries.known(GrantId(args.grant)), args.by, now), now)


def _confirmed(prepared: "GrantView", by: str, now: datetime) -> "GrantView":
    from xinqiao.authorisation import grants, notices

    notice, person = notices.current(prepared.purpose), signer(prepared.subject_id, now, by)
    return grants.confirm(prepared.id, notice=notice, by=person, now=now)


def _two_people(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.authorisation import queries, two_people
    from xinqiao.cli.sample import only_in_sample
    from xinqiao.kernel.uscc import Uscc
    from xinqiao.parties import queries as parties
    from xinqiao.subjects import queries as subjects

    only_in_sample()
    subject, now = subjects.known_as(Uscc.parse(args.subject)), timezone.now()
    first, _ = signer(subject.id, now), signer(subject.id, now, SECOND)
    two_people.begin(subject.id, by=first, now=now)
    known = [parties.person(person) for person in queries.people_of(subject.id, now)]
    return {"subject": subject.uscc, "two_people": True, "people": [one.name for one in known if one is not None]}


def _written(args: argparse.Namespace, subject: "SubjectView", wish: "Wish", now: datetime) -> str | None:
    """The digest of the separate consent, as its giver would have read it; None where nothing needs one."""
    from xinqiao.authorisation import clocks, templates, written
    from xinqiao.authorisation.notices import Terms
    from xinqiao.authorisation.rules import Fetch
    from xinqiao.parties import queries as parties

    today, template = day_of(now), templates.template(args.purpose, args.fetch and Fetch(args.fetch))
    settled = clocks.settled(template, wish, args.items, today, args.until)
    terms = Terms(subject, parties.institution(args.to), args.items, args.purpose, today, args.until, settled)
    shown = written.shown(terms, english=False)
    return shown.digest if shown else None


def _change(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.authorisation import changing, queries
    from xinqiao.cli.sample import only_in_sample
    from xinqiao.kernel.ids import GrantId

    only_in_sample()
    now, given = timezone.now(), queries.known(GrantId(args.grant))
    act = {"pause": changing.pause, "resume": changing.resume, "revoke": changing.revoke}[args.act]
    return _told(act(given.id, by=signer(given.subject_id, now), now=now), now)


def _grants(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.authorisation import queries
    from xinqiao.cli.sample import only_in_sample
    from xinqiao.kernel.uscc import Uscc
    from xinqiao.subjects import queries as subjects

    only_in_sample()
    subject, now = subjects.known_as(Uscc.parse(args.subject)), timezone.now()
    return {"subject": subject.uscc, "grants": [_told(one, now) for one in queries.grants_of(subject.id)]}


def _told(given: "GrantView", now: datetime) -> dict[str, Any]:
    terms = given.terms
    return {
        "grant": given.id,
        "to": given.institution,
        "items": list(given.items),
        "purpose": given.purpose,
        "fetch": given.fetch.value,
        "template": given.template,
        "until": given.until.isoformat(),
        "data_since": terms.range.since and terms.range.since.isoformat(),
        "keep_days": terms.keep_days,
        "frequency": terms.frequency and {"most": terms.frequency.most, "days": terms.frequency.days},
        "most_uses": terms.most_uses,
        "used": terms.used.total,
        "state": given.state(now).value,
        "notice_version": given.notice_version,
        "statement_digest": given.statement_digest,
        "written": sorted(terms.written),
    }


def signer(subject_id: "SubjectId", now: datetime, name: str = "") -> "PersonId":
    """Somebody who may sign for the business: who holds its mandate (and is called this), else a stand-in who is given
    one."""
    from xinqiao.authorisation import mandates, queries
    from xinqiao.parties import people
    from xinqiao.parties import queries as parties

    held = [
        known
        for one in queries.people_of(subject_id, now, mandates.May.GRANT)
        if (known := parties.person(one)) is not None
    ]
    if found := [one.id for one in held if name in {"", one.name}]:
        return found[0]
    person = people.add(name=name or STAND_IN, now=now)
    mandates.give(person=person, subject_id=subject_id, capacity=mandates.Capacity.AGENT, now=now)
    return person
