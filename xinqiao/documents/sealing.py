"""签章: a PDF signed as PAdES (ETSI EN 319 142-1, B-B) with the platform's certificate; any reader shows it."""

import io
from datetime import datetime
from typing import Any, Final

from asn1crypto import x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko_certvalidator.registry import SimpleCertificateStore

from xinqiao import keys

FIELD: Final = "Xinqiao"
DIGEST: Final = "sha256"
LONGEST_SIGNATURE: Final = 72  # bytes of a P-256 signature in DER
RESERVED: Final = 8_192  # for the signature and its certificates, as hexadecimal


class _Seal(signers.Signer):
    """Signs by the key room: the key itself never comes here."""

    def __init__(self) -> None:
        own, *above = [x509.Certificate.load(der) for der in keys.certificates()]
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]  # the library's own
        store.register_multiple(above)
        super().__init__(signing_cert=own, cert_registry=store, prefer_pss=False)

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        return bytes(LONGEST_SIGNATURE) if dry_run else keys.seal_document(data)


class _SignerAt(signers.PdfSigner):
    """Signs at a moment that is passed in, as everything here is done."""

    now: datetime

    def init_signing_session(self, *args: Any, **kwargs: Any) -> PdfSigningSession:
        session = super().init_signing_session(*args, **kwargs)
        session.system_time = self.now
        return session


def sealed(pdf: bytes, *, reason: str, place: str, now: datetime) -> bytes:
    """The PDF with our signature over all of it; what it was is a beginning of what it is."""
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD,
        md_algorithm=DIGEST,
        subfilter=fields.SigSeedSubFilter.PADES,
        reason=reason,
        location=place,
    )
    signer, output = _SignerAt(metadata, signer=_Seal()), io.BytesIO()
    signer.now = now
    signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf)), bytes_reserved=RESERVED, output=output)
    return output.getvalue()
