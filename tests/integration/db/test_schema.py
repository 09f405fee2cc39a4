from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import MetaData, text
from sqlalchemy.exc import IntegrityError

from ethiek import db
from ethiek.errors import ConfigurationError
from ethiek.models import Base

FIRST = """
import sqlalchemy as sa
from alembic import op
revision, down_revision, branch_labels, depends_on = "0001", None, None, None
def upgrade():
    op.create_table("parent", sa.Column("id", sa.Integer, primary_key=True))
    op.create_table("child", sa.Column("parent_id", sa.Integer, sa.ForeignKey("parent.id"), nullable=False))
def downgrade():
    op.drop_table("child")
    op.drop_table("parent")
"""
SECOND = """
import sqlalchemy as sa
from alembic import op
revision, down_revision, branch_labels, depends_on = "0002", "0001", None, None
def upgrade():
    with op.batch_alter_table("parent") as table:
        table.add_column(sa.Column("name", sa.Text))
        table.create_check_constraint("positive", "id > 0")  # SQLite has to build the table anew
    {then}
def downgrade():
    with op.batch_alter_table("parent") as table:
        table.drop_column("name")
"""


@pytest.fixture
def migrations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of our migration folder, with steps of its own."""
    folder = tmp_path / "migrations"
    (folder / "versions").mkdir(parents=True)
    for name in ("env.py", "script.py.mako"):
        (folder / name).write_text((db.schema.MIGRATIONS / name).read_text())
    (folder / "versions" / "0001_first.py").write_text(FIRST)
    monkeypatch.setattr("ethiek.db.schema.MIGRATIONS", folder)
    return folder


def add_second(migrations: Path, then: str = "pass") -> None:
    (migrations / "versions" / "0002_second.py").write_text(SECOND.replace("{then}", then))


def fill(url: str) -> None:
    engine = db.make_engine(url)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO parent VALUES (1)"))
        connection.execute(text("INSERT INTO child VALUES (1)"))
    engine.dispose()


def rows(url: str) -> list[tuple[int, ...]]:
    engine = db.make_engine(url)
    with engine.connect() as connection:
        found = connection.execute(text("SELECT id, parent_id FROM parent JOIN child ON parent_id = id"))
        result = [tuple(row) for row in found]
    engine.dispose()
    return result


@pytest.mark.usefixtures("migrations")
def test_upgrade_and_downgrade_walk_the_revisions(empty_url: str) -> None:
    assert db.current_revision(empty_url) is None
    db.upgrade(empty_url)
    assert db.current_revision(empty_url) == "0001"
    db.downgrade(empty_url, "base")
    assert db.current_revision(empty_url) is None


def test_upgrade_of_a_filled_database_rebuilds_a_table_and_keeps_what_refers_to_it(
    migrations: Path, empty_url: str
) -> None:
    db.upgrade(empty_url)
    fill(empty_url)
    add_second(migrations)
    db.upgrade(empty_url)

    assert db.current_revision(empty_url) == "0002"
    assert rows(empty_url) == [(1, 1)]
    engine = db.make_engine(empty_url)
    with pytest.raises(IntegrityError), engine.begin() as connection:
        connection.execute(text("INSERT INTO child VALUES (2)"))
    engine.dispose()


def test_upgrade_that_fails_halfway_changes_nothing(migrations: Path, empty_url: str) -> None:
    db.upgrade(empty_url)
    fill(empty_url)
    add_second(migrations, then="1 / 0")
    with pytest.raises(ZeroDivisionError):
        db.upgrade(empty_url)

    assert db.current_revision(empty_url) == "0001"
    assert rows(empty_url) == [(1, 1)]


def test_upgrade_that_leaves_references_to_nothing_changes_nothing(
    migrations: Path, empty_url: str, dialect: str
) -> None:
    db.upgrade(empty_url)
    fill(empty_url)
    add_second(migrations, then='op.execute("DELETE FROM parent")')
    refusal = ConfigurationError if dialect == "sqlite" else IntegrityError
    with pytest.raises(refusal):
        db.upgrade(empty_url)
    assert rows(empty_url) == [(1, 1)]


@pytest.mark.usefixtures("migrations")
def test_differences_between_tables_and_models_are_seen(empty_url: str) -> None:
    db.upgrade(empty_url)
    found = db.differences(empty_url, MetaData())
    assert sorted(operation[0] for operation in found if isinstance(operation, tuple)) == [
        "remove_table",
        "remove_table",
    ]


def test_draft_revision_writes_a_numbered_file_with_the_differences(migrations: Path, empty_url: str) -> None:
    db.upgrade(empty_url)
    db.draft_revision(empty_url, "0002", "Add jobs")
    draft = (migrations / "versions" / "0002_add_jobs.py").read_text()
    assert draft.startswith('"""Add jobs."""\n')
    assert "op.create_table('job'," in draft


def test_head_of_our_migrations_equals_the_models(empty_url: str) -> None:
    db.upgrade(empty_url)
    assert db.differences(empty_url, Base.metadata) == []
