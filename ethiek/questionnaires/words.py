"""Lists of words to choose from, such as the values of the CODIO, as data.

A question or column that ``suggests`` a list offers its words beside typing one's own. The lists that ship are in
``words/``; an organisation can keep its own in another folder, where a list replaces the shipped one with that id.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import jsonschema

from ethiek.errors import QuestionnaireError
from ethiek.questionnaires import strict_yaml

HOME: Final = Path(__file__).parent / "words"


@dataclass(frozen=True, slots=True)
class Word:
    """One word. ``group``: what it belongs to, for example a principle; empty where no source says so."""

    text: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class WordList:
    """Words to choose from. ``note`` is shown with them; it says so when the list is not ``complete``."""

    id: str
    title: str
    language: str
    complete: bool
    note: str
    source: str
    words: tuple[Word, ...]


@functools.cache
def load_words(folder: Path | None = None) -> Mapping[str, WordList]:
    """Return every list by its id; read once, so a changed file counts after a restart.

    Args:
        folder: an organisation's own lists (``*.yaml``); each replaces the shipped list with the same id.

    Raises:
        QuestionnaireError: a file is not valid, or the folder is not there; names file and line.
    """
    return MappingProxyType({**_read_folder(HOME), **(_read_folder(folder) if folder else {})})


def parse_words(text: str, where: str) -> WordList:
    """Read one file; ``where`` is its name, for errors.

    Raises:
        QuestionnaireError: the file is not valid; names the file and the line.
    """
    document = strict_yaml.read(text, where)
    for error in _validator().iter_errors(document.data):
        raise QuestionnaireError(document.place(error.path), error.message)
    data: Any = document.data
    words = tuple(Word(one["text"], one.get("group", "")) for one in data["words"])
    for index, word in enumerate(words):
        if word.text in {earlier.text for earlier in words[:index]}:
            raise QuestionnaireError(document.place(("words", index)), f"{word.text} appears twice")
    return WordList(**{**data, "words": words})


def _read_folder(folder: Path) -> dict[str, WordList]:
    if not folder.is_dir():
        raise QuestionnaireError(str(folder), "is not a folder")
    found: dict[str, WordList] = {}
    for path in sorted(folder.glob("*.yaml")):
        words = _read_file(path)
        if words.id in found:
            raise QuestionnaireError(path.name, f"there is already a list {words.id}")
        found[words.id] = words
    return found


def _read_file(path: Path) -> WordList:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionnaireError(path.name, "cannot be read as UTF-8 text") from error
    return parse_words(text, path.name)


@functools.cache
def _validator() -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json.loads((HOME / "schema.json").read_text(encoding="utf-8")))
