"""The signatures in a report as facts: what each covers, whether it holds, and at which moment it was there.

They are judged from the last to the first. A time stamp that is trusted proves that all before it existed at its
moment; so a certificate that ended later, or was revoked later, was still good then.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, Final

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import (
    SignatureCoverageLevel,
    validate_pdf_signature,
    validate_pdf_timestamp,
)
from pyhanko_certvalidator import ValidationContext

from .personal import kind_of
from .plain_form import (
    is_plain_seal,
    is_plain_stamp,
    is_stamp,
    is_where_it_says,
    leaves_out_only_itself,
    signed_end,
    stamp_issuers,
)
from .standing import Evidence, evidence_of, standing_of_seal, standing_of_stamp

CHANGES: Final = {
    ModificationLevel.NONE: "none",
    ModificationLevel.LTA_UPDATES: "stamped",
    ModificationLevel.FORM_FILLING: "signed",
}
"""What came after a signature; anything else is "changed", and behind a broken one it is not looked into."""
CERTIFIES: Final = {MDPPerm.NO_CHANGES: "all", MDPPerm.FILL_FORMS: "but signatures"}
"""What a signature forbids to change, as it says itself."""

Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Known:
    """What was proven by the time stamps behind a signature. ``at``: the moment to judge it by."""

    at: datetime
    proven: bool = False


def signatures_in(
    pdf: bytes, roots: Sequence[Any], crls: Sequence[Any] = (), *, now: datetime | None = None
) -> list[Facts]:
    """The facts about each signature, in the order in which they were set.

    Args:
        now: the moment at which the newest certificate has to be valid; without it, this moment.

    Raises:
        ValueError: the file is encrypted.
        Exception: of any kind, for a file that is not what it should be.
    """
    reader = PdfFileReader(io.BytesIO(pdf))
    if reader.encrypted:
        raise ValueError("encrypted")
    evidence = evidence_of(reader, roots, crls)
    known, found = _Known(now or datetime.now(UTC)), []
    for signature in reversed(reader.embedded_signatures):
        facts, known = _facts(pdf, signature, evidence, known)
        found.append(facts)
    return found[::-1]


def _facts(pdf: bytes, signature: Any, evidence: Evidence, known: _Known) -> tuple[Facts, _Known]:
    if not is_where_it_says(pdf, signature):
        return _displaced(signature), known
    return (_stamp if is_stamp(signature) else _seal)(pdf, signature, evidence, known)


def _displaced(signature: Any) -> Facts:
    """The file was written anew around this signature, so that it no longer says anything about it."""
    nothing = {
        "intact": False,
        "whole": False,
        "at_end": False,
        "end": 0,
        "changes": "changed",
        "kept": False,
    }
    return {
        **_names(signature), **nothing,
        "at": _in_utc(signature.self_reported_timestamp), "proven_at": "", "certifies": "",
        "trusted": False, "why": "broken", "stamp": None, "displaced": True,
    }  # fmt: skip


def _seal(pdf: bytes, signature: Any, evidence: Evidence, known: _Known) -> tuple[Facts, _Known]:
    status: Any = validate_pdf_signature(signature, _blind(evidence), skip_diff=True)
    intact = bool(status.intact and status.valid) and is_plain_seal(signature)
    stamp = _signature_stamp(signature, status.timestamp_validity, evidence, known)
    if stamp and not stamp["why"]:
        known = _Known(status.timestamp_validity.timestamp, proven=True)
    standing = standing_of_seal(signature.signer_cert, signature.other_embedded_certs, evidence, known.at)
    facts = {
        **_names(signature),
        **_coverage(pdf, signature, status, intact=intact),
        "at": _in_utc(status.signer_reported_dt),
        "proven_at": _in_utc(known.at) if known.proven else "",
        "intact": intact,
        "certifies": CERTIFIES.get(signature.docmdp_level, ""),
        "trusted": standing.trusted,
        "why": standing.why,
        "kept": standing.kept and (stamp is None or stamp["kept"]),
        "stamp": stamp,
    }
    return facts, known


def _stamp(pdf: bytes, signature: Any, evidence: Evidence, known: _Known) -> tuple[Facts, _Known]:
    status = validate_pdf_timestamp(signature, _blind(evidence), skip_diff=True)
    standing = standing_of_stamp(signature.signer_cert, signature.other_embedded_certs, evidence, known.at)
    intact = bool(status.intact and status.valid) and is_plain_stamp(signature)
    at = _in_utc(status.timestamp)
    facts = {
        **_names(signature),
        **_coverage(pdf, signature, status, intact=intact),
        "at": at,
        "proven_at": at if intact and standing.trusted else "",
        "intact": intact,
        "certifies": "",
        "trusted": standing.trusted,
        "why": standing.why,
        "kept": standing.kept,
        "stamp": None,
    }
    return facts, _Known(status.timestamp, proven=True) if facts["proven_at"] else known


def _signature_stamp(signature: Any, status: Any, evidence: Evidence, known: _Known) -> Facts | None:
    """The time stamp inside a seal (level B-T), if it has one; its issuers come with it."""
    if status is None:
        return None
    standing = standing_of_stamp(status.signing_cert, stamp_issuers(signature), evidence, known.at)
    sound = bool(status.intact and status.valid)
    return {
        "subject": common_name(status.signing_cert.subject),
        "at": _in_utc(status.timestamp),
        "why": standing.why if sound else "broken",
        "kept": standing.kept,
    }


def _names(signature: Any) -> Facts:
    return {
        "field": str(signature.field_name),
        "kind": kind_of(str(signature.field_name), is_stamp=is_stamp(signature)),
        "subject": common_name(signature.signer_cert.subject),
        "certificate": sha256(signature.signer_cert.dump()).hexdigest(),
        "revision": int(signature.signed_revision),
        "displaced": False,
    }


def _coverage(pdf: bytes, signature: Any, status: Any, *, intact: bool) -> Facts:
    """``whole``: the signed bytes are a whole revision, and the last one's are the whole file."""
    covers = status.coverage in (SignatureCoverageLevel.ENTIRE_REVISION, SignatureCoverageLevel.ENTIRE_FILE)
    return {
        "whole": covers and leaves_out_only_itself(pdf, signature),
        "at_end": signed_end(signature) == len(pdf),
        "end": signed_end(signature),
        "changes": _changes(signature) if intact else "unknown",
    }


def _changes(signature: Any) -> str:
    """What came after the signature; most of the time of a check goes into this."""
    signature.compute_integrity_info()
    if signature.diff_result is None:
        return "none" if signature.coverage == SignatureCoverageLevel.ENTIRE_FILE else "changed"
    if signature.summarise_integrity_info()["docmdp_ok"] is False:
        return "changed"
    level = getattr(signature.diff_result, "modification_level", ModificationLevel.OTHER)
    return CHANGES.get(level, "changed")


def _blind(evidence: Evidence) -> ValidationContext:
    """Trust is judged apart, at its own moment; here the library only needs somewhere to look."""
    return ValidationContext(
        trust_roots=list(evidence.roots), other_certs=list(evidence.certificates), allow_fetching=False
    )


def common_name(subject: Any) -> str:
    """The name of a person or organisation in a certificate."""
    return str(subject.native.get("common_name") or subject.human_friendly)


def _in_utc(moment: datetime | None) -> str:
    """ISO 8601 with a Z; empty when the signature names no time, or none with a time zone."""
    if moment is None or moment.tzinfo is None:
        return ""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
