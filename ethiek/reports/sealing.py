"""Signing with a certificate, wherever its key is: the seal, which certifies the file, and persons behind it."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final, Protocol

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError as PyHankoSigningError
from pyhanko_certvalidator.registry import SimpleCertificateStore

from ethiek.errors import SigningError
from ethiek.reports.expected import TEST_MARK
from ethiek.reports.fields import SEAL
from ethiek.reports.stamping import DIGEST, Proof, Stamping
from ethiek.reports.writing import UntouchedMetadata

PLAIN: Final = Stamping()


class RemoteSigner(Protocol):
    """A key that stays where it is: a file that was opened, a token, or a service elsewhere.

    Only a digest goes in, and only a signature comes out; the report itself is not shown to it.
    """

    def sign_digest(self, digest: bytes) -> bytes:
        """Sign a SHA-256 digest (32 bytes).

        Returns:
            For RSA the signature of PKCS#1 v1.5; for elliptic curves ECDSA in DER.

        Raises:
            SigningError: with ``code`` ``key_unreachable`` or ``key_refused``; it may be tried again.
        """


class CertificateSigner:
    """Seals, or signs for a person, with a certificate and the key that belongs to it."""

    def __init__(
        self, key: RemoteSigner, certificate: x509.Certificate, chain: tuple[x509.Certificate, ...] = ()
    ) -> None:
        check_usage(certificate)
        self._key = key
        self._certificate = certificate
        self._chain = chain

    @property
    def name(self) -> str:
        """The common name in the certificate, or the whole subject without one."""
        names = self._certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        return str(names[0].value) if names else self._certificate.subject.rfc4514_string()

    @property
    def certificate(self) -> x509.Certificate:
        """Of the one who signs."""
        return self._certificate

    @property
    def is_test(self) -> bool:
        """Whether the certificate says that it is a test seal."""
        return TEST_MARK in self.name

    @property
    def valid_until(self) -> datetime:
        """When the certificate ends."""
        return self._certificate.not_valid_after_utc

    @property
    def issuers(self) -> tuple[bytes, ...]:
        """The certificates (PEM) that came with the key and vouch for it; its own if it came alone."""
        chain = self._chain or (self._certificate,)
        return tuple(certificate.public_bytes(Encoding.PEM) for certificate in chain)

    def check(self, at: datetime, stamping: Stamping = PLAIN) -> None:
        """Pass if the certificate may seal at this time.

        Raises:
            SigningError: with ``code`` ``not_yet_valid``, ``expired``, ``revoked``, ``revocation_unknown`` or
                ``untrusted``.
        """
        self._check_dates(at)
        stamping.begin(_for_pyhanko(self._certificate), self._others())

    def seal(self, pdf: bytes, *, reason: str, at: datetime, stamping: Stamping = PLAIN) -> bytes:
        """See :class:`ethiek.reports.sign.PdfSigner`."""
        allowed = MDPPerm.FILL_FORMS if stamping.persons else MDPPerm.NO_CHANGES
        metadata = self._metadata(SEAL.name, reason, certify=True, docmdp_permissions=allowed)
        sealed, proof = self._signed(pdf, metadata, at, stamping)
        return stamping.after_sealing(sealed, proof)

    def approve(
        self, pdf: bytes, field: str, *, reason: str, at: datetime, stamping: Stamping = PLAIN
    ) -> bytes:
        """Return a sealed file with the signature of a person behind it.

        Args:
            field: the empty one that was made for this person.

        Raises:
            SigningError: there is no signature.
        """
        return self._signed(pdf, self._metadata(field, reason), at, stamping)[0]

    def _signed(
        self, pdf: bytes, metadata: Any, at: datetime, stamping: Stamping
    ) -> tuple[bytes, Proof | None]:
        self._check_dates(at)
        proof = stamping.begin(_for_pyhanko(self._certificate), self._others())
        signer = _DatedSigner(metadata, self._signer(), stamping.authority, at=at)
        try:
            writer = UntouchedMetadata(io.BytesIO(pdf))
            stamping.before_sealing(writer, proof)
            output = signer.sign_pdf(writer, existing_fields_only=True)
        except (PdfError, PyHankoSigningError) as error:
            raise SigningError(f"the report cannot be signed: {error}") from error
        return bytes(output.getvalue()), proof

    def _check_dates(self, at: datetime) -> None:
        start, end = self._certificate.not_valid_before_utc, self._certificate.not_valid_after_utc
        if at < start:
            raise SigningError(f"the signing certificate is not valid before {_day(start)}", "not_yet_valid")
        if at > end:
            raise SigningError(f"the signing certificate expired on {_day(end)}", "expired")

    def _metadata(self, field: str, reason: str, **certification: Any) -> Any:
        return signers.PdfSignatureMetadata(
            field_name=field,
            name=self.name,
            reason=reason,
            subfilter=SigSeedSubFilter.PADES,
            md_algorithm=DIGEST,
            **certification,
        )

    def _others(self) -> list[Any]:
        return [_for_pyhanko(link) for link in self._chain]

    def _signer(self) -> _KeySigner:
        store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
        store.register_multiple(self._others())
        return _KeySigner(self._key, _for_pyhanko(self._certificate), store)


class _DatedSigner(signers.PdfSigner):
    """Signs at a given moment instead of the machine's own now."""

    def __init__(self, metadata: Any, signer: Any, authority: Any, *, at: datetime) -> None:
        super().__init__(metadata, signer, timestamper=authority)
        self._at = at.astimezone(UTC).replace(microsecond=0)

    def init_signing_session(self, *args: Any, **options: Any) -> Any:
        session = super().init_signing_session(*args, **options)
        session.system_time = self._at
        return session


class _KeySigner(signers.Signer):
    """Signs with a key that is ready; pyHanko's own signer loads and checks it again every time."""

    def __init__(self, key: RemoteSigner, certificate: Any, chain: Any) -> None:
        super().__init__(signing_cert=certificate, cert_registry=chain, embed_roots=False)
        self._key = key

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:  # noqa: FBT001, FBT002
        del dry_run
        if digest_algorithm != DIGEST:
            raise SigningError(f"digest {digest_algorithm} is not supported")
        return self._key.sign_digest(sha256(data).digest())


def _for_pyhanko(certificate: x509.Certificate) -> Any:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))


def check_usage(certificate: x509.Certificate) -> None:
    """A certificate that limits its use must allow signatures (RFC 5280, 4.2.1.3).

    Raises:
        SigningError: it does not.
    """
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return
    if not (usage.digital_signature or usage.content_commitment):
        raise SigningError("the certificate may not be used for signatures", "usage")


def _day(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"
