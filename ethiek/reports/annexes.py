"""What a report repeats from the assessment behind it: action points, residual risks and warnings."""

from __future__ import annotations

from collections.abc import Iterator

from ethiek.questionnaires.model import Kind
from ethiek.reports.contents import Collected, Warned
from ethiek.reports.languages import WORDS
from ethiek.reports.source import Json
from ethiek.reports.values import table_of
from ethiek.reports.words import Words


def action_points(questionnaire: Json, snapshot: Json, words: Words) -> tuple[Collected, ...]:
    """The tables of action points, each under the name of its part."""
    return tuple(_collected(questionnaire, snapshot, words, of_actions=True))


def residual_risks(questionnaire: Json, snapshot: Json, words: Words) -> tuple[Collected, ...]:
    """The tables of risks that remain, each under the name of its section."""
    return tuple(_collected(questionnaire, snapshot, words, of_actions=False))


def _collected(questionnaire: Json, snapshot: Json, words: Words, *, of_actions: bool) -> Iterator[Collected]:
    """Action points, or residual risks, in the order of the question set."""
    answers = {row["question"]: row["answer"] for row in snapshot["answers"]}
    for part in questionnaire["parts"]:
        for section in part["sections"]:
            for question in section["questions"]:
                rows = answers.get(question["id"], {}).get("rows")
                if not rows or question["kind"] != Kind.TABLE:
                    continue
                if of_actions and question["actions"]:
                    yield Collected(numbered(part), table_of(question, rows, words))
                elif not (of_actions or question["actions"]) and _names_residual(section, question):
                    yield Collected(numbered(section), table_of(question, rows, words))


def _names_residual(section: Json, question: Json) -> bool:
    """Whatever the language of the report: question sets are in a language of their own."""
    text = f"{section['title']} {question['text']}".casefold()
    return any(words.residual in text for words in WORDS.values())


def numbered(thing: Json) -> str:
    """The title of a part or section behind its official number, if it has one."""
    return f"{thing['number']} {thing['title']}".strip()


def instrument_warnings(questionnaire: Json, snapshot: Json) -> tuple[Warned, ...]:
    """What the instrument warned of, by the number (or the text) of the question."""
    numbers = {
        question["id"]: question["number"] or question["text"]
        for part in questionnaire["parts"]
        for section in part["sections"]
        for question in section["questions"]
    }
    return tuple(
        Warned(numbers.get(warning["question"], warning["question"]), warning["reason"])
        for warning in snapshot["warnings"]
    )
