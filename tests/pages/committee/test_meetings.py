"""The committee's meeting on the form with which the chair adopts the advice."""

from __future__ import annotations

import json
from uuid import UUID

import pytest

from ethiek.domain.workflow import Status
from ethiek.models.dossiers import Dossier
from ethiek.services import recusals
from tests import builders
from tests.builders import World
from tests.pages.conftest import MakeDossier, SignIn, Writing


@pytest.fixture
def dossier_id(dossier_in: MakeDossier, writing: Writing, world: World) -> UUID:
    dossier_id = dossier_in(Status.IN_REVIEW)
    with writing() as session:
        builders.judge(session, world, dossier_id)
        recusals.recuse(session, dossier_id, "Belang.", world.stamp(session, "Robin"))
    return dossier_id


def fields(writing: Writing, dossier_id: UUID, **more: object) -> dict[str, object]:
    with writing() as session:
        revision = session.get_one(Dossier, dossier_id).revision
    return {"verdict": "positive", "motivation": "Een lange motivering.", "revision": revision, **more}


def test_meeting_is_adopted_with_the_advice_and_shown_to_who_approves(
    dossier_id: UUID, sign_in: SignIn, writing: Writing, world: World
) -> None:
    chris, url = sign_in("Chris"), f"/dossiers/{dossier_id}/advies"
    page = chris.get(f"{url}/vaststellen").text
    names = ["Chris (Chair)", "Mila (Committee member)", "Sem (Secretary)", "Robin (Chair)"]
    assert [name in page for name in names] == [True, True, True, False]
    present = [str(world.ids["Chris"]), str(world.ids["Mila"])]
    given = fields(writing, dossier_id, meeting_on="2026-03-02", present=present)
    assert chris.post(f"{url}/vaststellen", given).status_code == 303
    with writing() as session:
        content = json.loads(builders.present_advice(session, dossier_id).content)
    assert (content["meeting"]["on"], [one["name"] for one in content["meeting"]["absent"]]) == (
        "2026-03-02",
        ["Sem"],
    )
    for path in ("", "/goedkeuren"):
        shown = sign_in("Sem").get(f"{url}{path}").text
        for words in ("2 March 2026", "Mila (Committee member): present", "Sem (Secretary): absent"):
            assert words in shown


@pytest.mark.parametrize(
    ("meeting_on", "who", "message"),
    [
        ("2026-03-03", "Mila", "Choose a date that is not in the future."),
        ("2020-03-03", "Mila", "This date is before the dossier was started."),
        ("morgen", "Mila", "Not saved yet"),
        ("", "Mila", "Fill this in."),
        ("2026-03-02", "", "Fill this in."),
        ("2026-03-02", "Robin", "Somebody you chose takes no part in this dossier any more."),
    ],
)
def test_meeting_that_cannot_be_is_said_at_its_field_and_everything_is_kept(
    dossier_id: UUID,
    sign_in: SignIn,
    writing: Writing,
    world: World,
    meeting_on: str,
    who: str,
    message: str,
) -> None:
    present = [str(world.ids[who])] if who else []
    given = fields(writing, dossier_id, meeting_on=meeting_on, present=present)
    answer = sign_in("Chris").post(f"/dossiers/{dossier_id}/advies/vaststellen", given)
    kept = ("Een lange motivering." in answer.text, f'value="{meeting_on}"' in answer.text)
    assert (answer.status_code, message in answer.text, kept) == (422, True, (True, True))
    if who == "Mila":
        checked = answer.text.split(f'value="{world.ids["Mila"]}"')[0].rsplit("<input", 1)[1]
        assert "checked" in checked
