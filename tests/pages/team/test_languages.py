"""A question set in another language than the page: each of its texts says so, and no text of the page does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, Final
from uuid import UUID
from xml.etree.ElementTree import Element

import html5lib
import pytest
from sqlalchemy import update

from ethiek.domain.answers import Answer, Slot
from ethiek.domain.walk import active_stops, ending, walk
from ethiek.domain.workflow import Status
from ethiek.models.users import User
from ethiek.questionnaires.catalogue import load_catalogue
from ethiek.questionnaires.model import Questionnaire
from ethiek.questionnaires.words import load_words
from tests import builders
from tests.builders import World
from tests.conftest import only_sqlite
from tests.pages.conftest import Browser, SignIn, Writing
from tests.question_sets import complete_answers

pytestmark = only_sqlite

TYPED: Final = "zzqx"
"""What Noor types everywhere."""

FUNCTION: Final = "Projectleider"
"""What Noor says she is in the team; a role of the IAMA is called so too."""

FOREIGN: Final = (("fraia/1.0", "nl"), ("iama/1.0", "en"))
"""A question set, and the language of the pages."""

_SIGNS: Final = re.compile(r"\n|\*+|^\s*- |^\s*\d+\. |\[|\]\([^)]*\)|\|", re.MULTILINE)
_LONG: Final = 12
"""Characters from which a text cannot be in another by chance."""


@pytest.fixture(params=FOREIGN, ids=[key for key, _locale in FOREIGN])
def foreign(request: pytest.FixtureRequest) -> tuple[str, str]:
    key: tuple[str, str] = request.param
    return key


@pytest.fixture
def world(foreign: tuple[str, str], writing: Writing) -> World:
    key, locale = foreign
    with writing() as session:
        world = builders.a_world(session, load_catalogue().get(key))
        session.execute(update(User).values(locale=locale))
        return world


class Texts:
    """The texts of one page, by the language that they are said to be in; ``""``: that of the page."""

    def __init__(self, html: str) -> None:
        self.found: dict[str, list[str]] = {}
        root = html5lib.parse(html, namespaceHTMLElements=False)
        self.page = root.get("lang", "")
        body = root.find("body")
        assert body is not None
        self._walk(body, "")

    def _walk(self, element: Element, language: str) -> None:
        inner = element.get("lang", language)
        if element.tag not in ("script", "textarea"):
            self._add(element.text, inner)
            for child in element:
                self._walk(child, inner)
                self._add(child.tail, inner)

    def _add(self, text: str | None, language: str) -> None:
        if words := plain(text or ""):
            self.found.setdefault(language, []).append(words)

    def __getitem__(self, language: str) -> list[str]:
        return self.found.get(language, [])


def plain(text: str) -> str:
    return " ".join(text.split())


def said_by(value: Any) -> Iterator[str]:
    """Yield every text of a set, in pieces as they are on a page."""
    if isinstance(value, str):
        yield from filter(None, map(plain, _SIGNS.split(value)))
    elif isinstance(value, dict):
        for member in value.values():
            yield from said_by(member)
    elif isinstance(value, list | tuple):
        for member in value:
            yield from said_by(member)


def pages_of(noor: Browser, dossier_id: UUID, questionnaire: Questionnaire) -> Iterator[tuple[str, str]]:
    """Yield the pages of a dossier that show texts of its question set."""
    home = f"/dossiers/{dossier_id}"
    first = next(section for _part, section in questionnaire.sections() if section.questions)
    sections = [f"{home}/vragen/{section.id}" for _part, section in questionnaire.sections()]
    history = f"{home}/vragen/{first.id}/{first.questions[0].id}/versies"
    for url in (home, *sections, history, f"{home}/indienen", f"{home}/team", "/instrumenten"):
        answer = noor.get(url)
        assert answer.status_code == 200
        yield url, answer.text


def assert_apart(url: str, html: str, questionnaire: Questionnaire, locale: str) -> Texts:
    """Texts of the set are marked, texts of the page and of people are not."""
    pieces = list(said_by(asdict(questionnaire)))
    lists = [asdict(words) for words in load_words().values() if words.language == questionnaire.language]
    whole = " ".join([*pieces, *said_by(lists)])
    long = {piece for piece in pieces if len(piece) >= _LONG and not piece.startswith("http")}
    texts = Texts(html)
    assert texts.page == locale
    unmarked = [
        (url, text, piece) for text in texts[""] if FUNCTION not in text for piece in long if piece in text
    ]
    assert unmarked == []
    strange = [text for text in texts[questionnaire.language] if not is_of(text, whole)]
    assert (url, strange) == (url, [])
    return texts


def is_of(text: str, whole: str) -> bool:
    """Tell whether a set says this, also with a number before it, an item behind it, or as several names in a row."""
    words = re.sub(r"^[0-9A-Z.]+(?: |$)", "", text)
    question, _bracket, item = words.removesuffix(")").rpartition(" (")
    ways = ([text], [words], [question or words, item], re.split(", |; ", text))
    return any(all(piece in whole for piece in pieces) for pieces in ways)


def going_on(questionnaire: Questionnaire) -> dict[Slot, Answer]:
    """Return answers to all questions with which no rule of the set stops the project."""
    known = {question.id: question for question in questionnaire.questions()}
    answers = complete_answers(questionnaire)
    while stopped := [stop.slot for stop in ending(active_stops(questionnaire, answers))]:
        for slot in stopped:
            first = next((option.id for option in known[slot.question].options), "yes")
            assert answers[slot].choice != first
            answers[slot] = Answer(choice=first, text=TYPED)
        answers = complete_answers(questionnaire, answers)
    return answers


def test_pages_of_the_team_mark_what_the_question_set_says(
    writing: Writing, world: World, sign_in: SignIn, foreign: tuple[str, str]
) -> None:
    questionnaire, (_key, locale) = world.questionnaire, foreign
    answers = going_on(questionnaire)
    with writing() as session:
        dossier_id = builders.a_dossier(session, world, given=answers)
    noor = sign_in("Noor")
    marked: set[str] = set()
    for url, html in pages_of(noor, dossier_id, questionnaire):
        marked.update(assert_apart(url, html, questionnaire, locale)[questionnaire.language])
    asked = {one.section.id: one.section for one in walk(questionnaire, answers)}
    assert len(asked) > 10
    for section in asked.values():
        for question in section.questions:
            assert plain(question.text) in marked
            assert {plain(option.label) for option in question.options} <= marked
            assert {plain(column.label) for column in question.columns} <= marked


def test_open_questions_are_marked_where_a_dossier_is_handed_in(
    writing: Writing, world: World, sign_in: SignIn, foreign: tuple[str, str]
) -> None:
    questionnaire, (_key, locale) = world.questionnaire, foreign
    first = next(question for question in questionnaire.questions() if not question.optional)
    with writing() as session:
        dossier_id = builders.a_dossier(session, world, given=going_on(questionnaire))
        builders.fill_in(session, world, dossier_id, {Slot(first.id): Answer()})
    noor = sign_in("Noor")
    url = f"/dossiers/{dossier_id}/indienen"
    texts = assert_apart(url, noor.get(url).text, questionnaire, locale)
    assert f"{first.number} {plain(first.text)}".strip() in texts[questionnaire.language]


def test_round_marks_the_question_set_and_not_what_was_typed(
    writing: Writing, world: World, sign_in: SignIn, foreign: tuple[str, str]
) -> None:
    questionnaire, (_key, locale) = world.questionnaire, foreign
    given = going_on(questionnaire)
    typed = [answer.text for answer in given.values()].count(TYPED)
    assert typed > 1
    with writing() as session:
        dossier_id = builders.a_dossier(session, world, Status.SUBMITTED, given=given)
    noor = sign_in("Noor")
    home = f"/dossiers/{dossier_id}"
    assert_apart(home, noor.get(home).text, questionnaire, locale)
    texts = assert_apart(home, noor.get(f"{home}/rondes/1").text, questionnaire, locale)
    assert (texts[""].count(TYPED), texts[questionnaire.language].count(TYPED)) == (typed, 0)
