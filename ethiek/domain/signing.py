"""Whether approvals are also signed by the persons themselves, as a committee decides it."""

from __future__ import annotations

from enum import StrEnum

from ethiek.domain.actors import Role


class PersonalSigning(StrEnum):
    """The rule of a committee. Where one of the two must sign, the other one may."""

    NOBODY = "nobody"
    OPTIONAL = "optional"
    CHAIR = "chair"
    SECRETARY = "secretary"
    BOTH = "both"

    def may(self, role: Role) -> bool:
        """Tell whether somebody who approves in this role may also sign with a certificate of their own.

        >>> PersonalSigning.CHAIR.may(Role.SECRETARY), PersonalSigning.NOBODY.may(Role.CHAIR)
        (True, False)
        """
        return role in {Role.CHAIR, Role.SECRETARY} and self is not PersonalSigning.NOBODY

    def must(self, role: Role) -> bool:
        """Tell whether they have to.

        >>> PersonalSigning.CHAIR.must(Role.SECRETARY), PersonalSigning.BOTH.must(Role.SECRETARY)
        (False, True)
        """
        return self.may(role) and (self is PersonalSigning.BOTH or self.value == role.value)

    def signs(self, role: Role, *, wants: bool) -> bool:
        """Tell whether an approval in this role will be signed."""
        return self.must(role) or (wants and self.may(role))
