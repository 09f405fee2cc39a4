"""Members of the advice that are only there when there is something to tell, so that others keep their bytes."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from ethiek.domain.actors import Stamp
from ethiek.domain.advice import AdviceInput
from ethiek.models.base import canonical_moment
from ethiek.models.dossiers import Dossier
from ethiek.services import meetings, recusals


def optional_facts(session: Session, dossier: Dossier, given: AdviceInput, stamp: Stamp) -> dict[str, Any]:
    """Return who withdrew from the dossier, as ``recusals``, and the committee's ``meeting``.

    Raises:
        InputError: the meeting cannot be as it was filled in.
    """
    members = {
        "recusals": _recusals(session, dossier),
        "meeting": meetings.meeting_json(session, dossier, given.meeting, stamp),
    }
    return {name: value for name, value in members.items() if value}


def _recusals(session: Session, dossier: Dossier) -> list[dict[str, str]]:
    return [
        {
            "by": row.user.name,
            "role": row.role.value,
            "reason": row.reason,
            "at": canonical_moment(row.at),
        }
        for row in recusals.of_dossier(session, dossier.id)
    ]
