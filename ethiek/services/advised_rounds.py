"""The rounds of a dossier as an advice tells them: when, with which checksum, and what changed since the one before."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from ethiek.models.base import canonical_moment
from ethiek.models.dossiers import Snapshot
from ethiek.services.access import Access
from ethiek.services.comparison import ChangeKind, Difference, differences
from ethiek.services.versions import Travel, travel_of

KIND: Final = {ChangeKind.NEW: "added", ChangeKind.CHANGED: "changed", ChangeKind.VANISHED: "removed"}
"""As it stands in the advice."""


def rounds_of(session: Session, access: Access) -> list[dict[str, Any]]:
    """Return every round that was handed in; all but the first with what changed since the round before.

    A change stands where its question stands in the present round; what has no such place brings its words along.
    """
    query = select(Snapshot).where(Snapshot.dossier_id == access.dossier.id).order_by(Snapshot.round)
    snapshots = session.scalars(query).all()
    if len(snapshots) == 1:
        return [_round(snapshots[0])]
    travel = travel_of(session, access.dossier, access.questionnaire_sha256)
    found = differences(session, snapshots, travel)
    last = snapshots[-1].round
    changes = {number: [_change(one, travel, last) for one in rows] for number, rows in found.items()}
    first, *later = snapshots
    return [_round(first), *(_round(row) | {"changes": changes[row.round]} for row in later)]


def _round(row: Snapshot) -> dict[str, Any]:
    return {"round": row.round, "submitted_at": canonical_moment(row.submitted_at), "sha256": row.sha256}


def _change(found: Difference, travel: Travel, last: int) -> dict[str, str]:
    asked = found.asked
    if slot := travel.follow(asked.slot, found.number, last):
        return {"question": slot.question, "item": slot.item, "kind": KIND[found.kind]}
    text = f"{asked.question.number} {asked.question.text}".strip()
    named = f"{text} ({asked.item_label})" if asked.item_label else text
    return {"question": "", "item": "", "kind": KIND[found.kind], "text": named}
