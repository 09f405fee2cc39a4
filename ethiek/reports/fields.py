"""The signature fields of a report. They are made before the first signature, so that they can be tagged."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final


@dataclass(frozen=True, slots=True)
class SignatureField:
    """An empty signature field; ``tooltip`` is what assistive technology reads, here in Dutch."""

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


ENGLISH: Final[Mapping[str, str]] = {
    "Seal": "Electronic seal of the organisation",
    "ApprovalChair": "Personal signature of the chair",
    "ApprovalSecretary": "Personal signature of the secretary",
    **{f"ArchiveTimestamp{number}": f"Time stamp {number} of the archive" for number in (1, 2, 3)},
}
"""The tooltips in an English report, by the name of the field."""


def said_in(language: str, fields: Iterable[SignatureField]) -> tuple[SignatureField, ...]:
    """The same fields, as assistive technology reads them in a report in this language.

    >>> said_in("en", [SEAL])[0].tooltip, said_in("nl", [SEAL]) == (SEAL,)
    ('Electronic seal of the organisation', True)
    """
    if language != "en":
        return tuple(fields)
    return tuple(replace(field, tooltip=ENGLISH[field.name]) for field in fields)


def fields_of(*, time_stamps: bool, signatures: Collection[str] = ()) -> tuple[SignatureField, ...]:
    """The fields to make: the seal, those of the persons who will sign, and room for time stamps.

    Args:
        signatures: names of all fields that will be filled.

    >>> [field.name for field in fields_of(time_stamps=True, signatures=["Seal", "ApprovalSecretary"])]
    ['Seal', 'ApprovalSecretary', 'ArchiveTimestamp1', 'ArchiveTimestamp2', 'ArchiveTimestamp3']
    """
    persons = tuple(field for field in APPROVALS.values() if field.name in signatures)
    return (SEAL, *persons, *TIMESTAMPS) if time_stamps else (SEAL, *persons)
