"""Every page of content owners is valid HTML, also with hostile texts in the draft."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import html5lib
import pytest

from ethiek.questionnaires.editing import Target
from ethiek.questionnaires.model import Check, Combine, Effect, Group, Kind, Option, Question, StopRule, Test
from ethiek.questionnaires.problems import Scope
from ethiek.services import proposals
from tests import drafts as made
from tests.builders import World
from tests.pages.conftest import SignIn, Writing

FOURTH = Target(Scope.QUESTION, "1.1.4")
HOSTILE = '"><script>alert(1)</script>{{ 7*7 }} & meer'


def hostile(one: Question) -> Question:
    """A question whose every text tries to be something else."""
    return replace(
        one,
        text=HOSTILE,
        help=HOSTILE,
        kind=Kind.MULTI_CHOICE,
        options=(Option("a", HOSTILE, HOSTILE, HOSTILE), Option("b", "")),
        stops=(StopRule(Check("1.1.1", Test.HAS, ("a",)), Effect.STOP, HOSTILE),),
    )


def look_back(one: Question) -> Question:
    """A question with a condition on the hostile one, deeper than the form shows."""
    look = Check("1.1.1", Test.HAS, ("a",))
    return replace(one, show_when=Group(Combine.ALL, (look, Group(Combine.ANY, (look, look)))))


@pytest.mark.parametrize("proposed", [False, True])
def test_pages_when_parsed_strictly_are_valid_and_have_unique_ids(
    sign_in: SignIn,
    writing: Writing,
    world: World,
    proposed: bool,
) -> None:
    with writing() as session:
        draft_id = made.a_draft(session, world)
        if proposed:
            made.rewrite(session, world, draft_id)
            made.explain(session, world, draft_id)
            proposals.propose(session, draft_id, world.stamp(session, "Vera"))
        else:
            made.rewrite(session, world, draft_id, hostile)
            made.rewrite(session, world, draft_id, look_back, target=FOURTH)
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    browser = sign_in("Wout")
    for url in pages(draft_id, world, writing=not proposed):
        answer = browser.get(url)
        assert (url, answer.status_code) == (url, 200)
        tree = parser.parse(answer.text)
        ids = [element.get("id") for element in tree.iter() if element.get("id")]
        assert (url, sorted(ids)) == (url, sorted(set(ids)))
        assert [element for element in tree.iter("script") if element.text] == []
        referred = {element.get("for") for element in tree.iter() if element.get("for")}
        assert (url, referred - set(ids)) == (url, set())


def pages(draft_id: UUID, world: World, *, writing: bool) -> list[str]:
    home, draft = "/vragenlijsten", f"/vragenlijsten/concepten/{draft_id}"
    version = f"{home}/versies/{world.questionnaire.key}"
    always = [home, version, draft, f"{draft}/indelen", f"{draft}/proef", f"{draft}/proef?sectie=2.2"]
    forms = [
        "lijst",
        "delen/1",
        "onderdelen/2.1",
        "vragen/1.1.1",
        "vragen/1.1.4",
        "vragen/2.2.1",
        "toevoegen/vragen?bij=1.1",
        "toevoegen/delen",
        "onderdelen/1.1/verwijderen",
        "vragen/1.1.1/verwijderen",
    ]
    return [*always, *(f"{draft}/{form}" for form in forms if writing)]
