"""The answers file of the Invulhulpen as JSON (assessment-output v2): read with suspicion.

Only the outside is known here: fields with a value, some of them repeated. What they mean is ``answers_file``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from ethiek.errors import InputError

SCHEMA_URL: Final = (
    "https://github.com/MinBZK/par-dpia-form/blob/main/schemas/assessment-output.v2.schema.json"
)
MAX_BYTES: Final = 2 * 1024 * 1024
MAX_ENTRIES: Final = 2000
"""Answers in one file; IAMA has 87 fields."""
FIELD: Final = "file"
"""The name of the form field that errors are shown at."""

_INDEXED: Final = re.compile(r"(.{1,200})\[([0-9]{1,4})\]", re.DOTALL)

Value = str | tuple[str, ...] | None
"""A text, a list of texts, or None for what is neither: a picture, or nothing that this format knows."""


@dataclass(frozen=True, slots=True)
class Given:
    """One answer in a file. ``index``: which repetition, None where nothing is repeated.

    ``group``: id of the repeated group around it, or empty. ``at``: when it was changed last, if that is known.
    """

    task: str
    index: int | None
    group: str
    value: Value
    at: datetime | None
    is_image: bool = False


@dataclass(frozen=True, slots=True)
class AnswersJson:
    """A file that was read. ``own``: the member that only we write."""

    urn: str
    created_at: datetime | None
    given: tuple[Given, ...]
    own: Mapping[str, Any]


def parse(data: bytes) -> AnswersJson:
    """Read a file.

    Raises:
        InputError: it is too large, is not JSON, or is no answers file; at :data:`FIELD`.
    """
    if len(data) > MAX_BYTES:
        raise InputError(FIELD, "file_too_large")
    root = _object(_json(data))
    metadata, answers = _object(root.get("metadata")), _object(root.get("answers"))
    urn = metadata.get("urn")
    if not isinstance(urn, str):
        raise InputError(FIELD, "no_answers_file")
    given = []
    for one in _given(answers):
        given.append(one)
        if len(given) > MAX_ENTRIES:
            raise InputError(FIELD, "too_many_answers")
    own = root.get("ethiek")
    return AnswersJson(
        urn, _moment(metadata.get("createdAt")), tuple(given), own if isinstance(own, dict) else {}
    )


def _json(data: bytes) -> object:
    try:
        return json.loads(data.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise InputError(FIELD, "not_json") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key appears twice")
    return found


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _object(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InputError(FIELD, "no_answers_file")
    return value


def _given(answers: Mapping[str, Any]) -> Iterator[Given]:
    for key, value in answers.items():
        if isinstance(value, list):
            yield from _repeated(key, value)
        else:
            indexed = _INDEXED.fullmatch(key)
            task, index = (indexed[1], int(indexed[2])) if indexed else (key, None)
            yield from _one(task, index, "", value)


def _repeated(group: str, elements: list[Any]) -> Iterator[Given]:
    for position, element in zip(_positions(elements), elements, strict=True):
        if not isinstance(element, dict):
            yield Given(group, position, group, None, None)
            continue
        for key, value in element.items():
            if key != "_index":
                yield from _one(key, position, group, value)


def _positions(elements: list[Any]) -> list[int]:
    """Which repetition each element is; in their order where the file does not say so, or says it twice."""
    told = [element.get("_index") if isinstance(element, dict) else None for element in elements]
    good = [one for one in told if type(one) is int and 0 <= one < MAX_ENTRIES]
    return good if len(set(good)) == len(elements) else list(range(len(elements)))


def _one(task: str, index: int | None, group: str, answer: object) -> Iterator[Given]:
    if not isinstance(answer, dict) or "value" not in answer:
        yield Given(task, index, group, None, None)
        return
    value, at = answer["value"], _moment(answer.get("lastEditedAt"))
    if value is None or value in ("", []):
        return  # cleared
    if isinstance(value, dict) and "data" in value:
        yield Given(task, index, group, None, at, is_image=True)
    else:
        yield Given(task, index, group, _value(value), at)


def _value(value: object) -> Value:
    """Booleans and numbers should be texts, but not every program writes them so."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int):
        return str(value)
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return tuple(value)
    return None


def _moment(text: object) -> datetime | None:
    """A moment in ISO 8601; one without a time zone is read as UTC."""
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
        return (
            None
            if moment is None
            else (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        )
    except (ValueError, OverflowError):
        return None
