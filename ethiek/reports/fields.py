"""The signature fields of a report. They are made before the first signature, so that they can be tagged."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class SignatureField:
    """An empty signature field; ``tooltip`` is what assistive technology reads."""

    name: str
    tooltip: str


SEAL: Final = SignatureField("Seal", "Elektronisch zegel van de organisatie")
APPROVALS: Final[Mapping[str, SignatureField]] = {
    "chair": SignatureField("ApprovalChair", "Persoonlijke handtekening van de voorzitter"),
    "secretary": SignatureField("ApprovalSecretary", "Persoonlijke handtekening van de secretaris"),
}
"""Room for the signature of a person: role -> field, in the order in which they sign."""
APPROVAL_NAMES: Final = tuple(field.name for field in APPROVALS.values())
TIMESTAMPS: Final = tuple(
    SignatureField(f"ArchiveTimestamp{number}", f"Tijdstempel {number} van het archief")
    for number in (1, 2, 3)
)
"""Room for the time stamp of the sealing and for two renewals, in the order in which they are filled."""


def fields_of(*, time_stamps: bool, signatures: Collection[str] = ()) -> tuple[SignatureField, ...]:
    """The fields to make: the seal, those of the persons who will sign, and room for time stamps.

    Args:
        signatures: names of all fields that will be filled.

    >>> [field.name for field in fields_of(time_stamps=True, signatures=["Seal", "ApprovalSecretary"])]
    ['Seal', 'ApprovalSecretary', 'ArchiveTimestamp1', 'ArchiveTimestamp2', 'ArchiveTimestamp3']
    """
    persons = tuple(field for field in APPROVALS.values() if field.name in signatures)
    return (SEAL, *persons, *TIMESTAMPS) if time_stamps else (SEAL, *persons)
