"""A set that translates another asks the same, in the same order and under the same conditions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any, Final

import pytest

from ethiek.questionnaires.catalogue import load_catalogue
from ethiek.questionnaires.model import Column, Option, Questionnaire, Source

TEXTS: Final = {"text", "why", "help", "note", "label", "group", "title", "intro", "reason"}
"""Fields that are written anew in each language."""
TRANSLATIONS: Final = [one for one in load_catalogue() if one.translates]


def structure(value: Any) -> Any:
    """Everything but the texts; of a text whether there is one, and of a group which options share it."""
    if isinstance(value, tuple):
        return [structure(item) for item in value]
    if not is_dataclass(value):
        return value
    return {
        field.name: bool(getattr(value, field.name))
        if field.name in TEXTS
        else structure(getattr(value, field.name))
        for field in fields(value)
    }


def outline(questionnaire: Questionnaire) -> Any:
    bare = replace(
        questionnaire,
        id="",
        version="",
        short_title="",
        language="",
        translates="",
        choose_when=(),
        source=Source("", "", 0, "", ""),
    )
    return structure(bare)


def option_groups(questionnaire: Questionnaire) -> list[list[int]]:
    """Per question the number of the group of each option."""
    return [
        [list(dict.fromkeys(one.group for one in question.options)).index(o.group) for o in question.options]
        for question in questionnaire.questions()
    ]


def labels(questionnaire: Questionnaire) -> Iterator[tuple[str, str]]:
    for question in questionnaire.questions():
        yield question.id, question.text
        named: tuple[Option | Column, ...] = (*question.options, *question.columns)
        yield from ((f"{question.id} {one.id}", one.label) for one in named)


def test_editions_in_another_language_are_these() -> None:
    assert [(one.key, one.language, one.translates) for one in TRANSLATIONS if one.id == "fraia"] == [
        ("fraia/1.0", "en", "iama/1.0")
    ]


@pytest.mark.parametrize("edition", TRANSLATIONS, ids=lambda one: one.key)
def test_an_edition_has_the_structure_of_what_it_translates(edition: Questionnaire) -> None:
    original = load_catalogue().get(edition.translates)
    assert edition.language != original.language
    assert outline(edition) == outline(original)
    assert option_groups(edition) == option_groups(original)


@pytest.mark.parametrize("edition", TRANSLATIONS, ids=lambda one: one.key)
def test_an_edition_leaves_no_text_in_the_other_language(edition: Questionnaire) -> None:
    theirs = dict(labels(load_catalogue().get(edition.translates)))
    assert [id_ for id_, text in labels(edition) if text == theirs[id_]] == []
