"""The seal of this installation, opened as the settings say."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from ethiek.config import Settings
from ethiek.errors import SigningError
from ethiek.reports.authority import TimeStampAuthority
from ethiek.reports.issuers import Trust, anchors, files_in
from ethiek.reports.levels import Level
from ethiek.reports.pki import TestPki, ensure_test_pki
from ethiek.reports.sign import PdfSigner, Pkcs12Signer
from ethiek.reports.stamping import Stamping
from ethiek.reports.token import TokenSigner

ANNOUNCED_DAYS: Final = (90, 30, 7)
"""How long before its end a certificate is announced, ever more urgently."""
CERTIFICATES: Final = (".pem", ".crt", ".cer", ".der")
LISTS: Final = (".crl", ".pem", ".der")


@dataclass(frozen=True, slots=True)
class SealStatus:
    """How the seal stands. ``code`` and ``reason``: why it may not be used now; empty when it may.

    ``announced``: 90, 30 or 7 when the certificate ends within that many days; 0 when it does not.
    """

    name: str
    valid_until: datetime
    days_left: int
    announced: int
    level: str
    is_test: bool
    code: str = ""
    reason: str = ""

    @property
    def usable(self) -> bool:
        """Whether reports can be sealed now, as far as can be known."""
        return not self.code


@dataclass(frozen=True, slots=True)
class Evidence:
    """Certificates of parties that are trusted to issue seals and time stamps, and revocation lists at hand."""

    roots: tuple[bytes, ...]
    lists: tuple[bytes, ...]


def status_of(settings: Settings, at: datetime) -> SealStatus:
    """Look at the seal; issuers are asked about it as at sealing.

    Raises:
        SigningError: there is no seal, or it cannot be opened.
    """
    signer = signer_of(settings)
    stamping = stamping_of(settings, signer)
    code = reason = ""
    try:
        signer.check(at, stamping)
    except SigningError as error:
        code, reason = error.code, error.reason
    days = (signer.valid_until - at).days
    return SealStatus(
        signer.name,
        signer.valid_until,
        days,
        announced(days),
        stamping.level.value,
        signer.is_test,
        code,
        reason,
    )


@dataclass(frozen=True, slots=True)
class SealFacts:
    """What the certificate of the seal says itself."""

    valid_until: datetime
    is_test: bool


def facts_of(settings: Settings) -> SealFacts | None:
    """Return what can be known of the seal without asking anybody; None without a seal that can be opened."""
    try:
        signer = signer_of(settings)
    except SigningError:
        return None
    return SealFacts(signer.valid_until, signer.is_test)


def announced(days_left: int) -> int:
    """The announcement that fits.

    >>> [announced(days) for days in (91, 90, 30, 7, -1)]
    [0, 90, 30, 7, 7]
    """
    return min((days for days in ANNOUNCED_DAYS if days_left <= days), default=0)


def signer_of(settings: Settings) -> PdfSigner:
    """Open the seal of the organisation; in a demonstration without one, the test seal of this installation.

    Raises:
        SigningError: there is no seal, or it cannot be opened.
    """
    if settings.token is not None:
        token = settings.token
        return TokenSigner.open(token.module, token.token, token.key, token.pin_file, roots_of(settings))
    if settings.seal_file is not None:
        if settings.seal_passphrase_file is None:
            raise SigningError(
                "no passphrase for the seal is configured: set ETHIEK_SEAL_PASSPHRASE_FILE", "settings"
            )
        return Pkcs12Signer.from_files(settings.seal_file, settings.seal_passphrase_file)
    if settings.demo:
        return Pkcs12Signer.of_test_pki(ensure_test_pki(_test_pki(settings)))
    raise SigningError(
        "no seal is configured: set ETHIEK_SEAL_FILE and ETHIEK_SEAL_PASSPHRASE_FILE", "settings"
    )


def stamping_of(settings: Settings, signer: PdfSigner) -> Stamping:
    """Return the level of this installation, with the authority and the trust that it needs.

    Raises:
        SigningError: a file with certificates or revocation lists cannot be read.
    """
    proof = settings.proof
    stamp_roots = (*files_in(proof.tsa_roots, *CERTIFICATES), *roots_of(settings))
    test = _test_pki(settings) if signer.is_test and settings.demo else None
    lists = (*files_in(proof.crl_folder, *LISTS), *_lists_of(test))
    trust = Trust((*stamp_roots, *anchors(signer.issuers)), lists, fetch=proof.crl_folder is None)
    level = Level(proof.level) if proof.level else _highest(bool(proof.tsa_url), bool(stamp_roots))
    authority = None
    if proof.tsa_url:
        authority = TimeStampAuthority(proof.tsa_url, trust if stamp_roots else None, proof=level.keeps_proof)
    return Stamping(level, authority if level.stamps else None, trust)


def trusted_by(settings: Settings, signer: PdfSigner) -> tuple[bytes, ...]:
    """Return the certificates with which a report that is sealed here can be checked."""
    stamps = files_in(settings.proof.tsa_roots, *CERTIFICATES)
    return (*anchors(signer.issuers), *stamps, *roots_of(settings), *person_roots_of(settings))


def evidence_of(settings: Settings) -> Evidence:
    """What this installation checks files with that somebody brings; a demonstration trusts its own test seal too.

    Raises:
        SigningError: a file with certificates or revocation lists cannot be read.
    """
    test = TestPki(_test_pki(settings))
    is_test = settings.demo and test.root.is_file()
    return Evidence(
        (
            *roots_of(settings),
            *files_in(settings.proof.tsa_roots, *CERTIFICATES),
            *files_in(test.root if is_test else None),
        ),
        (*files_in(settings.proof.crl_folder, *LISTS), *_lists_of(test.folder if is_test else None)),
    )


def roots_of(settings: Settings) -> tuple[bytes, ...]:
    """Return the certificates of the parties that are trusted to issue seals."""
    return files_in(settings.trust_roots, *CERTIFICATES)


def person_roots_of(settings: Settings) -> tuple[bytes, ...]:
    """Return the certificates of the parties that are trusted to issue certificates of persons.

    A demonstration trusts its own test certificates.
    """
    if settings.person_roots is not None:
        return files_in(settings.person_roots, *CERTIFICATES)
    test = TestPki(_test_pki(settings))
    if _is_test(settings, test):
        return (*roots_of(settings), test.root.read_bytes())
    return roots_of(settings)


def closing_of(settings: Settings, signer: PdfSigner) -> Stamping:
    """Return how a report is closed that persons signed: as it was sealed, with trust in their issuers too.

    Raises:
        SigningError: as :func:`stamping_of`.
    """
    stamping = stamping_of(settings, signer)
    if stamping.trust is None:
        return stamping
    roots = (*stamping.trust.roots, *person_roots_of(settings))
    return replace(stamping, trust=replace(stamping.trust, roots=roots))


def personal_stamping_of(settings: Settings) -> Stamping:
    """Return the level at which persons sign. The seal of the organisation is not opened for it.

    Raises:
        SigningError: as :func:`stamping_of`.
    """
    proof = settings.proof
    stamp_roots = (*files_in(proof.tsa_roots, *CERTIFICATES), *roots_of(settings))
    level = Level(proof.level) if proof.level else _highest(bool(proof.tsa_url), bool(stamp_roots))
    test = TestPki(_test_pki(settings))
    lists = (
        *files_in(proof.crl_folder, *LISTS),
        *_lists_of(test.folder if _is_test(settings, test) else None),
    )
    trust = Trust((*person_roots_of(settings), *stamp_roots), lists, fetch=proof.crl_folder is None)
    authority = TimeStampAuthority(proof.tsa_url, trust if stamp_roots else None, proof=level.keeps_proof)
    return Stamping(level, authority if level.stamps else None, trust, persons=True)


def _is_test(settings: Settings, test: TestPki) -> bool:
    return settings.demo and test.root.is_file()


def _highest(has_authority: bool, knows_its_roots: bool) -> Level:  # noqa: FBT001
    if not has_authority:
        return Level.B_B
    return Level.B_LTA if knows_its_roots else Level.B_T


def _test_pki(settings: Settings) -> Path:
    return settings.instance / "pki"


def _lists_of(folder: Path | None) -> tuple[bytes, ...]:
    if folder is None:
        return ()
    return tuple(path.read_bytes() for path in TestPki(folder).crls)
