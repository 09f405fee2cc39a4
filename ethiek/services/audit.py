"""The audit trail: one hash chain over all events, appended in the transaction of the event.

``hash = SHA-256(prev_hash + newline + body)``, where ``body`` is canonical JSON kept and hashed as text. A row that
is changed, removed or moved breaks the chain there. Events hold ids, never names, answers or secrets.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import rfc8785
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from ethiek.domain.actors import Actor, Role, Stamp
from ethiek.models.audit import AuditEvent
from ethiek.models.locks import audit_lock

GENESIS: Final = "0" * 64
SYSTEM: Final = "system"
NOBODY: Final = "nobody"
"""Somebody who is not signed in."""

_HEAD: Final = select(AuditEvent.seq, AuditEvent.hash).order_by(AuditEvent.seq.desc()).limit(1)
_APPEND: Final = insert(AuditEvent)


class Result(StrEnum):
    """How an event ended."""

    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Subject:
    """What an event is about: a kind of thing and its id."""

    type: str
    id: str


def record(
    session: Session,
    stamp: Stamp,
    action: str,
    subject: Subject,
    *,
    result: Result = Result.DONE,
    details: Mapping[str, str | int | None] | None = None,
) -> None:
    """Append one event to the chain; the lock is held until the transaction ends, so call this last.

    Args:
        details: facts such as round, revision or a SHA-256; no personal data.
    """
    audit_lock(session)
    head = session.execute(_HEAD).one_or_none()
    seq, prev_hash = (head.seq + 1, head.hash) if head else (1, GENESIS)
    body = _body(stamp, action, subject, result, details or {})
    event = {
        "seq": seq,
        "at": stamp.at,
        "actor_id": stamp.actor.user_id,
        "action": action,
        "object_type": subject.type,
        "object_id": subject.id,
        "result": result,
        "body": body,
        "prev_hash": prev_hash,
        "hash": link(prev_hash, body),
    }
    session.connection().execute(_APPEND, event)


def _body(
    stamp: Stamp,
    action: str,
    subject: Subject,
    result: Result,
    details: Mapping[str, str | int | None],
) -> str:
    return rfc8785.dumps(
        {
            "action": str(action),
            "actor": _name(stamp.actor),
            "at": stamp.at.isoformat(),
            "details": {
                name: str(value) if isinstance(value, StrEnum) else value for name, value in details.items()
            },
            "object": {"id": subject.id, "type": subject.type},
            "origin": stamp.origin,
            "result": str(result),
        },
    ).decode()


def _name(actor: Actor) -> str:
    if actor.user_id is not None:
        return str(actor.user_id)
    return SYSTEM if Role.SYSTEM in actor.roles else NOBODY


def link(prev_hash: str, body: str) -> str:
    """Return the hash of an event that follows the one with ``prev_hash``.

    >>> link(GENESIS, "{}")[:16]
    '5649d09ed68c1715'
    """
    return hashlib.sha256(f"{prev_hash}\n{body}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Break:
    """The first row where the chain does not hold, and why."""

    seq: int
    reason: str


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What verification found. ``head`` is the hash of the last good row."""

    events: int
    head: str
    broken: Break | None

    @property
    def ok(self) -> bool:
        """The whole chain holds."""
        return self.broken is None


def verify_chain(session: Session) -> ChainReport:
    """Recompute the whole chain and name the first row that does not fit."""
    head, count = GENESIS, 0
    for event in _events(session):
        if reason := _misfit(event, count + 1, head):
            return ChainReport(count, head, Break(event.seq, reason))
        head, count = event.hash, count + 1
    return ChainReport(count, head, None)


def _events(session: Session) -> Iterator[AuditEvent]:
    """All events in order, in pages, so that a long trail does not fill the memory."""
    last = 0
    while page := session.scalars(
        select(AuditEvent).where(AuditEvent.seq > last).order_by(AuditEvent.seq).limit(1000),
    ).all():
        yield from page
        last = page[-1].seq
        session.expunge_all()


def _misfit(event: AuditEvent, seq: int, head: str) -> str:
    if event.seq != seq:
        return f"event {seq} is missing"
    if event.prev_hash != head:
        return "does not follow the event before it"
    if event.hash != link(head, event.body):
        return "the contents were changed"
    body = json.loads(event.body)
    shown = (event.action, event.object_type, event.object_id, event.result, event.at.isoformat())
    hashed = (body["action"], body["object"]["type"], body["object"]["id"], body["result"], body["at"])
    actors = {str(event.actor_id)} if event.actor_id else {SYSTEM, NOBODY}
    return (
        "" if shown == hashed and body["actor"] in actors else "the columns differ from the hashed contents"
    )
