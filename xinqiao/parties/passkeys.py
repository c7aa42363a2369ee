"""通行密钥 (WebAuthn): a key in the person's phone, computer or a stick of its own, bound to our address.

The device itself asks for a finger, a face or its code, so that a passkey alone shows two things: the device, and who
holds it. Challenges are kept by the caller between two calls, for one try; what is verified here is all that is kept.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, connection, transaction
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticatorData,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from xinqiao import keys
from xinqiao.kernel.ids import PersonId
from xinqiao.parties import factors
from xinqiao.parties.errors import NotShown
from xinqiao.parties.models import Factor, FactorUse
from xinqiao.parties.rules import Method, Shown

NAME: Final = "信桥"
NAME_MAX: Final = 60
_VERIFIED: Final = UserVerificationRequirement.REQUIRED
# What the library raises for what it does not like, none of which the sender need know.
_REFUSED: Final = (ValueError, KeyError, TypeError, IndexError, AttributeError)

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Site:
    """Where we are, as the browser has to name it: host without its port, and scheme, host and port."""

    host: str
    origin: str

    def server(self) -> Fido2Server:
        party = PublicKeyCredentialRpEntity(id=self.host, name=NAME)
        return Fido2Server(party, verify_origin=lambda origin: origin == self.origin)


def begin_enrolling(site: Site, *, person: PersonId, name: str) -> tuple[Json, Json]:
    """What the browser is asked, and what to keep until it has answered."""
    user = PublicKeyCredentialUserEntity(
        id=keys.mark("passkey-user", str(person).encode()), name=name, display_name=name
    )
    options, state = site.server().register_begin(
        user,
        credentials=[_public(row) for row in _live(person)],
        resident_key_requirement=ResidentKeyRequirement.REQUIRED,
        user_verification=_VERIFIED,
    )
    return dict(options)["publicKey"], state


def enrol(site: Site, state: Json, answer: Json, *, person: PersonId, name: str, now: datetime) -> Shown:
    """A new passkey of this person. Raises `NotShown`, also for one that somebody has enrolled already."""
    try:
        said = site.server().register_complete(state, answer)
    except _REFUSED as error:
        raise NotShown from error
    public = said.credential_data
    if public is None or not said.is_user_verified():
        raise NotShown
    return _keep(public, said.counter, person, name, now)


def _keep(public: AttestedCredentialData, count: int, person: PersonId, name: str, now: datetime) -> Shown:
    try:
        with transaction.atomic():
            factors.locked(person)
            row = Factor.objects.create(
                person_id=person,
                kind=Method.PASSKEY,
                name=name.strip()[:NAME_MAX],
                credential_id=public.credential_id,
                credential=bytes(public),
                added_at=now,
            )
            FactorUse.objects.create(factor=row, last=count)
            return Shown(Method.PASSKEY, now, factors.added(row, now))
    except IntegrityError as error:
        raise NotShown from error


def begin_showing(site: Site, *, person: PersonId | None) -> tuple[Json, Json]:
    """The same for showing one: of this person, or, where nobody has said who they are, of whoever has one."""
    mine = None if person is None else [_public(row) for row in _live(person)]
    options, state = site.server().authenticate_begin(mine or None, user_verification=_VERIFIED)
    return dict(options)["publicKey"], state


_COUNT: Final = "UPDATE parties_factoruse SET last = %s WHERE factor_id = %s AND last < %s"


@transaction.atomic
def show(site: Site, state: Json, answer: Json, *, now: datetime) -> tuple[PersonId, Shown]:
    """Whose passkey it is. Raises `NotShown`, also for one whose own count went back: it has been copied."""
    row = _named(answer)
    try:
        site.server().authenticate_complete(state, [_public(row)], answer)
        count = AuthenticatorData(_bytes(answer["response"]["authenticatorData"])).counter
    except _REFUSED as error:
        raise NotShown from error
    if count and not _went_on(row.pk, count):  # zero: the device keeps no count
        raise NotShown
    return PersonId(row.person_id), Shown(Method.PASSKEY, now, row.pk)


def _went_on(factor: int, count: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [count, factor, count])
        return bool(cursor.rowcount == 1)


def _named(answer: Json) -> Factor:
    try:
        named = _bytes(answer["rawId"])
    except _REFUSED as error:
        raise NotShown from error
    row = Factor.objects.filter(credential_id=named, kind=Method.PASSKEY, ended_at__isnull=True).first()
    if row is None:
        raise NotShown
    return row


def _live(person: PersonId) -> list[Factor]:
    return list(Factor.objects.filter(person_id=person, kind=Method.PASSKEY, ended_at__isnull=True))


def _public(row: Factor) -> AttestedCredentialData:
    return AttestedCredentialData(bytes(row.credential or b""))


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
