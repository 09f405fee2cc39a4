"""E3: for who withdrew from a dossier it does not exist, on any route and in any state."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import pytest
from flask import Flask

from ethiek.domain.actors import Role
from ethiek.domain.recusals import RecusalStep
from ethiek.domain.workflow import Status
from ethiek.models.reviews import RecusalEvent
from tests.attacks.test_e_routes import ENDS_SESSION, ask, record, routes
from tests.builders import AT, World
from tests.conftest import only_sqlite
from tests.pages.conftest import Browser, Writing

pytestmark = only_sqlite
SignIn = Callable[[str], Browser]
Make = Callable[..., UUID]
WITHDREW = {"Mila": Role.MEMBER, "Chris": Role.CHAIR, "Sem": Role.SECRETARY}
HANDED_IN = [status for status in Status if status not in {Status.DRAFT, Status.WITHDRAWN}]


@pytest.fixture
def dossiers(dossier_in: Make) -> dict[Status, UUID]:
    return {status: dossier_in(status, title=f"Dossier {status}") for status in HANDED_IN}


def withdraw(writing: Writing, world: World, dossier_id: UUID) -> None:
    """Write down that the three withdrew, whatever the state of the dossier."""
    with writing() as session:
        session.add_all(
            RecusalEvent(
                dossier_id=dossier_id,
                user_id=world.ids[name],
                number=1,
                step=RecusalStep.RECUSED,
                role=role,
                reason="Een belang.",
                by_id=world.ids[name],
                at=AT,
            )
            for name, role in WITHDREW.items()
        )


def answers(app: Flask, browser: Browser, dossier_id: UUID) -> dict[tuple[str, str], str]:
    """What somebody is told on every route about a dossier."""
    return {
        (method, pattern): ask(browser, method, pattern, endpoint, dossier_id)
        for method, pattern, endpoint in routes(app)
        if "<uuid:dossier_id>" in pattern and endpoint not in ENDS_SESSION
    }


@pytest.mark.parametrize("who", WITHDREW)
def test_e3_dossier_does_not_exist_for_who_withdrew(
    app: Flask, sign_in: SignIn, dossiers: dict[Status, UUID], writing: Writing, world: World, who: str
) -> None:
    browser = sign_in(who)
    assert {"200", "403", "409"} <= set(answers(app, browser, dossiers[Status.IN_REVIEW]).values())
    for dossier_id in dossiers.values():
        withdraw(writing, world, dossier_id)
    before = record(writing)
    for status, dossier_id in dossiers.items():
        found = answers(app, browser, dossier_id)
        assert {route: code for route, code in found.items() if code != "404"} == {}, status
    assert record(writing) == before


@pytest.mark.parametrize("who", WITHDREW)
def test_e3_no_list_names_what_somebody_withdrew_from(
    sign_in: SignIn, dossiers: dict[Status, UUID], writing: Writing, world: World, who: str
) -> None:
    browser, lists = sign_in(who), ("/commissie", "/commissie?status=in_review", "/dossiers")
    assert "Dossier in_review" in browser.get("/commissie").text
    for dossier_id in dossiers.values():
        withdraw(writing, world, dossier_id)
    assert ["Dossier " in browser.get(url).text.replace("Dossiers", "") for url in lists] == [False] * 3
    if who == "Sem":
        assert browser.get("/commissie/vergaderbundel.pdf").status_code == 404
