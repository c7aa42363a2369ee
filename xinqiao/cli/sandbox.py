"""`xinqiao sandbox prepare`: businesses of the sample city, each standing to an institution as a scenario needs it.

What an institution's programmer then tries, and what becomes of it, is the conformance kit's (`xinqiao_conformance`).
Each call takes businesses that have not granted the institution anything yet, so it may be repeated.
"""

import argparse
import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.problems import Kind, Problem
from xinqiao_conformance.scenarios import ALL, Scenario, Standing

if TYPE_CHECKING:
    from xinqiao.authorisation.clocks import Wish
    from xinqiao.authorisation.queries import GrantView
    from xinqiao.authorisation.rules import Fetch
    from xinqiao.parties.queries import AgreementView
    from xinqiao.subjects.queries import SubjectView

GRANT_DAYS: Final = 60
NARROW_ITEM: Final = "tax_arrears"
NARROW_DAYS: Final = 365


class NoneLeft(Problem):
    """Every business of the city has granted something already."""

    type = "not-ready"
    kind = Kind.CONFLICT
    title = "样例城市里没有可用的企业了"


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    acts = commands.add_parser("sandbox", help="样例：为机构的程序准备演练场景").add_subparsers(
        required=True, metavar="ACT"
    )
    prepare = acts.add_parser("prepare", help="按场景备好企业和授权，写成一份清单")
    prepare.add_argument("--institution", required=True, metavar="INST")
    prepare.add_argument("--out", type=Path, metavar="FILE", help="清单写到这里；不写就显示出来")
    prepare.add_argument("--json", action="store_true")
    prepare.set_defaults(run=_prepare, needs="database")


def _prepare(args: argparse.Namespace) -> dict[str, Any]:
    from django.utils import timezone

    from xinqiao.cli.sample import only_in_sample
    from xinqiao.parties import queries as parties
    from xinqiao.parties.errors import NoAgreement

    only_in_sample()
    now = timezone.now()
    institution = parties.institution(args.institution)
    agreement = parties.agreement_in_force(institution.id, day_of(now))
    if agreement is None:
        raise NoAgreement
    free = _businesses_without(institution.id)
    told = {
        "institution": institution.id,
        "businesses": [_prepared(one, next(free), agreement, now) for one in ALL if one.standing is not None],
    }
    if args.out is None:
        return told
    args.out.write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    return {"institution": institution.id, "businesses": len(told["businesses"]), "file": str(args.out)}


def _businesses_without(institution: str) -> "Iterator[SubjectView]":
    """Enterprises that have granted it nothing yet: an individual business consents apart to what is its person's."""
    from xinqiao.authorisation import queries as grants
    from xinqiao.kernel.ids import InstitutionId
    from xinqiao.kernel.subject_kinds import SubjectKind
    from xinqiao.subjects import queries as subjects

    for start in range(0, len(everybody := subjects.everybody()), 100):
        for one in subjects.views(everybody[start : start + 100]):
            if one.kind is SubjectKind.ENTERPRISE and not grants.grants_to(
                InstitutionId(institution), subject_id=one.id
            ):
                yield one
    raise NoneLeft


def _prepared(scenario: Scenario, subject: "SubjectView", agreement: "AgreementView", now: datetime) -> dict[str, str]:
    purpose, *others = sorted(agreement.purposes)
    assert scenario.standing is not None  # noqa: S101 - the caller's choice
    _BROUGHT[scenario.standing](subject, agreement, purpose, now)
    told = {"scenario": scenario.id, "title": scenario.title, "uscc": str(subject.uscc), "purpose": purpose}
    return told | ({"other": others[0]} if others else {})


def _give(
    subject: "SubjectView",
    agreement: "AgreementView",
    purpose: str,
    now: datetime,
    *,
    items: tuple[str, ...] = (),
    fetch: "Fetch | None" = None,
    wish: "Wish | None" = None,
) -> "GrantView":
    from xinqiao.authorisation import grants, notices
    from xinqiao.authorisation.clocks import Wish
    from xinqiao.cli.authorisation import signer

    return grants.give(
        subject_id=subject.id,
        to=agreement.institution,
        items=list(items or sorted(agreement.items)),
        purpose=purpose,
        until=day_of(now) + timedelta(days=GRANT_DAYS),
        fetch=fetch,
        wish=wish or Wish(),
        notice=notices.current(purpose),
        by=signer(subject.id, now),
        now=now,
    )


def _none(*_: Any) -> None:
    """It has granted nothing, which is how it was chosen."""


def _live(subject: "SubjectView", agreement: "AgreementView", purpose: str, now: datetime) -> None:
    _give(subject, agreement, purpose, now)


def _paused(subject: "SubjectView", agreement: "AgreementView", purpose: str, now: datetime) -> None:
    from xinqiao.authorisation import changing
    from xinqiao.cli.authorisation import signer

    changing.pause(_give(subject, agreement, purpose, now).id, by=signer(subject.id, now), now=now)


def _revoked(subject: "SubjectView", agreement: "AgreementView", purpose: str, now: datetime) -> None:
    from xinqiao.authorisation import changing
    from xinqiao.cli.authorisation import signer

    changing.revoke(_give(subject, agreement, purpose, now).id, by=signer(subject.id, now), now=now)


def _once(subject: "SubjectView", agreement: "AgreementView", purpose: str, now: datetime) -> None:
    from xinqiao.authorisation.clocks import Wish

    _give(subject, agreement, purpose, now, wish=Wish(most_uses=1))


def _narrow(subject: "SubjectView", agreement: "AgreementView", purpose: str, now: datetime) -> None:
    from xinqiao.authorisation.clocks import Wish

    wish = Wish(data_since=day_of(now) - timedelta(days=NARROW_DAYS))
    _give(subject, agreement, purpose, now, items=(NARROW_ITEM,), wish=wish)


_BROUGHT: Final[dict[Standing, Callable[..., None]]] = {
    Standing.LIVE: _live,
    Standing.NONE: _none,
    Standing.PAUSED: _paused,
    Standing.REVOKED: _revoked,
    Standing.ONCE: _once,
    Standing.NARROW: _narrow,
}
