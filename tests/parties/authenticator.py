"""A device with passkeys, as far as a browser lets us see one: it answers challenges, and asks nobody for a finger."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from fido2.cose import ES256
from fido2.webauthn import AttestedCredentialData, AuthenticatorData

Json = dict[str, Any]
PRESENT, VERIFIED, ATTESTED = (AuthenticatorData.FLAG(bit) for bit in (1, 4, 64))


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass
class Device:
    """One passkey for one site."""

    origin: str = "https://xinqiao.test"
    host: str = "xinqiao.test"
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = field(default_factory=lambda: uuid4().bytes)
    count: int = 0
    flags: AuthenticatorData.FLAG = PRESENT | VERIFIED

    def create(self, asked: Mapping[str, Any]) -> Json:
        cose: Any = ES256  # the library has no types here
        credential = AttestedCredentialData.create(
            bytes(16), self.id, cose.from_cryptography_key(self.key.public_key())
        )
        said = AuthenticatorData.create(
            sha256(self.host.encode()).digest(), self.flags | ATTESTED, self.count, bytes(credential)
        )
        attestation = cbor.encode({"fmt": "none", "attStmt": {}, "authData": bytes(said)})
        told = {"clientDataJSON": self._client("webauthn.create", asked), "attestationObject": text(attestation)}
        return self._answer(told)

    def get(self, asked: Mapping[str, Any]) -> Json:
        self.count += 1 if self.count else 0
        said = AuthenticatorData.create(sha256(self.host.encode()).digest(), self.flags, self.count)
        client = self._client("webauthn.get", asked)
        signed = bytes(said) + sha256(base64.urlsafe_b64decode(client + "==")).digest()
        signature = self.key.sign(signed, ec.ECDSA(hashes.SHA256()))
        return self._answer(
            {"clientDataJSON": client, "authenticatorData": text(bytes(said)), "signature": text(signature)}
        )

    def _client(self, kind: str, asked: Mapping[str, Any]) -> str:
        return text(json.dumps({"type": kind, "challenge": asked["challenge"], "origin": self.origin}).encode())

    def _answer(self, response: Json) -> Json:
        return {"id": text(self.id), "rawId": text(self.id), "type": "public-key", "response": response}
