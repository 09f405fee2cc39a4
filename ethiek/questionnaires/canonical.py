"""One byte string per question set: what is hashed, pinned to a dossier and kept in the archive.

The canonical form is JSON according to RFC 8785 (JCS) of *every* field, empty ones included: two files that
differ in layout only give the same bytes, and two that differ in one letter do not. Fields that the model got
later (``model.LATER``) are left out while they have their default.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from types import NoneType
from typing import Any, get_args, get_origin, get_type_hints

import rfc8785

from ethiek.errors import QuestionnaireError
from ethiek.questionnaires.model import Check, Group, Questionnaire


def canonical(questionnaire: Questionnaire) -> bytes:
    """The RFC 8785 JSON of all fields; enums as their value, tuples as arrays, None as null."""
    return rfc8785.dumps(to_plain(questionnaire))


def to_plain(value: Any) -> Any:
    """The plain JSON data of any part of a question set; the inverse of :func:`from_plain`.

    >>> from ethiek.questionnaires.model import Test
    >>> to_plain(Check("1.1", Test.IS, ("yes",)))
    {'question': '1.1', 'test': 'is', 'values': ['yes']}
    """
    if isinstance(value, tuple):
        return [to_plain(item) for item in value]
    if isinstance(value, Enum):
        return value.value
    if not is_dataclass(value):
        return value
    return {
        field.name: to_plain(getattr(value, field.name))
        for field in fields(value)
        if not (field.metadata.get("later") and getattr(value, field.name) == field.default)
    }


def sha256(questionnaire: Questionnaire) -> str:
    """The SHA-256 of the canonical form, in hexadecimal."""
    return hashlib.sha256(canonical(questionnaire)).hexdigest()


def from_canonical(data: bytes) -> Questionnaire:
    """Read the canonical form back; the exact inverse of :func:`canonical`.

    Raises:
        QuestionnaireError: the bytes are not the canonical form of a question set.
    """
    try:
        questionnaire: Questionnaire = from_plain(Questionnaire, json.loads(data))
        if canonical(questionnaire) == data:
            return questionnaire
    except (ValueError, TypeError, RecursionError) as error:
        raise QuestionnaireError("canonical form", str(error)) from error
    raise QuestionnaireError("canonical form", "is not in canonical form")


def from_plain(wanted: Any, data: Any) -> Any:
    """Make a value of type ``wanted`` from plain JSON data; absent fields get their default.

    Raises:
        TypeError: a field is missing, unknown, or of another type.
        ValueError: an enum has no such value.
    """
    if type(None) in get_args(wanted):
        return None if data is None else from_plain(_without_none(wanted), data)
    if wanted == Check | Group:
        return from_plain(Group if "combine" in _of_type(dict, data) else Check, data)
    if get_origin(wanted) is tuple:
        return tuple(from_plain(get_args(wanted)[0], item) for item in _of_type(list, data))
    if is_dataclass(wanted) and isinstance(wanted, type):
        return _record(wanted, _of_type(dict, data))
    if issubclass(wanted, Enum):
        return wanted(data)
    return _of_type(wanted, data)


def _record(wanted: type[Any], data: Mapping[str, Any]) -> Any:
    hints = get_type_hints(wanted)
    known = {field.name for field in fields(wanted)}
    if unknown := data.keys() - known:
        raise TypeError(f"{wanted.__name__} has no {', '.join(sorted(unknown))}")
    return wanted(**{name: from_plain(hints[name], value) for name, value in data.items()})


def _without_none(wanted: Any) -> Any:
    members = [member for member in get_args(wanted) if member is not NoneType]
    union = members[0]
    for member in members[1:]:
        union |= member
    return union


def _of_type(wanted: type[Any], data: Any) -> Any:
    if type(data) is not wanted:
        raise TypeError(f"{data!r} is not of type {wanted.__name__}")
    return data
