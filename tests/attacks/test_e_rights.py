"""E: nobody gets more than was given, by extra fields or by piling up roles."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from ethiek.domain.actors import SYSTEM_ACTOR, Role, Stamp
from ethiek.domain.workflow import Status
from ethiek.errors import InputError
from ethiek.models.dossiers import Dossier
from ethiek.services import users
from ethiek.services.users import Grant
from tests import builders
from tests.builders import AT, World
from tests.conftest import only_sqlite
from tests.pages.conftest import Browser, Writing

EXTRA = {
    "status": "archived",
    "reference": "ETH-1999-0001",
    "round": "7",
    "committee_id": "00000000-0000-0000-0000-000000000000",
    "questionnaire_key": "iama/2.0",
    "id": "00000000-0000-0000-0000-000000000000",
    "created_at": "1999-01-01",
    "leads": "1",
    "role": "chair",
}
CLI = Stamp(SYSTEM_ACTOR, AT, origin="test")


@only_sqlite
def test_e4_extra_fields_are_never_stored(
    sign_in: Callable[[str], Browser], dossier_in: Callable[..., UUID], writing: Writing, world: World
) -> None:
    dossier_id = dossier_in(Status.DRAFT)
    with writing() as session:
        before = _facts(session.get_one(Dossier, dossier_id))
        revision = session.get_one(Dossier, dossier_id).revision
    wanted = {"title": "Een andere titel", "purpose": "Doel.", "kind": "sensor", "phase": "pilot"}

    answer = sign_in("Noor").post(
        f"/dossiers/{dossier_id}/gegevens",
        {**wanted, "unit_id": str(world.unit_id), "revision": revision, **EXTRA},
    )

    assert answer.status_code == 303
    with writing() as session:
        dossier = session.get_one(Dossier, dossier_id)
        assert dossier.title == "Een andere titel"
        assert _facts(dossier) == before
        assert world.actor(session, "Noor").all_roles == {Role.SUBMITTER}


def _facts(dossier: Dossier) -> tuple[object, ...]:
    return (
        dossier.id,
        dossier.status,
        dossier.reference,
        dossier.round,
        dossier.committee_id,
        dossier.questionnaire_key,
        dossier.created_at,
    )


def test_e9_last_administrator_stays(session: Session) -> None:
    users.create(session, "ada@voorbeeld.example", "Ada", builders.PASSWORD, [Grant(Role.ADMINISTRATOR)], CLI)

    with pytest.raises(InputError, match="last_administrator"):
        users.set_roles(session, "ada@voorbeeld.example", [], CLI)
    with pytest.raises(InputError, match="last_administrator"):
        users.set_active(session, "ada@voorbeeld.example", active=False, stamp=CLI)

    users.create(session, "bo@voorbeeld.example", "Bo", builders.PASSWORD, [Grant(Role.ADMINISTRATOR)], CLI)
    users.set_active(session, "ada@voorbeeld.example", active=False, stamp=CLI)


def test_e9_administrator_cannot_have_a_committee_role_beside_it(session: Session) -> None:
    world = builders.a_world(session)
    both = [Grant(Role.ADMINISTRATOR), Grant(Role.CHAIR, world.committee_id)]

    with pytest.raises(InputError) as refusal:
        users.create(session, "cem@voorbeeld.example", "Cem", builders.PASSWORD, both, CLI)

    assert (refusal.value.field, refusal.value.reason) == ("roles", "exclude_each_other")
