from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from ethiek import db
from ethiek.domain.actors import SYSTEM_ACTOR, Actor, Stamp
from ethiek.models.audit import AuditEvent
from ethiek.services import audit
from ethiek.services.audit import GENESIS, Break, Result, Subject, verify_chain
from tests.conftest import AT, Database

COPIED = "at, actor_id, action, object_type, object_id, result, body, hash, 'f'"
NOOR = Actor(UUID(int=7), "Noor")


def stamp(actor: Actor = NOOR) -> Stamp:
    return Stamp(actor, AT, None, "192.0.2.1")


def record(session: Session, number: int) -> AuditEvent:
    audit.record(session, stamp(), "save_answer", Subject("dossier", f"d{number}"))
    return last(session)


def last(session: Session) -> AuditEvent:
    return session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1)).one()


def fill(engine: Engine, count: int) -> None:
    with Session(engine) as session, db.writing(session, engine):
        for number in range(1, count + 1):
            record(session, number)


def tamper(database: Database, *statements: str) -> None:
    """Change rows as somebody would who is master of the database: without the triggers."""
    off = {
        "sqlite": ["DROP TRIGGER audit_event_no_update", "DROP TRIGGER audit_event_no_delete"],
        "postgresql": ["ALTER TABLE audit_event DISABLE TRIGGER ALL"],
    }
    with database.engine.begin() as connection:
        for statement in (*off[database.dialect], *statements):
            connection.execute(text(statement))


def verified(engine: Engine) -> audit.ChainReport:
    with Session(engine) as session:
        return verify_chain(session)


def test_record_holds_who_what_whom_when_where_and_how_it_ended(session: Session) -> None:
    audit.record(
        session,
        stamp(),
        "submit",
        Subject("dossier", "d1"),
        result=Result.REFUSED,
        details={"round": 2, "note": None},
    )
    event = last(session)
    assert json.loads(event.body) == {
        "action": "submit",
        "actor": str(UUID(int=7)),
        "at": "2026-03-02T09:30:00+00:00",
        "details": {"round": 2, "note": None},
        "object": {"id": "d1", "type": "dossier"},
        "origin": "192.0.2.1",
        "result": "refused",
    }
    columns = (event.at, event.actor_id, event.action, event.object_type, event.object_id, event.result)
    assert columns == (AT, UUID(int=7), "submit", "dossier", "d1", "refused")


def test_record_follows_the_one_before_it(session: Session) -> None:
    first, second = record(session, 1), record(session, 2)
    assert (first.seq, first.prev_hash) == (1, GENESIS)
    assert (second.seq, second.prev_hash) == (2, first.hash)
    assert second.hash == audit.link(first.hash, second.body)
    report = verify_chain(session)
    assert (report.events, report.head, report.ok) == (2, second.hash, True)


def test_chain_of_nothing_holds(session: Session) -> None:
    assert verify_chain(session) == audit.ChainReport(0, GENESIS, None)


def test_chain_with_the_systems_own_events_and_microseconds_holds(session: Session) -> None:
    at = AT + timedelta(microseconds=123456)
    audit.record(session, Stamp(SYSTEM_ACTOR, at, origin="worker"), "archive", Subject("dossier", "d1"))
    session.expire_all()
    assert verify_chain(session).ok


def test_chain_longer_than_a_page_holds(session: Session) -> None:
    for number in range(1003):
        record(session, number)
    assert verify_chain(session).events == 1003


@pytest.mark.parametrize(
    ("statements", "broken"),
    [
        (
            ["UPDATE audit_event SET body = replace(body, 'd3', 'd9') WHERE seq = 3"],
            Break(3, "the contents were changed"),
        ),
        (
            ["UPDATE audit_event SET object_id = 'd9' WHERE seq = 3"],
            Break(3, "the columns differ from the hashed contents"),
        ),
        (
            ["UPDATE audit_event SET actor_id = NULL WHERE seq = 3"],
            Break(3, "the columns differ from the hashed contents"),
        ),
        (
            ["UPDATE audit_event SET at = '2026-03-02 09:31:00.000000' WHERE seq = 3"],
            Break(3, "the columns differ from the hashed contents"),
        ),
        (["DELETE FROM audit_event WHERE seq = 3"], Break(4, "event 3 is missing")),
        (["DELETE FROM audit_event WHERE seq = 1"], Break(2, "event 1 is missing")),
        (
            [
                "UPDATE audit_event SET seq = 99 WHERE seq = 3",
                "UPDATE audit_event SET seq = 3 WHERE seq = 4",
                "UPDATE audit_event SET seq = 4 WHERE seq = 99",
            ],
            Break(3, "does not follow the event before it"),
        ),
        (
            ["UPDATE audit_event SET prev_hash = hash WHERE seq = 3"],
            Break(3, "does not follow the event before it"),
        ),
        (
            [
                "UPDATE audit_event SET seq = seq + 100 WHERE seq > 3",
                f"INSERT INTO audit_event SELECT 4, {COPIED} FROM audit_event WHERE seq = 3",
            ],
            Break(4, "the contents were changed"),
        ),
    ],
    ids=["body", "column", "actor", "moment", "removed", "first removed", "swapped", "link", "added"],
)
def test_verify_when_a_row_was_tampered_with_names_the_first_wrong_one(
    database: Database, statements: list[str], broken: Break
) -> None:
    fill(database.engine, 5)
    tamper(database, *statements)
    report = verified(database.engine)
    assert (report.broken, report.ok) == (broken, False)


def test_verify_when_history_was_rewritten_gives_another_head(database: Database) -> None:
    """What B2 compares with kept checkpoints: the chain alone cannot tell, its head can."""
    fill(database.engine, 3)
    before = verified(database.engine).head
    with Session(database.engine) as session:
        bodies = list(session.scalars(select(AuditEvent.body).order_by(AuditEvent.seq)))
    bodies[1] = bodies[1].replace('"id":"d2"', '"id":"d9"')
    statements, head = ["UPDATE audit_event SET object_id = 'd9' WHERE seq = 2"], GENESIS
    for seq, body in enumerate(bodies, 1):
        new = audit.link(head, body)
        statements.append(
            f"UPDATE audit_event SET body = '{body}', prev_hash = '{head}', hash = '{new}' WHERE seq = {seq}"
        )
        head = new
    with database.engine.begin() as connection:
        off: dict[str, list[str]] = {
            "sqlite": ["DROP TRIGGER audit_event_no_update"],
            "postgresql": ["ALTER TABLE audit_event DISABLE TRIGGER ALL"],
        }
        for statement in (*off[database.dialect], *statements):
            connection.exec_driver_sql(statement.replace("%", "%%"))
    report = verified(database.engine)
    assert report.ok
    assert report.head != before


def test_record_when_rolled_back_leaves_no_gap(database: Database) -> None:
    fill(database.engine, 1)
    with Session(database.engine) as session:
        record(session, 2)
        session.rollback()
    fill(database.engine, 1)
    assert verified(database.engine).events == 2


def test_records_at_once_make_one_chain(database: Database) -> None:
    together = Barrier(6)

    def append(_number: int) -> None:
        together.wait()
        fill(database.engine, 3)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(append, range(6)))
    report = verified(database.engine)
    assert (report.ok, report.events) == (True, 18)
