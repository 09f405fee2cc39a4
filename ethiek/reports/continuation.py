"""Whether a file is the one that was given out, with exactly one signature of a person behind it."""

from __future__ import annotations

import io
from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Final

import pikepdf
from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader

from ethiek.errors import SigningError
from ethiek.reports.gate import breaches, in_words
from ethiek.reports.levels import Level
from ethiek.reports.plain_form import stamps_inside
from ethiek.reports.signatures import common_name
from ethiek.reports.source import digest
from ethiek.reports.verification import Verification
from ethiek.reports.verify import verify

UNFINISHED: Final = frozenset({"signatures"})
"""The check that cannot hold before the last signature is in."""
OF_BEFORE: Final = frozenset({"trusted"})
"""What is not about the new signature: the seal was checked when it was set, and these are its bytes."""
LARGEST_SIGNATURE: Final = 2**20
"""Bytes behind the file that was given out; a signature with all its proof has 40,000."""


@dataclass(frozen=True, slots=True)
class PersonalSignature:
    """A file with the signature of a person, and what the certificate says.

    ``certificate``: SHA-256 of it; ``serial``: its number, in decimals.
    """

    content: bytes
    name: str
    certificate: str
    serial: str

    @property
    def sha256(self) -> str:
        """Of the file."""
        return digest(self.content)


def continued(
    before: bytes, after: bytes, fields: Sequence[str], trust: Sequence[bytes], level: Level
) -> PersonalSignature:
    """Read the signature that came behind a file.

    Args:
        before: the file that was given out.
        fields: all that must be filled now, in order; the last one is new.
        trust: certificates of who may have issued time stamps and certificates of persons.

    Raises:
        SigningError: it is another file, or more than this signature was added; ``code`` says which.
    """
    if not after.startswith(before) or not 0 < len(after) - len(before) <= LARGEST_SIGNATURE:
        raise SigningError("this is not the file that was given out", "other_file")
    check_unfinished(after, fields, trust, settled=OF_BEFORE)
    if _metadata(before) != _metadata(after):
        raise SigningError("the signature changes the metadata of the report", "other_changes")
    if found := breaches(after, passed=before):
        raise SigningError(f"with this signature the report does not conform: {in_words(found)}", "breaches")
    reader = PdfFileReader(io.BytesIO(after))
    signature = reader.embedded_signatures[-1]
    if level in {Level.B_T, Level.B_LT} and not stamps_inside(signature.signer_info):
        raise SigningError("the signature has no time stamp", "no_stamp")
    return _described(after, signature.signer_cert)


def check_unfinished(
    pdf: bytes, fields: Sequence[str], trust: Sequence[bytes], *, settled: Set[str] = frozenset()
) -> None:
    """Pass if a file that is not complete yet is in order so far.

    Args:
        settled: checks that hold already, whatever they say here.

    Raises:
        SigningError: names the first check that failed.
    """
    found = verify(pdf, trust, language="en")
    if found.signatures != tuple(fields):
        raise SigningError(f"the report has other signatures than {', '.join(fields)}", _missing(found))
    for failure in found.failures():
        if failure.code not in UNFINISHED | settled:
            raise SigningError(failure.sentence, _code(failure.code, pdf))


def _code(check: str, pdf: bytes) -> str:
    if check != "personal":
        return "other_changes"
    *earlier, last = (one.signer_cert.dump() for one in PdfFileReader(io.BytesIO(pdf)).embedded_signatures)
    return "same_certificate" if last in earlier else "untrusted"


def _missing(found: Verification) -> str:
    return "other_changes" if found.readable else "other_file"


def _metadata(pdf: bytes) -> tuple[bytes, str]:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return bytes(document.Root.Metadata.read_bytes()), str(document.docinfo)


def _described(content: bytes, certificate: x509.Certificate) -> PersonalSignature:
    return PersonalSignature(
        content, common_name(certificate.subject), digest(certificate.dump()), str(certificate.serial_number)
    )
