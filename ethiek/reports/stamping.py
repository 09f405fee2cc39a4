"""What makes a seal last: time stamps, and the data with which everything can be checked later."""

from __future__ import annotations

import asyncio
import io
from dataclasses import dataclass, replace
from typing import Any, Final

from pyhanko.pdf_utils.generic import ArrayObject, NameObject, NumberObject, TextStringObject
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import SigFieldSpec, append_signature_field, enumerate_sig_fields
from pyhanko.sign.general import SigningError as PyHankoSigningError
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper, TimestampDSSContentSettings
from pyhanko.sign.validation import DocumentSecurityStore
from pyhanko_certvalidator.errors import PathBuildingError, ValidationError

from ethiek.errors import SigningError
from ethiek.reports.authority import TimeStampAuthority
from ethiek.reports.fields import TIMESTAMPS
from ethiek.reports.issuers import Trust, checked_path
from ethiek.reports.levels import Level
from ethiek.reports.writing import UntouchedMetadata

DIGEST: Final = "sha256"
INSIDE: Final = TimestampDSSContentSettings(include_vri=False, update_before_ts=True)
"""The security store is written before the time stamp, so that the stamp covers the whole file."""

BESIDE: Final = (-10, -10, -10, -10)
"""Where a field is that was made later, in points: no page reaches there."""
STAMPS: Final = "ArchiveTimestamp"


@dataclass(frozen=True, slots=True)
class Stamping:
    """How reports are sealed here.

    ``trust``: for our own certificate and for that of the authority; None: neither is looked up. ``persons``: they
    sign behind the seal, so that it allows that, and the time stamp over everything comes later (``close``).
    """

    level: Level = Level.B_B
    authority: TimeStampAuthority | None = None
    trust: Trust | None = None
    persons: bool = False

    @property
    def makes_room(self) -> bool:
        """Whether reports get fields for time stamps, now or at a renewal."""
        return self.authority is not None

    def begin(self, certificate: Any, chain: list[Any]) -> Proof | None:
        """Check the certificate that is about to seal, and collect what proves it.

        Raises:
            SigningError: it may not be used now.
        """
        if self.trust is None:
            return None
        context = self.trust.context(proof=self.level.keeps_proof)
        return Proof(context, [asyncio.run(checked_path(certificate, chain, context))])

    def before_sealing(self, writer: UntouchedMetadata, proof: Proof | None) -> None:
        """At B-LT the data go in before the seal, so that it covers them; at B-LTA the time stamp does."""
        if self.level is Level.B_LT and self.authority is not None and proof is not None:
            asyncio.run(_add_paths(self.authority, proof))
            _store(writer, proof)

    def after_sealing(self, pdf: bytes, proof: Proof | None) -> bytes:
        """At B-LTA, the time stamp over everything."""
        if self.persons or self.level is not Level.B_LTA or self.authority is None or proof is None:
            return pdf
        return stamped(pdf, TIMESTAMPS[0].name, self.authority, proof)

    def close(self, pdf: bytes) -> bytes:
        """Once all persons have signed: look at every certificate again, and at B-LTA stamp the time over everything.

        Raises:
            SigningError: a certificate may not be used now, or there is no time stamp.
        """
        if self.trust is None:
            return pdf
        context = self.trust.context(proof=self.level.keeps_proof)
        signatures = PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures
        paths = [
            asyncio.run(checked_path(one.signer_cert, one.other_embedded_certs, context))
            for one in signatures
        ]
        return replace(self, persons=False).after_sealing(pdf, Proof(context, paths))


@dataclass(frozen=True, slots=True)
class Proof:
    """Certificates and revocation data that were found, and the paths that they prove."""

    context: Any
    paths: list[Any]


def stamped(pdf: bytes, field: str, authority: TimeStampAuthority, proof: Proof) -> bytes:
    """Put a document time stamp in an empty field, and the data for it in the security store before that.

    Args:
        field: its name; if there is no such field, one is made.

    Raises:
        SigningError: there is no time stamp.
    """
    stamper = PdfTimeStamper(authority, field_name=field)
    try:
        writer = UntouchedMetadata(io.BytesIO(pdf))
        if field not in {name for name, _, _ in enumerate_sig_fields(writer.prev)}:
            _add_field(writer, field)
        output = stamper.timestamp_pdf(
            writer,
            DIGEST,
            proof.context,
            validation_paths=list(proof.paths),
            dss_settings=INSIDE,
        )
    except (PdfError, PyHankoSigningError, ValidationError, PathBuildingError) as error:
        raise SigningError(f"the report cannot be time-stamped: {error}", "tsa_untrusted") from error
    return bytes(output.getvalue())


def _add_field(writer: UntouchedMetadata, name: str) -> None:
    """Make one field more, beside the page: there it needs no place in the structure (ISO 14289-1, 7.18.4).

    To tag it would change the structure of the sealed document, which the seal forbids.
    """
    append_signature_field(writer, SigFieldSpec(name, on_page=-1))
    field = writer.root["/AcroForm"]["/Fields"][-1]
    field[NameObject("/Rect")] = ArrayObject(NumberObject(place) for place in BESIDE)  # type: ignore[no-untyped-call]
    field[NameObject("/TU")] = TextStringObject(f"Tijdstempel {name.removeprefix(STAMPS)} van het archief")


async def _add_paths(authority: TimeStampAuthority, proof: Proof) -> None:
    found = authority.validation_paths(proof.context)  # type: ignore[no-untyped-call]
    async for path in found:
        proof.paths.append(path)


def _store(writer: UntouchedMetadata, proof: Proof) -> None:
    DocumentSecurityStore.supply_dss_in_writer(
        writer, None, paths=proof.paths, validation_context=proof.context
    )
