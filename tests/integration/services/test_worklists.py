from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, event, text
from sqlalchemy.orm import Session

from ethiek.domain.actors import Actor, Role
from ethiek.domain.workflow import Status
from ethiek.models.reviews import Assignment
from ethiek.models.users import Committee
from ethiek.services import submission, worklists
from ethiek.services.worklists import Mark, Page
from tests import builders
from tests.builders import World


@pytest.fixture
def world(session: Session) -> World:
    return builders.a_world(session)


@pytest.fixture
def other(session: Session) -> UUID:
    committee = Committee(name="Commissie sensoren", quorum=1)
    session.add(committee)
    session.flush()
    return committee.id


def handed_in(session: Session, world: World, title: str, hours: int, members: tuple[str, ...] = ()) -> UUID:
    """A dossier that was handed in, and assigned, so many hours after the others."""
    dossier_id = builders.a_dossier(session, world, title=title)
    at = builders.AT + timedelta(hours=hours)
    submission.submit(session, dossier_id, world.stamp(session, "Noor", at))
    session.add_all(
        Assignment(dossier_id=dossier_id, user_id=world.ids[name], assigned_at=at) for name in members
    )
    session.flush()
    return dossier_id


def titles(page: Page) -> list[str]:
    return [dossier.title for dossier in page.dossiers]


def all_pages(list_after: Callable[[Mark | None], Page]) -> list[list[str]]:
    pages = [list_after(None)]
    while pages[-1].next:
        pages.append(list_after(pages[-1].next))
    return [titles(page) for page in pages]


def test_of_committee_when_somebody_serves_two_committees_lists_both_in_one_order(
    session: Session, world: World, other: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worklists, "PAGE_SIZE", 2)
    for hours, committee in enumerate(
        (world.committee_id, other, world.committee_id, other, world.committee_id)
    ):
        handed_in(session, replace(world, committee_id=committee), f"Dossier {hours}", hours)
    sem = Actor(
        world.ids["Sem"],
        "Sem",
        committees={
            world.committee_id: frozenset({Role.SECRETARY}),
            other: frozenset({Role.CHAIR}),
        },
    )
    assert all_pages(lambda after: worklists.of_committee(session, sem, after)) == [
        ["Dossier 4", "Dossier 3"],
        ["Dossier 2", "Dossier 1"],
        ["Dossier 0"],
    ]


def test_of_committee_when_leading_one_and_member_of_another_lists_what_is_assigned_there(
    session: Session, world: World, other: UUID
) -> None:
    elsewhere = replace(world, committee_id=other)
    handed_in(session, world, "Geleid", 0)
    handed_in(session, elsewhere, "Toegewezen", 1, ("Robin",))
    handed_in(session, elsewhere, "Van anderen", 2)
    robin = Actor(
        world.ids["Robin"],
        "Robin",
        committees={
            world.committee_id: frozenset({Role.CHAIR, Role.MEMBER}),
            other: frozenset({Role.MEMBER}),
        },
    )
    assert titles(worklists.of_committee(session, robin)) == ["Toegewezen", "Geleid"]


def test_of_committee_when_a_leader_is_assigned_too_lists_the_dossier_once(
    session: Session, world: World
) -> None:
    handed_in(session, world, "Eenmaal", 0, ("Robin",))
    assert titles(worklists.of_committee(session, world.actor(session, "Robin"))) == ["Eenmaal"]


def test_of_committee_when_member_pages_by_assignment(
    session: Session, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worklists, "PAGE_SIZE", 2)
    for number in range(5):
        handed_in(session, world, f"Dossier {number}", -number, ("Mila",))
    mila = world.actor(session, "Mila")
    assert all_pages(lambda after: worklists.of_committee(session, mila, after)) == [
        ["Dossier 0", "Dossier 1"],
        ["Dossier 2", "Dossier 3"],
        ["Dossier 4"],
    ]


def test_of_committee_when_an_assignment_ended_leaves_the_dossier_out(session: Session, world: World) -> None:
    dossier_id = handed_in(session, world, "Voorbij", 0, ("Mila", "Daan"))
    session.get_one(Assignment, (dossier_id, world.ids["Mila"])).ended_at = builders.AT
    session.flush()
    assert titles(worklists.of_committee(session, world.actor(session, "Mila"))) == []
    assert titles(worklists.of_committee(session, world.actor(session, "Daan"))) == ["Voorbij"]


MARK = Mark(UUID(int=1 << 127), builders.AT)

LISTS = {
    "team": ("Noor", "ix_team_member_user", lambda s, a: worklists.of_team(s, a, MARK)),
    "led": ("Sem", "ix_dossier_committee_submitted", lambda s, a: worklists.of_committee(s, a, MARK)),
    "led, one status": (
        "Chris",
        "ix_dossier_committee_",
        lambda s, a: worklists.of_committee(s, a, MARK, Status.IN_REVIEW),
    ),
    "assigned": ("Mila", "ix_assignment_user_assigned", lambda s, a: worklists.of_committee(s, a, MARK)),
}


@pytest.mark.parametrize(("name", "index", "look"), LISTS.values(), ids=LISTS)
def test_list_is_read_from_an_index_in_its_own_order(
    session: Session, world: World, name: str, index: str, look: Callable[[Session, Actor], Page]
) -> None:
    actor = world.actor(session, name)
    plan = plan_of(session, lambda: look(session, actor))
    assert index in plan
    assert " SCAN dossier" not in plan
    assert "Seq Scan on dossier" not in plan


def plan_of(session: Session, act: Callable[[], object]) -> str:
    """How the database reads what this asks; PostgreSQL would read tables as small as these as a whole."""
    connection = session.connection()
    asked: list[tuple[str, Any]] = []

    def note(_connection: Connection, _cursor: object, statement: str, values: Any, *_: object) -> None:
        asked.append((statement, values))

    event.listen(connection, "before_cursor_execute", note)
    act()
    event.remove(connection, "before_cursor_execute", note)
    explain = "EXPLAIN QUERY PLAN"
    if connection.dialect.name == "postgresql":
        explain = "EXPLAIN"
        for method in ("seqscan", "bitmapscan", "sort"):
            connection.execute(text(f"SET LOCAL enable_{method} = off"))
    ((statement, values),) = asked
    return "\n".join(f" {row[-1]}" for row in connection.exec_driver_sql(f"{explain} {statement}", values))
