"""Members of the advice that are only there when there is something to tell, so that others keep their bytes."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from ethiek.models.base import canonical_moment
from ethiek.models.dossiers import Dossier
from ethiek.services import recusals


def optional_facts(session: Session, dossier: Dossier) -> dict[str, Any]:
    """Return who withdrew from the dossier, as ``recusals``."""
    rows = [
        {"by": row.user.name, "role": row.role.value, "reason": row.reason, "at": canonical_moment(row.at)}
        for row in recusals.of_dossier(session, dossier.id)
    ]
    return {"recusals": rows} if rows else {}
