"""`xinqiao join`, `mandates`, `invite`, `accept`, `end-mandate`: who acts for a business, so that scripts can drive the
sample city.

Joining and acting in somebody's name exist in the sample profile only: there the simulator vouches for anybody.
"""

import argparse
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xinqiao.authorisation.mandate_queries import Held
    from xinqiao.kernel.ids import PersonId
    from xinqiao.subjects.queries import SubjectView


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    join = commands.add_parser("join", help="样例：法定代表人用电子营业执照登录，登记一家企业")
    join.add_argument("--subject", required=True, metavar="USCC")
    join.add_argument("--name", required=True, metavar="NAME", help="执照上的法定代表人（经营者）")
    join.set_defaults(run=_join)
    listed = commands.add_parser("mandates", help="谁能代表一个主体办事，能办什么，到什么时候")
    listed.add_argument("--subject", required=True, metavar="USCC")
    listed.set_defaults(run=_mandates)
    invite = commands.add_parser("invite", help="样例：法定代表人邀请经办人或会计代办")
    invite.add_argument("--subject", required=True, metavar="USCC")
    invite.add_argument("--name", required=True, metavar="NAME")
    invite.add_argument("--as", dest="capacity", required=True, choices=("agent", "accountant"))
    invite.add_argument("--may", default="", metavar="grant,speak", help="除了看，还能办什么：grant、speak")
    invite.add_argument("--until", required=True, type=date.fromisoformat, metavar="DATE")
    invite.set_defaults(run=_invite)
    accept = commands.add_parser("accept", help="样例：被邀请的人登录并接受")
    accept.add_argument("code", metavar="CODE")
    accept.add_argument("--name", required=True, metavar="NAME", help="登录的姓名")
    accept.set_defaults(run=_accept)
    ended = commands.add_parser("end-mandate", help="样例：法定代表人取消一项代办")
    ended.add_argument("mandate", type=int, metavar="MANDATE")
    ended.add_argument("--subject", required=True, metavar="USCC")
    ended.set_defaults(run=_end)
    for command in (join, listed, invite, accept, ended):
        command.add_argument("--json", action="store_true")
        command.set_defaults(needs="database")


def _join(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.parties.sign_on import Capacity, Licence
    from xinqiao.rights import joining

    now, business = timezone.now(), _business(args.subject)
    held = Licence(business.uscc, business.name, Capacity.REPRESENTATIVE)
    joined = joining.join(signed_on(args.name, held, now), now=now)
    waits = joined.doubt and {"doubt": joined.doubt.number, "why": joined.doubt.why.value}
    return {"subject": business.uscc, "mandate": joined.mandate} | (waits or {})


def signed_on(name: str, licence: Any, now: datetime) -> "PersonId":
    """The whole round by the simulator, but for the browser."""
    from urllib.parse import parse_qs, urlsplit

    from xinqiao.cli.sample import invented_number, only_in_sample
    from xinqiao.parties import identities, sign_on
    from xinqiao.parties import sign_on_simulator as simulator
    from xinqiao.parties.sign_on import Way

    only_in_sample()
    way, back = Way.E_LICENCE if licence else Way.GOV_SERVICE, "cli:"
    number = next((card.number for card in simulator.roster() if card.name == name), invented_number(name))
    provider = simulator.provider(way)
    address, sealed = sign_on.begin(provider, way, wanted="", back=back, now=now)
    asked = {key: value for key, [value] in parse_qs(urlsplit(address).query).items()}
    card = simulator.Card(name, number, licence)
    said = {"state": asked["state"], "code": simulator.choose(way, card, nonce=asked["nonce"], back=back, now=now)}
    vouched, _wanted = sign_on.complete(provider, way, sealed=sealed, said=said, back=back, now=now)
    return identities.recognise(vouched, now=now)


def _mandates(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.authorisation import mandate_queries

    business = _business(args.subject)
    held = mandate_queries.of_subject(business.id, timezone.now())
    return {"subject": business.uscc, "mandates": [_told(one) for one in held]}


def _told(one: "Held") -> dict[str, Any]:
    return {
        "mandate": one.number,
        "name": one.name,
        "capacity": one.capacity.value,
        "may": [may.value for may in one.may],
        "since": one.since.isoformat(),
        "until": one.ends_at and one.ends_at.isoformat(),
        "under": one.under,
    }


def _invite(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.authorisation import inviting
    from xinqiao.authorisation.capacities import Capacity, May

    now, business = timezone.now(), _business(args.subject)
    may = [May(one) for one in args.may.split(",") if one]
    said = {"name": args.name, "capacity": Capacity(args.capacity), "may": may, "until": args.until}
    asked = inviting.invite(subject_id=business.id, by=_representative(business, now), now=now, **said)
    return {"subject": business.uscc, "invitation": asked.number, "code": inviting.code_of(asked.number)}


def _accept(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.authorisation import inviting

    now = timezone.now()
    return {"mandate": inviting.accept(args.code, by=signed_on(args.name, None, now), now=now)}


def _end(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.authorisation import inviting

    now, business = timezone.now(), _business(args.subject)
    inviting.end(args.mandate, of=business.id, by=_representative(business, now), now=now)
    return {"mandate": args.mandate, "state": "ended"}


def _representative(business: "SubjectView", now: datetime) -> "PersonId":
    """Raises `SampleOnly`, `SignerNotAuthorised` where nobody represents the business yet."""
    from xinqiao.authorisation import mandate_queries
    from xinqiao.authorisation.errors import SignerNotAuthorised
    from xinqiao.cli.sample import only_in_sample

    only_in_sample()
    held = mandate_queries.representing([business.id], now)
    if not held:
        raise SignerNotAuthorised
    return held[0].person


def _business(uscc: str) -> "SubjectView":
    from xinqiao.kernel.uscc import Uscc
    from xinqiao.subjects import queries as subjects

    return subjects.known_as(Uscc.parse(uscc))
