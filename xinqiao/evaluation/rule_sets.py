"""预授信规则: an institution's own versions, each seen by itself alone. Read here; proposed and decided below.

One officer proposes, another approves: from that commit on estimates are made by it, until a later version of the name
is approved or it is retired. What was used is kept for good.
"""

import tempfile
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.db import transaction

from xinqiao import catalogue
from xinqiao.catalogue import Mistake
from xinqiao.catalogue.documents import Document, read
from xinqiao.catalogue.validation import entry_of
from xinqiao.evaluation import estimate_lint, indicator_files
from xinqiao.evaluation.errors import (
    NoSuchRules,
    NotTheirOfficer,
    RulesByYou,
    RulesChanged,
    RulesDecided,
    RulesFaulty,
)
from xinqiao.evaluation.estimate_language import Rules
from xinqiao.evaluation.indicator_files import Indicators
from xinqiao.evaluation.models import RuleSet
from xinqiao.kernel.ids import InstitutionId, PersonId
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of
from xinqiao.parties import purposes
from xinqiao.parties import queries as parties
from xinqiao.parties.rules import Role

LARGEST: Final = 64 * 1024  # bytes: sixty indicators with a hundred cases are a third of it
FILE: Final = "rules.yml"


@dataclass(frozen=True, slots=True)
class RuleSetView:
    """`stage`: proposed, in_force, superseded, turned_down or retired."""

    number: int
    institution: InstitutionId
    rules: Rules
    text: str
    sha256: str
    proposed_by: PersonId
    proposed_by_name: str
    proposed_at: datetime
    decided_by_name: str
    decided_at: datetime | None
    stage: str


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def in_force(name: str, *, of: InstitutionId) -> RuleSetView:
    """The version estimates are made by now; checked against the indicators as they are catalogued today.

    Raises `NoSuchRules`, and `RulesFaulty` where an indicator it reads is not what it was.
    """
    newest = _approved(name, of)
    if newest is None or newest.retired_at is not None:
        raise NoSuchRules
    checked(newest.text)
    return _view(newest)


def one(number: int, *, of: InstitutionId) -> RuleSetView:
    """Raises `NoSuchRules`, for another institution's too."""
    row = RuleSet.objects.filter(pk=number, institution_id=of).first()
    if row is None:
        raise NoSuchRules
    return _view(row)


def every(of: InstitutionId) -> list[RuleSetView]:
    """All of an institution's, the newest first."""
    return [_view(row) for row in RuleSet.objects.filter(institution_id=of).order_by("-pk")]


def _approved(name: str, of: InstitutionId) -> RuleSet | None:
    rows = RuleSet.objects.filter(institution_id=of, rules=name, approved=True)
    return rows.order_by("-decided_at", "-pk").first()


def _view(row: RuleSet) -> RuleSetView:
    decided, proposer = row.decided_by_id and parties.person(PersonId(row.decided_by_id)), PersonId(row.proposed_by_id)
    proposed = parties.person(proposer)
    return RuleSetView(
        row.pk,
        InstitutionId(row.institution_id),
        _parsed(row.text)[0] or _broken(),
        row.text,
        row.sha256,
        proposer,
        proposed.name if proposed else "",
        row.proposed_at,
        decided.name if decided else "",
        row.decided_at,
        _stage(row),
    )


def _stage(row: RuleSet) -> str:
    if row.approved is None:
        return "proposed"
    if not row.approved:
        return "turned_down"
    if row.retired_at is not None:
        return "retired"
    newest = _approved(row.rules, InstitutionId(row.institution_id))
    return "in_force" if newest is not None and newest.pk == row.pk else "superseded"


# ── checking ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def checked(text: str) -> Rules:
    """The rules, their cases worked. Raises `RulesFaulty` with every fault and its line."""
    rules, mistakes = _parsed(text)
    if rules is None:
        raise RulesFaulty(mistakes)
    found = list(_linted(text, indicator_files.load(catalogue.city())))
    if rules.purpose not in purposes.purposes():
        found.append(_document(text).mistake(("purpose",), f"没有名为 {rules.purpose} 的用途"))
    if found:
        raise RulesFaulty(sorted(found))
    return rules


@lru_cache(maxsize=256)
def _linted(text: str, known: Indicators) -> tuple[Mistake, ...]:
    """Once for the same words and the same catalogue: every estimate asks."""
    rules, document = _parsed(text)[0] or _broken(), _document(text)
    return tuple(document.mistake(at, said) for at, said in estimate_lint.faults(rules, known.catalogue.indicators))


@lru_cache(maxsize=256)
def _parsed(text: str) -> tuple[Rules | None, tuple[Mistake, ...]]:
    document = _document(text)
    rules = entry_of(Rules, document, document.value) if not document.mistakes else None
    return rules, tuple(document.mistakes)


def _document(text: str) -> Document:
    with tempfile.TemporaryDirectory() as room:
        path = Path(room) / FILE
        path.write_text(text, encoding="utf-8")
        return read(path, FILE)


def _broken() -> Rules:
    """What was taken in can be read as long as the language only grows."""
    raise RulesFaulty([Mistake(FILE, 1, "现在的程序读不了这个版本")])


# ── deciding ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def propose(content: bytes, *, of: InstitutionId, by: PersonId, now: datetime) -> RuleSetView:
    """Take a version in for a second officer to decide. The same words again are the same version.

    Raises `NotTheirOfficer`, `RulesFaulty`, `RulesChanged`.
    """
    _officer(by, of, now)
    text = _text(content)
    rules, digest = checked(text), _document(text).digest
    before = RuleSet.objects.filter(institution_id=of, rules=rules.rules, version=rules.version).first()
    if before is not None:
        if before.sha256 != digest:
            raise RulesChanged
        return _view(before)
    row = RuleSet.objects.create(
        institution_id=of,
        rules=rules.rules,
        version=rules.version,
        text=text,
        sha256=digest,
        proposed_by_id=by,
        proposed_at=now,
    )
    return _said(Kind.RULES_PROPOSED, row, by, now)


def _text(content: bytes) -> str:
    if len(content) > LARGEST:
        raise RulesFaulty([Mistake(FILE, 1, f"文件不超过 {LARGEST // 1024} KB")])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RulesFaulty([Mistake(FILE, 1, "文件应是 UTF-8")]) from error


@transaction.atomic
def approve(number: int, *, of: InstitutionId, by: PersonId, now: datetime) -> RuleSetView:
    """Another officer than whoever proposed it. Raises `NotTheirOfficer`, `NoSuchRules`, `RulesDecided`, `RulesByYou`,
    `RulesFaulty`."""
    row = _waiting(number, of, by, now)
    if row.proposed_by_id == by:
        raise RulesByYou
    checked(row.text)
    return _decided(row, Kind.RULES_APPROVED, by, now, approved=True)


@transaction.atomic
def turn_down(number: int, *, of: InstitutionId, by: PersonId, now: datetime) -> RuleSetView:
    """By anybody of them; whoever proposed it takes it back. Raises as `approve`."""
    return _decided(_waiting(number, of, by, now), Kind.RULES_TURNED_DOWN, by, now, approved=False)


@transaction.atomic
def retire(number: int, *, of: InstitutionId, by: PersonId, now: datetime) -> RuleSetView:
    """Nothing is estimated by it, nor by an earlier version of its name. Raises `NotTheirOfficer`, `NoSuchRules`,
    `RulesDecided` where it is not in force."""
    _officer(by, of, now)
    row = _locked(number, of)
    if _stage(row) != "in_force":
        raise RulesDecided
    row.retired_by_id, row.retired_at = by, now
    row.save(update_fields=["retired_by", "retired_at"])
    return _said(Kind.RULES_RETIRED, row, by, now)


def _officer(by: PersonId, of: InstitutionId, now: datetime) -> None:
    if parties.acting(by, Role.OFFICER, of, now) is None:
        raise NotTheirOfficer


def _locked(number: int, of: InstitutionId) -> RuleSet:
    row = RuleSet.objects.select_for_update(of=("self",)).filter(pk=number, institution_id=of).first()
    if row is None:
        raise NoSuchRules
    return row


def _waiting(number: int, of: InstitutionId, by: PersonId, now: datetime) -> RuleSet:
    _officer(by, of, now)
    row = _locked(number, of)
    if row.approved is not None:
        raise RulesDecided
    return row


def _decided(row: RuleSet, kind: Kind, by: PersonId, now: datetime, *, approved: bool) -> RuleSetView:
    row.decided_by_id, row.decided_at, row.approved = by, now, approved
    row.save(update_fields=["decided_by", "decided_at", "approved"])
    return _said(kind, row, by, now)


def _said(kind: Kind, row: RuleSet, by: PersonId, now: datetime) -> RuleSetView:
    about: dict[str, str | int] = {"rules": row.pk, "institution": row.institution_id, "by": by}
    log.append(kind, now=now, about=about, rows=[state_of(row)])
    return _view(row)
