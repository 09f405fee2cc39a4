from __future__ import annotations

import re

from sqlalchemy import inspect, text

from ethiek import db
from ethiek.models import Base
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
