"""A report that chair and secretary signed behind the seal, at each level, and what may be wrong with one."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko.sign.fields import SigSeedSubFilter

from ethiek.reports.authority import TimeStampAuthority
from ethiek.reports.issuers import Trust
from ethiek.reports.levels import Level
from ethiek.reports.render import render
from ethiek.reports.sealing import CertificateSigner
from ethiek.reports.sign import Pkcs12Signer
from ethiek.reports.stamping import Stamping
from tests.authorities import PASSPHRASE, Authorities, Issued
from tests.unit.reports.sources import a_source

CHAIR, SECRETARY = "ApprovalChair", "ApprovalSecretary"
BOTH = ("chair", "secretary")


@dataclass
class Signing:
    """An organisation with its seal, Chris and Sem, and reports at one level."""

    authorities: Authorities
    level: Level

    def __post_init__(self) -> None:
        self.seal = self.signer("Zegel van de provincie")
        self.chris, self.sem = self.signer("Chris"), self.signer("Sem")

    def signer(self, name: str) -> Pkcs12Signer:
        return signer_of(self.authorities, self.authorities.a_seal(name))

    @property
    def stamping(self) -> Stamping:
        trust = Trust((self.authorities.root.pem,))
        proof = self.level.keeps_proof
        authority = TimeStampAuthority(self.authorities.tsa_url, trust, proof=proof)
        return Stamping(self.level, authority if self.level.stamps else None, trust, persons=True)

    def unsigned(self, *roles: str) -> bytes:
        says: dict[str, object] = {
            "signatures": list(self.level.signatures_with(roles)),
            "level": self.level.value,
        }
        return render(a_source(approvals=says, test_seal=False, time_stamps=self.level.stamps))

    @cached_property
    def sealed(self) -> bytes:
        return self.seal.seal(
            self.unsigned(*BOTH), reason="Advies", at=self.authorities.now, stamping=self.stamping
        )

    def approved(
        self, pdf: bytes, field: str, by: CertificateSigner, stamping: Stamping | None = None
    ) -> bytes:
        at = self.authorities.now
        return by.approve(pdf, field, reason="Goedgekeurd", at=at, stamping=stamping or self.stamping)

    @cached_property
    def by_chair(self) -> bytes:
        return self.approved(self.sealed, CHAIR, self.chris)

    @cached_property
    def by_both(self) -> bytes:
        return self.approved(self.by_chair, SECRETARY, self.sem)

    @cached_property
    def closed(self) -> bytes:
        return self.stamping.close(self.by_both)

    def with_chair(self, by: CertificateSigner, change: Callable[[bytes], bytes] = bytes) -> bytes:
        """Signed by somebody as chair, changed, and then by Sem, without a look at who that was."""
        carelessly = replace(self.stamping, trust=None)
        first = change(self.approved(self.sealed, CHAIR, by, carelessly))
        return self.approved(first, SECRETARY, self.sem, carelessly)


def signer_of(authorities: Authorities, issued: Issued) -> Pkcs12Signer:
    return Pkcs12Signer(authorities.bundle(issued), PASSPHRASE)


def signed_by_others(pdf: bytes, field: str, bundle: bytes, *, own_field: bool = False) -> bytes:
    """A signature by pyHanko itself, as a tool of somebody's own sets it."""
    signer = signers.SimpleSigner.load_pkcs12_data(bundle, [], PASSPHRASE.encode())
    assert signer is not None
    metadata = signers.PdfSignatureMetadata(
        field_name=field, subfilter=SigSeedSubFilter.PADES, md_algorithm="sha256"
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    output = signers.sign_pdf(writer, metadata, signer, existing_fields_only=not own_field)
    return bytes(output.getvalue())
