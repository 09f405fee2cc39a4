"""The advice of a dossier as one actor may read it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from ethiek.domain.actors import COMMITTEE_ROLES, Role, Stamp
from ethiek.domain.permissions import Permission
from ethiek.domain.recusals import Shortage
from ethiek.domain.signing import PersonalSigning
from ethiek.domain.workflow import ENDED, Status
from ethiek.models.advice import Advice
from ethiek.models.reviews import RecusalEvent, Review
from ethiek.services import recusals, reviews
from ethiek.services.access import Access, open_dossier
from ethiek.services.advice import approvable_roles, present_advice
from ethiek.services.meetings import Attendee, Meeting, attendees, meeting_in


@dataclass(frozen=True, slots=True)
class AdviceSheet:
    """The advice of a dossier as one actor may read it: the team reads nothing of it before it is signed."""

    access: Access
    reviews: Sequence[Review]
    """The members' verdicts on the present round; of the committee only."""
    advice: Advice | None
    round: int
    """The round that the advice (or, before it, the committee's work) is about."""
    snapshot_sha256: str
    approvable: tuple[Role, ...]
    """In which roles the actor can still approve."""
    recused: Sequence[RecusalEvent] = ()
    """Who withdrew from the dossier; for the committee."""
    shortage: Shortage | None = None
    """Who is missing to finish it; for the committee."""
    meeting: Meeting | None = None
    """What the advice says of the committee's meeting."""
    attendees: Sequence[Attendee] = ()
    """Who can have been at it; for a chair who is going to adopt the advice."""

    @property
    def may_sign(self) -> bool:
        """Whether the actor can choose to sign the report with a certificate of their own."""
        return not self.must_sign and any(self._rule.may(role) for role in self.approvable[:1])

    @property
    def must_sign(self) -> bool:
        """Whether the actor, when approving now, has to sign the report with a certificate of their own."""
        return any(self._rule.must(role) for role in self.approvable[:1])

    @property
    def _rule(self) -> PersonalSigning:
        return self.access.dossier.committee.personal_signing

    @property
    def quorum_reached(self) -> bool:
        """Enough members recorded a verdict."""
        return len(self.reviews) >= max(self.access.dossier.committee.quorum, 1)


def of(session: Session, dossier_id: UUID, permission: Permission, stamp: Stamp) -> AdviceSheet:
    """Return the advice of a dossier, as far as this actor may read it now."""
    access = open_dossier(session, dossier_id, stamp.actor, permission)
    dossier = access.dossier
    judges = bool(access.roles & COMMITTEE_ROLES)
    advice = present_advice(session, dossier_id) if judges or dossier.status is Status.ARCHIVED else None
    content: dict[str, Any] = (
        json.loads(advice.content) if advice else {"round": dossier.round, "snapshot_sha256": ""}
    )
    return AdviceSheet(
        access,
        reviews.of_round(session, dossier_id, dossier.round) if judges else (),
        advice,
        content["round"],
        content["snapshot_sha256"],
        approvable_roles(access.roles, advice.approvals, stamp.actor.user_id) if advice else (),
        recusals.of_dossier(session, dossier_id) if judges else (),
        recusals.shortage_in(session, dossier) if judges and dossier.status not in ENDED else None,
        meeting_in(content),
        attendees(session, dossier) if permission is Permission.ADVICE_ADOPT else (),
    )
