"""Somebody without any role, who was put in a team, can do what a team does."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from ethiek.domain.workflow import Status
from tests import builders
from tests.builders import World
from tests.conftest import only_sqlite
from tests.pages.conftest import Browser, Writing

pytestmark = only_sqlite


def test_colleague_without_a_role_finds_the_dossier_and_signs_out(
    sign_in: Callable[[str], Browser], dossier_in: Callable[..., UUID], writing: Writing, world: World
) -> None:
    dossier_id = dossier_in(Status.DRAFT)
    with writing() as session:
        builders.add_colleague(session, world, dossier_id)
    tess = sign_in("Tess")
    assert tess.get("/").location == "/dossiers"
    assert "Slimme camera" in tess.get("/dossiers").text
    assert tess.get("/account").status_code == 200
    assert tess.get("/csrf").status_code == 200
    assert tess.get("/dossiers/nieuw").status_code == 403
    tess.get("/dossiers")
    assert tess.post("/uitloggen").status_code == 303
    assert tess.get("/dossiers").location == "/inloggen?next=/dossiers"
