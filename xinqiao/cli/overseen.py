"""What whoever watches over the sample city finds: a complaint, a case and a check, each waiting for its next step."""

from datetime import datetime

from xinqiao.cli import sample
from xinqiao.kernel.ids import PersonId, ReceiptNumber
from xinqiao.kernel.uscc import Uscc


def watch_over(uscc: str, receipt: int, now: datetime) -> None:
    """The business has complained of the bank's look, an inspector has opened a case on it and begun to check the
    platform. All of it or nothing, and once."""
    from django.db import transaction

    from xinqiao.oversight import complaining, complaints, infringing, inspecting
    from xinqiao.oversight.complaining import Target
    from xinqiao.oversight.rules.infringements import Origin
    from xinqiao.subjects import queries as subjects

    business, inspector = _person("business"), _person("inspector")
    subject, bank = subjects.known_as(Uscc.parse(uscc)).id, Target("institution", sample.BANK)
    if complaints.complaints_of(subject):
        return
    facts, looks = "查看时没有在办的业务，请机构说明（样例）。", [ReceiptNumber(receipt)]
    of_bank = {"institution": sample.BANK, "origin": Origin.INSPECTOR, "facts": facts, "receipts": looks}
    with transaction.atomic():
        text = "我没有申请过贷款，不知道为什么看我（样例）。"
        complaining.by_business(subject, bank, text=text, by=business, now=now)
        infringing.open_(**of_bank, by=inspector, now=now)  # type: ignore[arg-type]
        inspecting.open_(institution=None, scope="岗位和账号，今年以来（样例）。", by=inspector, now=now)


def _person(login: str) -> PersonId:
    from django.contrib.auth import get_user_model

    from xinqiao.parties import queries as parties

    person = parties.person_of_user(get_user_model().objects.get_by_natural_key(login).pk)
    assert person is not None  # noqa: S101 — the sample's people were made with their sign-ins
    return person.id
