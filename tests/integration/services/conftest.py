from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ethiek.domain.actors import Stamp
from ethiek.models.audit import AuditEvent
from tests import builders
from tests.builders import World

By = Callable[..., Stamp]
Events = Callable[[], list[tuple[str, str]]]


@pytest.fixture
def world(session: Session) -> World:
    return builders.a_world(session)


@pytest.fixture
def by(session: Session, world: World) -> By:
    """Gives the stamp of a change by somebody; ``seen`` is the revision on the screen."""

    def stamp(name: str, seen: int | None = None) -> Stamp:
        return world.stamp(session, name, seen=seen)

    return stamp


@pytest.fixture
def new_events(session: Session) -> Events:
    """Gives action and result of every event since it was last asked."""
    seen = 0

    def since() -> list[tuple[str, str]]:
        nonlocal seen
        session.flush()
        rows = session.execute(
            select(AuditEvent.seq, AuditEvent.action, AuditEvent.result)
            .where(AuditEvent.seq > seen)
            .order_by(AuditEvent.seq)
        ).all()
        seen = max((row.seq for row in rows), default=seen)
        return [(row.action, row.result) for row in rows]

    return since
