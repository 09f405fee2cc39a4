from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from ethiek.models.sessions import WebSession
from ethiek.services import sessions, visitors
from ethiek.services.sessions import StoredSession
from tests.conftest import AT

NOOR, SEM = UUID(int=1), UUID(int=2)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def load(session: Session, session_id: str, at: datetime) -> StoredSession | None:
    visitor = visitors.load(session, session_id, at)
    return visitor.stored if visitor else None


def test_create_keeps_only_the_hash_of_the_id(session: Session) -> None:
    session_id = sessions.create(session, NOOR, '{"a":1}', AT, "Firefox " * 100)

    assert len(session_id) == 43
    assert session.scalars(select(WebSession.id_sha256)).all() == [sessions.hash_of(session_id)]
    assert load(session, session_id, AT) == StoredSession(
        id_sha256=sessions.hash_of(session_id),
        user_id=NOOR,
        data='{"a":1}',
        created_at=AT,
        seen_at=AT,
        expires_at=AT + timedelta(hours=12),
        agent=("Firefox " * 100)[:200],
    )


def test_load_with_anything_else_finds_nothing(session: Session) -> None:
    session_id = sessions.create(session, NOOR, "{}", AT)
    for wrong in ("", "x", sessions.hash_of(session_id), session_id + "x", "\ud800", "\0"):
        assert load(session, wrong, AT) is None


def test_session_ends_after_half_an_hour_without_action(session: Session) -> None:
    session_id = sessions.create(session, NOOR, "{}", AT)
    assert load(session, session_id, AT + minutes(29.9)) is not None
    assert load(session, session_id, AT + minutes(30)) is None


def test_session_ends_after_twelve_hours_of_steady_work(session: Session) -> None:
    session_id = sessions.create(session, NOOR, "{}", AT)
    for step in range(1, 12 * 6):
        assert sessions.touch(session, sessions.hash_of(session_id), AT + minutes(10 * step)) is True
        assert (
            sessions.save(session, sessions.hash_of(session_id), NOOR, "{}", AT + minutes(10 * step)) is True
        )

    assert load(session, session_id, AT + minutes(719)) is not None
    assert load(session, session_id, AT + minutes(720)) is None


def test_rotate_at_sign_in_makes_the_old_id_worthless(session: Session) -> None:
    planted = sessions.create(session, None, '{"csrf":1}', AT, "Firefox")
    later = AT + minutes(20)
    new = sessions.rotate(session, sessions.hash_of(planted), NOOR, '{"csrf":2}', later)

    assert new is not None
    assert load(session, planted, later) is None
    assert load(session, new, later) == StoredSession(
        id_sha256=sessions.hash_of(new),
        user_id=NOOR,
        data='{"csrf":2}',
        created_at=later,
        seen_at=later,
        expires_at=later + timedelta(hours=12),
        agent="Firefox",
    )


def test_rotate_at_step_up_does_not_move_the_end(session: Session) -> None:
    old = sessions.create(session, NOOR, "{}", AT)
    new = sessions.rotate(session, sessions.hash_of(old), NOOR, "{}", AT + minutes(20))
    assert new is not None
    stored = load(session, new, AT + minutes(20))
    assert stored is not None
    assert stored.expires_at == AT + timedelta(hours=12)


def test_ended_session_stays_ended_whatever_comes_after(session: Session) -> None:
    session_id = sessions.create(session, NOOR, "{}", AT)
    key = sessions.hash_of(session_id)
    sessions.end(session, key)

    assert sessions.save(session, key, NOOR, "{}", AT) is False
    assert sessions.touch(session, key, AT) is False
    assert sessions.rotate(session, key, NOOR, "{}", AT) is None
    assert session.scalars(select(WebSession)).all() == []


def test_end_all_ends_every_session_of_one_user(session: Session) -> None:
    own = [sessions.create(session, NOOR, "{}", AT) for _ in range(3)]
    other = sessions.create(session, SEM, "{}", AT)

    assert sessions.end_all(session, NOOR, keep=sessions.hash_of(own[1])) == 2
    assert [load(session, one, AT) is not None for one in [*own, other]] == [
        False,
        True,
        False,
        True,
    ]
    assert sessions.end_all(session, NOOR) == 1
    assert load(session, other, AT) is not None


def test_of_user_lists_valid_sessions_last_seen_first(session: Session) -> None:
    old = sessions.create(session, NOOR, "{}", AT - minutes(31))
    first = sessions.create(session, NOOR, "{}", AT - minutes(10))
    second = sessions.create(session, NOOR, "{}", AT - minutes(5))
    sessions.create(session, SEM, "{}", AT)

    found = [one.id_sha256 for one in sessions.of_user(session, NOOR, AT)]
    assert found == [sessions.hash_of(second), sessions.hash_of(first)]

    sessions.forget_old(session, AT)
    left = set(session.scalars(select(WebSession.id_sha256).where(WebSession.user_id == NOOR)))
    assert left == {sessions.hash_of(second), sessions.hash_of(first)}
    assert load(session, old, AT - minutes(31)) is None
