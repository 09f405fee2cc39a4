"""The published question sets, read and checked once.

A published file never changes: ``published.sha256`` holds the SHA-256 of the canonical form of each, in the
order in which they are offered. A new wording is a new file with a new version.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import jsonschema
import yaml

from ethiek.errors import NotFoundError, QuestionnaireError
from ethiek.questionnaires import strict_yaml
from ethiek.questionnaires.canonical import canonical, from_canonical, from_plain, sha256
from ethiek.questionnaires.checks import check
from ethiek.questionnaires.model import Questionnaire, Test

__all__ = ["Catalogue", "canonical", "from_canonical", "load_catalogue", "parse", "read_catalogue", "sha256"]

HOME: Final = Path(__file__).parent
PUBLISHED: Final = "published.sha256"
OTHER_FILES: Final = {"answer_ids", "correspondences", "words"}
"""Folders here that hold no question sets."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All published question sets, in the order in which they are offered."""

    questionnaires: tuple[Questionnaire, ...]

    def __iter__(self) -> Iterator[Questionnaire]:
        return iter(self.questionnaires)

    def __len__(self) -> int:
        return len(self.questionnaires)

    def get(self, key: str) -> Questionnaire:
        """The question set with this key, for example ``iama/2.0``.

        Raises:
            NotFoundError: there is no such instrument or version.
        """
        for questionnaire in self.questionnaires:
            if questionnaire.key == key:
                return questionnaire
        raise NotFoundError(key)


@functools.cache
def load_catalogue() -> Catalogue:
    """The question sets that come with the application."""
    return read_catalogue(HOME)


def read_catalogue(home: Path) -> Catalogue:
    """Read every published file in a folder.

    Raises:
        QuestionnaireError: a file is not valid, not listed, listed but absent, or not what was published.
    """
    published = _published(home / PUBLISHED)
    files = (path for path in home.glob("*/*.yaml") if path.parent.name not in OTHER_FILES)
    found = {path.relative_to(home).with_suffix("").as_posix(): path for path in files}
    for key in sorted(found.keys() ^ published.keys()):
        raise QuestionnaireError(
            key, f"is not listed in {PUBLISHED}" if key in found else "is published but absent"
        )
    return Catalogue(tuple(_read_published(found[key], key, sum_) for key, sum_ in published.items()))


def shipped_sums() -> Mapping[str, str]:
    """Key -> SHA-256 of every question set that comes with the application, without reading the sets."""
    return _published(HOME / PUBLISHED)


def parse(text: str, where: str) -> Questionnaire:
    """Read one question set file; ``where`` is its name, for errors.

    Raises:
        QuestionnaireError: the file is not valid; names the file and the place in it.
    """
    return parse_document(strict_yaml.read(text, where))


def parse_document(document: strict_yaml.Document) -> Questionnaire:
    """Read one question set from a document that was parsed already.

    Raises:
        QuestionnaireError: it is not valid; names the file and the place in it.
    """
    _validate(document)
    questionnaire: Questionnaire = from_plain(Questionnaire, _expand(document.data))
    check(questionnaire, document.where)
    return questionnaire


def schema_problems(data: Any) -> Iterator[str]:
    """Yield what is wrong with the shape of plain data, that has no lines."""
    for error in _errors(data):
        yield f"{'/'.join(map(str, error.path)) or 'file'}: {error.message[:200]}"


def _read_published(path: Path, key: str, published: str) -> Questionnaire:
    questionnaire = parse(path.read_text(encoding="utf-8"), f"{key}.yaml")
    if questionnaire.key != key:
        raise QuestionnaireError(f"{key}.yaml", f"calls itself {questionnaire.key}")
    if (actual := sha256(questionnaire)) != published:
        raise QuestionnaireError(f"{key}.yaml", f"was changed after it was published: {actual}")
    return questionnaire


def _published(path: Path) -> dict[str, str]:
    lines = path.read_text(encoding="ascii").splitlines()
    return {key: sum_ for sum_, key in (line.split("  ") for line in lines)}


@functools.cache
def _validator() -> jsonschema.Draft202012Validator:
    schema = json.loads((HOME / "schema.json").read_text(encoding="utf-8"))
    return jsonschema.Draft202012Validator(schema)


def _validate(document: strict_yaml.Document) -> None:
    for error in _errors(document.data):
        raise QuestionnaireError(document.place(error.path), _reason(document, error))


def _errors(data: Any) -> list[jsonschema.ValidationError]:
    return sorted(_validator().iter_errors(data), key=lambda error: list(map(str, error.path)))


def _reason(document: strict_yaml.Document, error: jsonschema.ValidationError) -> str:
    path = "/".join(map(str, error.path)) or "file"
    node = document.node_at(error.path)
    if error.validator == "type" and error.validator_value == "string" and isinstance(node, yaml.ScalarNode):
        return f"{path}: {node.value} must be quoted"
    comment = error.schema.get("$comment") if isinstance(error.schema, dict) else None
    return f"{path}: {comment or error.message}"


def _expand(data: Any) -> Any:
    """From the short conditions of a file to the fields of the model.

    >>> _expand({"when": {"question": "1.3.1", "is": ["yes"]}})
    {'when': {'question': '1.3.1', 'test': 'is', 'values': ['yes']}}
    """
    if isinstance(data, list):
        return [_expand(item) for item in data]
    if not isinstance(data, dict):
        return data
    for combine in {"all", "any"} & data.keys():
        return {"combine": combine, "members": _expand(data[combine])}
    for test in set(Test) & data.keys():
        return {"question": data["question"], "test": str(test), "values": data[test]}
    return {key: _expand(value) for key, value in data.items()}
