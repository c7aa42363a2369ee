"""承诺书、责任书: what one side signs by itself. An institution's letter of information security goes with its
agreement, each officer signs one of confidentiality, and who provides information one of responsibility.

Every version is signed once. The file of a letter is certified as a receipt is.
"""

import os
from datetime import datetime

from django.db import transaction

from xinqiao import catalogue
from xinqiao.kernel.ids import InstitutionId, PersonId
from xinqiao.ledger import identity, log, receipts
from xinqiao.ledger.canonical import JsonValue, canonical
from xinqiao.ledger.events import Kind
from xinqiao.ledger.model_rows import state_of
from xinqiao.parties import letter_queries, queries, signatures, texts
from xinqiao.parties.models import Letter, Person
from xinqiao.parties.queries import InstitutionView
from xinqiao.parties.rules import Role, Shown
from xinqiao.parties.signing_errors import LetterSigned, NotTheSignatory, TextMoved
from xinqiao_verify.agreements import LETTER


def confidentiality(person: PersonId, institution: str) -> texts.Shown:
    """The letter an officer is asked to sign."""
    said = {"institution": queries.institution(institution).name, "person": Person.objects.get(pk=person).name}
    return texts.shown(texts.SECRECY, said, said)


def responsibility(source: str) -> texts.Shown:
    """The letter of a source, with the items it hands in as the catalogue has them today."""
    city = catalogue.city()
    titles = [one.title for one in city.whole_items() if source in one.sources]
    name = city.sources[source].names[-1].title
    english = {
        "institution": city.english.get(name, name),
        "items": ", ".join(city.english.get(title, title) for title in titles),
    }
    return texts.shown(texts.RESPONSIBILITY, {"institution": name, "items": "、".join(titles)}, english)


@transaction.atomic
def sign_confidentiality(institution: str, *, digest: str, by: PersonId, shown: Shown | None, now: datetime) -> int:
    """Raises `NotTheSignatory`, `TextMoved`, `ConfirmFirst`, `LetterSigned`."""
    if not queries.acts_as(by, Role.OFFICER, institution, now):
        raise NotTheSignatory
    return _sign(confidentiality(by, institution), institution, digest, by, shown, now)


@transaction.atomic
def sign_responsibility(source: str, *, digest: str, by: PersonId, shown: Shown | None, now: datetime) -> int:
    """Raises as `sign_confidentiality` does."""
    if not queries.acts_as(by, Role.PROVIDER, source, now):
        raise NotTheSignatory
    return _sign(responsibility(source), source, digest, by, shown, now)


@transaction.atomic
def undertake_security(named: InstitutionView, *, by: PersonId, shown: Shown | None, now: datetime) -> None:
    """Signed with the agreement, by the same hand; a version she has signed before is not signed again."""
    letter = security(named)
    if not letter_queries.held(texts.SECURITY, letter.version, named.id, by):
        _sign(letter, named.id, letter.digest, by, shown, now)


def security(named: InstitutionView) -> texts.Shown:
    said = {"institution": named.name}
    return texts.shown(texts.SECURITY, said, said)


def needed(person: PersonId, institution: InstitutionId) -> bool:
    """Whether this officer has not signed the letter of confidentiality in its version of today."""
    return not letter_queries.held(texts.SECRECY, texts.current(texts.SECRECY).version, institution, person)


def answered_for(source: str) -> bool:
    """Whether anybody of this source signed its letter of responsibility in its version of today."""
    version = texts.current(texts.RESPONSIBILITY).version
    return any(one.version == version for one in letter_queries.of(source, texts.RESPONSIBILITY))


def _sign(letter: texts.Shown, organisation: str, digest: str, by: PersonId, shown: Shown | None, now: datetime) -> int:
    if digest != letter.digest:
        raise TextMoved
    method, _factor = signatures.confirmed(shown, now)
    person = Person.objects.select_for_update(no_key=True).get(pk=by)  # one letter at a time
    if letter_queries.held(letter.text, letter.version, organisation, by):
        raise LetterSigned
    event = log.reserve_event_id()
    body = canonical(
        {
            "letter": letter.title,
            "log": identity.origin(),
            "organisation": organisation,
            "text": signatures.text(letter.text, letter.version, letter.wording, letter.english),
            "signature": signatures.signature(by, person.name, method, now),
            "nonce": os.urandom(receipts.NONCE).hex(),
        }
    )
    row = Letter.objects.create(
        text=letter.text,
        version=letter.version,
        wording=letter.wording,
        organisation=organisation,
        person=person,
        signed_at=now,
        body=body,
        signature=receipts.sign(LETTER, body),
        event=event,
    )
    about: dict[str, JsonValue] = {
        "letter": row.pk,
        "organisation": organisation,
        "by": by,
        "receipt_digest": receipts.digest(body),
    }
    log.append(Kind.LETTER_SIGNED, now=now, about=about, rows=[state_of(row)], event_id=event)
    return row.pk
