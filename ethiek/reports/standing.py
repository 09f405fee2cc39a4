"""Whether a certificate deserves trust at a moment, by what the file holds and the reader supplied; never online."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise
from typing import Any, Final

from asn1crypto import crl, ocsp, pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import DocumentSecurityStore
from pyhanko.sign.validation.errors import NoDSSFoundError
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator import errors as refusals
from pyhanko_certvalidator.path import ValidationPath

SEAL_USES: Final = ("non_repudiation", "digital_signature")
"""A certificate for seals allows at least one of these (RFC 5280, 4.2.1.3)."""

REASONS: Final = (
    (refusals.RevokedError, "revoked"),
    (refusals.ExpiredError, "expired"),
    (refusals.NotYetValidError, "not_yet"),
    (refusals.DisallowedAlgorithmError, "weak"),
    (refusals.PathBuildingError, "unknown"),
    (refusals.InvalidCertificateError, "usage"),
    ((refusals.ValidationError, refusals.PathError), "broken"),
)
"""What the library raises -> our code; the first that fits counts."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What trust is judged by. ``roots`` are the reader's own; the rest may come from the file itself.

    ``in_file``: the file brings evidence for later checks along.
    """

    roots: Sequence[Any]
    certificates: Sequence[Any] = field(default=())
    crls: Sequence[Any] = field(default=())
    ocsps: Sequence[Any] = field(default=())
    in_file: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """``why`` a certificate is not trusted; empty if it is. ``kept``: the file shows that it was not revoked."""

    why: str = ""
    kept: bool = False

    @property
    def trusted(self) -> bool:
        """A path leads from the certificate to one that the reader trusts."""
        return not self.why


def certificates_in(files: Iterable[bytes]) -> list[Any]:
    """The certificates in PEM or DER files.

    Raises:
        ValueError: a file is no certificate.
    """
    found = [x509.Certificate.load(der, strict=True) for data in files for der in _ders(data)]
    return [certificate for certificate in found if certificate.subject.native is not None]


def lists_in(files: Iterable[bytes]) -> list[Any]:
    """The revocation lists in PEM or DER files.

    Raises:
        ValueError: a file is no revocation list.
    """
    found = [crl.CertificateList.load(der, strict=True) for data in files for der in _ders(data)]
    return [one for one in found if one.issuer.native is not None]


def evidence_of(reader: PdfFileReader, roots: Sequence[Any], crls: Sequence[Any]) -> Evidence:
    """What the reader supplied, and what the file brings along for later checks (its DSS)."""
    try:
        store = DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        return Evidence(roots, roots, crls)
    return Evidence(
        roots,
        [*roots, *store.load_certs()],
        [*crls, *(crl.CertificateList.load(part.get_object().data) for part in store.crls)],
        [ocsp.OCSPResponse.load(part.get_object().data) for part in store.ocsps],
        in_file=True,
    )


def standing_of_seal(certificate: Any, others: Iterable[Any], evidence: Evidence, at: datetime) -> Standing:
    """Judge the certificate of a seal, as it stood ``at`` a moment."""
    usage = certificate.key_usage_value
    if usage is not None and not set(SEAL_USES) & set(usage.native):
        return Standing("usage")
    return _standing(certificate, others, evidence, at, extended=None)


def standing_of_stamp(certificate: Any, others: Iterable[Any], evidence: Evidence, at: datetime) -> Standing:
    """Judge the certificate of a time stamp authority, as it stood ``at`` a moment."""
    return _standing(certificate, others, evidence, at, extended={"time_stamping"})


def _standing(
    certificate: Any, others: Iterable[Any], evidence: Evidence, at: datetime, extended: set[str] | None
) -> Standing:
    evidence = replace(evidence, certificates=[*evidence.certificates, *others])
    try:
        _path(certificate, evidence, at, "require", extended)
    except refusals.InsufficientRevinfoError:
        return Standing(_refusal(certificate, evidence, at, extended))
    except (refusals.PathError, refusals.ValidationError) as error:
        return Standing(_code(error))
    return Standing(kept=evidence.in_file)


def _refusal(certificate: Any, evidence: Evidence, at: datetime, extended: set[str] | None) -> str:
    """Why no path holds, if not every certificate on it can be looked up; empty if one does."""
    try:
        path = _path(certificate, evidence, at, "soft-fail", extended)
        for issuer, issued in pairwise(path.iter_certs(include_root=True)):
            with suppress(refusals.InsufficientRevinfoError):
                _path(issued, replace(evidence, roots=[issuer]), at, "require", None)
    except (refusals.PathError, refusals.ValidationError) as error:
        return _code(error)
    return ""


def _path(
    certificate: Any, evidence: Evidence, at: datetime, mode: str, extended: set[str] | None
) -> ValidationPath:
    context = ValidationContext(
        trust_roots=list(evidence.roots),
        other_certs=list(evidence.certificates),
        crls=list(evidence.crls),
        ocsps=list(evidence.ocsps),
        moment=at,
        revocation_mode=mode,
        retroactive_revinfo=True,  # a list that was fetched a minute after sealing is about the sealing too
        allow_fetching=False,
    )
    validator = CertificateValidator(certificate, validation_context=context)
    found: ValidationPath = asyncio.run(validator.async_validate_usage(set(), extended))  # type: ignore[no-untyped-call]
    return found


def _code(error: Exception) -> str:
    return next(code for kind, code in REASONS if isinstance(error, kind))


def _ders(data: bytes) -> list[bytes]:
    return [der for _, _, der in pem.unarmor(data, multiple=True)] if pem.detect(data) else [data]
