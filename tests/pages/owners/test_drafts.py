"""What content owners see and do, in the browser."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from uuid import UUID

import pytest

from ethiek.domain.drafts import DraftStatus
from ethiek.questionnaires import editing
from ethiek.questionnaires.editing import Target
from ethiek.questionnaires.model import (
    Check,
    Column,
    Combine,
    Effect,
    Group,
    Kind,
    Marker,
    Option,
    Question,
    Questionnaire,
    Section,
    StopRule,
    Test,
    TextLimits,
)
from ethiek.questionnaires.problems import Scope
from ethiek.services import draft_editing, drafts, offers
from tests import builders
from tests import drafts as made
from tests.builders import AT, World
from tests.pages.conftest import Browser, CountStatements, SignIn, Writing

HOME = "/vragenlijsten"


@pytest.fixture
def vera(sign_in: SignIn, world: World) -> Browser:
    assert world.ids
    return sign_in("Vera")


@pytest.fixture
def draft_id(writing: Writing, world: World) -> UUID:
    with writing() as session:
        return made.a_draft(session, world)


def url(draft_id: UUID, *more: str) -> str:
    return "/".join((HOME, "concepten", str(draft_id), *more))


def fields(page: str) -> dict[str, str | list[str]]:
    """The controls of the form for an element as a browser would send them."""
    form = page[page.index('name="seen"') - 400 : page.rindex("</form>")]
    found: dict[str, str | list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = attribute(tag, "name"), attribute(tag, "value")
        if name == "csrf_token" or not name:
            continue
        if 'type="checkbox"' in tag or 'type="radio"' in tag:
            if "checked" in tag:
                before = found.get(name, [])
                assert isinstance(before, list)
                found[name] = [*before, value or "y"]
        else:
            found[name] = value
    for name, text in re.findall(
        r'<textarea[^>]*name="([^"]*)"[^>]*>\r?\n?(.*?)</textarea>', form, re.DOTALL
    ):
        found[name] = html.unescape(text)
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.findall(r"<option selected value=\"([^\"]*)\"", options)
        every = re.findall(r"<option[^>]*value=\"([^\"]*)\"", options)
        found[name] = html.unescape((chosen or every or [""])[0])
    return found


def attribute(tag: str, name: str) -> str:
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return html.unescape(found[1]) if found else ""


def content(writing: Writing, world: World, draft_id: UUID) -> Questionnaire:
    with writing() as session:
        return drafts.content_of(made.load(session, world, draft_id))


def question(writing: Writing, world: World, draft_id: UUID, id_: str) -> Question:
    found = editing.element(content(writing, world, draft_id), Target(Scope.QUESTION, id_))
    assert isinstance(found, Question)
    return found


def test_the_list_shows_open_dossiers_first_and_drafts(
    vera: Browser, world: World, draft_id: UUID, writing: Writing
) -> None:
    with writing() as session:
        builders.a_dossier(session, world)
    page = vera.get(HOME).text
    assert re.findall(r'<td class="et-number">(\d+)</td>', page) == ["1"]
    assert url(draft_id) in page
    assert vera.get("/").headers["Location"] == HOME


def test_saving_every_form_as_it_is_changes_nothing(
    vera: Browser, writing: Writing, world: World, draft_id: UUID
) -> None:
    before = content(writing, world, draft_id)
    addresses = [
        url(draft_id, "lijst"),
        *(url(draft_id, "delen", part.id) for part in before.parts),
        *(url(draft_id, "onderdelen", section.id) for _, section in before.sections()),
        *(url(draft_id, "vragen", one.id) for one in before.questions()),
    ]
    for address in addresses:
        page = vera.get(address)
        assert page.status_code == 200, address
        assert vera.post(address, fields(page.text)).status_code == 303, address
    assert content(writing, world, draft_id) == before


RICH = Question(
    "9.1",
    "Welke?",
    Kind.MULTI_CHOICE,
    number="9a",
    why="Daarom.",
    help="Twee regels.\nHier.",
    options=(Option("a", "Aap", "Een dier", "Dieren"), Option("none", "Geen", exclusive=True)),
    explain=True,
    max_items=2,
    recalls=("1.1.1",),
    markers=(Marker("AVG", "5", "lid 1"),),
    stops=(StopRule(Check("9.1", Test.HAS, ("none",)), Effect.PAUSE, "Zoek het uit."),),
    show_when=Group(
        Combine.ANY, (Check("1.1.2", Test.IS, ("yes",)), Check("1.1.4", Test.LACKS, ("privacy",)))
    ),
    note="Uit de praktijk.",
)
TABLE = Question(
    "9.2",
    "Wie?",
    Kind.TABLE,
    columns=(
        Column("who", "Wie", required=True),
        Column("how", "Hoe", Kind.CHOICE, (Option("x", "Zo"), Option("y", "Anders"))),
    ),
    optional=True,
    actions=True,
    show_when=Group(
        Combine.ALL,
        (
            Check("1.1.2", Test.IS, ("yes",)),
            Group(Combine.ANY, (Check("1.1.4", Test.HAS, ("privacy",)), Check("1.1.2", Test.IS, ("no",)))),
        ),
    ),
)


MORAL = Question(
    "9.3",
    "Mag het?",
    Kind.SHORT_TEXT,
    limits=TextLimits(15, one_sentence=True, without=("hoe", ",")),
    suggests="codio",
    source="urn:nl:proef:9.3",
)


@pytest.mark.parametrize("rich", [RICH, TABLE, MORAL])
def test_the_form_of_a_question_loses_nothing(
    vera: Browser, writing: Writing, world: World, draft_id: UUID, rich: Question
) -> None:
    with writing() as session:
        vera_now = world.stamp(session, "Vera")
        draft_editing.add(session, draft_id, Target(Scope.PART, "2"), Section("9", "Meer", ()), vera_now)
        draft_editing.add(session, draft_id, Target(Scope.SECTION, "9"), rich, vera_now)
    address = url(draft_id, "vragen", rich.id)
    given = fields(vera.get(address).text)
    assert vera.post(address, given).status_code == 303
    assert question(writing, world, draft_id, rich.id) == rich
    assert vera.post(address, {**given, "text": "Anders?"}).status_code == 303
    assert question(writing, world, draft_id, rich.id) == replace(rich, text="Anders?")
    assert vera.get(url(draft_id)).status_code == 200


def test_a_condition_is_chosen_in_two_steps(
    vera: Browser, writing: Writing, world: World, draft_id: UUID
) -> None:
    address = url(draft_id, "vragen", "1.1.4")
    given = {**fields(vera.get(address).text), "looks-0-question": "1.1.2", "more": "answers"}
    page = vera.post(address, given)
    assert (page.status_code, 'name="looks-0-values"' in page.text) == (200, True)
    chosen = {**fields(page.text), "looks-0-values": ["no"], "looks-0-test": "is"}
    assert vera.post(address, chosen).status_code == 303
    assert question(writing, world, draft_id, "1.1.4").show_when == Check("1.1.2", Test.IS, ("no",))
    page = vera.post(address, {**fields(vera.get(address).text), "more": "looks"})
    assert page.text.count('-question"') >= 3


def test_somebody_else_first_shows_both_and_keeps_what_was_typed(
    vera: Browser, sign_in: SignIn, writing: Writing, world: World, draft_id: UUID
) -> None:
    address = url(draft_id, "vragen", "1.1.1")
    wout = sign_in("Wout")
    mine, theirs = (fields(browser.get(address).text) for browser in (vera, wout))
    assert wout.post(address, {**theirs, "text": "Van Wout?"}).status_code == 303
    refused = vera.post(address, {**mine, "text": "Van Vera?"})

    assert refused.status_code == 409
    assert "Van Vera?" in refused.text
    assert "Wout" in re.sub(r"<[^>]*>", "", refused.text)
    assert question(writing, world, draft_id, "1.1.1").text == "Van Wout?"
    again = fields(refused.text)
    assert again["text"] == "Van Vera?"
    assert vera.post(address, again).status_code == 303
    assert question(writing, world, draft_id, "1.1.1").text == "Van Vera?"


def test_add_move_remove_and_put_back(vera: Browser, writing: Writing, world: World, draft_id: UUID) -> None:
    address = url(draft_id, "toevoegen", "vragen") + "?bij=1.1"
    page = vera.get(address)
    assert 'value="1.1.5"' in page.text
    added = vera.post(address, {"title": "En dan?", "kind": "date", "id": "1.1.5"})
    assert added.headers["Location"] == url(draft_id, "vragen", "1.1.5")
    refused = vera.post(address, {"title": "En dan?", "kind": "date", "id": "1.1.5"})
    assert (refused.status_code, "This id is in use already" in refused.text) == (422, True)
    assert question(writing, world, draft_id, "1.1.5").kind is Kind.DATE

    value = re.search(r'value="(vragen up [0-9a-f]{64} 1\.1\.5)"', vera.get(url(draft_id)).text)
    assert value
    assert vera.post(url(draft_id, "verplaatsen"), {"move": value[1]}).status_code == 303
    assert vera.post(url(draft_id, "verplaatsen"), {"move": value[1]}).status_code == 409
    ids = [one.id for one in content(writing, world, draft_id).questions()]
    assert ids[:5] == ["1.1.1", "1.1.2", "1.1.3", "1.1.5", "1.1.4"]

    remove = url(draft_id, "vragen", "1.1.3", "verwijderen")
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', vera.get(remove).text)
    assert seen
    assert vera.post(remove, {"seen": "0" * 64}).status_code == 409
    assert vera.post(remove, {"seen": seen[1]}).status_code == 303
    assert vera.post(url(draft_id, "terugzetten"), {"question": "1.1.3"}).status_code == 303
    assert question(writing, world, draft_id, "1.1.3").text == "Hoe lang al?"
    for nonsense in ("", "vragen omhoog x 1", f"vragen up {'0' * 63} 1.1.1"):
        assert vera.post(url(draft_id, "verplaatsen"), {"move": nonsense}).status_code == 400


def test_what_is_wrong_is_listed_with_a_link(vera: Browser, draft_id: UUID) -> None:
    address = url(draft_id, "vragen", "1.1.1")
    assert vera.post(address, {**fields(vera.get(address).text), "text": " "}).status_code == 303
    page = vera.get(url(draft_id)).text
    assert f'<a class="nl-link" href="{address}">Question 1.1.1</a>: Question: This is not filled in.' in page
    assert "This is not filled in." in vera.get(address).text
    version = vera.get(url(draft_id))
    revision = re.search(r'name="revision" value="(\d+)"', version.text)
    assert revision
    assert vera.post(url(draft_id, "voorleggen"), {"revision": revision[1]}).status_code == 409


def test_from_draft_to_offer(
    vera: Browser, sign_in: SignIn, writing: Writing, world: World, draft_id: UUID
) -> None:
    address = url(draft_id, "vragen", "1.1.1")
    vera.post(address, {**fields(vera.get(address).text), "text": "Waarom nu?"})
    classify = url(draft_id, "indelen")
    page = vera.get(classify)
    assert ("<del" in page.text, "<ins" in page.text) == (True, True)
    light = vera.post(classify, {"r-1.1.1-weight": "editorial", "r-1.1.1-reason": "Korter."})
    assert light.status_code == 303
    assert vera.post(url(draft_id, "voorleggen"), {"revision": revision(vera, draft_id)}).status_code == 303
    assert "Publish this version" not in vera.get(url(draft_id)).text

    wout = sign_in("Wout")
    assert "Publish this version" in wout.get(url(draft_id)).text
    approve = url(draft_id, "vaststellen")
    past = {"revision": revision(wout, draft_id), "offered_from": "2020-01-01"}
    assert wout.post(approve, past).status_code == 422
    done = wout.post(approve, {**past, "offered_from": AT.date().isoformat()})
    assert done.headers["Location"] == f"{HOME}/versies/{world.questionnaire.id}/2.0"
    assert wout.get(done.headers["Location"]).status_code == 200
    with writing() as session:
        assert made.load(session, world, draft_id).status is DraftStatus.PUBLISHED
        assert offers.is_offered(session, f"{world.questionnaire.id}/2.0", AT.date())
    noor = sign_in("Noor").get("/dossiers/nieuw").text
    assert (
        noor.index(f"{world.questionnaire.id}/2.0")
        < noor.index("Earlier editions")
        < noor.index(f'value="{world.questionnaire.key}"')
    )
    assert wout.get(url(draft_id)).status_code == 200
    assert wout.get(address).status_code == 409


def revision(browser: Browser, draft_id: UUID) -> str:
    found = re.search(r'name="revision" value="(\d+)"', browser.get(url(draft_id)).text)
    assert found
    return found[1]


def test_too_light_a_weight_is_refused_at_its_field(
    vera: Browser, writing: Writing, world: World, draft_id: UUID
) -> None:
    with writing() as session:
        made.rewrite(session, world, draft_id, lambda one: replace(one, kind=Kind.SHORT_TEXT))
    classify = url(draft_id, "indelen")
    refused = vera.post(classify, {"r-1.1.1-weight": "editorial", "r-1.1.1-reason": "Korter dan nu."})
    assert (refused.status_code, "Korter dan nu." in refused.text) == (422, True)


def test_a_version_is_compared_withdrawn_and_offered_again(
    vera: Browser, writing: Writing, world: World
) -> None:
    with writing() as session:
        made.publish(session, world, made.a_proposal(session, world))
    new = f"{HOME}/versies/{world.questionnaire.id}/2.0"
    page = vera.get(f"{new}/vergelijken?met={world.questionnaire.key}")
    assert (page.status_code, page.text.count('id="d-')) == (200, 1)
    every = vera.get(f"{new}/vergelijken?met={world.questionnaire.key}&alles=y")
    assert every.text.count('id="d-') == len(list(world.questionnaire.questions()))
    assert vera.get(f"{new}/vergelijken?met=niets/1").status_code == 404
    assert vera.get(f"{HOME}/versies/niets/1").status_code == 404

    number = re.search(r'name="revision" value="(\d+)"', vera.get(new).text)
    assert number
    assert vera.post(f"{new}/intrekken", {"revision": number[1]}).status_code == 422
    given = {"revision": number[1], "reason": "Nog niet af."}
    assert vera.post(f"{new}/intrekken", given).status_code == 303
    assert vera.post(f"{new}/intrekken", given).status_code == 409
    page = vera.get(new)
    assert "Nog niet af." in page.text
    number = re.search(r'name="revision" value="(\d+)"', page.text)
    assert number
    assert vera.post(f"{new}/aanbieden", {"revision": number[1]}).status_code == 303


def test_begin_refuses_a_version_that_is_taken(vera: Browser, world: World, draft_id: UUID) -> None:
    address = f"{HOME}/versies/{world.questionnaire.id}/{world.questionnaire.version}/nieuw-concept"
    assert draft_id
    vera.get(HOME)
    for version, message in (
        ("2.0", "Somebody is writing this version already"),
        (world.questionnaire.version, "This version is published already"),
        ("twee!", "Use letters, digits"),
        ("", "Fill in a version"),
    ):
        refused = vera.post(address, {"version": version})
        assert (refused.status_code, message in refused.text) == (422, True), version
    assert vera.post(address, {"version": "3.0"}).status_code == 303


def test_discard_and_send_back(vera: Browser, writing: Writing, world: World) -> None:
    with writing() as session:
        draft_id = made.a_proposal(session, world)
    assert vera.post(url(draft_id, "terug"), {"revision": revision(vera, draft_id)}).status_code == 303
    assert vera.post(url(draft_id, "terug"), {"revision": revision(vera, draft_id)}).status_code == 409
    assert vera.post(url(draft_id, "weggooien"), {"revision": revision(vera, draft_id)}).status_code == 303
    assert "put aside" in vera.get(url(draft_id)).text


def test_preview_walks_through_conditions_and_keeps_nothing(
    vera: Browser, writing: Writing, world: World, draft_id: UUID
) -> None:
    address = url(draft_id, "proef")
    first = vera.get(address)
    assert hidden(first.text, "q-1.1.3")
    yes = {"sectie": "1.1", "antwoorden": carried(first.text), "q-1.1.2-choice": "yes", "stap": "kijken"}
    shown = vera.post(address, yes)
    assert not hidden(shown.text, "q-1.1.3")
    further = {
        "sectie": "1.1",
        "antwoorden": carried(shown.text),
        "q-1.1.4-choices": "privacy",
        "stap": "volgende",
    }
    page = vera.post(address, further)
    assert "q-2.1.1@privacy-text" in page.text
    assert not hidden(
        vera.post(address, {"antwoorden": carried(page.text), "stap": "tonen", "naar": "1.1"}).text, "q-1.1.3"
    )
    for nonsense in ("", "[", "[" * 100_000, "[[1,2,3]]", '{"a":1}', '[["1.1.1","",{"text":5,"rows":[1]}]]'):
        assert vera.post(address, {"antwoorden": nonsense, "sectie": "x"}).status_code == 200
    assert vera.post(
        address, {"sectie": "1.1", "antwoorden": "[]", "q-1.1.1-text": "x" * 50_001, "stap": "volgende"}
    ).status_code in {200, 422}
    with writing() as session:
        assert made.load(session, world, draft_id).revision == 1


def carried(page: str) -> str:
    found = re.search(r'name="antwoorden" value="([^"]*)"', page)
    assert found
    return html.unescape(found[1])


def hidden(page: str, key: str) -> bool:
    found = re.search(rf'<div class="et-question" id="{re.escape(key)}"[^>]*>', page)
    assert found, key
    return " hidden" in found[0]


def test_another_role_has_no_business_here(sign_in: SignIn, draft_id: UUID) -> None:
    for name in ("Noor", "Sem", "Aisha", "Ada"):
        browser = sign_in(name)
        assert [browser.get(one).status_code for one in (HOME, url(draft_id))] == [403, 403]


def test_statements_do_not_grow_with_the_set_or_with_what_there_is(
    vera: Browser, writing: Writing, world: World, draft_id: UUID, count_statements: CountStatements
) -> None:
    pages = (HOME, url(draft_id), url(draft_id, "indelen"), url(draft_id, "vragen", "1.1.1"))
    for page in pages:
        vera.get(page)
    before = [count_statements(lambda page=page: vera.get(page)) for page in pages]  # type: ignore[misc]
    with writing() as session:
        for number in range(20):
            new = Question(f"1.1.{number + 20}", "Nog een?", Kind.OPEN_TEXT)
            draft_editing.add(
                session, draft_id, Target(Scope.SECTION, "1.1"), new, world.stamp(session, "Vera")
            )
        for number in range(5):
            made.a_draft(session, world, version=f"5.{number}")
            builders.a_dossier(session, world, title=f"Dossier {number}")
    for page in pages:
        vera.get(page)
    after = [count_statements(lambda page=page: vera.get(page)) for page in pages]  # type: ignore[misc]
    assert after == before
