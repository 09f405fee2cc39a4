from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any
from uuid import UUID

import pytest
from rfc8785 import CanonicalizationError
from sqlalchemy import Engine, Table, insert, inspect, select, text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from ethiek.models.base import Base, CanonicalJson, canonical_json, database_now, one_of, upsert


class Colour(StrEnum):
    RED = "red"
    DEEP_BLUE = "deep-blue"


class Probes(DeclarativeBase):
    metadata = type(Base.metadata)(naming_convention=Base.metadata.naming_convention)
    type_annotation_map = Base.type_annotation_map


class Thing(Probes):
    __tablename__ = "thing"
    __table_args__ = (one_of("shade", Colour),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime | None]
    colour: Mapped[Colour] = mapped_column(default=Colour.RED)
    shade: Mapped[str] = mapped_column(default="red")
    body: Mapped[Any] = mapped_column(CanonicalJson(), nullable=True)


@pytest.fixture
def things(engine: Engine) -> Engine:
    Probes.metadata.create_all(engine)
    return engine


def kept(engine: Engine, **values: Any) -> Thing:
    with Session(engine) as session:
        session.add(Thing(id=UUID(int=1), **values))
        session.commit()
    with Session(engine) as session:
        return session.scalars(select(Thing)).one()


def test_moment_comes_back_as_the_same_moment_in_utc(things: Engine) -> None:
    amsterdam = timezone(timedelta(hours=2))
    at = kept(things, at=datetime(2026, 7, 1, 0, 30, 0, 123456, tzinfo=amsterdam)).at
    assert at == datetime(2026, 6, 30, 22, 30, 0, 123456, tzinfo=UTC)
    assert at.tzinfo is UTC


def test_moment_without_zone_is_refused(things: Engine) -> None:
    with pytest.raises(StatementError, match="needs a time zone"):
        kept(things, at=datetime(2026, 7, 1))  # noqa: DTZ001


def test_moments_compare_in_the_database(things: Engine) -> None:
    at = datetime(2026, 7, 1, 12, tzinfo=UTC)
    kept(things, at=at)
    with Session(things) as session:
        for other, found in ((at - timedelta(microseconds=1), 1), (at, 0)):
            assert len(session.scalars(select(Thing).where(Thing.at > other)).all()) == found


def test_clock_of_the_database_counts_in_utc_and_adds_seconds(things: Engine) -> None:
    with Session(things) as session:
        now, later, earlier = session.execute(
            select(database_now(), database_now(90), database_now(-0.5))
        ).one()
    assert abs(now - datetime.now(UTC)) < timedelta(seconds=5)
    assert timedelta(seconds=89) < later - now < timedelta(seconds=91)
    assert timedelta(seconds=0.4) < now - earlier < timedelta(seconds=0.6)


def test_clock_of_the_database_is_stored_and_compared_like_any_moment(things: Engine) -> None:
    with things.begin() as connection:
        connection.execute(insert(Thing).values(id=UUID(int=1), at=database_now()))
    with Session(things) as session:
        assert session.scalars(select(Thing.id).where(Thing.at <= database_now())).all() == [UUID(int=1)]
        assert session.scalars(select(Thing.id).where(Thing.at > database_now(-30))).all() == [UUID(int=1)]
        assert session.scalars(select(Thing.id).where(Thing.at > database_now(1))).all() == []


def test_choice_is_kept_as_its_value(things: Engine) -> None:
    assert kept(things, colour=Colour.DEEP_BLUE).colour is Colour.DEEP_BLUE
    with things.connect() as connection:
        assert connection.scalar(text("SELECT colour FROM thing")) == "deep-blue"


@pytest.mark.parametrize(
    ("column", "name"), [("colour", "ck_thing_colour"), ("shade", "ck_thing_shade_known")]
)
def test_unknown_choice_is_refused_by_the_database(things: Engine, column: str, name: str) -> None:
    kept(things)
    with pytest.raises(IntegrityError, match=name), things.begin() as connection:
        connection.execute(text(f"UPDATE thing SET {column} = 'green'"))


def test_json_is_kept_as_its_canonical_text(things: Engine) -> None:
    assert kept(things, body={"b": [1, 2.0], "a": "é"}).body == {"b": [1, 2], "a": "é"}
    with things.connect() as connection:
        assert connection.scalar(text("SELECT body FROM thing")) == '{"a":"é","b":[1,2]}'


def test_no_json_is_null(things: Engine) -> None:
    assert kept(things).body is None


@pytest.mark.parametrize("value", [float("nan"), "\ud800", 2**53, {1: 2}, object()])
def test_what_json_cannot_hold_is_refused(value: object) -> None:
    with pytest.raises((CanonicalizationError, UnicodeError)):
        canonical_json(value)


def test_upsert_adds_or_changes(things: Engine) -> None:
    with Session(things) as session:
        for shade in ("red", "deep-blue"):
            insert_one = upsert(session, Thing).values(id=UUID(int=1), shade=shade)
            session.execute(insert_one.on_conflict_do_update(index_elements=["id"], set_={"shade": shade}))
        assert session.scalars(select(Thing.shade)).all() == ["deep-blue"]


def test_constraints_of_all_tables_have_names(engine: Engine) -> None:
    for table in Base.metadata.tables.values():
        assert isinstance(table, Table)
        found = inspect(engine)
        names = [
            found.get_pk_constraint(table.name)["name"],
            *[one["name"] for one in found.get_unique_constraints(table.name)],
            *[one["name"] for one in found.get_check_constraints(table.name)],
            *[one["name"] for one in found.get_foreign_keys(table.name)],
        ]
        assert None not in names, table.name
