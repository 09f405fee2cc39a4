"""Our own question set files: YAML or JSON in the shape of ``schema.json``, or the canonical form from a report."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

import yaml

from ethiek.errors import QuestionnaireError
from ethiek.questionnaires import strict_yaml
from ethiek.questionnaires.canonical import from_canonical
from ethiek.questionnaires.catalogue import parse_document
from ethiek.questionnaires.checks import check
from ethiek.questionnaires.exchange import json_text, reading
from ethiek.questionnaires.exchange.entries import Entry
from ethiek.questionnaires.exchange.imported import Counts, Imported, Wishes
from ethiek.questionnaires.model import Questionnaire
from ethiek.questionnaires.strict_yaml import Document

FORMAT: Final = "ethiek"

_JSON: Final = strict_yaml.Rules(max_bytes=reading.MAX_BYTES, max_depth=40, max_nodes=500_000)


def recognises(root: Entry) -> bool:
    """Tell whether a file is of this format."""
    return "parts" in root.names and "tasks" not in root.names


def read(text: str, where: str, wishes: Wishes) -> Imported:
    """Read one of our own files; nothing gets lost.

    Raises:
        QuestionnaireError: the file is not valid; names the line, or the question.
    """
    made = _renamed(_parsed(text, where), wishes)
    sections = sum(1 for _ in made.sections())
    kinds = Counter(str(question.kind) for question in made.questions())
    groups = len(made.parts) + sections
    counts = Counts(groups + kinds.total(), groups, kinds.total(), dict(kinds))
    return Imported(FORMAT, made, (), counts)


def _renamed(questionnaire: Questionnaire, wishes: Wishes) -> Questionnaire:
    return replace(
        questionnaire,
        id=wishes.id or questionnaire.id,
        version=wishes.version or questionnaire.version,
    )


def _parsed(text: str, where: str) -> Questionnaire:
    if not reading.is_json(text):
        document = strict_yaml.read(text, where)
    elif questionnaire := _from_canonical(text, where):
        return questionnaire
    else:
        node = json_text.compose(text, where, _JSON)
        document = Document(where, node, _plain(node, where))
    _refuse_twins(document)
    return parse_document(document)


def _from_canonical(text: str, where: str) -> Questionnaire | None:
    """Return the set that a report holds as ``questionnaire.json``; None if the text is no canonical form."""
    try:
        questionnaire = from_canonical(text.encode())
    except QuestionnaireError:
        return None
    check(questionnaire, where)
    return questionnaire


def _plain(node: yaml.Node, where: str) -> Any:
    """Return JSON nodes as plain data; only whole numbers, as in a YAML file of ours."""
    if isinstance(node, yaml.MappingNode):
        return {key.value: _plain(value, where) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, where) for item in node.value]
    match node.tag.rpartition(":")[2]:
        case "str":
            return node.value
        case "bool":
            return node.value == "true"
        case "int" if len(node.value) < 10:  # noqa: PLR2004  # a year, or a number of words or rows
            return int(node.value)
        case _:
            raise QuestionnaireError(
                strict_yaml.place(where, node.start_mark), f"{node.value} is not a text or a whole number"
            )


def _refuse_twins(document: Document) -> None:
    """Name the line of the second of two questions, sections or parts with one id."""
    data = document.data
    if not isinstance(data, dict):
        return
    for thing, found in (
        ("part", _parts(data)),
        ("section", _sections(data)),
        ("question", _questions(data)),
    ):
        seen: set[str] = set()
        for path, one in found:
            id_ = one.get("id") if isinstance(one, dict) else None
            if isinstance(id_, str) and id_ in seen:
                raise QuestionnaireError(document.place(path), f"{thing} {id_} appears twice")
            seen.add(str(id_))


_Path = tuple[str | int, ...]


def _items(path: _Path, one: Any, name: str) -> Iterator[tuple[_Path, Any]]:
    inside = one.get(name) if isinstance(one, dict) else None
    for number, item in enumerate(inside if isinstance(inside, list) else ()):
        yield (*path, name, number), item


def _parts(data: Any) -> Iterator[tuple[_Path, Any]]:
    yield from _items((), data, "parts")


def _sections(data: Any) -> Iterator[tuple[_Path, Any]]:
    for path, part in _parts(data):
        yield from _items(path, part, "sections")


def _questions(data: Any) -> Iterator[tuple[_Path, Any]]:
    for path, section in _sections(data):
        yield from _items(path, section, "questions")
