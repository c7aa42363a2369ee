"""The certificates of the sample: a root of our own making, which says in its name that nobody should trust it.

A real key service brings the certificates an authority issued to the platform's operator.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey, EllipticCurvePublicKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

ROOT: Final = "信桥样例根证书（仅供试用，不可信任） Xinqiao sample root, for trying only"
SEAL: Final = "信桥样例平台签章（仅供试用） Xinqiao sample seal, for trying only"
# No clock is read here: a sample's certificate holds for as long as anybody will try it.
SINCE, UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2049, 12, 31, tzinfo=UTC)
_NO_USE: Final = {
    "content_commitment": False,
    "key_encipherment": False,
    "data_encipherment": False,
    "key_agreement": False,
    "encipher_only": False,
    "decipher_only": False,
}


def sample_chain(root: EllipticCurvePrivateKey, seal: EllipticCurvePublicKey) -> bytes:
    """The seal's certificate and its root's, as PEM."""
    issued = [_certificate(SEAL, seal, root, authority=False), _certificate(ROOT, root.public_key(), root)]
    return b"".join(one.public_bytes(Encoding.PEM) for one in issued)


def as_der(chain: bytes) -> Sequence[bytes]:
    """A PEM chain as DER, in its order."""
    return [one.public_bytes(Encoding.DER) for one in x509.load_pem_x509_certificates(chain)]


def _certificate(
    name: str, key: EllipticCurvePublicKey, root: EllipticCurvePrivateKey, *, authority: bool = True
) -> x509.Certificate:
    usage = x509.KeyUsage(
        digital_signature=not authority,
        key_cert_sign=authority,
        crl_sign=authority,
        **(_NO_USE | {"content_commitment": not authority}),
    )
    return (
        x509.CertificateBuilder()
        .subject_name(_named(name))
        .issuer_name(_named(ROOT))
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(SINCE)
        .not_valid_after(UNTIL)
        .add_extension(x509.BasicConstraints(ca=authority, path_length=0 if authority else None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(root.public_key()), critical=False)
        .sign(root, hashes.SHA256())
    )


def _named(name: str) -> x509.Name:
    chinese, _, english = name.partition(" ")
    return x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, english), x509.NameAttribute(NameOID.ORGANIZATION_NAME, chinese)]
    )
