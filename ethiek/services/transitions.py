"""The only place where a status changes: one step, with its event, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Set

from sqlalchemy.orm import Session

from ethiek.domain.actors import Role, Stamp
from ethiek.domain.workflow import Action, Facts, next_status
from ethiek.errors import ConcurrentEditError
from ethiek.models.dossiers import Dossier
from ethiek.services import audit


def transition(
    session: Session,
    dossier: Dossier,
    action: Action,
    roles: Set[Role],
    facts: Facts,
    stamp: Stamp,
    details: Mapping[str, str | int | None] | None = None,
) -> None:
    """Take one step and write it in the audit trail; call this last in a use case.

    Raises:
        TransitionNotAllowedError, PermissionDeniedError, GuardFailedError: see ``domain.workflow.next_status``.
        ConcurrentEditError: the dossier is no longer the one on the actor's screen.
    """
    source = dossier.status
    target = next_status(source, action, roles, facts)
    check_seen(dossier, stamp)
    dossier.status = target
    session.flush()
    audit.record(
        session,
        stamp,
        action,
        audit.Subject("dossier", str(dossier.id)),
        details={"from": source, "to": target, "round": dossier.round, **(details or {})},
    )


def check_seen(dossier: Dossier, stamp: Stamp) -> None:
    """Pass if the actor looked at the present revision.

    Raises:
        ConcurrentEditError: somebody changed the dossier in between.
    """
    if stamp.seen is not None and dossier.revision != stamp.seen:
        raise ConcurrentEditError(dossier.id)
