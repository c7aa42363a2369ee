"""What an act in the log means to institutions. Nothing is written here; who is told what, and no more."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from xinqiao.authorisation import queries as authorisation
from xinqiao.disclosure import queries as disclosure
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import FactId, GrantId, InstitutionId, ReceiptNumber
from xinqiao.ledger.events import Kind
from xinqiao.ledger.queries import Event
from xinqiao.notices.rules import Heard, News
from xinqiao.parties import queries as parties

GRANTS: Final = {
    Kind.GRANT_ASKED: News.GRANT_ASKED,
    Kind.GRANT_GIVEN: News.GRANT_GIVEN,
    Kind.GRANT_DECLINED: News.GRANT_DECLINED,
    Kind.GRANT_PAUSED: News.GRANT_PAUSED,
    Kind.GRANT_RESUMED: News.GRANT_RESUMED,
    Kind.GRANT_REVOKED: News.GRANT_REVOKED,
    Kind.GRANT_EXPIRED: News.GRANT_EXPIRED,
}
AGREEMENTS: Final = {Kind.AGREEMENT_MADE: News.AGREEMENT_MADE, Kind.AGREEMENT_ENDED: News.AGREEMENT_ENDED}
ACCESS: Final = {Kind.ACCESS_SUSPENDED: News.ACCESS_SUSPENDED, Kind.ACCESS_RESUMED: News.ACCESS_RESUMED}
INFRINGEMENTS: Final = {
    Kind.INFRINGEMENT_OPENED: News.INFRINGEMENT_OPENED,
    Kind.INFRINGEMENT_ESTABLISHED: News.INFRINGEMENT_DECIDED,
    Kind.INFRINGEMENT_DISMISSED: News.INFRINGEMENT_DECIDED,
}
WEBHOOKS: Final = {Kind.WEBHOOK_REGISTERED: News.WEBHOOK_REGISTERED, Kind.WEBHOOK_DISABLED: News.WEBHOOK_DISABLED}
TOLD: Final = (
    Kind.REPORT_TOLD,
    Kind.QUERY_TOLD,
    Kind.VERIFICATION_TOLD,
    Kind.INDICATORS_TOLD,
    Kind.ESTIMATE_TOLD,
    Kind.PROFILE_TOLD,
    Kind.WATCH_TOLD,
)
# What was withdrawn is a correction's to tell; what has run out was never wrong.
MARKS: Final = {"disputed": News.LINE_DISPUTED, "good": News.LINE_SETTLED, "repaired": News.LINE_REPAIRED}


def heard(event: Event) -> list[Heard]:
    """What this act is news of, to each institution it concerns."""
    told = _READERS[Kind(event.kind)](Kind(event.kind), event.about)
    return [one for one in told if not withheld(one.news, one.to, event.at)]


def withheld(news: str, to: InstitutionId, at: datetime) -> bool:
    """That something watched has changed is itself something about a business: not for whose access is suspended.

    Corrections reach it all the same; what it missed waits with the watch (`GET /watches`) until access is resumed.
    """
    return news == News.WATCH_NEWS and parties.suspension_of(to, day_of(at)) is not None


def _of_grant(kind: Kind, about: Mapping[str, Any]) -> list[Heard]:
    grant = int(about["grant"])
    return [_one(about["institution"], GRANTS[kind], "grant", grant)]


def _of_agreement(kind: Kind, about: Mapping[str, Any]) -> list[Heard]:
    return [_one(about["institution"], AGREEMENTS[kind], "agreement", int(about["agreement"]))]


def _of_access(kind: Kind, about: Mapping[str, Any]) -> list[Heard]:
    return [_one(about["institution"], ACCESS[kind], "suspension", int(about["suspension"]))]


def _of_infringement(kind: Kind, about: Mapping[str, Any]) -> list[Heard]:
    return [_one(about["institution"], INFRINGEMENTS[kind], "infringement", int(about["infringement"]))]


def _of_webhook(kind: Kind, about: Mapping[str, Any]) -> list[Heard]:
    return [_one(about["institution"], WEBHOOKS[kind], "webhook", int(about["webhook"]))]


def _of_watch(_kind: Kind, about: Mapping[str, Any]) -> list[Heard]:
    news, watch = int(about["news"]), int(about["watch"])
    return [
        Heard(InstitutionId(about["institution"]), News.WATCH_NEWS, f"watch/{watch}", {"news": news, "watch": watch})
    ]


def _of_push(_kind: Kind, about: Mapping[str, Any]) -> list[Heard]:
    return [_one(about["institution"], News.PUSH_READY, "push", int(about["push"]))]


def _of_correction(_kind: Kind, about: Mapping[str, Any]) -> list[Heard]:
    return [_one(about["to"], News.CORRECTION_WAITING, "receipt", int(about["receipt"]))]


def _of_telling(_kind: Kind, about: Mapping[str, Any]) -> list[Heard]:
    """A use that was a grant's last."""
    grants = [GrantId(one) for one in about["grants"]]
    spent = authorisation.spent_by(ReceiptNumber(about["receipt"]), grants) if grants else []
    return [_one(about["to"], News.GRANT_EXHAUSTED, "grant", grant) for grant in spent]


def _of_mark(_kind: Kind, about: Mapping[str, Any]) -> list[Heard]:
    """A mark on one line, for whoever was told the line, or something that rested on it."""
    news = MARKS.get(about.get("standing", ""))
    if news is None or "fact" not in about:
        return []
    fact = FactId(about["fact"])
    told = disclosure.institutions_told(fact)
    return [Heard(to, news, f"fact/{fact}", {"fact": fact, "receipts": receipts}) for to, receipts in told.items()]


def _one(to: str, news: News, name: str, number: int) -> Heard:
    return Heard(InstitutionId(to), news, f"{name}/{number}", {name: number})


_Reader = Callable[[Kind, Mapping[str, Any]], list[Heard]]
_READERS: Final[dict[Kind, _Reader]] = {
    **dict.fromkeys(GRANTS, _of_grant),
    **dict.fromkeys(AGREEMENTS, _of_agreement),
    **dict.fromkeys(ACCESS, _of_access),
    **dict.fromkeys(INFRINGEMENTS, _of_infringement),
    **dict.fromkeys(WEBHOOKS, _of_webhook),
    **dict.fromkeys(TOLD, _of_telling),
    Kind.WATCH_NEWS: _of_watch,
    Kind.PUSH_TOLD: _of_push,
    Kind.CORRECTION_TOLD: _of_correction,
    Kind.FACT_MARKED: _of_mark,
}
KINDS: Final = tuple(_READERS)
