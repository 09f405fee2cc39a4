"""How much proof a signed report carries with it: the baseline levels of PAdES (ETSI EN 319 142-1)."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from ethiek.reports.fields import APPROVALS, SEAL, TIMESTAMPS


class Level(StrEnum):
    """Each level holds what the one before it holds, and more."""

    B_B = "b-b"
    """The seal alone."""
    B_T = "b-t"
    """A time stamp of an authority in the seal: it existed at that time."""
    B_LT = "b-lt"
    """The certificates and revocation data with which it can be checked later."""
    B_LTA = "b-lta"
    """A time stamp over the whole document, revocation data included; it can be renewed."""

    @property
    def stamps(self) -> bool:
        """Whether a time stamp authority is needed."""
        return self is not Level.B_B

    @property
    def keeps_proof(self) -> bool:
        """Whether revocation data must be in the document."""
        return self in {Level.B_LT, Level.B_LTA}

    @property
    def signatures(self) -> tuple[str, ...]:
        """The fields that are filled, in order."""
        return (SEAL.name, TIMESTAMPS[0].name) if self is Level.B_LTA else (SEAL.name,)

    def signatures_with(self, roles: Collection[str]) -> tuple[str, ...]:
        """The same, with those of the persons who sign behind the seal.

        >>> Level.B_LTA.signatures_with({"secretary", "chair"})
        ('Seal', 'ApprovalChair', 'ApprovalSecretary', 'ArchiveTimestamp1')
        """
        seal, *stamps = self.signatures
        return (seal, *(field.name for role, field in APPROVALS.items() if role in roles), *stamps)
