"""Triggers with which the database itself refuses to change what must stay as it is.

A migration executes the statements; ``protect`` does the same for tables that are made straight from the
models. A refusal reaches Python as SQLAlchemy's ``IntegrityError``. On SQLite ``INSERT OR REPLACE`` is only
caught on connections of ours, which set ``recursive_triggers``.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Table, event


def append_only(table: str, dialect: str) -> tuple[str, ...]:
    """Statements after which rows can be added to a table, and never changed or removed.

    >>> append_only("note", "sqlite")[0]
    "CREATE TRIGGER note_no_update BEFORE UPDATE ON note BEGIN SELECT RAISE(ABORT, 'note: append-only'); END"
    """
    if dialect == "sqlite":
        return tuple(
            _sqlite(table, verb, f"BEFORE {verb.upper()}", "append-only") for verb in ("update", "delete")
        )
    return (
        _REFUSE,
        *_always(table, "append_only", "BEFORE UPDATE OR DELETE OR TRUNCATE", "STATEMENT", "append-only"),
    )


def fixed_columns(table: str, columns: Sequence[str], dialect: str) -> tuple[str, ...]:
    """Statements after which these columns keep their first value; the row can still be removed."""
    if dialect == "sqlite":
        changed = " OR ".join(f"OLD.{column} IS NOT NEW.{column}" for column in columns)
        return (_sqlite(table, "change", "BEFORE UPDATE", "fixed", when=f"WHEN {changed} "),)
    changed = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)
    return (_REFUSE, *_always(table, "fixed", "BEFORE UPDATE", f"ROW WHEN ({changed})", "fixed"))


def changes_only_while(table: str, column: str, condition: str, dialect: str) -> tuple[str, ...]:
    """Statements after which a column only changes in rows for which ``condition`` (SQL, over OLD and NEW) holds."""
    changed = f"OLD.{column} <> NEW.{column} AND NOT ({condition})"
    if dialect == "sqlite":
        return (_sqlite(table, column, f"BEFORE UPDATE OF {column}", "fixed", when=f"WHEN {changed} "),)
    return (_REFUSE, *_always(table, column, "BEFORE UPDATE", f"ROW WHEN ({changed})", "fixed"))


def with_the_team(table: str, column: str, dialect: str) -> tuple[str, ...]:
    """Statements after which rows are added, and a column changes, only while the team has their dossier."""
    if dialect == "sqlite":
        held = "(SELECT status FROM dossier WHERE id = NEW.dossier_id) NOT IN ('draft', 'changes_requested')"
        moments = {"insert": "BEFORE INSERT", column: f"BEFORE UPDATE OF {column}"}
        return tuple(
            _sqlite(table, name, moment, "handed in", when=f"WHEN {held} ")
            for name, moment in moments.items()
        )
    trigger, fired = f"{table}_with_the_team", f"BEFORE INSERT OR UPDATE OF {column}"
    return (
        _REFUSE_HANDED_IN,
        f"CREATE TRIGGER {trigger} {fired} ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_when_handed_in()",
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}",
    )


def without(table: str, names: Sequence[str], dialect: str) -> tuple[str, ...]:
    """Statements that take triggers of a table away; ``names`` as the functions above give them.

    On SQLite a name begins with ``no_``, on PostgreSQL it does not.
    """
    if dialect == "sqlite":
        return tuple(f"DROP TRIGGER {table}_{name}" for name in names)
    return tuple(f"DROP TRIGGER {table}_{name} ON {table}" for name in names)


def never_removed(table: str, dialect: str) -> tuple[str, ...]:
    """Statements after which rows of a table can be changed, but not removed."""
    if dialect == "sqlite":
        return (_sqlite(table, "delete", "BEFORE DELETE", "never removed"),)
    return (
        _REFUSE,
        *_always(table, "never_removed", "BEFORE DELETE OR TRUNCATE", "STATEMENT", "never removed"),
    )


def protect(table: Table, *columns: str) -> None:
    """Make a table append-only (no columns) or fix these columns, once it is created from the models."""

    def create(_table: Table, connection: Connection, **_: object) -> None:
        dialect = connection.dialect.name
        for statement in (
            fixed_columns(table.name, columns, dialect) if columns else append_only(table.name, dialect)
        ):
            connection.exec_driver_sql(statement)

    event.listen(table, "after_create", create)


_REFUSE = (
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION "
    "USING MESSAGE = TG_TABLE_NAME || ': ' || TG_ARGV[0], ERRCODE = 'restrict_violation'; END $$"
)

_REFUSE_HANDED_IN = (
    "CREATE OR REPLACE FUNCTION refuse_when_handed_in() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
    "IF (SELECT status FROM dossier WHERE id = NEW.dossier_id) NOT IN ('draft', 'changes_requested') THEN "
    "RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ': handed in', ERRCODE = 'restrict_violation'; "
    "END IF; RETURN NEW; END $$"
)


def _sqlite(table: str, name: str, when_fired: str, reason: str, when: str = "") -> str:
    body = f"BEGIN SELECT RAISE(ABORT, '{table}: {reason}'); END"
    return f"CREATE TRIGGER {table}_no_{name} {when_fired} ON {table} {when}{body}"


def _always(table: str, name: str, when_fired: str, each: str, reason: str) -> tuple[str, str]:
    """A trigger that also fires while replicating, where ordinary ones sleep."""
    trigger = f"{table}_{name}"
    refusal = f"FOR EACH {each} EXECUTE FUNCTION refuse_change('{reason}')"
    return (
        f"CREATE TRIGGER {trigger} {when_fired} ON {table} {refusal}",
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}",
    )
