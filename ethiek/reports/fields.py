"""The signature fields of a report. They are made before the first signature, so that they can be tagged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class SignatureField:
    """An empty signature field; ``tooltip`` is what assistive technology reads."""

    name: str
    tooltip: str


SEAL: Final = SignatureField("Seal", "Elektronisch zegel van de organisatie")
TIMESTAMPS: Final = tuple(
    SignatureField(f"ArchiveTimestamp{number}", f"Tijdstempel {number} van het archief")
    for number in (1, 2, 3)
)
"""Room for the time stamp of the sealing and for two renewals, in the order in which they are filled."""


def fields_of(*, time_stamps: bool) -> tuple[SignatureField, ...]:
    """The fields to make: only the seal, or room for time stamps as well.

    >>> [field.name for field in fields_of(time_stamps=True)]
    ['Seal', 'ArchiveTimestamp1', 'ArchiveTimestamp2', 'ArchiveTimestamp3']
    """
    return (SEAL, *TIMESTAMPS) if time_stamps else (SEAL,)
