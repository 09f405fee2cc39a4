from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from string import Formatter
from typing import Any

import pytest

from ethiek.domain.projects import LABELS
from ethiek.reports.languages import WORDS
from ethiek.reports.printed import HASHES, TEST_WORDS
from ethiek.reports.words import Words
from ethiek.reports.words_en import EN
from ethiek.reports.words_nl import NL


def texts_of(words: Words) -> Iterator[tuple[str, str]]:
    """Every text with its place; the months and the cases of a table each have their own."""
    for one in fields(words):
        yield from _texts(one.name, getattr(words, one.name))


def _texts(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield name, value
    elif isinstance(value, Mapping):
        for key, text in value.items():
            yield f"{name}.{key}", text
    else:
        for number, text in enumerate(value):
            yield f"{name}.{number}", text


def slots_in(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
def test_no_text_is_empty(words: Words) -> None:
    assert [name for name, text in texts_of(words) if not text.strip()] == []


def test_both_languages_have_the_same_texts_with_the_same_names_to_fill_in() -> None:
    dutch, english = (
        {name: slots_in(text) for name, text in texts_of(words) if not name.startswith("project.")}
        for words in (NL, EN)
    )
    assert dutch == english


def test_kinds_and_phases_have_an_english_name() -> None:
    assert set(EN.project) == set(LABELS.values())


@pytest.mark.parametrize("words", WORDS.values(), ids=WORDS)
def test_verifier_knows_the_labels_and_the_test_mark(words: Words) -> None:
    assert re.findall(HASHES["snapshot"], f"{words.dossier_hash} {'0a' * 32}") == ["0a" * 32]
    assert re.findall(HASHES["advice"], f"{words.advice_hash}\n{'1b' * 32}") == ["1b" * 32]
    assert TEST_WORDS.search(words.test_mark)
