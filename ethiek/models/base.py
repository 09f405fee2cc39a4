"""What every table shares: names of constraints, and types that mean the same on both databases."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from enum import Enum as PythonEnum
from typing import Any, Final, cast
from uuid import UUID

import rfc8785
from sqlalchemy import CheckConstraint, DateTime, Dialect, Enum, MetaData, Text, TypeDecorator, Uuid
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

CONSTRAINT_NAMES: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

_CHOICE_LENGTH: Final = 40


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC: aware on the way in, aware and in UTC on the way out, on both databases."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive moment (``ValueError``): nobody knows which one it is."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the moment its zone back, which SQLite does not keep."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


def canonical_json(value: object) -> str:
    """Return the one text that stands for a JSON value (RFC 8785), ready to be stored or hashed.

    Raises:
        ValueError: the value has no such text: NaN, a lone surrogate, an integer over 2**53.

    >>> canonical_json({"b": 1, "a": "é"})
    '{"a":"é","b":1}'
    """
    return rfc8785.dumps(value).decode()  # type: ignore[arg-type]  # what JSON cannot hold, it refuses


def canonical_moment(moment: datetime) -> str:
    """Return the one text that stands for a moment in documents: ISO 8601, in UTC, with a Z.

    >>> canonical_moment(datetime(2026, 11, 22, 10, 5, tzinfo=UTC))
    '2026-11-22T10:05:00Z'
    """
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


class CanonicalJson(TypeDecorator[Any]):
    """A JSON value, kept as its canonical text. Assign a new value to change it: edits inside go unseen."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Dialect) -> str | None:  # noqa: ARG002
        """Write the canonical text."""
        return None if value is None else canonical_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002
        """Read the value back."""
        return None if value is None else json.loads(value)


def _choices(choice: type[PythonEnum]) -> list[str]:
    return [member.value for member in choice]


class Base(DeclarativeBase):
    """The tables of Ethiek.

    A column ``Mapped[UUID]``, ``Mapped[datetime]`` or ``Mapped[SomeStrEnum]`` needs no type of its own. A
    choice is kept as its value, under a CHECK ``ck_<table>_<name of the enum in lower case>``.
    """

    metadata = MetaData(naming_convention=CONSTRAINT_NAMES)
    type_annotation_map = {  # noqa: RUF012  # SQLAlchemy reads it as it stands here
        UUID: Uuid(),
        datetime: UtcDateTime(),
        str: Text(),
        PythonEnum: Enum(
            PythonEnum,
            native_enum=False,
            create_constraint=True,
            validate_strings=True,
            values_callable=_choices,
            length=_CHOICE_LENGTH,
        ),
    }


def one_of(column: str, choices: type[PythonEnum], *, name: str | None = None) -> CheckConstraint:
    """A CHECK that a text column, not typed as an enum itself, holds one of the values of an enum."""
    values = ", ".join("'" + value.replace("'", "''") + "'" for value in _choices(choices))
    return CheckConstraint(f"{column} IN ({values})", name=name or f"{column}_known")


class database_now(FunctionElement[datetime]):  # noqa: N801  # reads as the SQL function it is
    """The database's own clock, plus a number of seconds; it also moves inside a transaction.

    Work that is shared between machines is timed by the one clock they share.
    """

    type = UtcDateTime()
    inherit_cache = False

    def __init__(self, plus_seconds: float = 0) -> None:
        super().__init__()
        self.plus_seconds = float(plus_seconds)


@compiles(database_now, "sqlite")
def _sqlite_now(element: database_now, _compiler: SQLCompiler, **_: object) -> str:
    return f"strftime('%Y-%m-%d %H:%M:%f000', 'now', '{element.plus_seconds:+f} seconds')"


@compiles(database_now, "postgresql")
def _postgresql_now(element: database_now, _compiler: SQLCompiler, **_: object) -> str:
    return f"(clock_timestamp() + make_interval(secs => {element.plus_seconds:f}))"


def upsert(session: Session, table: type[DeclarativeBase]) -> postgresql.Insert:
    """An INSERT that knows ``on_conflict_do_nothing`` and ``on_conflict_do_update``, on both databases."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table)
    return cast("postgresql.Insert", sqlite.insert(table))
