from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from ethiek.errors import QuestionnaireError
from ethiek.questionnaires.catalogue import load_catalogue
from ethiek.questionnaires.words import Word, WordList, load_words, parse_words

OWN: Final = """\
id: "codio"
title: "Onze waarden"
language: "nl"
complete: true
note: "Vastgesteld door de raad."
source: "Gemeente"
words:
  - {text: "Nabijheid", group: "Dienstverlening"}
  - {text: "Rust"}
"""
OWN_LIST: Final = WordList(
    "codio",
    "Onze waarden",
    "nl",
    complete=True,
    note="Vastgesteld door de raad.",
    source="Gemeente",
    words=(Word("Nabijheid", "Dienstverlening"), Word("Rust")),
)


def refusal(text: str) -> str:
    with pytest.raises(QuestionnaireError) as caught:
        parse_words(text, "eigen.yaml")
    return str(caught.value)


def refused_folder(folder: Path) -> str:
    with pytest.raises(QuestionnaireError) as caught:
        load_words(folder)
    return str(caught.value)


def test_the_values_of_the_codio_are_those_that_a_source_names_and_say_that_they_are_not_all() -> None:
    codio = load_words()["codio"]
    groups: dict[str, list[str]] = {}
    for word in codio.words:
        groups.setdefault(word.group, []).append(word.text)
    assert groups == {
        "Mensenrechten": ["Privacy", "Autonomie", "Menselijke waardigheid"],
        "Verantwoordelijkheid": [
            "Aanspreekbaarheid van uitvoerders",
            "Verantwoording",
            "Controleerbaarheid",
            "Toezicht",
            "Integriteit",
            "Menselijke eindverantwoordelijkheid",
        ],
        "": [
            "Transparantie",
            "Samenwerking",
            "Doelmatigheid",
            "Uitlegbaarheid",
            "Inclusie",
            "Non-discriminatie",
            "Veiligheid",
            "Duurzaamheid",
        ],
    }
    assert (codio.complete, codio.language, codio.note.split(":")[0]) == (
        False,
        "nl",
        "Deze lijst is niet volledig",
    )


def test_load_words_reads_the_shipped_lists_once() -> None:
    assert list(load_words()) == ["codio"]
    assert load_words() is load_words()


def test_load_words_with_a_folder_puts_its_lists_over_the_shipped_ones(tmp_path: Path) -> None:
    (tmp_path / "eigen.yaml").write_text(OWN, encoding="utf-8")
    (tmp_path / "meer.yaml").write_text(OWN.replace('"codio"', '"wijk"'), encoding="utf-8")
    assert load_words(tmp_path)["codio"] == OWN_LIST
    assert sorted(load_words(tmp_path)) == ["codio", "wijk"]
    assert load_words()["codio"] != OWN_LIST


def test_load_words_keeps_shipped_lists_that_the_folder_does_not_have(tmp_path: Path) -> None:
    assert load_words(tmp_path) == load_words()


def test_load_words_refuses_two_lists_with_one_id(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(OWN, encoding="utf-8")
    (tmp_path / "b.yaml").write_text(OWN, encoding="utf-8")
    assert refused_folder(tmp_path) == "b.yaml: there is already a list codio"


def test_load_words_refuses_what_is_no_folder_or_no_text(tmp_path: Path) -> None:
    assert refused_folder(tmp_path / "weg") == f"{tmp_path / 'weg'}: is not a folder"
    (tmp_path / "a.yaml").write_bytes(b"\xff\xfe\x00")
    assert refused_folder(tmp_path) == "a.yaml: cannot be read as UTF-8 text"


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("complete: true", 'complete: "ja"', "eigen.yaml, line 4: 'ja' is not of type 'boolean'"),
        ('note: "Vastgesteld door de raad."\n', "", "eigen.yaml, line 1: 'note' is a required property"),
        ('text: "Rust"', 'text: ""', "eigen.yaml, line 9: '' should be non-empty"),
        ('text: "Rust"', 'text: "Nabijheid"', "eigen.yaml, line 9: Nabijheid appears twice"),
        ('text: "Rust"', "text: no", "eigen.yaml, line 9: False is not of type 'string'"),
        ('title: "Onze', 'title: &t "Onze', "eigen.yaml, line 2: an anchor is not allowed"),
    ],
)
def test_parse_words_refuses_a_wrong_file_and_names_the_line(old: str, new: str, reason: str) -> None:
    assert OWN.count(old) == 1
    assert refusal(OWN.replace(old, new)) == reason


def test_shipped_sets_suggest_only_lists_that_ship() -> None:
    suggested = {
        (questionnaire.key, name)
        for questionnaire in load_catalogue()
        for question in questionnaire.questions()
        for name in (question.suggests, *(column.suggests for column in question.columns))
        if name
    }
    assert ("moreel-beraad/ofl-2021", "codio") in suggested
    assert {name for _, name in suggested} <= set(load_words())
