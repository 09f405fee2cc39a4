"""B4: what is on record can be added to, and the database itself refuses the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Connection, inspect, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ethiek import db
from ethiek.domain.workflow import Status
from ethiek.models import Base
from ethiek.services import recusals, report_status
from tests import builders
from tests.conftest import Database

APPEND_ONLY = (
    "advice_condition",
    "answer_revision",
    "approval",
    "archive_record",
    "audit_event",
    "decision",
    "gathering_revision",
    "published_questionnaire",
    "recusal_event",
    "reply",
    "report_status_event",
    "snapshot",
)
NEVER_REMOVED = (
    "advice",
    "answer",
    "assignment",
    "decision_request",
    "dossier",
    "questionnaire_offer",
    "remark",
    "review",
    "team_member",
)
FIXED = {
    "advice": [
        "dossier_id",
        "snapshot_id",
        "version",
        "verdict",
        "motivation",
        "content",
        "sha256",
        "adopted_by_id",
        "adopted_at",
    ],
    "decision_request": ["dossier_id", "user_id"],
    "dossier": ["reference", "committee_id", "created_at"],
    "remark": ["dossier_id", "snapshot_id", "question_id", "item", "body", "author_id", "written_at"],
    "review": ["dossier_id", "snapshot_id", "member_id"],
}
NOT_FILLED_HERE = {
    "attachment": "see the tests of attachments",
    "archive_renewal": "see the tests of renewing",
    "personal_signature": "see the tests of signatures of persons",
    "signature_waiver": "see the tests of signatures of persons",
    "carried_answer": "see the tests of moving to another version",
    "dossier_migration": "see the tests of moving to another version",
    "public_copy": "see the tests of publishing",
    "public_proposal": "see the tests of publishing",
    "questionnaire_draft": "see the tests of drafts",
    "snapshot_attachment": "see the tests of attachments",
}
UNPROTECTED = {
    "committee": "managed by commands, with events",
    "dossier_number": "a counter",
    "draft_reason": "changes until its draft is published",
    "job": "work, not record",
    "pending_report": "never removed, but the file in it goes when the report is issued",
    "login_attempt": "forgotten after two days",
    "public_redaction": "changes until a copy is adopted, which keeps it",
    "role_grant": "managed by commands, with events",
    "unit": "managed by commands, with events",
    "user_account": "managed by commands, with events",
    "web_session": "ends",
}


@pytest.fixture(scope="module")
def filled(make_database: Callable[[], str], dialect: str) -> Iterator[Database]:
    """A database with a row in every table that holds the record."""
    url = make_database()
    engine = db.make_engine(url)
    with Session(engine) as session, db.writing(session, engine):
        world = builders.a_world(session)
        dossier_id = builders.a_dossier(session, world, Status.CHANGES_REQUESTED)
        builders.a_gathering(session, world, dossier_id)
        recusals.recuse_other(session, dossier_id, world.ids["Daan"], "Belang.", world.stamp(session, "Sem"))
        builders.reply_to_all(session, world, dossier_id)
        builders.hand_in(session, world, dossier_id)
        builders.advance(session, world, dossier_id, Status.ARCHIVED)
        builders.put_before(session, world, dossier_id)
        builders.decide(session, world, dossier_id)
        report_status.change(session, dossier_id, "Fout.", world.stamp(session, "Chris", seen=0))
    yield Database(dialect, url, engine)
    engine.dispose()


@pytest.fixture
def connection(filled: Database) -> Iterator[Connection]:
    with filled.engine.connect() as connection:
        yield connection
        connection.rollback()


def rows(connection: Connection, table: str) -> int:
    return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


def refused(connection: Connection, statement: str) -> str:
    before = connection.begin_nested()
    with pytest.raises(IntegrityError) as caught:
        connection.execute(text(statement))
    before.rollback()
    return str(caught.value.orig)


def test_every_table_is_protected_or_has_a_reason_not_to_be() -> None:
    named = {*APPEND_ONLY, *NEVER_REMOVED, *NOT_FILLED_HERE, *UNPROTECTED}
    assert set(Base.metadata.tables) - {"alembic_version"} == named


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_append_only_table_refuses_every_change(filled: Database, connection: Connection, table: str) -> None:
    before = rows(connection, table)
    assert before > 0
    column = inspect(connection).get_columns(table)[0]["name"]
    statements = [f"UPDATE {table} SET {column} = {column}", f"DELETE FROM {table}"]
    statements += (
        [f"TRUNCATE {table} CASCADE"]
        if filled.dialect == "postgresql"
        else [f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}"]
    )
    for statement in statements:
        assert "append-only" in refused(connection, statement), statement
    assert rows(connection, table) == before


@pytest.mark.parametrize("table", NEVER_REMOVED)
def test_record_that_changes_is_never_removed(filled: Database, connection: Connection, table: str) -> None:
    before = rows(connection, table)
    assert before > 0
    statements = [f"DELETE FROM {table}"]
    if filled.dialect == "postgresql":
        statements.append(f"TRUNCATE {table} CASCADE")
    for statement in statements:
        assert ": never removed" in refused(connection, statement) or ": append-only" in refused(
            connection, statement
        )
    assert rows(connection, table) == before


@pytest.mark.parametrize(("table", "column"), [(t, c) for t, columns in FIXED.items() for c in columns])
def test_column_that_is_on_record_keeps_its_value(connection: Connection, table: str, column: str) -> None:
    assert rows(connection, table) > 0
    other = {"version": "version + 1"}.get(column, "NULL")
    if column in {"created_at", "adopted_at", "written_at"}:
        other = "'2020-01-01 00:00:00'"
    assert f"{table}: fixed" in refused(connection, f"UPDATE {table} SET {column} = {other}")


def test_version_of_a_dossier_keeps_its_value_once_it_was_handed_in(connection: Connection) -> None:
    statement = "UPDATE dossier SET questionnaire_key = 'iama/2.1'"
    assert "dossier: fixed" in refused(connection, statement)
    assert "dossier: fixed" in refused(connection, f"{statement}, status = 'changes_requested'")


def test_what_the_workflow_promises_a_check_repeats(connection: Connection) -> None:
    for statement in (
        "UPDATE dossier SET status = 'nonsense'",
        "UPDATE dossier SET submitted_at = NULL",
        "UPDATE dossier SET round = 0",
        "UPDATE review SET verdict = 'maybe'",
        "UPDATE answer SET revision = 0",
        "UPDATE remark SET released_at = NULL",
    ):
        assert "check" in refused(connection, statement).lower(), statement
