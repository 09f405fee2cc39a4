"""Every text of a question set is there, and fits; every id is one that addresses and files can hold.

The same limits as in ``schema.json``, for sets that were not read from a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from ethiek.questionnaires.model import Option, Part, Question, Questionnaire, Section
from ethiek.questionnaires.problems import Code, Problem, Scope

ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}", re.ASCII)
LONGEST_TEXT: Final = 4000
LONGEST_HELP: Final = 20_000
"""Of an introduction or help text; those of other organisations hold whole explanations."""
LONGEST_NUMBER: Final = 20
LINES_OF_CHOICE: Final = 2
"""``choose_when`` has two lines."""


def wording_problems(questionnaire: Questionnaire) -> Iterator[Problem]:
    """Yield what is empty, too long or no id, in order."""
    yield from _of_set(questionnaire)
    for part in questionnaire.parts:
        yield from _of_part(part)
        for section in part.sections:
            yield from _of_section(section)
            for question in section.questions:
                yield from _of_question(question)


class _Words:
    """Looks at texts at one place."""

    def __init__(self, scope: Scope, id_: str = "", inside: str = "") -> None:
        self._at = (scope, id_, inside)

    def id_of(self, id_: str) -> Iterator[Problem]:
        if not ID.fullmatch(id_):
            yield Problem(*self._at, "id", Code.BAD_ID, {"id": id_})

    def text(self, field: str, text: str) -> Iterator[Problem]:
        if not text.strip():
            yield Problem(*self._at, field, Code.BLANK)
        yield from self.fits(field, text)

    def fits(self, field: str, text: str, limit: int = LONGEST_TEXT) -> Iterator[Problem]:
        if len(text) > limit:
            yield Problem(*self._at, field, Code.TOO_LONG, {"limit": str(limit)})

    def at_least(self, field: str, found: int, least: int = 1) -> Iterator[Problem]:
        if found < least:
            yield Problem(*self._at, field, Code.EMPTY, {"least": str(least)})


def _of_set(one: Questionnaire) -> Iterator[Problem]:
    words = _Words(Scope.SET)
    yield from words.id_of(one.id)
    yield from words.id_of(one.version)
    yield from words.text("title", one.title)
    yield from words.text("short_title", one.short_title)
    yield from words.text("language", one.language)
    yield from words.at_least("choose_when", len(one.choose_when), LINES_OF_CHOICE)
    for line in one.choose_when:
        yield from words.text("choose_when", line)
    for field, text in (
        ("source_title", one.source.title),
        ("source_publisher", one.source.publisher),
        ("source_edition", one.source.edition),
        ("source_wording", one.source.wording),
    ):
        yield from words.text(field, text)
    yield from words.at_least("roles", len(one.roles))
    for role in one.roles:
        yield from _Words(Scope.SET, inside="roles").id_of(role.id)
        yield from _Words(Scope.SET, inside="roles").text("label", role.label)
    yield from words.at_least("parts", len(one.parts))


def _of_part(part: Part) -> Iterator[Problem]:
    words = _Words(Scope.PART, part.id)
    yield from words.id_of(part.id)
    yield from words.text("title", part.title)
    yield from words.fits("number", part.number, LONGEST_NUMBER)
    yield from words.fits("intro", part.intro, LONGEST_HELP)
    yield from words.at_least("sections", len(part.sections))


def _of_section(section: Section) -> Iterator[Problem]:
    words = _Words(Scope.SECTION, section.id)
    yield from words.id_of(section.id)
    yield from words.text("title", section.title)
    yield from words.fits("number", section.number, LONGEST_NUMBER)
    yield from words.fits("intro", section.intro, LONGEST_HELP)
    yield from words.at_least("questions", len(section.questions))


def _of_question(question: Question) -> Iterator[Problem]:
    words = _Words(Scope.QUESTION, question.id)
    yield from words.id_of(question.id)
    yield from words.text("text", question.text)
    yield from words.fits("number", question.number, LONGEST_NUMBER)
    yield from words.fits("help", question.help, LONGEST_HELP)
    for field in ("why", "note"):
        yield from words.fits(field, getattr(question, field))
    for option in question.options:
        yield from _of_option(question, option, "")
    for column in question.columns:
        inside = _Words(Scope.QUESTION, question.id, f"column {column.id}")
        yield from inside.id_of(column.id)
        yield from inside.text("label", column.label)
        for option in column.options:
            yield from _of_option(question, option, f"column {column.id}, ")
    for stop in question.stops:
        yield from _Words(Scope.QUESTION, question.id, "stops").text("reason", stop.reason)


def _of_option(question: Question, option: Option, inside: str) -> Iterator[Problem]:
    words = _Words(Scope.QUESTION, question.id, f"{inside}option {option.id}")
    yield from words.id_of(option.id)
    yield from words.text("label", option.label)
    yield from words.fits("help", option.help)
