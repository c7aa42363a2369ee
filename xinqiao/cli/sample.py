"""The people of the sample city: institutions, those who sign in, who acts for whom, and who was allowed to look.

Everything goes through the verbs an operator would use. Passwords are made once per installation and kept beside the
keys' folder for its owner to read; none is known from the source code.
"""

import json
import os
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from xinqiao import home
from xinqiao.kernel.city_time import day_of
from xinqiao.kernel.ids import InstitutionId, PersonId, SubjectId
from xinqiao.kernel.problems import Kind, Problem
from xinqiao.kernel.sayings import Saying
from xinqiao.kernel.uscc import Uscc

BANK: Final = "pds_sample_bank"
PURPOSE: Final = "loan_review"
GRANT_DAYS: Final = 150
COMMITTED: Final = ("fair_trade", "truthful_declaration")
HELPERS: Final = ("陈立", "赵敏")  # an employee and an accountant at the sample's sign-on
OTHERS: Final = 20  # further businesses that have allowed the bank to look

# Fair to middling: a business whose file has something to show, good and bad.
SOUND_FROM, SOUND_TO = 0.5, 0.9


@dataclass(frozen=True, slots=True)
class Institution:
    id: str
    name: str
    kind: str
    contact: str
    purposes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SignIn:
    """`sees` is what a newcomer finds behind it."""

    login: str
    name: str
    role: str
    organisation: str
    sees: str


INSTITUTIONS: Final = (
    Institution(BANK, "平顶山示例银行", "bank", "0375-0000001", ("loan_review", "post_loan")),
    Institution("pds_sample_guarantee", "平顶山示例融资担保公司", "guarantor", "0375-0000002", ("guarantee_review",)),
    Institution("pds_sample_insurer", "平顶山示例财产保险公司", "insurer", "0375-0000003", ("insurance_underwriting",)),
)
SIGN_INS: Final = (
    SignIn("business", "示例企业负责人", "business", "", "企业：我的信用档案、授权、谁看过"),
    SignIn("bank", "示例银行客户经理", "officer", BANK, "机构：查询信用报告"),
    SignIn("manager", "示例银行管理员", "administrator", BANK, "单位管理：人员与网点，读协议、签协议"),
    SignIn(
        "provider",
        "市场监督管理局经办人",
        "provider",
        "market_regulation",
        "信息提供单位：报送、看错误、取回执；依法查询",
    ),
    SignIn("operator", "平台运营员", "operator", "", "平台运营：报送情况、暂存的交付、日志"),
    SignIn("reviewer", "平台复核员", "operator", "", "平台运营的第二个人：复核、恢复接入"),
    SignIn("inspector", "检查员", "inspector", "", "检查：机构和平台、查处、投诉"),
)


CODES: Final = tuple(who.login for who in SIGN_INS if who.role != "business")  # who need a code beside the password


class SampleOnly(Problem):
    """An invented city has no place in production."""

    type = "sample-only"
    kind = Kind.REFUSED
    title = "只在样例环境可用"


@dataclass(frozen=True, slots=True)
class Login:
    login: str
    password: str
    sees: str


def only_in_sample() -> None:
    """For acts in another's name. Raises `SampleOnly` in production."""
    if home.mode() is not home.Mode.SAMPLE:
        raise SampleOnly(Saying("这个命令替别人办事，只供样例环境使用；正式环境请由本人在门户或接口上办理。"))


def folder() -> Path:
    """Where the sample city's files and sign-ins lie. Raises `SampleOnly` in production."""
    if home.mode() is not home.Mode.SAMPLE:
        raise SampleOnly(Saying("生产环境不能建立样例城市：其中的企业、机构和人员都是编造的。"))
    place = home.make_home() / "sample"
    place.mkdir(mode=0o700, exist_ok=True)
    return place


def logins() -> list[Login]:
    """The sample sign-ins; their passwords are made on first use."""
    file = folder() / "logins.json"
    if not file.exists():
        _keep({who.login: _password() for who in SIGN_INS}, file)
    passwords = json.loads(file.read_text())
    if missing := [who.login for who in SIGN_INS if who.login not in passwords]:  # of a city made before they came
        passwords |= {login: _password() for login in missing}
        _keep(passwords, file)
    return [Login(who.login, passwords[who.login], who.sees) for who in SIGN_INS]


def _password() -> str:
    return f"{secrets.token_hex(3)}-{secrets.token_hex(3)}-{secrets.token_hex(3)}"


def _keep(passwords: dict[str, str], file: Path) -> None:
    draft = file.with_suffix(".draft")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600), "w") as out:
        json.dump(passwords, out)
    draft.replace(file)


def people(truth: dict[str, Any], now: datetime) -> dict[str, Any]:
    """Institutions under agreement, people in their roles, mandates and grants; those of an earlier, interrupted run
    stay."""
    from django.contrib.auth import get_user_model

    chosen = _chosen(truth)
    if not get_user_model().objects.filter(username=SIGN_INS[0].login).exists():
        _settle(chosen, now)
    return {
        "institutions": len(INSTITUTIONS),
        "logins": len(SIGN_INS),
        "grants": len(chosen) - 1,
        "business": chosen[0],
    }


def _settle(chosen: list[str], now: datetime) -> None:
    """All of it or nothing."""
    from django.db import transaction

    from xinqiao import store
    from xinqiao.cli import sample_by_law as by_law
    from xinqiao.cli import sample_institutions as institutions

    with store.naming(), transaction.atomic():
        institutions.admit(now)
        passwords = {entry.login: entry.password for entry in logins()}
        persons = {who.login: _sign_in(who, passwords[who.login], now) for who in SIGN_INS}
        institutions.assess(now)
        institutions.agree(now)
        institutions.sign_on_line(now)
        institutions.apply(now)
        for uscc in chosen[:2]:
            _mandate(persons["business"], uscc, now)
        _allow(persons["business"], chosen[0], now)
        _ask_in_person(persons, chosen[0], now)
        _on_paper(persons["bank"], chosen[1], now)
        for number, uscc in enumerate(chosen[2:], start=1):
            owner = _owner(number, now)
            _mandate(owner, uscc, now)
            _allow(owner, uscc, now)
        institutions.branch_out(now)
        institutions.sworn(now)
        by_law.allow(persons["provider"], persons["operator"], persons["reviewer"], now)
        with_authenticators(now)


def newcomers(now: datetime) -> None:
    """Those of the sample's people whom a city made before does not have yet."""
    from django.contrib.auth import get_user_model
    from django.db import transaction

    there = set(get_user_model().objects.values_list("username", flat=True))
    if SIGN_INS[0].login not in there:
        return
    passwords = {entry.login: entry.password for entry in logins()}
    with transaction.atomic():
        for who in SIGN_INS:
            if who.login not in there:
                _sign_in(who, passwords[who.login], now)


def with_authenticators(now: datetime) -> None:
    """The stand-in for the phones of those whose role asks for more than a password; who has some already keeps it."""
    from xinqiao.parties import stand_in_codes

    for login in CODES:
        stand_in_codes.give(login, now=now)


def sign_on(truth: dict[str, Any]) -> int:
    """Who can be chosen at the sample's sign-on: businesses that are not here yet, and two people they may ask to help;
    returns how many. Written once, and for a city made before there was one."""
    from xinqiao.parties import sign_on_simulator as simulator
    from xinqiao.parties.sign_on import Capacity, Licence
    from xinqiao.parties.sign_on_simulator import Card

    if not simulator.has_roster():
        new = _not_here_yet(truth)
        clerk, accountant = (Card(name, invented_number(name)) for name in HELPERS)
        heads = [Card(b.head, invented_number(b.uscc), Licence(b.uscc, b.name, Capacity.REPRESENTATIVE)) for b in new]
        held = Licence(new[0].uscc, new[0].name, Capacity.CLERK)
        cards = [*heads, Card(clerk.name, clerk.number, held), clerk, accountant]
        simulator.put_roster([*cards, *(Card(card.name, card.number) for card in heads)])
    return len(simulator.roster())


def _not_here_yet(truth: dict[str, Any]) -> list[Any]:
    """One of each kind beyond those whose people are here; who heads them only the city's maker knows."""
    from datetime import date

    from xinqiao.kernel.subject_kinds import SubjectKind
    from xinqiao_city import population

    here = set(_chosen(truth))
    found: dict[str, Any] = {}
    fair = {b["uscc"] for b in _fair(truth)}
    for one in population.people(truth["subjects"], truth["seed"], date.fromisoformat(truth["today"])):
        if one.uscc in fair - here:
            found.setdefault(one.kind, one)
    return [found[kind] for kind in SubjectKind if kind in found]


def invented_number(of: str) -> str:
    """A number of the right form, the same each time, that was given to nobody on purpose: its sequence is 000."""
    from xinqiao.kernel.id_number import check_character

    drawn = int.from_bytes(sha256(of.encode()).digest()[:4])
    first17 = f"410402{1960 + drawn % 40}{1 + drawn // 40 % 12:02d}{1 + drawn // 480 % 28:02d}000"
    return first17 + check_character(first17)


def commit(uscc: str, now: datetime) -> int:
    """The business commits itself to pay on time, and to declare truthfully; returns how many stand in its file."""
    from xinqiao.cli.authorisation import signer
    from xinqiao.cli.commitment import write_down
    from xinqiao.rights import committing
    from xinqiao.rights.promises import promises

    subject, forms = _subject(uscc), [promises()[name] for name in COMMITTED]
    for form in forms:
        by = signer(subject, now)
        committing.sign(subject_id=subject, promise=form.commitment, version=form.version, by=by, now=now)
    write_down(now)
    return len(forms)


def ask_report(uscc: str, now: datetime) -> int:
    """The bank's officer asks for the report the business allowed; returns the receipt's number."""
    from django.contrib.auth import get_user_model

    from xinqiao.disclosure import reports
    from xinqiao.parties import queries as parties

    user = get_user_model().objects.get_by_natural_key("bank")
    officer = parties.person_of_user(user.pk)
    report = reports.disclose_report(
        asker=InstitutionId(BANK), officer=officer.id if officer else None, uscc=uscc, purpose=PURPOSE, now=now
    )
    return report.number


def _sign_in(who: SignIn, password: str, now: datetime) -> PersonId:
    from xinqiao.parties import people as persons
    from xinqiao.parties import roles
    from xinqiao.parties.rules import Role

    person = persons.add(name=who.name, username=who.login, password=password, now=now)
    roles.give(person=person, role=Role(who.role), organisation=who.organisation, now=now)
    return person


def _owner(number: int, now: datetime) -> PersonId:
    from xinqiao.parties import people as persons

    return persons.add(name=f"示例经营者{number}", now=now)


def _mandate(person: PersonId, uscc: str, now: datetime) -> None:
    from xinqiao.authorisation import mandates

    mandates.give(person=person, subject_id=_subject(uscc), now=now)


def _allow(person: PersonId, uscc: str, now: datetime) -> None:
    from xinqiao import catalogue
    from xinqiao.authorisation import grants, notices

    grants.give(
        subject_id=_subject(uscc),
        to=BANK,
        items=[item.item for item in catalogue.city().whole_items()],
        purpose=PURPOSE,
        until=day_of(now) + timedelta(days=GRANT_DAYS),
        notice=notices.current(PURPOSE),
        by=person,
        now=now,
    )


def _ask_in_person(people_: dict[str, PersonId], uscc: str, now: datetime) -> None:
    """The bank asks the representative for his own consent; the question waits on his page. His number is invented, and
    stands in no line of the file."""
    from xinqiao.authorisation import persons, queries
    from xinqiao.authorisation.persons import Named

    [grant] = queries.grants_of(_subject(uscc))
    number, name = "410402199001010019", next(who.name for who in SIGN_INS if who.login == "business")
    named = Named(name, number, "legal_representative")
    asked = persons.ask(grant.id, named, by=people_["bank"], now=now)
    persons.take_up(persons.invitation(asked.id), number=number, by=people_["business"], now=now)


def _on_paper(officer: PersonId, uscc: str, now: datetime) -> None:
    """The co-operative signed on paper: the bank's officer handed the scan in, a colleague has checked it."""
    from xinqiao.authorisation import papers
    from xinqiao.authorisation.paper_queries import OnPaper
    from xinqiao.authorisation.rules import Fetch
    from xinqiao.parties import people as persons
    from xinqiao.parties import roles
    from xinqiao.parties.rules import Role

    colleague = persons.add(name="示例银行复核员", now=now)
    roles.give(person=colleague, role=Role.OFFICER, organisation=BANK, now=now)
    signed, until = day_of(now), day_of(now) + timedelta(days=GRANT_DAYS)
    says = OnPaper(_subject(uscc), ("tax_declared_sales",), PURPOSE, Fetch.PERIODIC, until, "示例企业负责人", signed)
    paper = papers.hand_in(says, _scan(), institution=InstitutionId(BANK), by=officer, now=now)
    said = {"subject_id": says.subject_id, "signed_on": signed, "until": until}
    papers.accept(paper.number, **said, of=InstitutionId(BANK), by=colleague, now=now)  # type: ignore[arg-type]


def _scan() -> bytes:
    """One page any reader of PDF opens, which says that it is invented."""
    words = b"BT /F1 18 Tf 60 760 Td (Sample city: an invented grant on paper) Tj ET"
    parts = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(words), words),
    )
    file, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        places.append(b"%010d 00000 n \n" % len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    index = b"xref\n0 5\n0000000000 65535 f \n" + b"".join(places)
    return file + index + b"trailer << /Root 1 0 R /Size 5 >>\nstartxref\n%d\n%%%%EOF\n" % len(file)


def _subject(uscc: str) -> SubjectId:
    from xinqiao.subjects import queries as subjects

    return subjects.known_as(Uscc.parse(uscc)).id


def _chosen(truth: dict[str, Any]) -> list[str]:
    """An enterprise in fair standing, a co-operative, and some others; only those whose registration came through."""
    from xinqiao.kernel.subject_kinds import SubjectKind

    here = _fair(truth)
    first = next(b["uscc"] for b in here if b["kind"] == SubjectKind.ENTERPRISE)
    second = next(b["uscc"] for b in here if b["kind"] == SubjectKind.COOPERATIVE)
    others = [b["uscc"] for b in here if b["uscc"] not in {first, second}]
    return [first, second, *others[:OTHERS]]


def _fair(truth: dict[str, Any]) -> list[dict[str, Any]]:
    from xinqiao.subjects import matching

    fair = [b for b in truth["businesses"] if SOUND_FROM < b["soundness"] < SOUND_TO]
    known = matching.place([Uscc.parse(b["uscc"]) for b in fair])
    return [b for b in fair if Uscc.parse(b["uscc"]) in known]
