"""Whom we trust, and whether a certificate that we are about to use is still good."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from asn1crypto import pem
from asn1crypto import x509 as asn1_x509
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import (
    ExpiredError,
    InsufficientRevinfoError,
    NotYetValidError,
    PathBuildingError,
    RevokedError,
    ValidationError,
)
from pyhanko_certvalidator.registry import SimpleCertificateStore

from ethiek.errors import SigningError
from ethiek.reports.revocation import BoundedFetchers, read_list

REFUSALS: Final[tuple[tuple[type[Exception], str, str], ...]] = (
    (RevokedError, "revoked", "was revoked by its issuer"),
    (ExpiredError, "expired", "has expired, or an issuer of it"),
    (NotYetValidError, "not_yet_valid", "is not valid yet, or an issuer of it"),
    (InsufficientRevinfoError, "revocation_unknown", "cannot be checked for revocation"),
    (Exception, "untrusted", "is not issued by anybody who is trusted"),
)
"""Class of error -> code, and how the sentence about the certificate goes on; the first that fits."""


@dataclass(frozen=True, slots=True)
class Trust:
    """Roots, and where revocation data come from.

    ``roots``: certificates in PEM or DER. ``lists``: revocation lists that are at hand. ``fetch``: ask the
    issuers as well; without it nothing leaves the machine.
    """

    roots: tuple[bytes, ...]
    lists: tuple[bytes, ...] = ()
    fetch: bool = True

    def context(self, *, proof: bool) -> Any:
        """What pyHanko validates with. ``proof``: revocation data are needed for every certificate."""
        return ValidationContext(
            trust_roots=list(certificates(self.roots)),
            crls=[read_list(data) for data in self.lists],
            allow_fetching=self.fetch,
            fetcher_backend=BoundedFetchers() if self.fetch else None,
            revocation_mode="require" if proof else "soft-fail",
            retroactive_revinfo=True,  # servers answer with their own time, which is after we began
        )


async def checked_path(certificate: Any, others: Iterable[Any], context: Any, *, usage: str = "") -> Any:
    """The way from a certificate to a root.

    Args:
        certificate: of asn1crypto, like ``others``: the issuers that came with it.
        usage: an extended key usage that it must have; empty for none.

    Raises:
        SigningError: the certificate may not be used now; ``code`` says why.
    """
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register_multiple(others)
    validator = CertificateValidator(certificate, intermediate_certs=store, validation_context=context)
    try:
        return await validator.async_validate_usage(  # type: ignore[no-untyped-call]
            set(), {usage} if usage else None
        )
    except (ValidationError, PathBuildingError) as error:
        code, words = next((code, words) for kind, code, words in REFUSALS if isinstance(error, kind))
        name = certificate.subject.native.get("common_name") or certificate.subject.human_friendly
        raise SigningError(f"the certificate of {name} {words}", code) from error


def certificates(bundles: Iterable[bytes]) -> Iterable[Any]:
    """Every certificate in some PEM or DER files, as asn1crypto has them.

    Raises:
        ValueError: a file holds something else.
    """
    for data in bundles:
        if pem.detect(data):
            for _, _, der in pem.unarmor(data, multiple=True):
                yield asn1_x509.Certificate.load(der, strict=True)
        else:
            yield asn1_x509.Certificate.load(data, strict=True)


def anchors(issuers: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """The roots among the issuers of a seal, or all of them if there is none.

    An issuer in between that counts as a root would hide whether its own certificate was revoked.
    """
    roots = tuple(one.dump() for one in certificates(issuers) if one.issuer == one.subject)
    return roots or issuers


def files_in(place: Path | None, *suffixes: str) -> tuple[bytes, ...]:
    """The contents of a file, or of the files with these suffixes in a folder, in order of name.

    Raises:
        SigningError: it cannot be read.
    """
    if place is None:
        return ()
    try:
        paths = (
            sorted(path for path in place.iterdir() if path.suffix in suffixes) if place.is_dir() else [place]
        )
        return tuple(path.read_bytes() for path in paths)
    except OSError as error:
        raise SigningError(f"{place} cannot be read ({type(error).__name__})", "settings") from error
