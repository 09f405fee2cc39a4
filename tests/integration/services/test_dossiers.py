from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from ethiek import db
from ethiek.domain.actors import Role
from ethiek.domain.permissions import Permission
from ethiek.domain.projects import Phase, ProjectKind
from ethiek.domain.workflow import EDITABLE, Status
from ethiek.errors import (
    ConcurrentEditError,
    InputError,
    NotFoundError,
    PermissionDeniedError,
    TransitionNotAllowedError,
)
from ethiek.models.dossiers import Dossier, TeamMember
from ethiek.models.users import RoleGrant, Unit
from ethiek.services import dossiers, overview, users, worklists
from ethiek.services.access import open_dossier
from tests import builders
from tests.builders import World
from tests.conftest import AT, Database
from tests.integration.services.conftest import By, Events


def a_start(world: World, title: str = "Wandelaars tellen") -> dossiers.StartInput:
    details = dossiers.Details(title, "Minder drukte.", world.unit_id, ProjectKind.ALGORITHM, Phase.DESIGN)
    return dossiers.StartInput(details, world.questionnaire.key, world.committee_id, "Projectleider")


def other_details(world: World) -> dossiers.Details:
    return dossiers.Details("Anders", "Iets anders.", world.unit_id, ProjectKind.DATA_PROJECT, Phase.CHANGE)


def a_team_dossier(session: Session, world: World, status: Status = Status.DRAFT) -> Dossier:
    """A dossier with Noor and Tess in its team."""
    dossier_id = builders.a_dossier(session, world)
    builders.add_colleague(session, world, dossier_id)
    builders.advance(session, world, dossier_id, status)
    return session.get_one(Dossier, dossier_id)


def team(session: Session, dossier: Dossier) -> list[tuple[str, str, bool]]:
    return [(row.user.name, row.function, row.leads) for row in dossiers.team_of(session, dossier.id)]


def refusal(caught: pytest.ExceptionInfo[InputError]) -> tuple[str, str]:
    return caught.value.field, caught.value.reason


def test_start_gives_a_draft_led_by_who_started_it(
    session: Session, world: World, by: By, new_events: Events
) -> None:
    new_events()
    dossier = dossiers.start(session, a_start(world), by("Noor"))
    facts = (dossier.reference, dossier.status, dossier.round, dossier.revision, dossier.title)
    assert facts == ("ETH-2026-0001", Status.DRAFT, 0, 1, "Wandelaars tellen")
    assert team(session, dossier) == [("Noor", "Projectleider", True)]
    assert new_events() == [("start_dossier", "done")]


@pytest.mark.parametrize("who", ["Tess", "Sem", "Mila", "Chris", "Aisha", "Ada"])
def test_start_by_somebody_who_leads_no_projects_is_refused(
    session: Session, world: World, by: By, who: str
) -> None:
    with pytest.raises(PermissionDeniedError):
        dossiers.start(session, a_start(world), by(who))
    assert session.scalars(select(Dossier)).all() == []


@pytest.mark.parametrize("field", ["unit_id", "committee_id", "questionnaire_key"])
def test_start_with_something_that_does_not_exist_names_the_field(
    session: Session, world: World, by: By, field: str
) -> None:
    start = a_start(world)
    wrong = {
        "unit_id": replace(start, details=replace(start.details, unit_id=uuid4())),
        "committee_id": replace(start, committee_id=uuid4()),
        "questionnaire_key": replace(start, questionnaire_key="proef/9.9"),
    }
    with pytest.raises(InputError) as caught:
        dossiers.start(session, wrong[field], by("Noor"))
    assert refusal(caught) == (field, "unknown")


def test_start_in_a_unit_that_was_closed_is_refused(session: Session, world: World, by: By) -> None:
    session.get_one(Unit, world.unit_id).active = False
    with pytest.raises(InputError) as caught:
        dossiers.start(session, a_start(world), by("Noor"))
    assert refusal(caught) == ("unit_id", "unknown")


def test_references_count_per_year(session: Session, world: World, by: By) -> None:
    references = [
        dossiers.start(session, a_start(world), replace(by("Noor"), at=AT.replace(year=year))).reference
        for year in (2026, 2026, 2027, 2026)
    ]
    assert references == ["ETH-2026-0001", "ETH-2026-0002", "ETH-2027-0001", "ETH-2026-0003"]


def test_references_when_started_at_once_have_no_gaps_and_no_doubles(database: Database) -> None:
    with Session(database.engine) as session, db.writing(session, database.engine):
        world = builders.a_world(session)
    together = Barrier(6)

    def start(number: int) -> str:
        together.wait()
        with Session(database.engine) as session, db.writing(session, database.engine):
            stamp = world.stamp(session, "Noor")
            return dossiers.start(session, a_start(world, f"Project {number}"), stamp).reference

    with ThreadPoolExecutor(6) as pool:
        references = sorted(pool.map(start, range(6)))
    assert references == [f"ETH-2026-{number:04d}" for number in range(1, 7)]


def test_change_details_changes_them_all_and_is_one_event(
    session: Session, world: World, by: By, new_events: Events
) -> None:
    dossier = a_team_dossier(session, world)
    unit = Unit(name="Wegen")
    session.add(unit)
    session.flush()
    wanted = dossiers.Details("Fietsers tellen", "Veiliger.", unit.id, ProjectKind.AI_SYSTEM, Phase.IDEA)
    new_events()
    before = dossier.revision
    dossiers.change_details(session, dossier.id, wanted, by("Noor", before))
    session.expire(dossier)
    found = dossiers.Details(dossier.title, dossier.purpose, dossier.unit_id, dossier.kind, dossier.phase)
    assert (found, dossier.revision) == (wanted, before + 1)
    assert new_events() == [("change_details", "done")]


def test_change_details_from_an_old_page_changes_nothing(session: Session, world: World, by: By) -> None:
    dossier = a_team_dossier(session, world)
    with pytest.raises(ConcurrentEditError):
        dossiers.change_details(session, dossier.id, other_details(world), by("Noor", dossier.revision - 1))
    assert dossier.title == "Slimme camera"


def test_change_details_to_an_unknown_unit_names_the_field(session: Session, world: World, by: By) -> None:
    dossier = a_team_dossier(session, world)
    with pytest.raises(InputError) as caught:
        dossiers.change_details(
            session, dossier.id, replace(other_details(world), unit_id=uuid4()), by("Noor")
        )
    assert refusal(caught) == ("unit_id", "unknown")


@pytest.mark.parametrize("status", [status for status in Status if status not in EDITABLE])
def test_dossier_when_not_with_the_team_keeps_details_and_team(
    session: Session, world: World, by: By, status: Status
) -> None:
    dossier = a_team_dossier(session, world, status)
    before = (dossier.title, dossier.revision, team(session, dossier))
    with pytest.raises(TransitionNotAllowedError):
        dossiers.change_details(session, dossier.id, other_details(world), by("Noor"))
    with pytest.raises(TransitionNotAllowedError):
        dossiers.add_team_member(session, dossier.id, builders.email_of("Omar"), "jurist", by("Noor"))
    with pytest.raises(TransitionNotAllowedError):
        dossiers.remove_team_member(session, dossier.id, world.ids["Tess"], by("Noor"))
    session.expire_all()
    assert (dossier.title, dossier.revision, team(session, dossier)) == before


def test_team_member_when_added_again_gets_the_new_function(
    session: Session, world: World, by: By, new_events: Events
) -> None:
    dossier = a_team_dossier(session, world)
    new_events()
    before = dossier.revision
    address = f" {builders.email_of('Tess').upper()} "
    dossiers.add_team_member(session, dossier.id, address, "ethicus", by("Noor", before))
    assert team(session, dossier) == [("Noor", "Projectleider", True), ("Tess", "ethicus", False)]
    assert (dossier.revision, new_events()) == (before + 1, [("add_team_member", "done")])


def test_team_member_when_removed_sees_nothing_any_more_but_stays_on_record(
    session: Session, world: World, by: By, new_events: Events
) -> None:
    dossier, tess = a_team_dossier(session, world), world.ids["Tess"]
    new_events()
    dossiers.remove_team_member(session, dossier.id, tess, by("Noor"))
    assert new_events() == [("remove_team_member", "done")]
    assert team(session, dossier) == [("Noor", "Projectleider", True)]
    assert session.get_one(TeamMember, (dossier.id, tess)).left_at == AT
    with pytest.raises(NotFoundError):
        open_dossier(session, dossier.id, by("Tess").actor, Permission.DOSSIER_READ)
    assert worklists.of_team(session, by("Tess").actor).dossiers == ()


def test_team_member_when_back_counts_again(session: Session, world: World, by: By) -> None:
    dossier = a_team_dossier(session, world)
    dossiers.remove_team_member(session, dossier.id, world.ids["Tess"], by("Noor"))
    builders.add_colleague(session, world, dossier.id)
    access = open_dossier(session, dossier.id, by("Tess").actor, Permission.ANSWER_EDIT)
    assert access.roles == {Role.TEAM}


@pytest.mark.parametrize(("who", "reason"), [("Noor", "leads"), ("Mila", "unknown")])
def test_remove_of_the_lead_or_of_an_outsider_is_refused(
    session: Session, world: World, by: By, who: str, reason: str
) -> None:
    dossier = a_team_dossier(session, world)
    with pytest.raises(InputError) as caught:
        dossiers.remove_team_member(session, dossier.id, world.ids[who], by("Noor"))
    assert refusal(caught) == ("user_id", reason)


@pytest.mark.parametrize(
    ("email", "reason"),
    [
        (builders.email_of("Aisha"), "role_excludes"),
        (builders.email_of("Ada"), "role_excludes"),
        (builders.email_of("niemand"), "unknown"),
        ("", "unknown"),
        ("%", "unknown"),
        ("_ess@voorbeeld.example", "unknown"),
    ],
)
def test_add_of_who_checks_or_manages_or_does_not_exist_is_refused(
    session: Session, world: World, by: By, email: str, reason: str
) -> None:
    dossier = a_team_dossier(session, world)
    with pytest.raises(InputError) as caught:
        dossiers.add_team_member(session, dossier.id, email, "jurist", by("Noor"))
    assert refusal(caught) == ("email", reason)


def test_add_of_a_disabled_account_is_refused_like_an_unknown_one(
    session: Session, world: World, by: By
) -> None:
    dossier = a_team_dossier(session, world)
    users.set_active(session, builders.email_of("Omar"), active=False, stamp=by("Ada"))
    with pytest.raises(InputError) as caught:
        dossiers.add_team_member(session, dossier.id, builders.email_of("Omar"), "jurist", by("Noor"))
    assert refusal(caught) == ("email", "unknown")


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMINISTRATOR])
def test_team_member_who_becomes_auditor_or_administrator_loses_the_dossier(
    session: Session, world: World, by: By, role: Role
) -> None:
    dossier = a_team_dossier(session, world)
    session.add(RoleGrant(user_id=world.ids["Tess"], role=role))
    session.flush()
    session.expire_all()
    with pytest.raises(NotFoundError):
        open_dossier(session, dossier.id, by("Tess").actor, Permission.DOSSIER_READ)
    assert worklists.of_team(session, by("Tess").actor).dossiers == ()


@pytest.mark.parametrize("who", ["Tess", "Sem", "Mila", "Chris", "Robin", "Aisha", "Ada", "Omar"])
def test_draft_when_changed_by_anybody_but_its_lead_is_refused(
    session: Session, world: World, by: By, who: str
) -> None:
    dossier = a_team_dossier(session, world)
    before = (dossier.title, dossier.status, team(session, dossier))
    refused = PermissionDeniedError if who == "Tess" else NotFoundError
    with pytest.raises(refused):
        dossiers.change_details(session, dossier.id, other_details(world), by(who))
    with pytest.raises(refused):
        dossiers.add_team_member(session, dossier.id, builders.email_of("Omar"), "jurist", by(who))
    with pytest.raises(refused):
        dossiers.remove_team_member(session, dossier.id, world.ids["Tess"], by(who))
    with pytest.raises(refused):
        dossiers.withdraw(session, dossier.id, by(who))
    assert (dossier.title, dossier.status, team(session, dossier)) == before


@pytest.mark.parametrize("status", [Status.DRAFT, Status.SUBMITTED, Status.CHANGES_REQUESTED])
def test_withdraw_ends_the_dossier_for_good(
    session: Session, world: World, by: By, new_events: Events, status: Status
) -> None:
    dossier = a_team_dossier(session, world, status)
    new_events()
    dossiers.withdraw(session, dossier.id, by("Noor", dossier.revision))
    assert (dossier.status, new_events()) == (Status.WITHDRAWN, [("withdraw", "done")])
    assert overview.of(session, dossier.id, by("Noor")).actions == frozenset()


def test_withdraw_from_an_old_page_changes_nothing(session: Session, world: World, by: By) -> None:
    dossier = a_team_dossier(session, world)
    with pytest.raises(ConcurrentEditError):
        dossiers.withdraw(session, dossier.id, by("Noor", dossier.revision - 1))
    assert dossier.status is Status.DRAFT


def test_withdraw_when_in_review_is_refused(session: Session, world: World, by: By) -> None:
    dossier = a_team_dossier(session, world, Status.IN_REVIEW)
    with pytest.raises(TransitionNotAllowedError):
        dossiers.withdraw(session, dossier.id, by("Noor"))


def test_list_of_the_team_is_theirs_alone_and_pages_by_key(session: Session, world: World, by: By) -> None:
    def start(who: str) -> UUID:
        return dossiers.start(session, a_start(world), by(who)).id

    made, other = [start("Noor") for _ in range(worklists.PAGE_SIZE + 3)], start("Omar")
    first = worklists.of_team(session, by("Noor").actor)
    second = worklists.of_team(session, by("Noor").actor, first.next)
    assert [row.id for row in (*first.dossiers, *second.dossiers)] == made[::-1]
    assert (len(first.dossiers), second.next) == (worklists.PAGE_SIZE, None)
    assert [row.id for row in worklists.of_team(session, by("Omar").actor).dossiers] == [other]


def test_overview_offers_each_the_steps_of_their_role(session: Session, world: World, by: By) -> None:
    dossier = a_team_dossier(session, world)
    lead, colleague = (overview.of(session, dossier.id, by(who)) for who in ("Noor", "Tess"))
    assert {str(action) for action in lead.actions} == {"submit", "withdraw"}
    assert (colleague.actions, colleague.editable) == (frozenset(), True)
