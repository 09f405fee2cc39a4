"""Which signed reports need a new time stamp before their proof ends, and how they get it."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields

from ethiek.errors import SigningError
from ethiek.reports.expected import STAMP_FIELD
from ethiek.reports.fields import TIMESTAMPS
from ethiek.reports.issuers import checked_path
from ethiek.reports.stamping import STAMPS, Proof, Stamping, stamped

OUTDATED: Final = frozenset({"md5", "sha1"})
"""Digests that no longer prove anything; add to this list in time (SOG-IS, Agreed Cryptographic Mechanisms)."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How the newest proof in a report stands.

    ``ends``: of the certificate on which everything rests. ``outdated``: its digest no longer counts.
    ``field``: the next one for a time stamp, whether or not it is there already; empty after the 99th.
    ``stampable``: it has such fields; a report of level B-B has none, and keeps the proof that it has.
    """

    ends: datetime
    outdated: bool
    field: str
    stampable: bool

    def why_due(self, by: datetime) -> str:
        """Why a new time stamp is needed: "ends", "algorithm", or empty if it is not."""
        if not self.stampable:
            return ""
        if self.outdated:
            return "algorithm"
        return "ends" if self.ends < by else ""


def standing_of(pdf: bytes) -> Standing:
    """Read how a report of the archive stands.

    Raises:
        SigningError: it carries no signature.
    """
    reader = PdfFileReader(io.BytesIO(pdf))
    filled = {name: value is not None for name, value, _ in enumerate_sig_fields(reader)}
    newest = _newest(reader)
    return Standing(
        newest.signer_cert.not_valid_after,
        newest.signer_info["digest_algorithm"]["algorithm"].native in OUTDATED,
        _next_field(filled),
        any(field.name in filled for field in TIMESTAMPS),
    )


def _next_field(filled: Mapping[str, bool]) -> str:
    """Behind the last one that is filled."""
    numbers = [int(found[1]) for name in filled if filled[name] and (found := STAMP_FIELD.fullmatch(name))]
    name = f"{STAMPS}{max(numbers, default=0) + 1}"
    return name if STAMP_FIELD.fullmatch(name) else ""


def renewed(pdf: bytes, field: str, stamping: Stamping) -> bytes:
    """Put one time stamp more over everything, with fresh data about the one before it.

    The first three fields for it were made with the report; further ones are made here.

    Raises:
        SigningError: there is no authority, or no time stamp.
    """
    if stamping.authority is None or stamping.trust is None:
        raise SigningError("no time stamp authority is configured: set ETHIEK_TSA_URL", "settings")
    newest = _newest(PdfFileReader(io.BytesIO(pdf)))
    context = stamping.trust.context(proof=True)
    path = asyncio.run(checked_path(newest.signer_cert, newest.other_embedded_certs, context))
    return stamped(pdf, field, stamping.authority, Proof(context, [path]))


def _newest(reader: PdfFileReader) -> Any:
    """The last time stamp over the document, or else the seal."""
    if not reader.embedded_signatures:
        raise SigningError("the report carries no signature", "unsigned")
    return reader.embedded_signatures[-1]
