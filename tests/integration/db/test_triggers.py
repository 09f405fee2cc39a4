from __future__ import annotations

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, text
from sqlalchemy.exc import IntegrityError

from ethiek.models.triggers import protect
from tests.conftest import Database

CHANGES = ("UPDATE note SET body = 'x'", "DELETE FROM note", "UPDATE note SET id = id WHERE id = 1")


def a_note_table(database: Database, *fixed: str) -> None:
    table = Table("note", MetaData(), Column("id", Integer, primary_key=True), Column("body", String))
    protect(table, *fixed)
    table.create(database.engine)
    with database.engine.begin() as connection:
        connection.execute(text("INSERT INTO note VALUES (1, 'as it was'), (2, NULL)"))


def notes(database: Database) -> list[tuple[int, str | None]]:
    with database.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text("SELECT id, body FROM note ORDER BY id"))]


@pytest.mark.parametrize("change", CHANGES)
def test_append_only_table_when_changed_refuses(database: Database, change: str) -> None:
    a_note_table(database)
    with pytest.raises(IntegrityError, match="note: append-only"), database.engine.begin() as connection:
        connection.execute(text(change))
    assert notes(database) == [(1, "as it was"), (2, None)]


def test_append_only_table_when_replaced_or_emptied_refuses(database: Database) -> None:
    a_note_table(database)
    statement = {"sqlite": "INSERT OR REPLACE INTO note VALUES (1, 'x')", "postgresql": "TRUNCATE note"}
    with pytest.raises(IntegrityError, match="note: append-only"), database.engine.begin() as connection:
        connection.execute(text(statement[database.dialect]))
    assert notes(database) == [(1, "as it was"), (2, None)]


def test_append_only_table_when_added_to_accepts(database: Database) -> None:
    a_note_table(database)
    with database.engine.begin() as connection:
        connection.execute(text("INSERT INTO note VALUES (3, 'new')"))
    assert notes(database) == [(1, "as it was"), (2, None), (3, "new")]


@pytest.mark.parametrize(
    "change", ["UPDATE note SET body = 'x' WHERE id = 1", "UPDATE note SET body = 'x' WHERE id = 2"]
)
def test_fixed_column_when_changed_refuses(database: Database, change: str) -> None:
    a_note_table(database, "body")
    with pytest.raises(IntegrityError, match="note: fixed"), database.engine.begin() as connection:
        connection.execute(text(change))
    assert notes(database) == [(1, "as it was"), (2, None)]


def test_fixed_column_when_another_changes_accepts(database: Database) -> None:
    a_note_table(database, "body")
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE note SET id = 5, body = body WHERE id = 1"))
        connection.execute(text("DELETE FROM note WHERE id = 2"))
    assert notes(database) == [(5, "as it was")]
