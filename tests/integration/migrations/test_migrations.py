from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, MetaData, inspect, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ethiek import db
from ethiek.domain.workflow import Status
from ethiek.models import Base
from tests import builders
from tests.conftest import Database


def test_migrations_make_exactly_the_tables_of_the_models(database: Database) -> None:
    assert db.differences(database.url, Base.metadata) == []


def test_migrations_are_numbered_without_gaps() -> None:
    files = sorted(path.name for path in (db.schema.MIGRATIONS / "versions").glob("*.py"))
    assert [int(name[:4]) for name in files] == list(range(1, len(files) + 1))
    assert all(re.fullmatch(r"\d{4}_[a-z0-9_]+\.py", name) for name in files)


def test_newest_database_is_at_the_newest_revision(database: Database) -> None:
    newest = max(path.name for path in (db.schema.MIGRATIONS / "versions").glob("*.py"))
    assert db.current_revision(database.url) == newest[:4]


def test_upgrade_of_the_newest_changes_nothing(database: Database) -> None:
    before = sorted(inspect(database.engine).get_table_names())
    db.upgrade(database.url)
    assert sorted(inspect(database.engine).get_table_names()) == before


def test_constraints_carry_names(database: Database) -> None:
    """An unnamed constraint cannot be dropped by a later migration."""
    found = inspect(database.engine)
    for table in Base.metadata.tables:
        names = [one["name"] for one in found.get_foreign_keys(table)]
        names += [one["name"] for one in found.get_check_constraints(table)]
        names += [one["name"] for one in found.get_unique_constraints(table)]
        assert None not in names, table


def test_references_are_checked(database: Database) -> None:
    with database.engine.connect() as connection:
        if database.dialect == "sqlite":
            assert connection.execute(text("PRAGMA foreign_keys")).scalar_one() == 1
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []


def before(number: str) -> str:
    """The revision that a migration was made behind."""
    (file,) = (db.schema.MIGRATIONS / "versions").glob(f"{number}_*.py")
    found = re.search(r'^down_revision = "(\d{4})"$', file.read_text(), re.MULTILINE)
    assert found is not None
    return found[1]


def fill(url: str, source: Engine) -> None:
    """Copy everything that an older database can hold."""
    engine, tables = db.make_engine(url), MetaData()
    tables.reflect(engine)
    with source.connect() as reading, engine.connect() as connection, connection.begin():
        for table in tables.sorted_tables:
            rows = [dict(row) for row in reading.execute(select(table)).mappings()]
            rows = [row for row in rows if row.get("role") != "official"]
            if rows and table.name != "alembic_version":
                connection.execute(table.insert(), rows)
    engine.dispose()


def test_reports_from_before_there_were_decisions_stay_as_they_were(
    database: Database, make_empty: Callable[[], str]
) -> None:
    """SQLite makes the table anew: its rows, constraints, indexes and triggers come along."""
    with Session(database.engine) as session, db.writing(session, database.engine):
        builders.a_dossier(session, builders.a_world(session), Status.ARCHIVED)
    url = make_empty()
    db.upgrade(url, before("0010"))
    fill(url, database.engine)
    db.upgrade(url)
    engine = db.make_engine(url)
    with engine.connect() as old, database.engine.connect() as new:
        query = text("SELECT * FROM archive_record")
        rows = [dict(row) for row in old.execute(query).mappings()]
        assert rows == [dict(row) for row in new.execute(query).mappings()]
        assert (len(rows), rows[0]["decision_id"]) == (1, None)
        with pytest.raises(IntegrityError, match="append-only"):
            old.execute(text("DELETE FROM archive_record"))
    names = {str(index["name"]) for index in inspect(engine).get_indexes("archive_record")}
    assert names == {str(index["name"]) for index in inspect(database.engine).get_indexes("archive_record")}
    assert {"ix_archive_record_signed", "uq_archive_record_advice", "uq_archive_record_decision"} <= names
    assert db.differences(url, Base.metadata) == []
    engine.dispose()
