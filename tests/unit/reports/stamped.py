"""Reports sealed at a level and a moment, made with pyHanko itself and not with the code under test."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import datetime
from functools import cache

from asn1crypto import cms
from pyhanko.sign import signers
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.signers.pdf_signer import DSSContentSettings, TimestampDSSContentSettings

from ethiek.reports.render import render
from ethiek.reports.sealing import _DatedSigner
from ethiek.reports.writing import UntouchedMetadata
from tests.unit.reports.authority import Authority, Party
from tests.unit.reports.sources import a_source

IN_STAMP = TimestampDSSContentSettings(include_vri=False, update_before_ts=True)
LEVELS = {"B-B": ["Seal"], "B-T": ["Seal"], "B-LTA": ["Seal", "ArchiveTimestamp1"]}


@cache
def unsigned(level: str, *, version: int = 3) -> bytes:
    """A report, rendered once, that says what it will carry as far as this version of the format can."""
    says: dict[str, object] = {
        "format": f"ethiek-approvals/{version}",
        "signatures": LEVELS.get(level, ["Seal"]),
        "level": level.lower(),
    }
    return render(a_source(approvals=says, test_seal=False, time_stamps=True))


def sealed(
    authority: Authority,
    level: str,
    at: datetime,
    *,
    stamper: Party | None = None,
    promised: str = "",
    base: bytes = b"",
) -> bytes:
    """A report of this level. ``promised``: the level that it speaks of itself, if that is another one."""
    metadata = signers.PdfSignatureMetadata(
        field_name="Seal",
        subfilter=SigSeedSubFilter.PADES,
        md_algorithm="sha256",
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )
    if level == "B-LTA":
        metadata = replace(
            metadata,
            embed_validation_info=True,
            validation_context=authority.context(at),
            use_pades_lta=True,
            timestamp_field_name="ArchiveTimestamp1",
            dss_settings=DSSContentSettings(include_vri=False, next_ts_settings=IN_STAMP),
        )
    time_stamper = None if level == "B-B" else authority.time_stamper(at, stamper)
    signer = _DatedSigner(metadata, authority.signer(), time_stamper, at=at)
    writer = UntouchedMetadata(io.BytesIO(base or unsigned(promised or level)))
    return bytes(signer.sign_pdf(writer, existing_fields_only=True).getvalue())


def without_stamp(pdf: bytes) -> bytes:
    """The same with the time stamp taken out of the seal: what the seal signs does not tell."""
    start, end = next(found.span(1) for found in re.finditer(rb"<([0-9A-F]{2000,})>", pdf))
    seal = cms.ContentInfo.load(bytes.fromhex(pdf[start:end].decode()))
    del seal["content"]["signer_infos"][0]["unsigned_attrs"]
    left: bytes = seal.dump(force=True).hex().upper().encode()
    return pdf[:start] + left.ljust(end - start, b"0") + pdf[end:]


def stamped_again(
    pdf: bytes, authority: Authority, at: datetime, stamper: Party, *, checked: bool = True
) -> bytes:
    """A later archive time stamp, as a renewal sets it. ``checked``: with the data about the one before it."""
    again = signers.PdfTimeStamper(authority.time_stamper(at, stamper), field_name="ArchiveTimestamp2")
    output = again.timestamp_pdf(
        UntouchedMetadata(io.BytesIO(pdf)),
        "sha256",
        validation_context=authority.context(at) if checked else None,
        dss_settings=IN_STAMP,
    )
    return bytes(output.getvalue())
