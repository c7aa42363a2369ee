"""Access tokens for institutions' programs: OAuth 2 client credentials, bound to a key of the program's own.

Who asks proves it by a signed assertion; which key the token will work with, by a DPoP proof or by the certificate of
its connection. The token is random, lives ten minutes, and only its SHA-256 is kept, sealed with the thumbprint and the
token's reach, so that neither a copy of the database nor a row written into it opens a door.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import Any, Final, Literal

from django.db import transaction

from xinqiao import keys
from xinqiao.database import statements
from xinqiao.kernel.ids import InstitutionId
from xinqiao.kernel.sayings import Saying
from xinqiao.ledger import log
from xinqiao.ledger.events import Kind
from xinqiao.parties import assertions, certificates, proofs, queries, reach, sharing_queries
from xinqiao.parties.errors import (
    AccessSuspended,
    BadProof,
    BasisNotInForce,
    BeyondAgreement,
    BeyondBasis,
    BeyondToken,
    NoAgreement,
    PurposeNotAgreed,
    ReplayedProof,
)
from xinqiao.parties.models import Client, Token
from xinqiao.parties.proofs import Call, Proof
from xinqiao.parties.purposes import purpose
from xinqiao.parties.reach import WHOLE, Detail, Reach, Service
from xinqiao.parties.rules import BasisState

LIFE: Final = timedelta(minutes=10)  # a stolen token is worth little; a new one costs its owner two signatures


@dataclass(frozen=True, slots=True)
class Issued:
    token: str
    expires_in: int  # seconds
    reach: Reach
    scheme: Literal["DPoP", "Bearer"]  # how it is to be shown: beside proofs, or over connections with the certificate


@dataclass(frozen=True, slots=True)
class Holder:
    """A program that calls: `id` is its client's, `reach` its token's."""

    id: str
    institution: InstitutionId
    reach: Reach


def issue(*, assertion: str, call: Call, reach: Reach = WHOLE, today: date, now: datetime) -> Issued:
    """A token for the client that signed the assertion, bound to the key that signed the proof, or to the certificate.

    `call.address` is the address of the token endpoint, which the assertion's `aud` must name. Raises `Malformed`,
    `UnknownCredential` (no such client or not its signature), `BadAudience`, `Expired`, `StaleTimestamp`, `Replay`;
    `BadProof`, `StaleProof`, `ReplayedProof`; for a reach beyond the agreement in force `NoAgreement`,
    `PurposeUnknown`, `PurposeNotAgreed`, `BeyondAgreement`, beyond a department's bases `BasisNotInForce`,
    `BeyondBasis`.
    """
    key, proof = _bound_to(call, now)
    proved = assertions.read(assertion, audience=call.address, now=now)
    with transaction.atomic():
        assertions.use_once(proved, now)
        if proof is not None:
            proofs.use_once(proof, now)
        _check_reach(proved.client, reach, today)
        return _new(proved.client, key, reach, now)


def _bound_to(call: Call, now: datetime) -> tuple[str, Proof | None]:
    """To whose key or certificate, and the proof to be used up."""
    if certificate := certificates.sender(call):
        return certificate, None
    proof = proofs.read(call, now=now)
    return proof.key, proof


def _check_reach(client: Client, wanted: Reach, today: date) -> None:
    """What could never be used is refused at once; what grants allow is decided by the door, at every call."""
    by_law = [one for one in wanted if one.service is Service.SHARING]
    if by_law:
        _check_by_law(client, by_law, today)
    if wanted := tuple(one for one in wanted if one not in by_law):
        _check_agreed(client, wanted, today)


def _check_by_law(client: Client, wanted: Sequence[Detail], today: date) -> None:
    """A department's program: within what bases in force that name it open."""
    mine = [
        one
        for one in sharing_queries.bases_of(InstitutionId(client.institution_id))
        if client.pk in one.clients and one.state(today) is BasisState.IN_FORCE
    ]
    if not mine:
        raise BasisNotInForce
    beyond = reach.items_of(wanted) - set[str]().union(*(one.items for one in mine))
    if beyond or (any(one.grade for one in wanted) and not any(one.grade for one in mine)):
        raise BeyondBasis


def _check_agreed(client: Client, wanted: Reach, today: date) -> None:
    agreement = queries.agreement_in_force(client.institution_id, today)
    if agreement is None:
        raise AccessSuspended if queries.suspension_of(client.institution_id, today) else NoAgreement
    for name in sorted(reach.purposes_of(wanted) - agreement.purposes):
        raise PurposeNotAgreed(
            Saying("{title}：{names}", title=Saying(PurposeNotAgreed.title), names=purpose(name).purpose)
        )
    if beyond := sorted(reach.items_of(wanted) - agreement.items):
        raise BeyondAgreement(Saying("{title}：{names}", title=Saying(BeyondAgreement.title), names=beyond))


def _new(client: Client, key: str, wanted: Reach, now: datetime) -> Issued:
    token, expires_at, details = secrets.token_urlsafe(32), now + LIFE, reach.kept(wanted)
    digest = sha256(token.encode()).digest()
    Token.objects.filter(client=client, expires_at__lt=now).delete()
    seal = _seal(digest, client.pk, key, details, expires_at)
    Token.objects.create(digest=digest, client=client, key=key, details=details, expires_at=expires_at, seal=seal)
    scheme: Literal["DPoP", "Bearer"] = "Bearer" if key.startswith(certificates.PREFIX) else "DPoP"
    return Issued(token, int(LIFE.total_seconds()), wanted, scheme)


def _seal(digest: bytes, client: str, key: str, details: str, expires_at: datetime) -> bytes:
    told = (digest, client.encode(), key.encode(), expires_at.astimezone(UTC).isoformat().encode(), details.encode())
    return keys.mark("access-token", b"|".join(told))


_HELD: Final = """
SELECT t.client_id, c.institution_id, t.expires_at, t.key, t.details, t.seal
  FROM parties_token t JOIN parties_client c ON c.id = t.client_id
 WHERE t.digest = $2 AND t.expires_at > $1 AND c.ended_at IS NULL
"""
# One question: whose token it is, and whether its proof is new. Of a proof without a live token nothing is remembered.
_PROVED: Final = f"""
WITH held AS MATERIALIZED ({_HELD}),
spent AS (
    INSERT INTO parties_spentproof (mark, good_until)
    SELECT $3, $4 FROM held WHERE held.key = $5
    ON CONFLICT DO NOTHING RETURNING mark),
swept AS ({proofs.SWEEP})
SELECT held.*, EXISTS (SELECT FROM spent) FROM held
"""


def holder(token: str, *, call: Call, now: datetime) -> Holder | None:
    """Whose token this is, or None when it is unknown, over, or its client has ended.

    Raises `BadProof` where the call is not proved by the token's own key or certificate, `StaleProof`, `ReplayedProof`.
    """
    digest = sha256(token.encode()).digest()
    if certificate := certificates.sender(call):
        row = statements.row(_HELD, now, digest)
        return _holder((*row, True), digest, certificate) if row else None
    proof = proofs.read(call, now=now, token=token)
    row = statements.row(_PROVED, now, digest, proof.mark, proof.good_until, proof.key)
    return _holder(row, digest, proof.key) if row else None


def _holder(row: tuple[Any, ...], digest: bytes, sender: str) -> Holder | None:
    client, institution, expires_at, key, details, seal, is_new = row
    if not compare_digest(bytes(seal), _seal(digest, client, key, details, expires_at)):
        return None
    if key != sender:
        raise BadProof(Saying("令牌是为另一把密钥或另一张证书签发的"))
    if not is_new:
        raise ReplayedProof
    return Holder(client, InstitutionId(institution), reach.recalled(details))


def hold_to(holder: Holder, call: Detail, *, now: datetime) -> None:
    """Raises `BeyondToken` for a call outside the token's details, which is in the log too."""
    if not reach.covers(holder.reach, call):
        _refuse(holder, now)


def hold_to_sight(holder: Holder, *, uscc: str, purpose: str, now: datetime) -> None:
    """The same for what was told before, about a business and for a purpose."""
    if not reach.concerns(holder.reach, uscc, purpose):
        _refuse(holder, now)


def hold_to_whole(holder: Holder, *, now: datetime) -> None:
    """For what concerns everything the institution was ever told: a token with details does not reach that far."""
    if holder.reach != WHOLE:
        _refuse(holder, now)


def _refuse(holder: Holder, now: datetime) -> None:
    about = {"client": holder.id, "institution": holder.institution, "reason": BeyondToken.type}
    with transaction.atomic():
        log.append(Kind.CALL_REFUSED, now=now, about=about)
    raise BeyondToken
